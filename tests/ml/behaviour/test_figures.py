"""Figures of how customers buy: counted by hand on small shops, and the same whatever the order of the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ml.behaviour import affinity, figures, rfm_moves, shop_book
from ml.behaviour.shop_book import EPOCH, Book, Row, book
from schema.documents import Customer, Order, Product
from schema.memory_store import MemoryStore
from schema.pictures import AffinityFigures, BehaviourFigures
from schema.shop import Shop
from schema.store import Create, Put
from tests.ml.shop import Ticking, world

ZONE = ZoneInfo("UTC")
AS_OF = datetime(2024, 6, 15, 12, tzinfo=UTC)
TODAY = AS_OF.date().toordinal() - EPOCH


def row(owner: int, day: str, net: float = 1_000, products: tuple[str, ...] = (), **more: Any) -> Row:
    when = datetime.fromisoformat(day).replace(tzinfo=UTC)
    fields = {"hour": when.weekday() * 24 + 10, "discounted": False, "refunded": False} | more
    place = when.date().toordinal() - EPOCH
    return Row(owner, when.timestamp() + 36_000, place, net=net, products=products, **fields)


def many(seed: int, customers: int = 60) -> list[Row]:
    rng = np.random.default_rng(seed)
    rows = []
    for one in range(customers):
        for day in rng.integers(0, 500, rng.integers(1, 7)):
            when = (date(2023, 2, 1) + timedelta(days=int(day))).isoformat()
            rows.append(row(one, when, float(rng.integers(500, 9_000)), (f"p{rng.integers(0, 4)}",)))
    return rows


def test_cohorts_count_complete_months_only() -> None:
    held = book(3, [row(0, "2024-03-05"), row(0, "2024-04-30"), row(1, "2024-03-31"), row(1, "2024-03-31"),
                    row(1, "2024-06-02"), row(2, "2024-05-01")])  # fmt: skip
    found = figures.cohorts(held, TODAY)
    assert [(one.month, one.size, one.retained) for one in found] == [
        ("2024-03", 2, [0.5, 0.0]),
        ("2024-05", 1, []),
    ]


def test_gaps_are_between_days_of_one_customer() -> None:
    held = book(2, [row(0, "2024-01-01"), row(0, "2024-01-01"), row(0, "2024-01-08"), row(0, "2024-01-20"),
                    row(1, "2024-02-01"), row(-1, "2024-02-02")])  # fmt: skip
    assert figures.gaps(held).tolist() == [7, 12]
    assert [one.n for one in figures.bins(figures.gaps(held))][:3] == [1, 1, 0]
    assert figures.bins(np.zeros(0)) == []


def test_products_that_lead_to_a_second_order() -> None:
    rows = []
    for one in range(60):
        rows.append(row(one, "2023-06-01", products=("good",) if one < 30 else ("poor",)))
        if one < 24 or one == 40:
            rows.append(row(one, "2023-08-01", products=("other",)))
    rows.append(row(41, "2024-06-01", products=("late",)))  # after the 180 days
    rows += [row(60 + one, "2024-05-01", products=("young",)) for one in range(25)]  # too young to be judged
    held = book(85, rows)
    found, ids = figures.second_orders(held, TODAY)
    assert ids == ["good", "poor"]
    assert [(one.buyers, one.returned) for one in found] == [(30, 24), (30, 1)]
    assert found[0].low < 0.8 < found[0].high
    assert figures.returned(held, TODAY)[1].mean() == pytest.approx(25 / 60)


def test_wilsons_interval_is_the_textbooks() -> None:
    low, high = figures.wilson(0, 10)
    assert low == 0 and high == pytest.approx(0.2129, abs=1e-4)
    assert figures.wilson(5, 10) == pytest.approx((0.2693, 0.7307), abs=1e-4)


def test_the_funnel_counts_who_did_the_steps_before() -> None:
    browsed = np.array([[3, 2, 1], [1, 0, 0], [0, 4, 0], [2, 1, 1], [0, 0, 0], [1, 0, 2]], dtype=float)
    held = book(6, [row(0, "2024-06-01"), row(3, "2024-01-01"), row(1, "2024-06-02")], browsed=browsed)
    found = figures.funnel(held, TODAY)
    assert found is not None
    assert (found.visitors, found.viewers, found.carted, found.bought) == (5, 3, 2, 1)
    assert figures.funnel(book(6, [row(0, "2024-06-01")]), TODAY) is None


def test_weeks_sum_to_all_orders_of_the_year() -> None:
    rows = many(1) + [row(-1, "2024-06-10", 700, refunded=True), row(0, "2024-06-10", np.nan, discounted=True)]
    held = book(60, rows)
    found = figures.trends(held, TODAY, ZONE)
    since = TODAY - (TODAY + 3) % 7 - 52 * 7
    assert len(found) == 53 and found[-1].week == "2024-W24"
    assert sum(one.orders for one in found) == int((held.day >= since).sum())
    assert all(one.start.weekday() == 0 for one in found)
    assert found[-1].refunded == 1 and found[-1].discounted == 1
    assert sum(one.revenue for one in found) == np.nansum(held.net[held.day >= since])


def test_the_clock_is_empty_without_times() -> None:
    assert figures.clock(book(1, [row(0, "2024-06-01", hour=-1), row(0, "2024-06-02", hour=-1)])) == []
    found = figures.clock(book(1, [row(0, "2024-06-03"), row(0, "2024-06-10"), row(0, "2024-06-11", hour=-1)]))
    assert len(found) == 168 and found[10] == 2 == sum(found)
    shanghai = ZoneInfo("Asia/Shanghai")
    assert shop_book.week_hour(datetime(2024, 6, 2, 20, 30, tzinfo=UTC), shanghai) == 4
    assert shop_book.week_hour(datetime(2024, 6, 2, 16, 0, tzinfo=UTC), shanghai) == -1


def test_moves_are_between_recounts() -> None:
    held = book(60, many(2))
    grid, moves = rfm_moves.grid_and_moves(held, AS_OF)
    before = rfm_moves.cells(rfm_moves.measured(held, AS_OF - rfm_moves.BEFORE))
    assert sum(one.customers for one in grid) == 60
    assert sum(one.before for one in grid) == sum(one is not None for one in before)
    assert sum(one.revenue for one in grid) == held.net[held.at <= AS_OF.timestamp()].sum()
    assert moves and all(one.from_ != one.to for one in moves)
    new = sum(one.customers for one in moves if one.from_ is None)
    assert new == sum(one is None for one in before)


def test_what_comes_after_the_moment_changes_no_cell() -> None:
    rows = many(3)
    later = [row(one, "2024-06-20", 99_999) for one in range(60)]
    np.testing.assert_array_equal(
        rfm_moves.measured(book(60, rows), AS_OF), rfm_moves.measured(book(60, rows + later), AS_OF)
    )


def test_the_order_of_rows_changes_nothing() -> None:
    rows = many(4)
    mixed = [rows[place] for place in np.random.default_rng(1).permutation(len(rows))]
    first, second = (figures.behaviour(book(60, one), AS_OF, ZONE, "EUR", AS_OF) for one in (rows, mixed))
    assert first == second


def test_pairs_that_go_together_and_categories_by_segment() -> None:
    rows = []
    for one in range(100):
        bought = ("tea", "pot") if one < 30 else ("tea",) if one < 40 else ("pen",)
        rows.append(row(one, "2024-01-01", products=bought))
    held = book(100, rows, tuple("s1" if one < 50 else "s2" for one in range(100)))
    who, what = affinity.bought(held)
    found = affinity.pairs(held, who, what, {held.products.index("tea"): "Tea"}, 100)
    assert [({one.a, one.b}, one.customers) for one in found] == [({"tea", "pot"}, 30)]
    assert found[0].lift == pytest.approx(30 * 100 / (40 * 30)) and found[0].low < found[0].lift < found[0].high
    named = {held.products.index("tea"): "drinks", held.products.index("pot"): "drinks"}
    lines = affinity.categories(held, who, what, named, 100)
    assert [(one.category, one.buyers, one.share) for one in lines] == [("drinks", 40, 0.4)]
    assert lines[0].segments == {"s1": pytest.approx(0.8 / 0.4)}


@pytest.mark.parametrize("rows", [[], [row(-1, "2024-06-01")], [row(0, "2024-06-01")]])
def test_little_data_gives_no_made_up_figures(rows: list[Row]) -> None:
    held: Book = book(1, rows)
    found = figures.behaviour(held, AS_OF, ZONE, "EUR", AS_OF)
    assert found.unmet is not None and found.grid == [] and found.median_gap is None
    assert affinity.affinity(MemoryStore(), held, AS_OF, AS_OF).unmet is not None


def order(number: int, customer: str | None, **more: Any) -> Create:
    when = datetime(2024, 5, 1, 9, tzinfo=UTC) + timedelta(days=number % 30)
    body = {
        "customer_id": customer, "connection_id": "csv", "platform": "csv", "placed_at": when, "status": "paid",
        "day": when.date().isoformat(), "currency": "EUR", "total": 1_000, "reporting_total": 1_000,
        "lines": [{"product_id": "p1"}], "source_version": 1, "content_hash": "x", "created_version": 1,
        "updated_at": when,
    }  # fmt: skip
    return Create(f"orders/o{number}", Order.model_validate(body | more).to_doc())


def test_both_documents_are_written_from_the_database() -> None:
    store = MemoryStore()
    store.commit(
        [Put("settings/shop", Shop(name="T", currency="EUR", zone="UTC", real=True, updated_at=AS_OF).to_doc())]
    )
    base = {"platform": "csv", "created_by": "csv", "created_version": 1, "created_at": AS_OF, "updated_at": AS_OF}
    people: dict[str, dict[str, Any]] = {f"c{n}": {} for n in range(6)}
    people |= {"c0": {"aliases": ["old"]}, "old": {"merged_into": "c0"}, "no": {"profiling": "opted out"}}
    people |= {"toy": {"sample": True}}
    store.commit(
        [Create(f"customers/{one}", Customer.model_validate(base | more).to_doc()) for one, more in people.items()]
    )
    product = {"connection_id": "csv", "platform": "csv", "external_id": "1", "title": "Pot", "category": "Tea"}
    product |= {"source_version": 1, "content_hash": "x", "created_version": 1, "updated_at": AS_OF}
    store.commit([Create("products/p1", Product.model_validate(product).to_doc())])
    store.commit([order(n, f"c{n}") for n in range(6)])
    store.commit([order(10, "old"), order(11, "no"), order(12, None), order(13, "toy", sample=True)])
    store.commit([order(14, "c1", status="cancelled", day=None)])
    figures.figures(world(store, Ticking(AS_OF)), AS_OF)
    found = BehaviourFigures.model_validate(store.documents["metrics/behaviour"][0])
    assert found.customers == 6 and found.unmet is None and found.funnel is None
    # The opted-out customer's order and nobody's are trade of the shop, and nothing else.
    assert sum(one.orders for one in found.trends) == 9 and sum(one.customers for one in found.grid) == 6
    assert sum(one.n for one in found.gaps) == 1
    pairs = AffinityFigures.model_validate(store.documents["metrics/affinity"][0])
    assert pairs.buyers == 6 and [(one.category, one.buyers) for one in pairs.categories] == [("Tea", 6)]
