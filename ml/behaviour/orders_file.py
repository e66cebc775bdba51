"""Orders from a csv (or csv.gz) file: a row an order, with customer, date and amount; errors name line and column."""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TextIO

import numpy as np

from ml.behaviour.history import Floats, Ints, Ledger, of_orders

CUSTOMER = ("customer_id", "household_id", "customer", "user_id")
DATE = ("date", "timestamp", "transaction_timestamp", "order_date", "placed_at")
AMOUNT = ("amount", "sales", "sales_value", "total", "value")

MOST = 1e15
"""No number of a shop is larger, and its square and the sums of those still fit."""


class BadFile(Exception):
    """A file that cannot be read, in words for who wrote it."""


@dataclass(frozen=True)
class OrdersFile:
    """Columns of a file's rows in its order; `at` are seconds since 1970, a date without a time is its midnight UTC."""

    ids: tuple[str, ...]
    """Customers in order of first appearance."""
    owner: Ints
    at: Floats
    amount: Floats

    def until(self, moment: datetime) -> tuple[Ledger, int, int]:
        """What was known at a moment, how many later rows were left out, and how many refund rows (negative money).

        Customers without an order by then are left out.
        """
        seen = self.at <= moment.timestamp()
        refund = seen & (self.amount < 0)
        kept = seen & ~refund
        there = np.zeros(len(self.ids), dtype=bool)
        there[self.owner[kept]] = True
        row = np.cumsum(there) - 1
        ids = [one for one, known in zip(self.ids, there, strict=True) if known]
        return (
            of_orders(ids, row[self.owner[kept]], self.at[kept], self.amount[kept]),
            int((~seen).sum()),
            int(refund.sum()),
        )


def end_of(day: date) -> datetime:
    """The last moment of a day, UTC."""
    return datetime.combine(day, time.max, UTC)


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file as text, unpacked where it ends in .gz."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
                yield text
        else:
            with path.open(encoding="utf-8-sig", newline="") as text:
                yield text
    except FileNotFoundError:
        raise BadFile(f"{path}: no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadFile(f"{path}: not a complete gzip file") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 (byte {error.start})") from None
    except IsADirectoryError:
        raise BadFile(f"{path}: is a directory") from None
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from None


def numbered(path: Path, text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of each row.

    Raises:
        BadFile: what no CSV has, like a field of over 131,072 characters.
    """
    rows = csv.reader(text)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise BadFile(f"{path}, line {max(1, rows.line_num)}: {error}") from None


def read(path: Path) -> OrdersFile:
    """Read a file of orders.

    Raises:
        BadFile: it cannot be read; says the line and the column.
    """
    known: dict[str, int] = {}
    moments: dict[str, float] = {}
    owner: list[int] = []
    at: list[float] = []
    amount: list[float] = []
    with opened(path) as text:
        rows = numbered(path, text)
        try:
            header = [name.strip() for name in next(rows)[1]]
        except StopIteration:
            raise BadFile(f"{path}: the file is empty") from None
        customer, when, money = (_column(path, header, names) for names in (CUSTOMER, DATE, AMOUNT))
        for line, row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise BadFile(f"{path}, line {line}: {len(row)} fields, the header has {len(header)}")
            identity = row[customer].strip()
            if not identity:
                raise BadFile(f"{path}, line {line}, column {header[customer]}: no customer")
            stamp = row[when]
            moment = moments.get(stamp)
            if moment is None:
                moment = moments[stamp] = _moment(stamp, f"{path}, line {line}, column {header[when]}")
            owner.append(known.setdefault(identity, len(known)))
            at.append(moment)
            amount.append(_amount(row[money], f"{path}, line {line}, column {header[money]}"))
    if not owner:
        raise BadFile(f"{path}: no rows under the header")
    return OrdersFile(tuple(known), np.array(owner, dtype=np.int64), np.array(at), np.array(amount))


def _column(path: Path, header: Sequence[str], names: Sequence[str]) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise BadFile(f"{path}, line 1: no column {names[0]} (or {', '.join(names[1:])}); found {', '.join(header)}")


def _moment(text: str, where: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadFile(f"{where}: {text!r} is not a date (YYYY-MM-DD, with or without a time)") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _amount(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadFile(f"{where}: {text!r} is not a number") from None
    if not math.isfinite(value):
        raise BadFile(f"{where}: {text!r} is not a finite number")
    if abs(value) > MOST:
        raise BadFile(f"{where}: {text!r} is beyond {MOST:.0e}")
    return value
