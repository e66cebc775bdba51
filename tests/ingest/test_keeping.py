"""What is set aside fits a document, and what cannot be kept is one record's failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from functions.ingest.cleaning import keeping
from functions.ingest.intake import take_in
from schema.flow import World, park
from schema.memory_store import MemoryStore
from schema.records import Record
from schema.store import Refused, Write
from tests.ingest.shops import shop
from tests.ingest.test_aside import docs, staff_orders
from tests.logic.histories import PLATFORM, message


def versions(count: int) -> list[Record]:
    """Of one order that the rules catch, each newer than the one before."""
    return [one.model_copy(update={"version": 1000 + n}) for n, one in enumerate(staff_orders(count + 1)[1:])]


def held(here: World) -> list[dict[str, Any]]:
    [kept] = docs(here, "setAside").values()
    told: list[dict[str, Any]] = json.loads(kept["record"]["json"])["records"]
    return told


@pytest.mark.parametrize("together", [True, False])
def test_the_newest_versions_that_fit_are_kept(monkeypatch: pytest.MonkeyPatch, together: bool) -> None:
    told = versions(8)
    size = max(len(json.dumps(one.to_json(), ensure_ascii=False).encode()) for one in told)
    monkeypatch.setattr(keeping, "LARGEST", 3 * size)
    here = shop()
    for part in [told] if together else [[one] for one in told]:
        assert take_in(here, message(PLATFORM, part)).set_aside == len(part)
    kept = held(here)
    assert 3 <= len(kept) < 8
    assert [one["version"] for one in kept] == [one.version for one in told[-len(kept) :]]
    assert sum(len(json.dumps(one, ensure_ascii=False).encode()) for one in kept) <= 3 * size
    # An older one that comes late does not push out a newer one.
    assert take_in(here, message(PLATFORM, told[:1])).set_aside == 1
    assert held(here) == kept


def test_a_version_that_is_larger_than_that_is_kept_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LARGEST", 10)
    here = shop()
    assert take_in(here, message(PLATFORM, versions(3))).set_aside == 3
    assert [one["version"] for one in held(here)] == [1002]


def test_what_cannot_be_kept_is_refused_alone() -> None:
    here = shop()
    caught, other = versions(2)
    other = other.model_copy(update={"id": "o2"})
    [clean] = staff_orders(1)
    clean = clean.model_copy(update={"id": "o3"})
    assert isinstance(here.store, MemoryStore)
    inner = here.store.commit

    def narrow(writes: Sequence[Write]) -> None:
        if any(one.path.startswith("setAside/") and '"id": "o1"' in str(one) for one in writes):
            raise Refused("over 1 MiB")
        inner(writes)

    here.store.commit = narrow  # type: ignore[method-assign]
    result = take_in(here, message(PLATFORM, [caught, other, clean]))
    assert (result.set_aside, [one.error for one in result.failed]) == (1, ["Refused"])
    [failed] = result.failed
    assert [one["id"] for one in failed.body["records"]] == ["o1"]
    assert len(docs(here, "setAside")) == 1 and len(docs(here, "orders")) == 1
    park(here, "platform-events", result.failed, 1)
    assert len(docs(here, "parked")) == 1
