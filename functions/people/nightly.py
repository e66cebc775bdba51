"""What time alone changes about customers: their stage and their tags by rule, once a night."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from schema import log
from schema.flow import World
from schema.lifecycle import stage
from schema.moment import moment
from schema.records import CustomersChanged
from schema.store import Data, Group, Query, ReadSet, Update, Write, settle_groups
from schema.tagging import tags_of

PAGE = 500
_LOOKED_AT = ("stats", "consent", "rfm", "profiling", "tags", "lifecycleStage", "mergedInto")


def refresh(world: World) -> int:
    """Bring stage and rule tags of every customer up to the present; returns how many changed.

    Reads page by page and writes only who changed, guarded: who is written by somebody else meanwhile is looked at
    anew. Running it twice changes nothing more.
    """
    as_of, after, changed = moment(world), None, 0
    while True:
        query = Query(
            "customers",
            order_by=(("__name__", "asc"),),
            limit=PAGE,
            select=_LOOKED_AT,
            after=(after,) if after else None,
        )
        found = list(world.store.query(query))
        moved = [doc for doc in found if _due(doc.data, as_of)]
        groups = [Group((doc.path,), partial(_plan, path=doc.path, as_of=as_of, world=world)) for doc in moved]
        failures = settle_groups(world.store, groups)
        for failure in filter(None, failures):
            log.failure("customer not refreshed", failure)
        ids = [doc.id for doc, failure in zip(moved, failures, strict=True) if failure is None]
        if ids:
            world.bus.publish("customers-changed", CustomersChanged(ids=ids, fields=["lifecycleStage", "tags"]))
        changed += len(ids)
        if len(found) < PAGE:
            return changed
        after = found[-1].id


def _due(customer: Data, as_of: datetime) -> dict[str, Any]:
    """The fields that time changed."""
    if customer.get("mergedInto"):
        return {}
    fields: dict[str, Any] = {}
    if (now := stage(customer["stats"], as_of)) != customer["lifecycleStage"]:
        fields["lifecycleStage"] = now
    if (auto := tags_of(customer, as_of)) != customer["tags"].get("auto"):
        fields["tags.auto"] = auto
    return fields


def _plan(docs: ReadSet, path: str, as_of: datetime, world: World) -> list[Write]:
    held = docs[path]
    fields = _due(held.data, as_of) if held else {}
    return [Update(path, {**fields, "updatedAt": world.clock()}, held.update_time)] if held and fields else []
