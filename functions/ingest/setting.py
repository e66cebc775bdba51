"""What a plan knows beside records and documents, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schema.records import Origin


@dataclass(frozen=True)
class Setting:
    """What a plan needs to know beside records and documents."""

    origin: Origin
    identity_key: bytes
    currency: str
    zone: ZoneInfo
    rates: dict[str, float]
    now: datetime
    real: bool = False
    """Real data (not the sample's) have come in before."""
    sample: bool = False
    """The sample shop is loaded."""
    cleaning: dict[str, Any] = field(default_factory=dict)
    """The shop's choices about cleaning, as `schema.documents.CleaningChoice`."""

    @property
    def created_by(self) -> str:
        return self.origin.import_id or self.origin.connection_id


@dataclass
class Outcome:
    """What a plan did, by record line; filled anew each time the plan runs."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    days: set[str] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    """Accounts that were looked at, and the roots of their customers."""
    unresolved: set[str] = field(default_factory=set)
    """Accounts whose claims changed: who they are is to be resolved."""

    def clear(self) -> None:
        self.created = self.updated = self.unchanged = 0
        self.days.clear()
        self.customers.clear()
        self.unresolved.clear()
