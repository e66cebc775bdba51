"""From a recluster to a segment, from there to one of its people, and what happens to them while one looks on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from functions.ingest.identity import record_id
from schema.clock import milliseconds, system_clock
from schema.records import OrderRecord, Origin, Person, PlatformEvents
from tests.e2e.browsing import SLOWLY, settled, visit
from tests.e2e.running import LONG, Running, eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
CONNECTION = "csv"
"""What imported files belong to."""
LIVE = 1.0
"""Seconds within which a write must be on the screen."""
WATCH = """text => {
  window.timbreSeen = null;
  const main = document.getElementById("main");
  const look = () => {
    if (window.timbreSeen === null && main.textContent.includes(text)) window.timbreSeen = Date.now();
  };
  new MutationObserver(look).observe(main, { subtree: true, childList: true, characterData: true });
  look();
}"""


def active_reclusters(suite: Running) -> list[str]:
    runs = [run for status in ("queued", "running") for run in suite.where("runs", "status", status)]
    return [run.id for run in runs if run.get("kind") in ("recluster", "learn")]


def seen_at(page: Page) -> float:
    """When the watched text came onto the page, in seconds since 1970."""
    page.wait_for_function("() => window.timbreSeen", timeout=SLOWLY)
    return float(page.evaluate("() => window.timbreSeen")) / 1000


def test_recluster_to_a_customer(
    suite: Running, owner: Page, imported: None, measured: Callable[[str, float], None]
) -> None:
    """Segments came with the import; pressing Recluster makes the next version; a segment opens, a member opens."""
    eventually("what the import taught is learnt", lambda: not active_reclusters(suite), 2 * LONG, every=1.0)
    visit(owner, "/segments")
    expect(owner.locator("[data-segment]").nth(1)).to_be_visible(timeout=SLOWLY)
    before = suite.get("config/segmentation")["active"]
    button = owner.get_by_role("button", name="Recluster now")
    expect(button).to_be_enabled(timeout=SLOWLY)
    began = time.monotonic()
    button.click()
    eventually("the next version is active", lambda: suite.get("config/segmentation")["active"] > before, LONG)
    active = suite.get("config/segmentation")["active"]
    expect(owner.get_by_text(f"Version {active}, as of")).to_be_visible(timeout=SLOWLY)
    measured("reclustered, from the press to the new version on the screen", time.monotonic() - began)
    mine = [run for run in suite.where("runs", "kind", "recluster") if run.get("startedBy") == "demo-owner"]
    assert mine

    first = owner.locator("[data-segment]").first
    segment = suite.get(f"segments/{first.get_attribute('data-segment')}")
    first.click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text(segment["name"]["en"], timeout=SLOWLY)
    member = owner.get_by_role("table", name="Members").get_by_role("link").first
    expect(member).to_be_visible(timeout=SLOWLY)
    address = str(member.get_attribute("href"))
    member.click()
    owner.wait_for_url(f"**{address}")
    settled(owner)
    orders = suite.get(address.strip("/"))["stats"]["orders"]
    tab = owner.get_by_role("tab", name=f"Orders ({orders})")
    expect(tab).to_be_visible(timeout=SLOWLY)
    expect(owner.locator("#main").get_by_role("listitem").filter(has_text="Order").first).to_be_visible()
    expect(owner.get_by_text(segment["name"]["en"]).first).to_be_visible()


def test_live_order(suite: Running, owner: Page, imported: None, measured: Callable[[str, float], None]) -> None:
    """A server publishes an order; the open page of its customer has it within a second of Firestore's write."""
    customer_id = eventually("a customer is open", lambda: owner.url.rsplit("/customers/", 1)[1])
    customer = suite.get(f"customers/{customer_id}")
    delays: list[float] = []
    # A machine that is busy with other things stalls now and then: the product's own delay is the smallest of three.
    for attempt in range(3):
        total = 765_431 + attempt
        owner.evaluate(WATCH, f"{total / 100:,.2f}")
        now = system_clock()
        order = OrderRecord(
            version=milliseconds(now),
            id=f"live-{attempt}",
            person=Person(key=customer["externalId"]),
            placed_at=datetime(1998, 6, 29, 12, attempt, tzinfo=UTC),
            currency="USD",
            total=total,
            items=1,
        )
        origin = Origin(connection_id=CONNECTION, platform="csv")
        published = time.time()
        suite.publish("platform-events", PlatformEvents(origin=origin, records=[order.to_json()]).to_json())
        seen = seen_at(owner)
        path = f"orders/{record_id(CONNECTION, 'order', f'live-{attempt}')}"
        written = suite.db.document(path).get().update_time.timestamp()
        delays.append(seen - written)
        if attempt == 0:
            measured("live order, from publishing to the screen (cold or warm worker)", seen - published)
        if delays[-1] < LIVE:
            break
    measured("live order, from Firestore's write to the screen", min(delays))
    assert min(delays) < LIVE, delays
    orders = customer["stats"]["orders"] + len(delays)
    expect(owner.get_by_role("tab", name=f"Orders ({orders})")).to_be_visible(timeout=SLOWLY)


def test_live_write(suite: Running, owner: Page, imported: None, measured: Callable[[str, float], None]) -> None:
    """A document that a server writes itself is on the open page within a second too."""
    customer_id = owner.url.rsplit("/customers/", 1)[1]
    document = suite.db.document(f"customers/{customer_id}")
    before = document.get().get("displayName")
    delays: list[float] = []
    for attempt in range(3):
        name = f"Live Name {attempt}"
        owner.evaluate(WATCH, name)
        written = document.update({"displayName": name}).update_time.timestamp()
        delays.append(seen_at(owner) - written)
        if delays[-1] < LIVE:
            break
    document.update({"displayName": before})
    measured("live write of a server's client to the screen", min(delays))
    assert min(delays) < LIVE, delays
