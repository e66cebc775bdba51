"""kill -9 of every worker in the middle of an import: the bar goes on to its end and the state is a calm run's."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from schema.flow import World
from tests.e2e.browsing import SLOWLY, card, choose, fact, start, visit
from tests.e2e.files import KILLED, ROWS, interrupted, write
from tests.e2e.running import LONG, Running, eventually
from tests.imports.driver import System

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
ORDER_FIELDS = ("customerId", "placedAt", "day", "status", "currency", "total", "reportingTotal", "items", "historic")
CUSTOMER_FIELDS = ("externalId", "stats")


def calm(suite: Running, zone: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Orders and customers by id after the same file came in calmly, without any emulator or process."""
    system = System()
    system.world = World(system.store, system.bus, lambda: system.now, suite.identity_key)
    system.upload(interrupted(), zone=zone)
    system.run()
    held = system.store.dump()
    orders = {path: data for path, data in held.items() if path.startswith("orders/")}
    customers = {path: data for path, data in held.items() if path.startswith("customers/") and path.count("/") == 1}
    return orders, customers


def test_killed_in_the_middle(
    suite: Running, owner: Page, imported: None, tmp_path: Path, measured: Callable[[str, float], None]
) -> None:
    """Every worker of the suite dies while chunks are under way; nothing is lost, nothing comes in twice."""
    visit(owner, "/imports/new")
    choose(owner, write(tmp_path, KILLED, interrupted()))
    expect(card(owner, KILLED).get_by_text("Ready to start.")).to_be_visible(timeout=SLOWLY)
    import_id = start(owner, KILLED)
    path = f"imports/{import_id}"
    began = time.monotonic()
    held = eventually("chunks come in", lambda: _past(suite, path, 0.3), LONG, every=0.1)
    assert held["status"] == "importing", "the import was over before it could be interrupted"
    assert suite.kill_workers() > 0
    killed = time.monotonic()
    eventually("the interrupted import is done", lambda: suite.get(path)["status"] == "done", LONG)
    measured("import with a kill -9 in its middle, whole", time.monotonic() - began)
    measured("import with a kill -9 in its middle, from the kill to the end", time.monotonic() - killed)
    expect(owner.get_by_text("Done", exact=True).first).to_be_visible(timeout=SLOWLY)
    expect(owner.get_by_role("progressbar", name="Import", exact=True)).to_have_attribute("aria-valuenow", "100")
    expect(fact(owner, "New orders")).to_have_text(f"{ROWS:,}")
    held = suite.get(path)
    assert held["chunksDone"] == held["chunks"]
    assert (held["counts"]["created"], held["counts"]["rejected"], held["counts"]["parked"]) == (ROWS, 0, 0)

    orders, customers = calm(suite, held["zone"])
    assert len(orders) == ROWS
    real = {one.reference.path: one for one in suite.db.get_all(map(suite.db.document, orders))}
    for name, expected in orders.items():
        assert real[name].exists, name
        got = real[name].to_dict()
        assert {field: got[field] for field in ORDER_FIELDS} == {field: expected[field] for field in ORDER_FIELDS}
    real = {one.reference.path: one for one in suite.db.get_all(map(suite.db.document, customers))}
    for name, expected in customers.items():
        got = real[name].to_dict()
        assert {field: got[field] for field in CUSTOMER_FIELDS} == {
            field: expected[field] for field in CUSTOMER_FIELDS
        }, name
    whole = suite.db.collection("orders").count().get()[0][0].value
    assert whole == 6920 + _lives(suite) + ROWS


def _past(suite: Running, path: str, share: float) -> dict[str, Any] | None:
    held = suite.get(path)
    far = held.get("chunks") and held["chunksDone"] >= share * held["chunks"]
    return held if far or held["status"] == "done" else None


def _lives(suite: Running) -> int:
    """Orders that the live journey published."""
    return sum(len(suite.where("orders", "externalId", f"live-{attempt}")) for attempt in range(3))
