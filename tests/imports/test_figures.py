"""Daily figures: many days in one pass equal each day counted on the server; a running bulk job is left alone."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from functions.figures import daily
from functions.schedule import sweep
from tests.imports.driver import START, System
from tests.imports.files import orders


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
@pytest.mark.parametrize("seed", range(3))
def test_one_pass_and_day_by_day_agree(seed: int, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    months = []
    for few in (0, 10_000):
        monkeypatch.setattr(daily, "FEW_DAYS", few)
        system = System()
        system.upload(orders(random.Random(seed), 120), zone=zone)
        system.run()
        months.append({path: data["days"] for path, data in system.state().items() if path.startswith("metrics/month")})
    assert months[0] == months[1]
    assert len(months[0]) > 6


def test_figures_wait_for_a_running_import_but_not_longer_than_a_minute() -> None:
    system = System()
    system.upload("customer_id,date,amount\na,2025-01-01,10\n")
    system.run()
    system.store.documents["runs/other"] = ({"kind": "import", "status": "running", "updatedAt": START}, 1)
    system.store.documents["dirty/x"] = ({"at": START, "days": ["2025-01-01"]}, 1)
    sweep(system.world)
    assert "dirty/x" in system.store.documents
    system.now += timedelta(seconds=61)
    sweep(system.world)
    assert "dirty/x" not in system.store.documents
