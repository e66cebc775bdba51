"""Every simulated shop through the wizard; its backfill; an order placed there is seen here within two seconds."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from functions.ingest.identity import customer_id
from tests.e2e.browsing import SLOWLY, picture, visit
from tests.e2e.running import LONG, Running, eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
SHOPS = os.environ.get("TIMBRE_SHOPS_URL", "")
INPUT = {
    "woocommerce": f"{SHOPS}/woo",
    "shopify": "timbre-sandbox.myshopify.com",
    "amazon": "sellercentral.amazon.com",
    "flipkart": "seller.flipkart.com",
}
SEEN_WITHIN = 2.0
"""Seconds from an order at the shop to its line on the customer's page."""


def act(what: str, **options: Any) -> dict[str, Any]:
    """Make something happen at a simulated shop."""
    answer = httpx.post(f"{SHOPS}/control/act", json={"what": what, **options}, timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def connect(suite: Running, page: Page, platform: str) -> str:
    """Through the wizard and the platform's own page; returns the connection's id."""
    visit(page, "/integrations")
    visit(page, "/integrations/connect")
    page.locator("[data-field=input]").fill(INPUT[platform])
    page.locator("[data-action=detect]").click()
    begin = page.locator("[data-action=begin]")
    expect(begin).to_be_visible(timeout=SLOWLY)
    for field, value in {"shop": {"amazon": "US", "flipkart": "Our seller account"}.get(platform, "")}.items():
        box = page.locator(f"[data-field={field}]")
        if value and box.count() and not box.input_value():
            box.fill(value)
    picture(page, f"shops-{platform}-wizard")
    begin.click()
    allow = page.locator("#allow")
    if platform != "flipkart":
        expect(allow).to_be_visible(timeout=SLOWLY)
        picture(page, f"shops-{platform}-allow")
        allow.click()
    page.wait_for_url(re.compile(r"/integrations/return"), timeout=SLOWLY)
    found = eventually(
        f"{platform} is connected", lambda: suite.where("connections", "platform", platform, 1), LONG
    )
    return str(found[0].id)


@pytest.mark.parametrize("platform", ["woocommerce", "shopify", "amazon", "flipkart"])
def test_a_shop_is_connected_and_read(
    suite: Running, owner: Page, platform: str, measured: Callable[[str, float], None]
) -> None:
    began = time.monotonic()
    connection = connect(suite, owner, platform)
    path = f"connections/{connection}"
    eventually(f"{platform} is read", lambda: suite.get(path)["status"] != "backfilling", LONG)
    measured(f"{platform}: wizard to the end of its backfill", time.monotonic() - began)
    held = suite.get(path)
    assert (held["status"], held["problem"]) == ("active", None)
    assert all(step["done"] for step in held["steps"].values())
    visit(owner, f"/integrations/{connection}")
    expect(owner.locator("[data-section=backfill]")).to_be_visible()
    picture(owner, f"shops-{platform}")
    read = held["steps"]["orders"]["seen"]
    assert read > 0
    orders = suite.where("orders", "connectionId", connection)
    # Unpaid orders are none yet; everything else is here.
    assert 0 < len(orders) <= read
    if platform in ("amazon", "flipkart"):
        assert all(one.get("customerId") is None for one in orders)
        assert not suite.where("customers", "platform", platform, 1)


@pytest.mark.parametrize("platform", ["woocommerce", "shopify"])
def test_an_order_is_seen_on_the_customer(
    suite: Running, owner: Page, platform: str, measured: Callable[[str, float], None]
) -> None:
    connection = suite.where("connections", "platform", platform, 1)[0].id
    short = {"woocommerce": "woo"}.get(platform, platform)
    # The first order of a cold function is for warming up: its customer is whose page is opened.
    first = act("order", platform=short, guest=False)
    customer = customer_id(suite.identity_key, connection, str(first["customer_id"]))
    held = eventually("the first order is in", lambda: suite.get(f"customers/{customer}"), LONG)
    root = held["mergedInto"] or customer
    visit(owner, f"/customers/{root}")
    before = suite.get(f"customers/{root}")["stats"]["orders"]
    figure = owner.locator("[data-figure=orders]").first
    expect(figure).to_have_text(str(before), timeout=SLOWLY)
    began = time.monotonic()
    act("order", platform=short, customer_id=first["customer_id"])
    expect(figure).to_have_text(str(before + 1), timeout=SLOWLY)
    took = time.monotonic() - began
    measured(f"{platform}: an order at the shop to the customer's page (target {SEEN_WITHIN:.0f} s)", took)
    picture(owner, f"shops-{platform}-customer")
