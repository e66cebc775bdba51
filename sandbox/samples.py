"""`python -m sandbox.samples`: writes the small files of `samples/` that a newcomer tries the import with.

Their columns are named and ordered as other systems do, and 12 rows in all are bad, each in its own way (`BAD`).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sandbox.sample.buying import Purchase
from sandbox.sample.people import Shopper
from sandbox.sample.world import SampleShop, build

FOLDER = Path(__file__).resolve().parents[1] / "samples"
UNTIL = date(2025, 10, 1)
SEED = 7
Rows = list[list[str]]
Thing = TypeVar("Thing")

BAD: dict[str, tuple[tuple[str, str], ...]] = {
    "orders.csv": (
        ("date", "31 February"),
        ("no_customer", "no customer number, no e-mail"),
        ("amount", "the amount is a word"),
        ("negative", "a negative amount"),
        ("currency", "a currency that does not exist"),
        ("future", "an order of the year 2099"),
    ),
    "customers.csv": (
        ("email", "a broken e-mail address and nothing else to know the customer by"),
        ("too_few_columns", "the row ends in the middle"),
    ),
    "reviews.csv": (
        ("rating", "nine stars of five"),
        ("no_text", "no words and no stars"),
    ),
    "orders_zh.csv": (
        ("date", "13月"),
        ("quantity", "半件"),
    ),
}
"""By file, from top to bottom: the import's reason code, and what is wrong in words."""


def contents() -> dict[str, str]:
    """The files' texts by name."""
    shop = build(UNTIL, SEED)
    english = [p for p in shop.people if shop.orders[p.number] and not p.yuan][::23]
    chinese = [p for p in shop.people if shop.orders[p.number] and p.yuan][::20]
    return {
        "orders.csv": _orders(shop, english),
        "customers.csv": _customers(english[:36]),
        "reviews.csv": _reviews(shop),
        "orders_zh.csv": _orders_zh(shop, chinese),
    }


def _orders(shop: SampleShop, people: Sequence[Shopper]) -> str:
    header = ["Order Date", "Order No.", "Item Name", "Qty", "Order Total", "Coupon Amount", "Currency Code",
              "Customer Number", "Customer Name", "Mail", "Ship Country"]  # fmt: skip
    rows: Rows = []
    for order in _spread(_by_time(shop, people), 76):
        who = order.shopper.identity
        rows += [
            [order.at.strftime("%m/%d/%Y %H:%M"), order.number, line.product.en, str(line.quantity),
             f"{order.total / 100:,.2f}", f"{order.discount / 100:.2f}", order.currency, order.shopper.key, who.name,
             who.email, order.shopper.country]
            for line in order.lines
        ]  # fmt: skip
    rows = _whole_orders(rows, 119)
    _spoil(rows, 18, "B-1", {0: "02/31/2025 10:15"})
    _spoil(rows, 31, "B-2", {7: "", 9: ""})
    _spoil(rows, 47, "B-3", {4: "twelve dollars"})
    _spoil(rows, 66, "B-4", {4: "-45.00"})
    _spoil(rows, 85, "B-5", {6: "SHELLS"})
    _spoil(rows, 103, "B-6", {0: "04/01/2099 09:00"})
    return _csv(header, rows, ",")


def _customers(people: Sequence[Shopper]) -> str:
    header = ["Member Since", "First Name", "Last Name", "Mobile", "E-mail Address", "Member No.", "Birthday", "Sex",
              "Country Code", "Locale", "Newsletter", "Opt In Date"]  # fmt: skip
    rows: Rows = []
    for shopper in people:
        who = shopper.identity
        first, _, last = who.name.partition(" ")
        locale = "en-US" if shopper.language == "en" else "zh-CN"
        email = next((one for one in reversed(shopper.consents) if one.channel == "email"), None)
        rows.append([
            shopper.joined.strftime("%Y-%m-%d"), first, last, who.phone or "", who.email, shopper.key,
            shopper.born or "", who.gender[0].upper(), shopper.country, locale,
            "" if email is None else "yes" if email.status == "granted" else "no",
            email.at.strftime("%Y-%m-%d %H:%M") if email else "",
        ])  # fmt: skip
    broken = [*rows[0]]
    broken[1:6] = ["Petra", "Saltmarsh", "", "petra.saltmarsh(at)example.com", ""]
    rows.insert(9 - 2, broken)
    rows.insert(22 - 2, rows[3][:5])
    return _csv(header, rows, ";")


def _reviews(shop: SampleShop) -> str:
    header = ["Reviewed At", "Stars", "Comment", "SKU", "Member No.", "Lang"]
    said = [one for mine in shop.texts.values() for one in mine if one.words == "review"]
    said.sort(key=lambda one: one.at)
    rows: Rows = [
        [one.at.strftime("%d %b %Y %H:%M"), str(one.rating), one.text, one.product.id if one.product else "",
         one.shopper.key, one.shopper.language]
        for one in _spread(said, 60)
    ]  # fmt: skip
    rows.insert(14 - 2, [*rows[5][:1], "9", "Turned it up to eleven.", *rows[5][3:]])
    rows.insert(37 - 2, [*rows[6][:1], "", "", *rows[6][3:]])
    return _csv(header, rows, ",")


def _orders_zh(shop: SampleShop, people: Sequence[Shopper]) -> str:
    header = ["下单时间", "订单编号", "会员号", "收货人", "商品名称", "件数", "实付金额", "优惠金额", "币种", "邮箱"]
    rows: Rows = []
    for order in _spread(_by_time(shop, people), 24):
        who = order.shopper.identity
        rows += [
            [_chinese_time(order.at), order.number, order.shopper.key, who.name, line.product.zh, str(line.quantity),
             f"{order.total / 100:.2f}", f"{order.discount / 100:.2f}", "CNY", who.email]
            for line in order.lines
        ]  # fmt: skip
    rows = _whole_orders(rows, 38)
    _spoil(rows, 12, "B-7", {0: "2025年13月5日 10:00"})
    _spoil(rows, 20, "B-8", {5: "0.5"})
    return _csv(header, rows, ",")


def _by_time(shop: SampleShop, people: Sequence[Shopper]) -> list[Purchase]:
    orders = [order for p in people for order in shop.orders[p.number] if order.status == "paid" and not order.refunded]
    return sorted(orders, key=lambda order: order.at)


def _spread(things: Sequence[Thing], count: int) -> list[Thing]:
    """`count` of them, evenly over the two years."""
    return [things[position * len(things) // count] for position in range(count)]


def _whole_orders(rows: Rows, limit: int) -> Rows:
    """The first rows, without cutting an order in two."""
    while limit < len(rows) and rows[limit][1] == rows[limit - 1][1]:
        limit -= 1
    return rows[:limit]


def _spoil(rows: Rows, line: int, order: str, cells: dict[int, str]) -> None:
    """Put a bad copy of the row above at `line` of the file, or just below the order that is there."""
    position = line - 2
    while rows[position][1] == rows[position - 1][1]:
        position += 1
    bad = [*rows[position - 1]]
    bad[1] = order
    for column, cell in cells.items():
        bad[column] = cell
    rows.insert(position, bad)


def _chinese_time(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _csv(header: list[str], rows: Rows, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, text in contents().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
        print(f"samples/{name}: {text.count(chr(10)) - 1} rows, {len(BAD[name])} of them bad")
    return 0


if __name__ == "__main__":
    sys.exit(main())
