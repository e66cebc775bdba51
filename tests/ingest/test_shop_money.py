"""An order in another currency counts at the platform's own conversion where it gives one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.ingest.intake import take_in
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import OrderRecord, Origin, Person, PlatformEvents, ShopMoney
from schema.store import Put

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "rates", "wanted"),
    [
        (ShopMoney(currency="USD", total=11_000), {}, (8_800, 1_100, 2_200)),
        (ShopMoney(currency="USD", total=11_000), {"EUR": 2.0}, (8_800, 1_100, 2_200)),
        (None, {"EUR": 2.0}, (16_000, 2_000, 4_000)),
        (None, {}, (None, None, None)),
        (ShopMoney(currency="GBP", total=9_000), {}, (None, None, None)),
    ],
)
def test_the_platforms_rate_comes_first(
    own: ShopMoney | None, rates: dict[str, float], wanted: tuple[int | None, ...]
) -> None:
    store = MemoryStore()
    store.commit([Put("settings/shop", {"currency": "USD", "zone": "UTC", "rates": rates})])
    record = OrderRecord(
        version=1, id="1", person=Person(key="a"), placed_at=NOW, currency="EUR", total=10_000, discount=1_000,
        refunded=2_000, shop_money=own,
    )  # fmt: skip
    origin = Origin(connection_id="shopify-1", platform="shopify")
    world = World(store, MemoryBus(), lambda: NOW, b"k" * 32)
    assert not take_in(world, PlatformEvents(origin=origin, records=[record.to_json()])).failed
    [order] = [doc for path, doc in store.dump().items() if path.startswith("orders/")]
    assert (order["reportingTotal"], order["reportingDiscount"], order["reportingRefunded"]) == wanted
    assert (order["total"], order["currency"]) == (10_000, "EUR")
