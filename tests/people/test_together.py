"""Tags, notes and the history with real records: what the next order or an un-merge makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.imports.work import ingest
from schema.records import OrderRecord, Origin, Person, PlatformEvents
from tests.people.conftest import NOW, Desk


def order(desk: Desk, number: int, who: str, at: datetime) -> None:
    record = OrderRecord(
        version=number, id=f"o{number}", person=Person(key=who, email=f"{who}@x.example"), placed_at=at,
        currency="USD", total=1000, items=1,
    )  # fmt: skip
    message = PlatformEvents(origin=Origin(connection_id="shop", platform="csv"), records=[record.to_json()])
    assert not ingest(desk.world, message)


def found(desk: Desk, who: str) -> str:
    return str(desk.call("owner", "customer.lookup", email=f"{who}@x.example")["customerId"])


def test_tags_outlive_orders_and_a_merge_and_leave_both_accounts() -> None:
    desk = Desk()
    order(desk, 1, "ann", NOW - timedelta(days=400))
    order(desk, 2, "bob", NOW - timedelta(days=5))
    ann, bob = found(desk, "ann"), found(desk, "bob")
    desk.call("marketer", "people.tag", customerIds=[bob], add=["bobs"])
    root = desk.call("marketer", "people.merge", customerId=ann, otherId=bob)["customerId"]
    desk.call("marketer", "people.tag", customerIds=[root], add=["vip"])
    order(desk, 3, "bob", NOW - timedelta(days=1))
    assert desk.get(f"customers/{root}")["tags"]["manual"] == ["bobs", "vip"]
    done = desk.call("marketer", "people.tag", customerIds=[root], remove=["bobs"])
    order(desk, 4, "ann", NOW - timedelta(hours=1))
    held = desk.get(f"customers/{root}")
    assert held["tags"]["manual"] == ["vip"]
    assert held["stats"]["orders"] == 4
    told = desk.call("marketer", "people.history", customerId=root)["stages"]
    assert [turn["stage"] for turn in told] == ["new", "active", "at risk", "lost", "won back", "active"]
    assert told[-1]["stage"] == held["lifecycleStage"]
    for inverse in done["undo"]:
        desk.call("marketer", "people.tag", **inverse)
    assert desk.get(f"customers/{root}")["tags"]["manual"] == ["bobs", "vip"]
    rows = desk.call("owner", "people.export", columns=["id", "orders", "tags"])
    assert rows["rows"] == 1, "who was merged into another customer is no row of its own"


def test_the_rules_see_a_customers_orders_when_they_come() -> None:
    desk = Desk()
    order(desk, 1, "ann", datetime(2025, 1, 1, tzinfo=UTC))
    ann = f"customers/{found(desk, 'ann')}"
    assert [tag["tag"] for tag in desk.get(ann)["tags"]["auto"]] == ["one-time buyer", "dormant"]
    order(desk, 2, "ann", NOW - timedelta(days=1))
    assert [tag["tag"] for tag in desk.get(ann)["tags"]["auto"]] == ["repeat buyer"]
