"""The customer list's question as the server asks it: the same filters, order and meaning as on the screen."""

from __future__ import annotations

import base64
import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from functions.access.errors import Refused
from schema.flow import World
from schema.lists import LISTINGS
from schema.store import Data, Doc, Operator, Query, get

FIELDS = {
    "lifecycle": "lifecycleStage",
    "country": "country",
    "language": "language",
    "platform": "platform",
}
"""Filters by equality: the name in the console, the field."""
NOBODY_BEFORE = "new"
"""In `movedFrom`: who was in no segment; in `segment` beside it: who is in none after."""


@dataclass(frozen=True)
class Pointer:
    """Which segmentation counts; 0 before the first one."""

    active: int = 0
    pending: bool = False
    """A later version was begun: customers may be written for it, and count where they were before."""


@dataclass(frozen=True)
class Filter:
    """What the list shows. A query takes one `array_contains`, so words are compared row by row beside a tag."""

    equal: tuple[tuple[str, str], ...] = ()
    segment: str | None = None
    moved: tuple[str, int] | None = None
    """Only who went from this segment to `segment` in this version, whether it is in force or not."""
    tag: str | None = None
    token: str | None = None
    words: tuple[str, ...] = ()

    @property
    def where(self) -> tuple[tuple[str, Operator, Any], ...]:
        """The query's conditions. Customers that were merged into another one are not people of their own."""
        asked: list[tuple[str, Operator, Any]] = [("mergedInto", "==", None)]
        if self.tag is not None:
            asked.append(("tags.manual", "array_contains", self.tag))
        elif self.token is not None:
            asked.append(("searchTokens", "array_contains", self.token))
        if self.moved is not None:
            asked += [("segment.before", "==", _named(self.moved[0])), ("segment.id", "==", _named(self.segment))]
        return (*asked, *((FIELDS[name], "==", value) for name, value in self.equal))

    def query(self, pointer: Pointer) -> Query:
        """The customers among whom everybody is that the list shows; `holds` leaves out who is not."""
        if self.segment is None or self.moved is not None:
            return Query("customers", where=self.where)
        if not pointer.pending:
            return Query("customers", where=(*self.where, ("segment.id", "==", self.segment)))
        either: tuple[tuple[str, Operator, Any], ...] = (
            ("segment.id", "==", self.segment),
            ("segment.before", "==", self.segment),
        )
        return Query("customers", where=self.where, either=either)

    def holds(self, customer: Data, active: int) -> bool:
        """What no index can say: the segment in force, the version of a move, and the further words of a name."""
        held_in = customer.get("segment")
        if self.moved is not None:
            if not held_in or held_in["from"] != self.moved[1]:
                return False
        elif self.segment is not None and effective_segment(held_in, active) != self.segment:
            return False
        held = f"{customer.get('displayName') or ''} {customer.get('externalId') or ''}"
        name = unicodedata.normalize("NFKC", held).lower()
        return all(word in name for word in self.words)

    def told(self) -> Data:
        """For the audit log: which filters, and that a name was searched for, not which."""
        shown: Data = dict(self.equal)
        if self.segment is not None:
            shown["segment"] = self.segment
        if self.moved is not None:
            shown |= {"movedFrom": self.moved[0], "movedIn": self.moved[1]}
        if self.tag is not None:
            shown["tag"] = self.tag
        if self.token is not None or self.words:
            shown["search"] = "(kept private)"
        return shown


def read_filter(args: Data) -> Filter:
    """The filter out of the arguments.

    Raises:
        Refused: an unknown filter, or not a text.
    """
    given = args.get("filter", {})
    known = {*FIELDS, "segment", "movedFrom", "movedIn", "tag", "token", "words"}
    if not isinstance(given, dict) or set(given) - known:
        raise Refused("filter", "filter", f"A filter has {', '.join(sorted(known))}.", "筛选条件无法识别。")
    words = given.get("words") or []
    texts = [value for name, value in given.items() if name != "words" and value is not None]
    if not isinstance(words, list) or any(not isinstance(one, str) or len(one) > 200 for one in [*texts, *words]):
        raise Refused("filter", "filter", "Every filter is a text.", "每个筛选条件都应为文本。")
    segment, before, version = (given.get(name) for name in ("segment", "movedFrom", "movedIn"))
    if (before is None) != (version is None) or (before is not None and not (segment and str(version).isdecimal())):
        raise Refused(
            "filter", "filter", "A move has a segment, one before, and a version.", "变动需包含前后分群与版本。"
        )
    return Filter(
        equal=tuple((name, given[name]) for name in FIELDS if given.get(name)),
        segment=segment or None,
        moved=(str(before), int(str(version))) if before is not None else None,
        tag=given.get("tag") or None,
        token=given.get("token") or None,
        words=tuple(words[:10]),
    )


@dataclass(frozen=True)
class Sort:
    field: str
    direction: Literal["asc", "desc"]


def read_sort(args: Data) -> Sort:
    """The order out of the arguments; the list's own when none is given."""
    given = args.get("sort") or {"field": "stats.lastOrderAt", "direction": "desc"}
    if (
        not isinstance(given, dict)
        or given.get("field") not in LISTINGS["customers"].sorts
        or given.get("direction") not in ("asc", "desc")
    ):
        raise Refused("sort", "sort", "The list cannot be sorted by this.", "列表不支持该排序。")
    return Sort(str(given["field"]), given["direction"])


def page(
    world: World, asked: Filter, pointer: Pointer, sort: Sort | None, after: str | None, size: int
) -> tuple[list[Doc], str | None]:
    """Up to `size` documents that the query finds, and the cursor of the next page; without a sort, by id."""
    order: tuple[tuple[str, Literal["asc", "desc"]], ...] = (
        ((sort.field, sort.direction), ("__name__", sort.direction)) if sort else (("__name__", "asc"),)
    )
    query = replace(asked.query(pointer), order_by=order, limit=size, after=_opened(after, len(order)))
    found = list(world.store.query(query))
    if len(found) < size:
        return found, None
    last = found[-1]
    values = [_value(last.data, sort.field)] if sort else []
    return found, _closed([*values, last.id])


def matching(world: World, asked: Filter, pointer: Pointer) -> int:
    """How many customers are in force where the filter asks, by one aggregation; three while a version is pending."""

    def count(*more: tuple[str, Operator, Any]) -> int:
        return world.store.totals(Query("customers", where=(*asked.where, *more))).count

    if asked.moved is not None:
        return count(("segment.from", "==", asked.moved[1]))
    if asked.segment is None:
        return count()
    here: tuple[str, Operator, Any] = ("segment.id", "==", asked.segment)
    if not pointer.pending:
        return count(here)
    later: tuple[str, Operator, Any] = ("segment.from", ">", pointer.active)
    return count(here) - count(here, later) + count(("segment.before", "==", asked.segment), later)


def pointer_of(world: World) -> Pointer:
    """The segmentation that counts, and whether a later one was begun."""
    held = get(world.store, "config/segmentation")
    if held is None:
        return Pointer()
    active = int(held.data["active"])
    return Pointer(active, int(held.data["nextVersion"]) > active + 1)


def effective_segment(membership: Data | None, active: int) -> str | None:
    """The segment a customer is in now: a version that is not flipped yet does not count."""
    if not membership:
        return None
    held: str | None = membership["id"] if membership["from"] <= active else membership.get("before")
    return held


def _named(segment: str | None) -> str | None:
    return None if segment == NOBODY_BEFORE else segment


def _value(data: Data, field: str) -> Any:
    current: Any = data
    for part in field.split("."):
        current = current.get(part) if isinstance(current, dict) else None
    return current


def _closed(values: list[Any]) -> str:
    plain = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _opened(cursor: str | None, length: int) -> tuple[Any, ...] | None:
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        read = [datetime.fromisoformat(one["at"]) if isinstance(one, dict) else one for one in values]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("after", "after", "This page is not known.", "无法识别的分页位置。") from error
    if len(read) != length or not isinstance(read[-1], str) or "/" in read[-1]:
        raise Refused("after", "after", "This page is not known.", "无法识别的分页位置。")
    return tuple(read)
