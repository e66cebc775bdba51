"""The night's comparison with a platform: what differs is repaired and told: what, why, and whether it is right now.

A record is missing when its document does not exist, stale when taking it in would change what the document says, extra
when the platform does not have it any more. Whether it is right is asked again after the repair, not assumed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from functions.connect.storefront import Page
from functions.ingest.cleaning.pipeline import Sieved, sieve
from functions.ingest.cleaning.rule import Surroundings
from functions.ingest.intake import shop_setting, take_in
from functions.ingest.plan import paths_of, plan
from functions.ingest.setting import Outcome, Setting
from functions.ingest.sieving import surroundings
from schema import log
from schema.base import Localized
from schema.connections import Drift, DriftItem, Thing
from schema.flow import World, park
from schema.records import DeletedRecord, Origin, PlatformEvents, Record
from schema.store import Create, Data, Doc, Missing, Operator, Put, Query, ReadSet, Update, Write, get, settle

if TYPE_CHECKING:
    from functions.connect.outside import Outside
    from functions.connect.state import Shop

OVERLAP = timedelta(hours=1)
"""Clocks differ, and a platform's change may carry a time before it could be read."""
ITEMS = 200
OURS = 1000
"""Documents of ours that one step holds against the platform's list."""
COLLECTIONS: dict[Thing, str] = {"orders": "orders", "products": "products", "carts": "carts"}
"""Things that can be counted and found to be extra: a customer or a text that went is not taken away by a count."""
WHY_MISSING = Localized(en="No message about it arrived.", zh="未收到相关通知。")
WHY_STALE = Localized(en="Its last change did not arrive.", zh="最近一次变更未送达。")
WHY_EXTRA = Localized(en="It was deleted at the platform.", zh="已在平台上删除。")


@dataclass(frozen=True)
class Difference:
    """How one record differs from what we hold."""

    record: Record
    kind: str
    field: str | None = None
    ours: str | None = None
    theirs: str | None = None


def differences(world: World, setting: Setting, records: Sequence[Record]) -> list[Difference]:
    """Compare records with the documents by asking the intake what it would write. Nothing is written."""
    wanted = {path: None for record in records for path in paths_of(record, setting)}
    docs = ReadSet(world.store.get_many(wanted))
    found = []
    for record in records:
        outcome = Outcome()
        try:
            writes = _decided(world, docs, setting, record, outcome)
        except Exception as error:
            # One record that cannot be digested must not keep the others from being compared.
            log.failure("record not compared", error, kind=record.kind)
            found.append(Difference(record, "stale"))
            continue
        main = _main(record, setting)
        held = docs.docs.get(main)
        if held is None:
            found.append(Difference(record, "missing"))
        elif outcome.updated:
            found.append(Difference(record, "stale", *_what(held, writes)))
    return found


def _decided(world: World, docs: ReadSet, setting: Setting, record: Record, outcome: Outcome) -> Sequence[Write]:
    for _ in range(20):
        try:
            return plan([record], docs, setting, outcome)
        except Missing as more:
            docs.docs.update(world.store.get_many(more.paths))
            docs.results.update({query: tuple(world.store.query(query)) for query in more.queries})
    raise RuntimeError("a plan asked for ever more documents")


def _main(record: Record, setting: Setting) -> str:
    paths = paths_of(record, setting)
    return paths[0] if record.kind == "customer" else paths[-1]


UNSAID = frozenset(("updatedAt", "contentHash", "sourceVersion", "createdVersion", "historic"))


def _what(held: Doc, writes: Sequence[Write]) -> tuple[str | None, str | None, str | None]:
    """The first field that differs, with both values as short texts."""
    for write in writes:
        if write.path != held.path or not isinstance(write, (Update, Create, Put)):
            continue
        said = write.fields if isinstance(write, Update) else write.data
        for name, value in said.items():
            if name not in UNSAID and held.data.get(name) != value:
                # Every member reads the report: of people and their words only the field's name is told.
                shown = name in TOLD and not held.path.startswith("feedback/")
                return name, _short(held.data.get(name)) if shown else None, _short(value) if shown else None
    return None, None, None


TOLD = frozenset(
    ("status", "total", "refunded", "discount", "tax", "shipping", "items", "placedAt", "day", "currency", "price",
     "compareAt", "stock", "title", "category", "deleted")
)  # fmt: skip
"""Fields whose values may stand in the report; a product's title, never a text's."""


def _short(value: Any) -> str:
    text = value.isoformat() if hasattr(value, "isoformat") else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:79] + "…"


def drift_path(held: Doc) -> str:
    return f"{held.path}/drift/{held.data['runId']}"


def step(world: World, outside: Outside, held: Doc, shop: Shop) -> float | None:
    """One page of a reconciliation; seconds to wait before the next, None when it is done."""
    path = drift_path(held)
    drift = get(world.store, path)
    if drift is None:
        return _begin(world, outside, held, shop, path)
    legs = _legs(shop, drift.data)
    if drift.data["leg"] >= len(legs):
        _end(world, held, path)
        return None
    kind, thing = legs[drift.data["leg"]]
    if kind == "read":
        return _read(world, held, shop, drift, thing)
    if kind == "count":
        return _count(world, held, shop, drift, thing)
    if kind == "ids":
        return _ids(world, held, shop, drift, thing)
    return _extra(world, held, shop, drift, thing)


def _legs(shop: Shop, drift: Data) -> list[tuple[str, Thing]]:
    legs: list[tuple[str, Thing]] = [("read", thing) for thing in shop.storefront.steps]
    front, secrets = shop.storefront, shop.access.secrets
    countable = [thing for thing in front.steps if thing in COLLECTIONS and front.lasting(secrets, thing)]
    legs += [("count", thing) for thing in countable]
    for thing in countable:
        counts = drift["counts"].get(thing) or {}
        if counts.get("theirs") is not None and (counts.get("ours") or 0) > counts["theirs"]:
            legs += [("ids", thing), ("extra", thing)]
    return legs


def _begin(world: World, outside: Outside, held: Doc, shop: Shop, path: str) -> float:
    """Look after the subscriptions first: what they miss from now on would be tomorrow's drift."""
    front = shop.storefront
    before = {one["topic"]: one for one in held.data["webhooks"]}
    hooks = front.subscribe(shop.access, outside.webhook_url(front.platform, shop.id))
    restored = [
        hook.topic
        for hook in hooks
        if before and (hook.topic not in before or before[hook.topic]["externalId"] != hook.external_id
                       or before[hook.topic]["status"] != "active" or hook.status == "disabled")
    ]  # fmt: skip
    drift = Drift(at=world.clock(), run_id=held.data["runId"], webhooks_restored=restored[:60]).to_doc()

    def plan_(docs: ReadSet) -> list[Write]:
        now_held = docs[held.path]
        if docs[path] is not None or now_held is None or now_held.data["generation"] != held.data["generation"]:
            return []
        states = [one.to_doc() | {"status": "active"} for one in hooks]
        return [
            Create(path, drift),
            Update(held.path, {"webhooks": states, "updatedAt": world.clock()}, now_held.update_time),
        ]

    settle(world.store, [held.path, path], plan_)
    return 0.0


def _read(world: World, held: Doc, shop: Shop, drift: Doc, thing: Thing) -> float:
    done = held.data.get("reconciledAt")
    since = done - OVERLAP if done else None
    page = shop.storefront.page(shop.access, thing, drift.data["cursor"], since)
    found, fixed = _repair(world, shop, page)
    items = [
        DriftItem(
            thing=thing, external_id=_identity(one.record)[:200], kind="missing" if one.kind == "missing" else "stale",
            field=one.field, ours=one.ours, theirs=one.theirs,
            why=WHY_MISSING if one.kind == "missing" else WHY_STALE, fixed=right,
        )
        for one, right in zip(found, fixed, strict=True)
    ]  # fmt: skip
    _note(world, held, drift, items, {"thing": thing, "checked": len(page.ids) or len(page.records)}, page.cursor)
    return page.wait


def _repair(world: World, shop: Shop, page: Page) -> tuple[list[Difference], list[bool]]:
    origin = Origin(connection_id=shop.id, platform=shop.storefront.platform, bulk=True)
    setting = shop_setting(world, origin)
    around = surroundings(setting)
    sieved = [clean_one for one in page.records if (clean_one := _sieved(one, around)) is not None]
    # Compared is what the rules of cleaning would let in; what they set aside waits for a member and is no drift.
    clean = {id(one.record): one for one in sieved if one.aside is None}
    found = differences(world, setting, [one.record for one in clean.values()])
    for start in range(0, len(found), 200):
        batch = [clean[id(one.record)].raw for one in found[start : start + 200]]
        result = take_in(world, PlatformEvents(origin=origin, records=batch))
        if result.failed:
            park(world, "platform-events", result.failed, 1)
    still = {id(one.record) for one in differences(world, setting, [one.record for one in found])} if found else set()
    return found, [id(one.record) not in still for one in found]


def _sieved(record: Record, around: Surroundings) -> Sieved | None:
    try:
        return sieve(record.to_json(), around, set())
    except ValidationError as error:
        log.failure("record not cleaned", error, kind=record.kind)
        return None


def _identity(record: Record) -> str:
    identity = getattr(record, "id", None)
    person = getattr(record, "person", None)
    # A guest's key is an address; an account's is the platform's own number.
    key = person.key if person and ":" not in person.key else ""
    return str(identity or key)


def _count(world: World, held: Doc, shop: Shop, drift: Doc, thing: Thing) -> float:
    theirs = shop.storefront.count(shop.access, thing)
    apart: tuple[tuple[str, Operator, Any], ...]
    apart = (("connectionId", "==", shop.id), ("thing", "==", _what_is(thing)), ("status", "==", "set aside"))
    aside = world.store.totals(Query("setAside", where=apart)).count
    said = {"thing": thing, "ours": _ours(world, shop.id, thing), "theirs": theirs, "setAside": aside}
    _note(world, held, drift, [], said, None)
    return 0.0


def _ours(world: World, connection: str, thing: Thing) -> int:
    return world.store.totals(_living(connection, thing)).count


def _page_of_ours(connection: str, thing: Thing, cursor: str | None) -> Query:
    return replace(
        _living(connection, thing, ("externalId", "sourceVersion")),
        order_by=(("__name__", "asc"),),
        limit=OURS,
        after=(cursor,) if cursor else None,
    )


def _living(connection: str, thing: Thing, select: tuple[str, ...] | None = None) -> Query:
    where: tuple[tuple[str, Operator, Any], ...] = (("connectionId", "==", connection), ("deleted", "==", False))
    return Query(COLLECTIONS[thing], where=where, select=select)


def _ids(world: World, held: Doc, shop: Shop, drift: Doc, thing: Thing) -> float:
    """Every id the platform has, page by page, kept in documents so that a crash loses none."""
    page = shop.storefront.page(shop.access, thing, drift.data["cursor"], None)
    number = sum(1 for _ in world.store.query(Query(f"{drift.path}/ids", where=(("thing", "==", thing),))))
    seen = Put(f"{drift.path}/ids/{thing}-{number:05d}", {"thing": thing, "ids": list(page.ids)})
    _note(world, held, drift, [], {"thing": thing}, page.cursor, [seen])
    return page.wait


def _extra(world: World, held: Doc, shop: Shop, drift: Doc, thing: Thing) -> float:
    """What we hold and the platform did not list; each is asked for once more before it counts as deleted."""
    listed: set[str] = set()
    for doc in world.store.query(Query(f"{drift.path}/ids", where=(("thing", "==", thing),))):
        listed.update(doc.data["ids"])
    ours = list(world.store.query(_page_of_ours(shop.id, thing, drift.data["cursor"])))
    items: list[DriftItem] = []
    origin = Origin(connection_id=shop.id, platform=shop.storefront.platform, bulk=True)
    for doc in ours:
        external = doc.data["externalId"]
        if external is None or external in listed or shop.storefront.one(shop.access, thing, external):
            continue
        gone = DeletedRecord(version=doc.data["sourceVersion"] + 1, what=_what_is(thing), id=external)
        take_in(world, PlatformEvents(origin=origin, records=[gone.to_json()]))
        now_held = get(world.store, doc.path)
        items.append(
            DriftItem(
                thing=thing, external_id=external, kind="extra", why=WHY_EXTRA,
                fixed=bool(now_held and now_held.data["deleted"]),
            )
        )  # fmt: skip
    _note(world, held, drift, items, {"thing": thing}, ours[-1].id if len(ours) == OURS else None)
    return 0.0


def _what_is(thing: Thing) -> Any:
    return {"orders": "order", "products": "product", "carts": "cart"}[thing]


def _note(
    world: World,
    held: Doc,
    drift: Doc,
    items: Sequence[DriftItem],
    said: Data,
    cursor: str | None,
    more: Sequence[Write] = (),
) -> None:
    """Add what a page found to the report and move on, once: guarded by the report as it was read."""
    run_path = f"runs/{held.data['runId']}"

    def plan_(docs: ReadSet) -> list[Write]:
        now_held, connection, run, now = docs[drift.path], docs[held.path], docs[run_path], world.clock()
        if now_held is None or connection is None or connection.data["generation"] != held.data["generation"]:
            return []
        if (now_held.data["leg"], now_held.data["cursor"]) != (drift.data["leg"], drift.data["cursor"]):
            return []
        data, thing = now_held.data, said["thing"]
        fields: Data = {
            name: data[name] + sum(1 for item in items if item.kind == name) for name in ("missing", "stale", "extra")
        }
        fields["repaired"] = data["repaired"] + sum(1 for item in items if item.fixed)
        fields["unrepaired"] = data["unrepaired"] + sum(1 for item in items if not item.fixed)
        fields["items"] = [*data["items"], *(item.to_doc() for item in items)][:ITEMS]
        fields["checked"] = {**data["checked"], thing: data["checked"].get(thing, 0) + said.get("checked", 0)}
        if "theirs" in said:
            fields["counts"] = {**data["counts"], thing: {name: said[name] for name in ("ours", "theirs", "setAside")}}
        fields |= {"cursor": cursor, "leg": data["leg"] + (cursor is None)}
        writes: list[Write] = [
            Update(drift.path, fields, now_held.update_time),
            Update(held.path, {"dueAt": now, "failures": 0, "updatedAt": now}, connection.update_time),
            *more,
        ]
        if run is not None and run.data["status"] == "running":
            checked = sum(fields["checked"].values())
            text = {"en": f"{checked:,} compared", "zh": f"已比对 {checked:,}"}
            writes.append(Update(run_path, {"done": checked, "step": text, "updatedAt": now}, run.update_time))
        return writes

    settle(world.store, [drift.path, held.path, run_path], plan_)


def _end(world: World, held: Doc, path: str) -> None:
    run_path = f"runs/{held.data['runId']}"

    def plan_(docs: ReadSet) -> list[Write]:
        drift, connection, run, now = docs[path], docs[held.path], docs[run_path], world.clock()
        if drift is None or connection is None or connection.data["generation"] != held.data["generation"]:
            return []
        data = drift.data
        numbers = {name: data[name] for name in ("missing", "stale", "extra", "repaired", "unrepaired")}
        summary = {"at": now, "checked": sum(data["checked"].values()), **numbers}
        writes: list[Write] = [
            Update(path, {"done": True}, drift.update_time),
            Update(
                held.path,
                {
                    "work": "idle", "dueAt": None, "drift": summary, "reconciledAt": data["at"], "failures": 0,
                    "problem": None, "updatedAt": now,
                },
                connection.update_time,
            ),
        ]  # fmt: skip
        if run is not None and run.data["status"] == "running":
            closed = {"status": "done", "updatedAt": now, "finishedAt": now, "total": run.data["done"]}
            writes.append(Update(run_path, {**closed, "result": numbers}, run.update_time))
        return writes

    settle(world.store, [path, held.path, run_path], plan_)
