"""Who buys what, and what goes together: lift of categories by segment, and of product pairs, with intervals; pure.

Lift of a category in a segment: the share of its buying members who bought the category over the share of all buyers.
Lift of a pair: customers with both, over what independence would give, n(ab) N / (n(a) n(b)); its 90 % interval is that
of a Poisson count on the log scale, exp(ln lift +- 1.645 / sqrt(n(ab))). Nothing that fewer than `SUPPORT` customers
bought is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from ml.behaviour.shop_book import Book, Ints
from schema.base import Localized
from schema.pictures import AffinityFigures, AffinityRow, ProductPair
from schema.store import Store

SUPPORT = 5
CATEGORIES, PAIRS = 30, 40
MOST_PRODUCTS = 2_000
"""Products, by buyers, among which pairs are looked for."""
MOST_READ = 20_000
Z90 = 1.6448536269514722


def affinity(store: Store, held: Book, as_of: datetime, now: datetime) -> AffinityFigures:
    """`metrics/affinity`; reads the products that somebody bought (at most `MOST_READ`, by buyers)."""
    who, what = bought(held)
    count = np.bincount(what, minlength=len(held.products))
    order = [int(one) for one in np.lexsort((np.array(held.products), -count))[:MOST_READ]] if len(what) else []
    category: dict[int, str] = {}
    title: dict[int, str] = {}
    for start in range(0, len(order), 400):
        part = order[start : start + 400]
        docs = store.get_many([f"products/{held.products[code]}" for code in part])
        for code in part:
            doc = docs.get(f"products/{held.products[code]}")
            if doc is not None and doc.data.get("category"):
                category[code] = str(doc.data["category"])
            if doc is not None and doc.data.get("title"):
                title[code] = str(doc.data["title"])
    buyers = len(np.unique(held.owner[held.owner >= 0]))
    unmet = None
    if not len(what):
        unmet = Localized(en="Orders do not say which products they hold.", zh="订单未说明包含哪些商品。")
    return AffinityFigures(
        as_of=as_of, buyers=buyers, categories=categories(held, who, what, category, buyers),
        pairs=pairs(held, who, what, title, buyers), unmet=unmet, computed_at=now,
    )  # fmt: skip


def bought(held: Book) -> tuple[Ints, Ints]:
    """(customer, product code), once each."""
    who = held.owner[held.line_order]
    known = who >= 0
    if not known.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rows = np.unique(np.column_stack((who[known], held.line_product[known])), axis=0)
    return rows[:, 0], rows[:, 1]


def categories(held: Book, who: Ints, what: Ints, category: Mapping[int, str], buyers: int) -> list[AffinityRow]:
    """Categories by buyers, each with its lift in every segment that has `SUPPORT` buyers of it."""
    names = sorted(set(category.values()))
    code = np.full(len(held.products) + 1, -1, dtype=np.int64)
    for product, name in category.items():
        code[product] = names.index(name)
    of = code[what]
    if not (of >= 0).any():
        return []
    rows = np.unique(np.column_stack((who[of >= 0], of[of >= 0])), axis=0)
    number = np.bincount(rows[:, 1], minlength=len(names))
    segments = sorted({one for one in held.segments if one})
    place = {one: index for index, one in enumerate(segments)}
    member = np.array([place[one] if one else -1 for one in held.segments], dtype=np.int64)
    buying = np.unique(held.owner[held.owner >= 0])
    size = np.bincount(member[buying][member[buying] >= 0], minlength=len(segments))
    inside = rows[member[rows[:, 0]] >= 0]
    table = np.zeros((len(segments), len(names)), dtype=np.int64)
    np.add.at(table, (member[inside[:, 0]], inside[:, 1]), 1)
    made = []
    for index in sorted(np.flatnonzero(number >= SUPPORT), key=lambda one: (-number[one], names[one]))[:CATEGORIES]:
        share = float(number[index] / buyers)
        made.append(
            AffinityRow(
                category=names[index], buyers=int(number[index]), share=share,
                segments={
                    one: float(table[at, index] / size[at] / share)
                    for at, one in enumerate(segments)
                    if table[at, index] >= SUPPORT
                },
            )
        )  # fmt: skip
    return made


def pairs(held: Book, who: Ints, what: Ints, title: Mapping[int, str], buyers: int) -> list[ProductPair]:
    """Pairs that at least `SUPPORT` customers bought both of and whose lift is above 1, by its lower end."""
    from scipy.sparse import coo_array, triu

    number = np.bincount(what, minlength=len(held.products))
    often = np.flatnonzero(number >= SUPPORT)
    ids = np.array(held.products)
    often = often[np.lexsort((ids[often], -number[often]))][:MOST_PRODUCTS]
    if len(often) < 2:
        return []
    place = np.full(len(held.products), -1, dtype=np.int64)
    place[often] = np.arange(len(often))
    column = place[what]
    kept = column >= 0
    matrix = coo_array(
        (np.ones(int(kept.sum()), dtype=np.int64), (who[kept], column[kept])), shape=(held.customers, len(often))
    ).tocsr()
    both = triu(matrix.T @ matrix, k=1).tocoo()
    strong = both.data >= SUPPORT
    first, second, count = both.row[strong], both.col[strong], both.data[strong].astype(np.float64)
    lift = count * buyers / (number[often[first]] * number[often[second]])
    reach = np.exp(Z90 / np.sqrt(count))
    low = lift / reach
    made: list[ProductPair] = []
    for at in np.lexsort((ids[often[second]], ids[often[first]], -low)):
        if low[at] <= 1 or len(made) == PAIRS:
            break
        a, b = int(often[first[at]]), int(often[second[at]])
        made.append(
            ProductPair(
                a=held.products[a], a_title=title.get(a, held.products[a]), b=held.products[b],
                b_title=title.get(b, held.products[b]), customers=int(count[at]), lift=float(lift[at]),
                low=float(low[at]), high=float(lift[at] * reach[at]),
            )
        )  # fmt: skip
    return made
