"""The shop's moment: one rule for what the console shows and for what the models compute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from functions.figures.overview import refresh_overview
from ml.behaviour.reading import setting
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.moment import as_of, ended, moment, superseded
from schema.store import Put

DAY0 = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "now", "expected"),
    [
        (None, DAY0, DAY0),
        (DAY0, DAY0 + timedelta(days=30), DAY0 + timedelta(days=30)),
        (DAY0, DAY0 + timedelta(days=30, seconds=1), DAY0 + timedelta(days=1)),
        (DAY0 + timedelta(hours=13), DAY0 + timedelta(days=60), DAY0 + timedelta(days=1, hours=13)),
    ],
)
def test_now_or_the_day_after_the_newest_order(newest: datetime | None, now: datetime, expected: datetime) -> None:
    assert as_of(newest, now) == expected
    assert ended(newest, now) == (expected != now)


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Shanghai", "Pacific/Kiritimati"])
@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_it_is_the_day_after_in_the_shops_own_zone(zone: str, hour: int) -> None:
    newest = datetime(1998, 6, 30, hour, tzinfo=ZoneInfo(zone))
    told = as_of(newest, newest + timedelta(days=365))
    assert f"{told.astimezone(ZoneInfo(zone)):%Y-%m-%d}" == "1998-07-01"


def test_the_console_and_the_models_look_from_the_same_moment() -> None:
    # Midnight in New York: the midnight in UTC that follows is still the evening of the same day there.
    newest = datetime(1998, 6, 30, 4, tzinfo=UTC)
    store = MemoryStore()
    store.commit(
        [Put("customers/c", {"mergedInto": None, "stats": {"orders": 1, "revenue": 1, "lastOrderAt": newest}})]
    )
    world = World(store, MemoryBus(), lambda: DAY0)
    shown = refresh_overview(world)
    assert shown["asOf"] == newest + timedelta(days=1) == moment(world) == setting(world).as_of
    assert shown["dataEnded"]


def test_late_is_what_is_older_than_what_is_held_unless_that_is_of_no_moment_any_more() -> None:
    day = timedelta(days=1)
    assert superseded(DAY0, DAY0 + day, DAY0 + 2 * day)
    assert not superseded(DAY0 + day, DAY0, DAY0 + 2 * day) and not superseded(DAY0, None, DAY0)
    assert not superseded(DAY0, DAY0 + 30 * day, DAY0)
