"""The customer list as a CSV file, page by page: the columns that were chosen, harmless to spreadsheets, audited.

UTF-8 with a byte order mark, so that Excel reads Chinese. A text that a spreadsheet would run as a formula gets a
leading apostrophe (https://owasp.org/www-community/attacks/CSV_Injection). Money is in major units of the shop's
currency, named in the head; times are in the shop's zone.

A later page is given only to who asked for the first one, with the same question and columns: `next` is signed over
them, so that nothing leaves without the audit entry that says what left.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from functions.access.audit import entry
from functions.access.calls import EDITOR, Actions, Call
from functions.access.errors import Forbidden, Refused
from functions.people.arguments import chosen_ids
from functions.people.listing import (
    Filter,
    Sort,
    effective_segment,
    matching,
    page,
    pointer_of,
    read_filter,
    read_sort,
)
from schema.clock import milliseconds, of_milliseconds
from schema.flow import World
from schema.money import exponent, to_decimal
from schema.store import Data, Query, get

PAGE = 250
LASTS = timedelta(hours=2)
"""From the first page, whose entry tells of all, to the last one: 50,000 customers take some minutes."""
CONTACT_ROLES = ("owner", "admin", "marketer")
"""As in firestore.rules: who reads `customers/*/pii`."""


@dataclass(frozen=True)
class Row:
    """A customer with what its cells need."""

    id: str
    customer: Data
    contact: Mapping[str, Any]
    segments: Mapping[str, str]
    active: int
    currency: str
    zone: ZoneInfo

    def money(self, name: str) -> str | None:
        stats = self.customer["stats"]
        # Nothing but orders without a rate: the sum is not known, which is not the same as nothing.
        unknown = stats.get("orders", 0) > 0 and stats.get("unconverted", 0) >= stats["orders"]
        minor = None if unknown else stats.get(name)
        return None if minor is None else f"{to_decimal(minor, self.currency):.{exponent(self.currency)}f}"

    def time(self, at: datetime | None) -> str | None:
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if at else None

    def segment(self) -> str | None:
        held = effective_segment(self.customer.get("segment"), self.active)
        return self.segments.get(held, held) if held else None

    def rating(self) -> str | None:
        stats = self.customer["stats"]
        return f"{stats['ratingSum'] / stats['rated']:.2f}" if stats["rated"] else None

    def consent(self, channel: str) -> str | None:
        state = self.customer["consent"].get(channel)
        return state["status"] if state else None

    def tags(self, kind: str) -> str:
        held = self.customer["tags"].get(kind) or []
        return "; ".join(one["tag"] if isinstance(one, dict) else one for one in held)


Cell = Callable[[Row], object]


@dataclass(frozen=True)
class Column:
    """One column: its head in both languages, `{currency}` where it is money, and its cell."""

    en: str
    zh: str
    cell: Cell
    numeric: bool = False
    contact: bool = False


def _field(name: str) -> Cell:
    return lambda row: row.customer.get(name)


def _stat(name: str) -> Cell:
    return lambda row: row.customer["stats"].get(name)


def _money(name: str) -> Cell:
    return lambda row: row.money(name)


def _contact(name: str) -> Cell:
    return lambda row: row.contact.get(name)


COLUMNS: dict[str, Column] = {
    "id": Column("Customer id", "客户编号", lambda row: row.id),
    "name": Column("Name", "姓名", _field("displayName")),
    "account": Column("Account", "账户", _field("externalId")),
    "email": Column("E-mail", "邮箱", _contact("email"), contact=True),
    "phone": Column("Phone", "手机", _contact("phone"), contact=True),
    "address": Column("Address", "地址", _contact("address"), contact=True),
    "birthDate": Column("Birth date", "出生日期", _contact("birthDate"), contact=True),
    "platform": Column("Platform", "平台", _field("platform")),
    "segment": Column("Segment", "分群", Row.segment),
    "lifecycle": Column("Stage", "阶段", _field("lifecycleStage")),
    "orders": Column("Orders", "订单数", _stat("orders"), numeric=True),
    "revenue": Column("Revenue ({currency})", "消费额（{currency}）", _money("revenue"), numeric=True),
    "average": Column("Average order ({currency})", "平均订单额（{currency}）", _money("averageOrder"), numeric=True),
    "discount": Column("Discounts ({currency})", "优惠（{currency}）", _money("discount"), numeric=True),
    "refunded": Column("Refunded ({currency})", "退款（{currency}）", _money("refunded"), numeric=True),
    "firstOrder": Column("First order", "首次下单", lambda row: row.time(row.customer["stats"]["firstOrderAt"])),
    "lastOrder": Column("Last order", "最近下单", lambda row: row.time(row.customer["stats"]["lastOrderAt"])),
    "country": Column("Country", "国家/地区", _field("country")),
    "language": Column("Language", "语言", _field("language")),
    "emailConsent": Column("E-mail consent", "邮件许可", lambda row: row.consent("email")),
    "smsConsent": Column("SMS consent", "短信许可", lambda row: row.consent("sms")),
    "rating": Column("Average rating", "平均评分", Row.rating, numeric=True),
    "texts": Column("Texts written", "评价数", _stat("feedback"), numeric=True),
    "tags": Column("Tags", "标签", lambda row: row.tags("manual")),
    "sourceTags": Column("Tags from sources", "来源标签", lambda row: row.tags("source")),
    "autoTags": Column("Tags by rule", "规则标签", lambda row: row.tags("auto")),
    "created": Column("Known since", "首次出现", lambda row: row.time(row.customer["createdAt"])),
    "updated": Column("Updated", "更新时间", lambda row: row.time(row.customer["updatedAt"])),
}


def export(call: Call) -> Data:
    """One page of the file; the first has the head and writes the audit entry. `customerIds` exports just those.

    Returns:
        csv: the page's text; rows: customers in it; next: the next page or null; total: how many match, on the first.
    """
    asked, sort, columns = read_filter(call.args), read_sort(call.args), _columns(call)
    language = "zh" if call.args.get("language") == "zh" else "en"
    after = call.args.get("after")
    world = call.world
    ids = chosen_ids(call.args) if "customerIds" in call.args else None
    ticket = Ticket(world.identity_key, _asked(call, asked, sort, columns, language))
    began, cursor = (world.clock(), None) if after is None else ticket.read(after, world.clock())
    if ids is not None and after is not None:
        raise _unknown()
    pointer = pointer_of(world)
    setting = _setting(world, language, pointer.active)
    following = None
    if ids is None:
        found, following = page(world, asked, pointer, sort, cursor, PAGE)
        chosen = [doc for doc in found if asked.holds(doc.data, pointer.active)]
    else:
        held = world.store.get_many(f"customers/{one}" for one in ids).values()
        chosen = [doc for doc in held if doc is not None and not doc.data.get("mergedInto")]
    contacts: Mapping[str, Any] = {}
    if any(COLUMNS[name].contact for name in columns):
        contacts = world.store.get_many(f"{doc.path}/pii/contact" for doc in chosen)
    out = io.StringIO()
    writer = csv.writer(out)
    answer: Data = {"rows": len(chosen), "next": following and ticket.issue(began, following)}
    if after is None:
        answer["total"] = len(chosen) if ids is not None else matching(world, asked, pointer)
        out.write("\ufeff")
        heads = (getattr(COLUMNS[name], language).format(currency=setting["currency"]) for name in columns)
        writer.writerow([harmless(head) for head in heads])
        told = {
            "filter": asked.told() if ids is None else "chosen customers",
            "columns": list(columns),
            "rows": answer["total"],
        }
        world.store.commit([entry(call.actor, world.clock(), "people.export", "customers", {}, told)])
    for doc in chosen:
        contact = contacts.get(f"{doc.path}/pii/contact")
        row = Row(doc.id, doc.data, contact.data if contact else {}, **setting)
        writer.writerow([_cell(COLUMNS[name], row) for name in columns])
    return {**answer, "csv": out.getvalue()}


@dataclass(frozen=True)
class Ticket:
    """What a later page is asked for with: the first page's time and the place in the list, sealed with the question.

    The member belongs to the question: nobody goes on with somebody else's export.
    """

    key: bytes
    asked: str

    def issue(self, began: datetime, cursor: str) -> str:
        """The `next` that leads on to a page."""
        head = f"{milliseconds(began)}.{cursor}"
        return f"{head}.{self._seal(head)}"

    def read(self, given: object, now: datetime) -> tuple[datetime, str]:
        """When the first page was, and the place in the list.

        Raises:
            Refused: it was not given out for this question to this member, or too long ago.
        """
        head, _, seal = given.rpartition(".") if isinstance(given, str) else ("", "", "")
        if not hmac.compare_digest(seal.encode(errors="replace"), self._seal(head).encode()):
            raise _unknown()
        at, _, cursor = head.partition(".")
        began = of_milliseconds(int(at))
        if now - began > LASTS:
            raise _unknown()
        return began, cursor

    def _seal(self, head: str) -> str:
        return hmac.new(
            self.key, f"export page\0{head}\0{self.asked}".encode(errors="replace"), hashlib.sha256
        ).hexdigest()


def _asked(call: Call, asked: Filter, sort: Sort, columns: list[str], language: str) -> str:
    return json.dumps([call.actor.uid, *map(repr, (asked, sort)), columns, language])


def _unknown() -> Refused:
    return Refused(
        "after",
        "after",
        "This page is not known (any more): begin the export again.",
        "该分页已失效或无法识别，请重新导出。",
    )


def harmless(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _cell(column: Column, row: Row) -> object:
    value = column.cell(row)
    if value is None:
        return ""
    return value if column.numeric else harmless(str(value))


def _columns(call: Call) -> list[str]:
    given = call.args.get("columns")
    if not isinstance(given, list) or not given or any(name not in COLUMNS for name in given):
        raise Refused("columns", "columns", "Choose at least one column of the list.", "请至少选择一列。")
    if call.actor.role not in CONTACT_ROLES and any(COLUMNS[name].contact for name in given):
        raise Forbidden(CONTACT_ROLES)
    return [name for name in COLUMNS if name in given]


def _setting(world: World, language: str, active: int) -> Data:
    shop = get(world.store, "settings/shop")
    held: Data = shop.data if shop else {}
    segments = world.store.query(Query("segments", where=(("retired", "==", False),), select=("name",)))
    return {
        "segments": {doc.id: doc.data["name"][language] for doc in segments},
        "active": active,
        "currency": held.get("currency") or "USD",
        "zone": ZoneInfo(held.get("zone") or "UTC"),
    }


ACTIONS: Actions = {"people.export": (EDITOR, export)}
