"""Guessing what a file is: its delimiter, what each column means, how it writes dates. The person confirms or
corrects."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from functions.imports.conversations import COLUMNS, JSON_LINES, NAMES, NotALine, is_json_lines, lines, read
from functions.imports.fields import BY_NAME, CONSENT_FIELDS, FIELDS, FieldSpec, ImportKind, missing_fields, squeeze
from functions.imports.presets import mapped_by, preset_of
from functions.imports.values import CellError, date_order_of, read_amount, read_currency, read_date
from functions.ingest.contact import normal_email
from schema.money import CURRENCIES

SAMPLE_ROWS = 200
DELIMITERS = (",", ";", "\t", "|")
_JSON_LIST = re.compile(r"\s*\[\s*(?:\{|\r?\n|$)")
_COUNTED = re.compile(r"^(n|num|number)\d*[a-z]+$")


class DetectError(ValueError):
    """The head of the file is no table: says what was seen and what would help."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh


def detect(head: str, kind: ImportKind | None = None) -> dict[str, Any]:
    """What the head (up to 64 KiB of decoded text) says about the file.

    Returns:
        kind, preset (the app whose export it is, else None), delimiter ("{" for JSON lines), header,
        mapping [{column, field, sure, example}], dateOrder, dateOrderSure, rowsSampled,
        currency (from symbols or a currency column, else None), consentColumn, warnings, problems.
    Raises:
        DetectError: `empty`, `no_header`, `binary`, `json_list`, `no_words`.
    """
    text = head.lstrip("\ufeff")
    if not text.strip():
        raise DetectError(
            "empty",
            "The file is empty: choose a file with a header line and rows below it.",
            "文件为空：请选择有表头和数据行的文件。",
        )
    if "\x00" in text or text.startswith(("PK\x03\x04", "%PDF", "\xd0\xcf")):
        raise DetectError(
            "binary",
            "This is not a text file: save the sheet as CSV and choose that file.",
            "这不是文本文件：请把表格另存为 CSV 后再选择。",
        )
    if _JSON_LIST.match(text):
        raise DetectError(
            "json_list",
            "This is one JSON list: save it with one object a line (NDJSON) and choose that file.",
            "这是一个 JSON 列表：请另存为每行一个对象的 NDJSON 文件后再选择。",
        )
    if is_json_lines(text):
        return _found(*_json_table(text, whole=len(head) < 60_000), JSON_LINES, kind or "reviews")
    delimiter = _delimiter(text)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    header = [cell.strip().lstrip("\ufeff") for cell in rows[0]]
    if len(header) < 2 and kind is None and not _field_of(header[0], set(), None):
        raise DetectError(
            "no_header",
            "No columns were found: the first line must name the columns, separated by commas, semicolons or tabs.",
            "没有找到列：第一行必须是列名，用逗号、分号或制表符分隔。",
        )
    if all(_is_number(cell) or not cell for cell in header):
        raise DetectError(
            "no_header",
            "The first line holds values, not column names: add a header line and try again.",
            "第一行是数据而不是列名：请添加表头后重试。",
        )
    # The last row of the head may be cut in the middle.
    body = rows[1 : SAMPLE_ROWS + 1] if len(rows) < 3 or len(head) < 60_000 else rows[1:-1][:SAMPLE_ROWS]
    preset = preset_of(header)
    decided: ImportKind = kind or ("reviews" if preset else _kind(header))
    known = mapped_by(preset, header) if preset and decided == "reviews" else None
    return _found(header, body, known, preset.name if preset and known else None, delimiter, decided)


def _json_table(text: str, whole: bool) -> tuple[list[str], list[list[str]], dict[int, str] | None, str | None]:
    """Columns, rows, known meanings and the exporting system of JSON lines.

    Args:
        whole: False when the last line may be cut.
    """
    held = [line for _, line in lines(text, 1)]
    found: list[dict[str, str]] = []
    shapes: set[str] = set()
    for line in held if whole or len(held) < 2 else held[:-1]:
        try:
            told = read(line)
        except NotALine:
            continue
        shapes.add(told.shape)
        found += [values for values, _ in told.messages]
    system = next(iter(shapes)) if len(shapes) == 1 else ""
    seen = dict.fromkeys(name for values in found for name in values)
    header = [name for name in COLUMNS if name in seen] if system else list(seen)[:200]
    if not header:
        raise DetectError(
            "no_words",
            "Nothing in the first lines was written by a customer: choose a file with the customers' messages.",
            "开头的内容中没有客户写的消息：请选择包含客户消息的文件。",
        )
    body = [[values.get(name, "") for name in header] for values in found[:SAMPLE_ROWS]]
    known = {index: COLUMNS[name] for index, name in enumerate(header)} if system else None
    return header, body, known, NAMES.get(system)


def _found(
    header: list[str],
    body: list[list[str]],
    known: dict[int, str] | None,
    preset: str | None,
    delimiter: str,
    decided: ImportKind,
) -> dict[str, Any]:
    """The answer of `detect` for a table.

    Args:
        known: meanings by column index where the exporting system is known.
        preset: that system's name.
    """
    mapping = _mapping(header, body, decided, known)
    mapped = {match["field"] for match in mapping if match["field"]}
    dates = _column(header, body, mapping, "date")
    order, sure = date_order_of(dates)
    return {
        "kind": decided,
        "preset": preset,
        "delimiter": delimiter,
        "header": header,
        "mapping": mapping,
        "fields": [
            {
                "field": spec.name,
                "label": {"en": spec.en, "zh": spec.zh},
                "kinds": sorted(spec.kinds),
                "required": _required(spec, decided),
            }
            for spec in FIELDS
        ],
        "dateOrder": order,
        "dateOrderSure": sure,
        "rowsSampled": len(body),
        "currency": _currency(header, body, mapping),
        "consentColumn": bool(mapped.intersection(CONSENT_FIELDS)),
        "warnings": _warnings(header, mapped, decided),
        "problems": [{"field": field, "en": en, "zh": zh} for field, en, zh in missing_fields(decided, mapped)],
    }


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the same number of columns, the most of them."""
    lines = text.splitlines()[:20]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _kind(header: list[str]) -> ImportKind:
    squeezed = {squeeze(name) for name in header}

    def has(name: str) -> bool:
        return any(synonym in squeezed for synonym in BY_NAME[name].synonyms)

    if (has("text") or has("rating")) and not has("amount"):
        return "reviews"
    if has("amount") or (has("orderId") and has("date")) or (has("price") and has("quantity")):
        return "orders"
    if has("text") or has("rating"):
        return "reviews"
    return "customers"


def _field_of(column: str, taken: set[str], kind: str | None) -> FieldSpec | None:
    name = squeeze(column)
    candidates = [
        spec
        for spec in FIELDS
        if (kind is None or kind in spec.kinds) and spec.name not in taken and name in spec.synonyms
    ]
    # The earlier a spelling stands in its field's list, the more surely it means that field.
    return min(candidates, key=lambda spec: spec.synonyms.index(name), default=None)


def _mapping(header: list[str], body: list[list[str]], kind: str, known: dict[int, str] | None) -> list[dict[str, Any]]:
    """Fields to columns: those that are known; else exact spellings first, best spelling of a field wins; then values
    and patterns, marked unsure.
    """
    values = {
        index: [row[index].strip() for row in body if len(row) > index and row[index].strip()]
        for index in range(len(header))
    }
    if known is not None:
        return _matches(header, values, {index: (field, True) for index, field in known.items()})
    claims: dict[str, tuple[int, int]] = {}
    for index, column in enumerate(header):
        for spec in FIELDS:
            name = squeeze(column)
            if kind in spec.kinds and name in spec.synonyms:
                rank = spec.synonyms.index(name)
                if spec.name not in claims or rank < claims[spec.name][0]:
                    claims[spec.name] = (rank, index)
    by_index: dict[int, tuple[int, str]] = {}
    for field, (rank, index) in claims.items():
        if index not in by_index or rank < by_index[index][0]:
            by_index[index] = (rank, field)
    chosen = {index: (field, True) for index, (_, field) in by_index.items()}
    taken = {field for field, _ in chosen.values()}
    # A column that lost its first meaning to another may carry a second one.
    for index, column in enumerate(header):
        if index not in chosen and (second := _field_of(column, taken, kind)):
            chosen[index] = (second.name, True)
            taken.add(second.name)
    for index, column in enumerate(header):
        if index in chosen:
            continue
        guess = _by_values(column, values[index], kind, taken)
        if guess:
            chosen[index] = (guess, False)
            taken.add(guess)
    return _matches(header, values, chosen)


def _matches(
    header: list[str], values: dict[int, list[str]], chosen: dict[int, tuple[str, bool]]
) -> list[dict[str, Any]]:
    return [
        {
            "column": column or f"column {index + 1}",
            "field": chosen[index][0] if index in chosen else None,
            "sure": chosen[index][1] if index in chosen else True,
            "example": values[index][0][:120] if values[index] else None,
        }
        for index, column in enumerate(header)
    ]


def _by_values(column: str, values: list[str], kind: str, taken: set[str]) -> str | None:
    """A meaning from what the cells look like; only such as can be told without doubt."""
    if not values:
        return None
    sample = values[:50]
    if "email" not in taken and _mostly("@" in value and normal_email(value) is not None for value in sample):
        return "email"
    if kind == "orders" and "currency" not in taken and all(value.upper() in CURRENCIES for value in sample):
        return "currency"
    if (
        kind == "orders"
        and "quantity" not in taken
        and _COUNTED.match(squeeze(column))
        and all(value.isdigit() for value in sample)
    ):
        return "quantity"
    if "date" not in taken and kind != "customers" and _mostly(_is_date(value) for value in sample):
        return "date"
    return None


def _mostly(hits: Iterable[bool]) -> bool:
    """At least nine of ten: a few bad cells do not hide what a column is."""
    seen = list(hits)
    return bool(seen) and sum(seen) >= 0.9 * len(seen)


def _is_number(text: str) -> bool:
    try:
        read_amount(text)
    except CellError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        read_date(text, "mdy", ZoneInfo("UTC"), datetime.max.replace(tzinfo=UTC) - _DAY)
    except CellError:
        return False
    return not text.strip().isdigit()


_DAY = datetime(2000, 1, 3, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)


def _column(header: list[str], body: list[list[str]], mapping: list[dict[str, Any]], field: str) -> list[str]:
    for index, match in enumerate(mapping):
        if match["field"] == field:
            return [row[index].strip() for row in body if len(row) > index and row[index].strip()]
    return []


def _currency(header: list[str], body: list[list[str]], mapping: list[dict[str, Any]]) -> str | None:
    """The currency that the sampled rows agree on, from a currency column or from marks on the amounts."""
    found = set()
    for value in _column(header, body, mapping, "currency"):
        try:
            found.add(read_currency(value))
        except CellError:
            continue
    if not found:
        for value in _column(header, body, mapping, "amount"):
            mark = re.sub(r"[\d.,'\s()+-]", "", value)
            if mark:
                try:
                    found.add(read_currency(mark))
                except CellError:
                    continue
    return found.pop() if len(found) == 1 else None


def _required(spec: FieldSpec, kind: str) -> bool:
    return spec.name in {"orders": ("date", "amount"), "customers": (), "reviews": ("text",)}[kind]


def _warnings(header: list[str], mapped: set[str], kind: str) -> list[dict[str, str]]:
    warnings = []
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        warnings.append(
            {
                "code": "doubled_column",
                "en": f"Columns named twice: {', '.join(doubled)}. Only the first is matched by itself.",
                "zh": f"重复的列名：{'、'.join(doubled)}。只自动匹配第一个。",
            }
        )
    if kind == "orders" and "orderId" not in mapped:
        warnings.append(
            {
                "code": "no_order_id",
                "en": "No order id: every row becomes an order, known by its customer, time, amount and lines.",
                "zh": "没有订单号：每一行都算一个订单，按客户、时间、金额和商品识别。",
            }
        )
    if kind in ("orders", "customers") and not mapped.intersection(CONSENT_FIELDS):
        warnings.append(
            {
                "code": "no_consent",
                "en": "No consent column: nobody in this file may be contacted until an owner or admin "
                "signs where consent came from.",
                "zh": "没有许可列：在所有者或管理员签署许可来源之前，文件中的任何人都不能被联系。",
            }
        )
    if kind == "reviews" and not mapped.intersection(("customerId", "email", "phone")):
        warnings.append(
            {
                "code": "no_customer",
                "en": "No customer column: the words are kept for their products and make no customers.",
                "zh": "没有客户列：这些内容只归于商品，不会产生客户。",
            }
        )
    return warnings
