"""Reading a WooCommerce list to its end while it changes.

The API pages by offset, so what leaves the list in front of us would make us skip, and what joins repeat. We sort by a
key that only grows (update time and id, else the id), keep the key of the last thing seen, and use the offset as a hint
alone: if the page does not begin at or before that key, things moved away in front, and we step back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.connect.storefront import Access, Unavailable
from functions.connect.woocommerce_http import BadParameter, get

SIZE = 100
_READS = 40
"""Requests for one page at most: a list that changes faster than it can be read is given up and tried again."""


@dataclass(frozen=True)
class Place:
    """Where a reading is."""

    at: str = ""
    """Update time (UTC, no zone, as the API writes it) of the last thing seen; empty where the list goes by id."""
    id: int = 0
    hint: int = 0
    """How many things of the list, as it is asked for next, were seen already."""
    by: str = "modified"
    total: int | None = None

    def to_cursor(self) -> str:
        return json.dumps([self.at, self.id, self.hint, self.by, self.total])

    @staticmethod
    def of(cursor: str | None, by: str) -> Place:
        if cursor is None:
            return Place(by=by)
        at, number, hint, by, total = json.loads(cursor)
        return Place(str(at), int(number), int(hint), str(by), total)

    @property
    def key(self) -> tuple[str, int]:
        return self.at, self.id


@dataclass(frozen=True)
class Found:
    """Things not seen before, each with the place behind it."""

    items: list[tuple[Mapping[str, Any], Place]]
    end: bool
    place: Place


def stamp(at: datetime) -> str:
    """A time for a filter with `dates_are_gmt`. Without a zone: WordPress would convert one to the shop's."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def read(access: Access, path: str, place: Place, since: datetime | None, params: Mapping[str, str]) -> Found:
    """The next things of a list behind `place`, up to 100.

    Args:
        since: only what changed after it, where the list goes by update time; else ignored.
    """
    try:
        return _read(access, path, place, since, params)
    except BadParameter:
        if place.by != "modified":
            raise
        # Before `orderby=modified` existed: by id, from the beginning.
        return _read(access, path, Place(by="id"), since, params)


def _query(place: Place, since: datetime | None, params: Mapping[str, str]) -> dict[str, str]:
    query = {**params, "per_page": str(SIZE), "order": "asc", "orderby": place.by}
    if place.by == "modified":
        begin = datetime.fromisoformat(place.at).replace(tzinfo=UTC) if place.at else since
        if begin is not None:
            # The filter excludes its own second; several things can share one.
            query |= {"modified_after": stamp(begin - timedelta(seconds=1)), "dates_are_gmt": "true"}
    return query


def _key(item: Mapping[str, Any], by: str) -> tuple[str, int]:
    changed = str(item.get("date_modified_gmt") or "")[:19] if by == "modified" else ""
    return changed, int(item["id"])


def _read(access: Access, path: str, place: Place, since: datetime | None, params: Mapping[str, str]) -> Found:
    query = _query(place, since, params)
    # One back, so that the page begins with the last thing seen if nothing moved.
    offset = max(0, place.hint - 1)
    for _ in range(_READS):
        answer = get(access, path, {**query, "offset": str(offset)})
        if not isinstance(answer.body, list):
            # An empty end would be believed.
            raise Unavailable("odd", "The shop answered something else.", "店铺返回了意外的内容。")
        items = [item for item in answer.body if isinstance(item, dict) and "id" in item]
        keys = [_key(item, place.by) for item in items]
        if offset and place.id and (not keys or keys[0] > place.key):
            # By half a page: what lies behind the key is then on one page with it.
            offset = max(0, offset - SIZE // 2)
            continue
        fresh = [index for index, key in enumerate(keys) if key > place.key]
        if not fresh and len(answer.body) >= SIZE:
            offset += SIZE
            continue
        total = place.total if place.id else answer.total
        behind = replace(place, total=total)
        out: list[tuple[Mapping[str, Any], Place]] = []
        for index in fresh:
            at, number = keys[index]
            # A new second begins a new list, which begins with that second's first thing.
            seen = offset + index + 1 if at == place.at else sum(key[0] == at for key in keys[: index + 1])
            behind = Place(at, number, seen, place.by, total)
            out.append((items[index], behind))
        return Found(out, len(answer.body) < SIZE, behind)
    raise Unavailable("moving", "The shop's list changes faster than it can be read.", "店铺列表变化过快，无法读取。")
