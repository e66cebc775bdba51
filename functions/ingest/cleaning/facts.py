"""Rules over moments, amounts and currencies: what cannot be true is set aside, never guessed at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.ingest.cleaning.rule import Aside, Surroundings, said
from schema.money import CURRENCIES, exponent
from schema.records import CartRecord, CustomerRecord, EventRecord, FeedbackRecord, OrderRecord, ProductRecord, Record

FIRST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before this nobody sold anything online; a date before it is a default or a mistake."""
AHEAD = timedelta(days=1)
"""Clocks and zones differ; what lies further ahead has not happened yet."""
LARGEST, LARGEST_SMALL_UNIT = 10**7, 10**9
"""Main units of a currency that no single order of a shop is believed to reach."""
_SMALL_UNIT = frozenset("IDR IRR LBP LAK MMK KHR MNT UZS STN SOS SYP".split())


def moments(record: Record, around: Surroundings) -> Record | Aside:
    """Dates in the future or before there were online shops."""
    match record:
        case OrderRecord():
            at: datetime | None = record.placed_at
        case FeedbackRecord() | EventRecord() | CartRecord() | CustomerRecord():
            at = record.at
        case _:
            return record
    if at is None or FIRST <= at <= around.now + AHEAD:
        return record
    if isinstance(record, (FeedbackRecord, CustomerRecord)):
        # The words and the account are real, only their date is not.
        return record.model_copy(update={"at": None})
    day = at.date().isoformat()
    if at < FIRST:
        return Aside(said(f"Its date {day} is before online shops existed.", f"日期 {day} 早于网店出现的年代。"))
    return Aside(said(f"Its date {day} is in the future.", f"日期 {day} 在未来。"))


def births(record: Record, around: Surroundings) -> Record | Aside:
    """Birth dates that nobody alive has, or that have not come yet."""
    person = getattr(record, "person", None)
    if person is None or person.birth_date is None:
        return record
    try:
        born = datetime.strptime(person.birth_date, "%Y-%m-%d").replace(tzinfo=UTC)
        if around.now - timedelta(days=366 * 120) <= born <= around.now:
            return record
    except ValueError:
        pass
    return record.model_copy(update={"person": person.model_copy(update={"birth_date": None})})


def amounts(record: Record, around: Surroundings) -> Record | Aside:
    """Amounts that cannot be: an absurd total, a discount larger than all there was to discount."""
    if not isinstance(record, (OrderRecord, CartRecord)):
        return record
    most = around.largest_order.get(record.currency)
    if most is None:
        small = exponent(record.currency) == 0 or record.currency in _SMALL_UNIT
        most = (LARGEST_SMALL_UNIT if small else LARGEST) * 10 ** exponent(record.currency)
    if record.total > most:
        return Aside(said("Its total is too large to be true.", "金额过大，不可信。"))
    worth = _worth(record)
    if isinstance(record, OrderRecord) and worth is not None and record.discount > worth + record.total:
        return Aside(said("Its discount is larger than all there was to discount.", "折扣超过了可折扣的全部金额。"))
    return record


def refunds(record: Record, _: Surroundings) -> Record | Aside:
    """A refund above the total: what counts is the total."""
    if isinstance(record, OrderRecord) and record.refunded > record.total:
        return record.model_copy(update={"refunded": record.total})
    return record


def currencies(record: Record, _: Surroundings) -> Record | Aside:
    """Unknown currency codes, and amounts a hundred times off because their currency has no cents."""
    code = getattr(record, "currency", None)
    if code is None:
        return record
    if code not in CURRENCIES:
        if isinstance(record, ProductRecord):
            return record.model_copy(update={"currency": None, "price": None, "compare_at": None})
        return Aside(said(f"The currency {code} does not exist.", f"货币代码 {code} 不存在。"))
    if isinstance(record, (OrderRecord, CartRecord)) and exponent(code) == 0:
        worth = _worth(record)
        if worth and (record.total == worth * 100 or record.total * 100 == worth):
            return Aside(
                said(
                    f"Total and lines differ by a factor of 100; {code} has no cents.",
                    f"总额与明细相差 100 倍；{code} 没有辅币。",
                )
            )
    return record


def _worth(record: OrderRecord | CartRecord) -> int | None:
    """What the lines say the goods cost, if all of them say it."""
    if not record.lines or any(line.price is None for line in record.lines):
        return None
    return sum((line.price or 0) * line.quantity for line in record.lines)
