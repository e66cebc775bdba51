"""The desk of the people actions, with a case and a scored text on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schema.base import Localized
from schema.intelligence import Case
from schema.store import Put
from tests.people.conftest import NOW, Desk


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.customer("ann", 3, 40)
    feedback = {"customerId": "ann", "text": "The courier lost my parcel", "title": None, "at": NOW - timedelta(days=1)}
    case = Case(
        customer_id="ann",
        kind="frustrated",
        reason=Localized(en="Angry words", zh="愤怒的话"),
        feedback_id="f1",
        opened_at=NOW - timedelta(days=1),
        updated_at=NOW - timedelta(days=1),
    )
    made.store.commit([Put("feedback/f1", feedback), Put("cases/k1", case.to_doc())])
    made.bus.take()
    return made
