"""How fast a backfill may write: Firestore's 500/50/5 rule.

Begin with 500 writes a second to a collection and raise by 50 % every 5 minutes
(https://firebase.google.com/docs/firestore/best-practices, "Ramping up traffic").
"""

from __future__ import annotations

from datetime import datetime

START = 500.0
GROWTH = 1.5
EVERY_SECONDS = 300.0


def ramp(now: datetime, began: datetime) -> float:
    """Writes a second that are allowed `now` for work that began at `began`."""
    age = max(0.0, (now - began).total_seconds())
    return float(START * GROWTH ** min(int(age // EVERY_SECONDS), 20))
