"""From rows to records: the mapping applied, each bad row told with its line and reason, none dropped silently."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError

from functions.imports.cells import Row, rows
from functions.imports.fields import CONSENT_FIELDS, PERSON_KEYS
from functions.imports.values import (
    CellError,
    DateOrder,
    read_amount,
    read_country,
    read_currency,
    read_date,
    read_gender,
    read_language,
    read_money,
    read_rating,
    read_status,
    read_yes,
)
from functions.ingest.contact import normal_email, normal_phone
from schema.documents import OrderLine
from schema.money import to_minor
from schema.records import ConsentChange, CustomerRecord, FeedbackRecord, OrderRecord, Person, Record

MAX_CELL = 10_000
RAW_SHOWN = 500


@dataclass(frozen=True)
class Reading:
    """How one file is to be read."""

    kind: str
    delimiter: str
    header: tuple[str, ...]
    fields: tuple[str | None, ...]
    """The meaning of each column, in the file's order."""
    currency: str
    zone: ZoneInfo
    date_order: DateOrder
    version: int
    created_at: datetime
    now: datetime


@dataclass(frozen=True)
class Rejection:
    """A row that was not taken, or (`taken`) one that was taken without a cell that could not be used."""

    line: int
    column: str | None
    reason: str
    detail: str
    raw: str
    taken: bool = False

    def to_doc(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "column": self.column,
            "reason": self.reason,
            "detail": self.detail[:200],
            "raw": self.raw[:RAW_SHOWN],
            "taken": self.taken,
        }


@dataclass
class Parsed:
    """What a piece of a file holds."""

    rows: int = 0
    records: list[Record] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """By record: 16 hex digits of what identifies it and 16 of what it says (see `numbering`)."""
    rejected: list[Rejection] = field(default_factory=list)
    head: dict[str, Any] | None = None
    """The rows of the first order with an id of its own: {orderId, line, raw}; `tail` those of the last."""
    tail: dict[str, Any] | None = None


def parse_rows(text: str, first_line: int, reading: Reading) -> Parsed:
    """Parse whole records (no header): CSV rows or JSON lines.

    Args:
        text: the rows.
        first_line: the file's line number of the first row; a table's header is line 1.
    Rows of one order that follow each other (one row a line item) become one order.
    """
    parsed = Parsed()
    pending: _OrderRows | None = None
    edges = _Edges()
    for found in rows(text, first_line, reading.delimiter, reading.header):
        line, cells, raw = found.line, found.cells, found.raw
        parsed.rows += 1
        if found.refused:
            parsed.rejected.append(Rejection(line, None, *found.refused, raw))
            continue
        if reading.kind == "orders":
            edges.see(_order_id(cells, reading), line, raw)
        try:
            values = _values(cells, reading)
            notes: list[Rejection] = []
            if reading.kind == "orders":
                row = _order_row(values, line, raw, reading, notes)
                if pending is not None and row.order_id and row.order_id == pending.order_id:
                    pending.add(row)
                else:
                    _close(pending, parsed, reading)
                    pending = row
            else:
                record = (
                    _customer(values, line, raw, reading, notes)
                    if reading.kind == "customers"
                    else _words(values, found, reading, notes)
                )
                _keep(parsed, record)
            parsed.rejected.extend(notes)
        except (_Reject, ValidationError) as error:
            parsed.rejected.append(_rejection(error, line, raw, reading))
    _close(pending, parsed, reading)
    parsed.head, parsed.tail = edges.head, edges.tail
    return parsed


def _order_id(cells: list[str], reading: Reading) -> str | None:
    index = reading.fields.index("orderId") if "orderId" in reading.fields else len(cells)
    return cells[index].strip() or None if index < len(cells) else None


class _Edges:
    """The first and the last group of rows with one order id."""

    def __init__(self) -> None:
        self.head: dict[str, Any] | None = None
        self.tail: dict[str, Any] | None = None
        self._first = True

    def see(self, order_id: str | None, line: int, raw: str) -> None:
        if self.tail is not None and order_id == self.tail["orderId"]:
            self.tail["raw"] += "\n" + raw
            if self.head is not None and self._first:
                self.head["raw"] = self.tail["raw"]
            return
        self._first = self.tail is None and self.head is None
        self.tail = {"orderId": order_id[:200], "line": line, "raw": raw} if order_id else None
        if self._first and self.tail:
            self.head = dict(self.tail)


class _Reject(Exception):
    def __init__(self, field_name: str | None, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field_name, self.code, self.detail = field_name, code, detail


def _rejection(error: _Reject | ValidationError, line: int, raw: str, reading: Reading) -> Rejection:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return Rejection(line, None, "value", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", raw)
    return Rejection(line, _column_of(error.field_name, reading), error.code, error.detail, raw)


def _column_of(field_name: str | None, reading: Reading) -> str | None:
    return next(
        (
            name
            for name, meaning in zip(reading.header, reading.fields, strict=True)
            if meaning and meaning == field_name
        ),
        None,
    )


def _values(cells: list[str], reading: Reading) -> dict[str, str]:
    width = len(reading.header)
    if len(cells) < width:
        raise _Reject(None, "too_few_columns", f"{len(cells)} columns where the header has {width}")
    if any(cell.strip() for cell in cells[width:]):
        raise _Reject(None, "too_many_columns", f"{len(cells)} columns where the header has {width}")
    values: dict[str, str] = {}
    for meaning, cell in zip(reading.fields, cells, strict=False):
        if meaning and meaning not in values and (stripped := cell.strip()):
            values[meaning] = stripped[:MAX_CELL]
    return values


def _read(values: dict[str, str], name: str, reader: Any, *more: Any) -> Any:
    if name not in values:
        return None
    try:
        return reader(values[name], *more)
    except CellError as error:
        raise _Reject(name, error.code, error.detail) from error


def _date(values: dict[str, str], name: str, reading: Reading) -> datetime | None:
    moment: datetime | None = _read(values, name, read_date, reading.date_order, reading.zone, reading.now)
    return moment


def _person(values: dict[str, str], line: int, raw: str, reading: Reading, notes: list[Rejection]) -> Person | None:
    """Who the row is about; a broken address is left out and told, unless the row has nothing else to go by."""
    country = read_country(values["country"]) if "country" in values else None
    email = phone = None

    def unusable(name: str, code: str, detail: str) -> None:
        only = not any(values.get(key) for key in PERSON_KEYS if key != name)
        if only and reading.kind != "reviews":
            raise _Reject(name, code, detail)
        notes.append(
            Rejection(line, _column_of(name, reading), code, f"{detail}; the row was taken without it", raw, taken=True)
        )

    if "email" in values:
        email = normal_email(values["email"])
        if email is None:
            unusable("email", "email", "not an e-mail address")
    if "phone" in values:
        phone = normal_phone(values["phone"], country)
        if phone is None:
            unusable("phone", "phone", "not a phone number (give the country code, as in +44 …, or a country column)")
    key = values.get("customerId") or (f"email:{email}" if email else None) or (f"phone:{phone}" if phone else None)
    if key is None:
        return None
    names = [values[part] for part in ("firstName", "lastName") if part in values]
    birth = _birth(values, line, raw, reading, notes)
    zone = values.get("zone")
    return Person(
        key=key[:200],
        name=(values.get("name") or " ".join(names) or None),
        email=email,
        phone=phone,
        birth_date=birth,
        gender=read_gender(values.get("gender", "")),
        country=country,
        zone=zone if zone in _zones() else None,
        language=read_language(values["language"]) if "language" in values else None,
        address=values["address"][:200] if "address" in values else None,
        tags=[
            tag.strip()[:200] for tag in values["tags"].replace(";", ",").replace("，", ",").split(",") if tag.strip()
        ][:50]
        if "tags" in values
        else [],
    )


_ZONES: set[str] = set()


def _zones() -> set[str]:
    if not _ZONES:
        _ZONES.update(available_timezones())
    return _ZONES


def _birth(values: dict[str, str], line: int, raw: str, reading: Reading, notes: list[Rejection]) -> str | None:
    if "birthDate" not in values:
        return None
    try:
        # A birth date may lie before 1970 and has no zone.
        text = values["birthDate"]
        shifted = None
        for years in (0, 28, 56, 84):
            # The calendar repeats after 28 years: a shift keeps 29 February and the reader's own range check.
            digits = "".join(c for c in text[:4] if c.isdigit())
            if len(digits) == 4:
                shifted = (
                    read_date(str(int(digits) + years) + text[4:], reading.date_order, ZoneInfo("UTC"), reading.now)
                    if int(digits) + years >= 1970
                    else None
                )
                if shifted:
                    return f"{shifted.year - years:04d}-{shifted.month:02d}-{shifted.day:02d}"
            else:
                moment = read_date(text, reading.date_order, ZoneInfo("UTC"), reading.now)
                return moment.date().isoformat()
    except CellError as error:
        notes.append(
            Rejection(
                line,
                _column_of("birthDate", reading),
                "birth_date",
                f"{error.detail}; the row was taken without it",
                raw,
                taken=True,
            )
        )
    return None


def _consent(values: dict[str, str], at: datetime, reading: Reading) -> list[ConsentChange]:
    """Consent by channel; without a date of its own it is as of the file."""
    when = _date(values, "consentDate", reading) or at
    changes = []
    for name, channel in CONSENT_FIELDS.items():
        said = _read(values, name, read_yes)
        if said is not None:
            changes.append(
                ConsentChange(channel=channel, status="granted" if said else "denied", at=when, source="file column")
            )
    return changes


@dataclass
class _OrderRows:
    """One order, of one row or of several that follow each other."""

    order_id: str | None
    line: int
    raw: str
    person: Person
    placed_at: datetime
    status: str
    currency: str
    amounts: list[Decimal | None]
    discounts: list[Decimal | None]
    refunds: list[Decimal | None]
    lines: list[tuple[OrderLine, Decimal | None]]
    items: int
    consent: list[ConsentChange]

    def add(self, row: _OrderRows) -> None:
        self.amounts += row.amounts
        self.discounts += row.discounts
        self.refunds += row.refunds
        self.lines += row.lines
        self.items += row.items


def _order_row(values: dict[str, str], line: int, raw: str, reading: Reading, notes: list[Rejection]) -> _OrderRows:
    person = _person(values, line, raw, reading, notes)
    if person is None:
        raise _Reject("customerId", "no_customer", "no customer id, e-mail or phone")
    placed_at = _date(values, "date", reading)
    if placed_at is None:
        raise _Reject("date", "no_date", "no date")
    currency = _read(values, "currency", read_currency) or reading.currency
    quantity = _read(values, "quantity", read_amount)
    if quantity is not None and (quantity < 0 or quantity != int(quantity) or quantity > 100_000):
        raise _Reject("quantity", "quantity", f"'{values['quantity'][:20]}' is not a whole number of pieces")
    count = int(quantity) if quantity is not None else None
    price = _read(values, "price", read_money)
    amount = _read(values, "amount", read_money)
    lines: list[tuple[OrderLine, Decimal | None]] = []
    if "productId" in values or "productTitle" in values or price is not None:
        each = OrderLine(
            product_id=values.get("productId", "")[:200] or None,
            title=values.get("productTitle", "")[:200] or None,
            quantity=1 if count is None else count,
            price=to_minor(price, currency) if price is not None else None,
        )
        lines.append((each, price))
    return _OrderRows(
        order_id=values.get("orderId"),
        line=line,
        raw=raw,
        person=person,
        placed_at=placed_at,
        status=read_status(values["status"]) if "status" in values else "paid",
        currency=currency,
        amounts=[amount],
        discounts=[_read(values, "discount", read_money)],
        refunds=[_read(values, "refund", read_money)],
        lines=lines,
        items=count if count is not None else len(lines),
        consent=_consent(values, reading.created_at, reading),
    )


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    """The order's figure from its rows: given once (or the same on every row) it is the total, else the rows add up."""
    given = [amount for amount in amounts if amount is not None]
    if not given:
        return None
    return given[0] if len(set(given)) == 1 else sum(given, Decimal(0))


def _close(rows: _OrderRows | None, parsed: Parsed, reading: Reading) -> None:
    """Make the order of its rows, or reject its first row."""
    if rows is None:
        return
    try:
        total = _sum(rows.amounts)
        if (
            len(rows.amounts) > 1
            and all(price is not None for _, price in rows.lines)
            and len(rows.lines) == len(rows.amounts)
        ):
            by_lines = [price * line.quantity for line, price in rows.lines if price is not None]
            if rows.amounts == by_lines:
                total = sum(by_lines, Decimal(0))
        if total is None and rows.lines and all(price is not None for _, price in rows.lines):
            # No total anywhere: the lines add up to it.
            total = sum((price * line.quantity for line, price in rows.lines if price is not None), Decimal(0))
        if total is None:
            raise _Reject("amount", "no_amount", "no amount")
        refund = _sum(rows.refunds)
        if rows.status == "refunded" and refund is None:
            refund = total
        refund = refund or Decimal(0)
        if refund > total:
            raise _Reject("refund", "refund", f"refunded {refund} of {total}")
        lines = [line for line, _ in rows.lines][:100]
        content = [
            rows.person.key,
            rows.placed_at.isoformat(),
            to_minor(total, rows.currency),
            [line.to_json() for line in lines],
        ]
        record = OrderRecord(
            version=reading.version,
            line=rows.line,
            id=rows.order_id[:200] if rows.order_id else f"row-{_digest(content)}",
            generated_id=rows.order_id is None,
            person=rows.person,
            placed_at=rows.placed_at,
            status=rows.status,
            currency=rows.currency,
            total=to_minor(total, rows.currency),
            discount=to_minor(_sum(rows.discounts) or Decimal(0), rows.currency),
            refunded=to_minor(refund, rows.currency),
            lines=lines,
            items=rows.items,
            consent=rows.consent,
        )
        _keep(parsed, record)
    except (_Reject, ValidationError) as error:
        parsed.rejected.append(_rejection(error, rows.line, rows.raw, reading))


def _customer(values: dict[str, str], line: int, raw: str, reading: Reading, notes: list[Rejection]) -> CustomerRecord:
    person = _person(values, line, raw, reading, notes)
    if person is None:
        raise _Reject("customerId", "no_customer", "no customer id, e-mail or phone")
    refused = _read(values, "profilingOptOut", read_yes)
    return CustomerRecord(
        version=reading.version,
        line=line,
        person=person,
        consent=_consent(values, reading.created_at, reading),
        profiling=None if refused is None else "opted out" if refused else "allowed",
        at=_date(values, "date", reading),
    )


def _words(values: dict[str, str], row: Row, reading: Reading, notes: list[Rejection]) -> FeedbackRecord:
    text = values.get("text", "")
    rating = _read(values, "rating", read_rating)
    if not text and rating is None:
        raise _Reject("text", "no_text", "no words and no rating")
    at = _date(values, "date", reading)
    person = _person(values, row.line, row.raw, reading, notes)
    product = values.get("productId") or values.get("productTitle")
    content = [
        person.key if person else None,
        product,
        at.isoformat() if at else None,
        values.get("title"),
        text,
        rating,
    ]
    given = values.get("reviewId")
    return FeedbackRecord(
        version=reading.version,
        line=row.line,
        words=row.words,
        id=given[:200] if given else f"row-{_digest(content)}",
        generated_id=given is None,
        person=person,
        at=at,
        product=product[:200] if product else None,
        product_title=values["productTitle"][:200] if "productTitle" in values else None,
        title=values["title"][:200] if "title" in values else None,
        text=text,
        rating=rating,
        language=read_language(values["language"]) if "language" in values else None,
    )


def _keep(parsed: Parsed, record: Record) -> None:
    parsed.records.append(record)
    identity = f"c:{record.person.key}" if isinstance(record, CustomerRecord) else getattr(record, "id", "")
    said = record.model_dump(mode="json", exclude={"line", "version"})
    parsed.keys.append(_digest(identity) + _digest(said))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]
