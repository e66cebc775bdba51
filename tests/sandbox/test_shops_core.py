"""The simulated shop itself: the same every time, quick at size, dirty where shops are dirty, breakable on demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from sandbox.shops.activity import Activity
from sandbox.shops.acts import ACTS
from sandbox.shops.faults import Faults
from sandbox.shops.model import PLATFORMS, THINGS, Change, Order, Product, money, to_shop
from sandbox.shops.server import Clock, serve
from sandbox.shops.shop import SimulatedShop, seen_by

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def build(customers: int = 120, orders: int = 400, seed: int = 7) -> tuple[SimulatedShop, Clock]:
    clock = Clock(NOW)
    return SimulatedShop(seed, customers, orders, clock), clock


def test_the_same_seed_gives_the_same_shop_and_another_seed_another() -> None:
    (one, _), (two, _), (three, _) = build(), build(), build(seed=8)
    assert [getattr(one, thing) for thing in THINGS] == [getattr(two, thing) for thing in THINGS]
    assert one.orders != three.orders
    assert one.act("order", "shopify") == two.act("order", "shopify")


def test_everything_that_shops_have_is_there() -> None:
    shop, _ = build()
    orders, people = list(shop.orders.values()), list(shop.customers.values())
    assert {order.status for order in orders} == {"paid", "pending", "refunded", "partially_refunded", "cancelled"}
    assert {order.platform for order in orders} == set(PLATFORMS)
    assert {order.currency for order in orders if order.platform == "shopify"} >= {"USD", "EUR", "INR", "CNY", "JPY"}
    assert any(order.test for order in orders) and any(order.staff for order in orders)
    assert any(order.codes and order.discount for order in orders) and any(order.shipping for order in orders)
    assert any(order.customer_id is None and order.email for order in orders if order.platform == "woo")
    assert all(order.customer_id is None and not order.email for order in orders if order.platform == "amazon")
    assert any("&" in p.first + p.last for p in people) and any(p.first != p.first.strip() for p in people)
    assert any(p.phone and not p.phone.startswith("+") for p in people)
    assert any("\u4e00" <= p.last[0] <= "\u9fff" for p in people)
    both = sum(p.platforms == {"shopify", "woo"} for p in people)
    assert 0.45 < both / len(people) < 0.75
    states = {(p.email_consent.state, p.sms_consent.state) for p in people}
    assert {email for email, _ in states} >= {"subscribed", "unsubscribed", "not_subscribed"}
    assert {cart.completed_at is None for cart in shop.carts.values()} == {True, False}
    assert any(v.compare_at and v.compare_at > v.price for p in shop.products.values() for v in p.variants)
    assert all(one.updated_at <= shop.now() for thing in THINGS for one in getattr(shop, thing).values())


def test_orders_add_up() -> None:
    shop, _ = build()
    for order in shop.orders.values():
        goods = order.subtotal - order.discount
        assert order.total == goods + order.shipping + (0 if order.taxes_included else order.tax)
        assert order.refunded <= order.total
        assert (order.refunded == order.total) == (order.status == "refunded")
    assert (money(1000, "JPY"), money(1000, "EUR"), to_shop(1500, "JPY")) == (1500, 920, 1000)


@pytest.mark.slow
def test_a_hundred_thousand_orders_are_made_and_paged_quickly() -> None:
    import time

    began = time.process_time()
    shop, _ = build(20_000, 100_000)
    assert time.process_time() - began < 30
    began = time.process_time()
    for _ in range(100):
        assert len(shop.page("orders", "shopify", "updated", 250, since=NOW - timedelta(days=100))) == 250
    assert time.process_time() - began < 1


def test_pages_meet_without_gap_or_overlap_in_every_order() -> None:
    shop, _ = build()
    for thing in THINGS:
        for platform in PLATFORMS:
            total = shop.total(thing, platform)
            for by in ("id", "created", "updated"):
                for reverse in (False, True):
                    seen, after = [], None
                    while rows := shop.page(thing, platform, by, 7, after, reverse=reverse):  # type: ignore[arg-type]
                        seen += [place for place, _ in rows]
                        after = rows[-1][0]
                    assert len(seen) == len(set(seen)) == total
                    assert seen == sorted(seen, reverse=reverse)
            counted = [one for _, one in shop.page(thing, platform, "id", 5, offset=3)]
            assert counted == [one for _, one in shop.page(thing, platform, "id", 8)][3:]


@pytest.mark.parametrize("what", sorted(ACTS))
def test_every_act_changes_things_and_keeps_the_lists_right(what: str) -> None:
    shop, clock = build(40, 80)
    shop.act("order", "shopify", status="pending")
    heard: list[Change] = []
    shop.listen(heard.append)
    clock.advance(60)
    shop.act(what)
    assert heard
    for thing in THINGS:
        for platform in PLATFORMS:
            held = {one.id for one in getattr(shop, thing).values() if platform in seen_by(one)}
            assert {place[1] for place, _ in shop.page(thing, platform, "updated", 10_000)} == held
            assert shop.total(thing, platform, "created") == len(held)


def test_acts_do_as_they_are_told() -> None:
    shop, clock = build(40, 80)
    clock.advance(60)
    order = shop.act("order", "woo", product_id=8002, quantity=3, code="WELCOME10", customer_id=None, guest=True)
    assert isinstance(order, Order)
    assert (order.customer_id, order.lines[0].quantity, order.codes) == (None, 3, ("WELCOME10",))
    assert order.discount == order.subtotal * 10 // 100 and order.placed_at == shop.now()
    full = shop.act("refund", order_id=order.id, full=True)
    assert isinstance(full, Order) and full.refunded == full.total and full.status == "refunded"
    with pytest.raises(ValueError):
        shop.act("refund", order_id=order.id)
    with pytest.raises(ValueError):
        shop.act("order", "shopify", currency="QQQ")
    before = shop.products[8003]
    dropped = shop.act("price", product_id=8003, percent=50)
    assert isinstance(dropped, Product)
    assert all(new.price == old.price // 2 for new, old in zip(dropped.variants, before.variants, strict=True))
    heard: list[Change] = []
    shop.listen(heard.append)
    shop.act("stock", product_id=8003)
    assert [sum(v.stock for v in c.before.variants) == 0 for c in heard if isinstance(c.before, Product)][-1]


def test_a_listener_that_fails_does_not_stop_the_shop() -> None:
    shop, _ = build(10, 10)
    heard: list[Change] = []

    def broken(change: Change) -> None:
        raise RuntimeError("broken")

    shop.listen(broken)
    stop = shop.listen(heard.append)
    shop.act("order", "woo")
    stop()
    shop.act("order", "woo")
    assert [change.action for change in heard if change.thing == "orders"] == ["created", "paid"]


def test_activity_goes_on_by_itself() -> None:
    shop, _ = build(40, 80)
    heard: list[Change] = []
    shop.listen(heard.append)
    activity = Activity(shop, 1, seed=3)
    for _ in range(60):
        activity.step()
    assert {"orders", "carts", "customers"} <= {change.thing for change in heard}


def test_faults_hit_their_share_and_the_same_calls_again() -> None:
    faults = Faults(hold=0.01)
    faults.set("woo", "429", 0.3, seed=4)
    first = [faults.check("woo") is not None for _ in range(500)]
    faults.set("woo", "429", 0.3, seed=4)
    assert first == [faults.check("woo") is not None for _ in range(500)]
    assert 0.2 < sum(first) / 500 < 0.4
    assert faults.check("shopify") is None and faults.state() == {"woo": {"429": 0.3}}
    faults.clear()
    assert faults.check("woo") is None
    faults.set("woo", "timeout", 1.0)
    held = faults.check("woo")
    assert held is not None and held.status_code == 504
    with pytest.raises(ValueError):
        faults.set("woo", "fire", 1.0)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    clock = Clock(NOW)
    running = serve(SimulatedShop(7, 30, 60, clock), Faults(hold=0.1), clock=clock)
    yield running.base_url
    running.close()


def test_the_control_page_has_a_button_for_everything_that_matters(url: str) -> None:
    page = httpx.get(url).text
    for label in (
        "Place an order",
        "Customer changes consent",
        "Price drop",
        "Back in stock",
        "Abandon a cart",
        "Refund",
    ):
        assert label in page
    answer = httpx.post(f"{url}/control/act", data={"what": "order", "platform": "woo"})
    assert answer.status_code == 303
    assert "order woo" in httpx.get(url).text
    httpx.post(f"{url}/control/faults", data={"platform": "woo", "kind": "500", "share": "0.34"})
    assert 'aria-pressed="true">500' in httpx.get(url).text
    httpx.post(f"{url}/control/faults", json={"clear": True})


def test_the_control_json_acts_breaks_and_moves_the_clock(url: str) -> None:
    before = httpx.get(f"{url}/control/state").json()
    order = httpx.post(f"{url}/control/act", json={"what": "order", "platform": "shopify", "currency": "INR"}).json()
    assert order["currency"] == "INR"
    assert httpx.get(f"{url}/control/orders/{order['id']}").json() == order | {"shipped": False}
    after = httpx.get(f"{url}/control/state").json()
    assert after["counts"]["shopify"]["orders"] == before["counts"]["shopify"]["orders"] + 1
    assert httpx.post(f"{url}/control/faults", json={"platform": "woo", "kind": "429", "share": 1}).json()
    assert httpx.post(f"{url}/control/faults", json={"clear": True}).json() == {}
    moved = httpx.post(f"{url}/control/clock", json={"advance": 3600}).json()["now"]
    assert datetime.fromisoformat(moved) - datetime.fromisoformat(after["now"]) == timedelta(hours=1)
    for bad in ({"what": "fly"}, {"what": "order", "platform": "moon"}, {"what": "refund", "order_id": 1}):
        assert httpx.post(f"{url}/control/act", json=bad).status_code == 400
    assert httpx.post(f"{url}/control/faults", json={"platform": "woo"}).status_code == 400
    assert httpx.get(f"{url}/control/orders/1").status_code == 404
    assert "order" in httpx.get(f"{url}/control/acts").json()


def test_the_sandbox_imports_nothing_of_ours_but_itself() -> None:
    folder = Path(__file__).resolve().parents[2] / "sandbox" / "shops"
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import functions" not in text and "from functions" not in text, path
        assert "from ml" not in text, path
