"""The night's findings, tags from words, early warning and care cases. Run twice, it writes the same once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ml.insights import candidates
from ml.insights.candidates import Candidate
from ml.insights.statistics import beyond_noise
from ml.insights.tags import LONGEST, Said, model_tags
from ml.insights.words import heard_of, heard_since
from schema import log
from schema.base import Localized
from schema.flow import World, stable_id
from schema.intelligence import Case, Insight, InsightPeriod
from schema.records import OfferEvent
from schema.store import Create, Data, Delete, Doc, Group, Query, ReadSet, Update, Write, get, settle, settle_groups

MOST, WISHED = 7, 3
SPAN = timedelta(days=120)
FRESH = timedelta(hours=24)
"""What is older starts no offer (history never does)."""
WARNED = timedelta(days=7)
PAGE = 300
CUSTOMER = ("aliases", "psyche", "modelTags", "mergedInto", "profiling", "sample")


def findings(world: World, as_of: datetime) -> int:
    """Find 3 to 7 things worth knowing, fewer where the data carry fewer; returns how many stand."""
    store = world.store
    shop = get(store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    currency = str((shop.data.get("currency") if shop else None) or "USD")
    texts = heard_since(store, as_of - SPAN, as_of, real)
    found = candidates.moods(texts, as_of) + candidates.products(texts, as_of)
    found += _segments(world, as_of) + candidates.risk(_crossed(world, as_of, real), as_of)
    behaviour = get(store, "metrics/behaviour")
    if behaviour:
        found += candidates.trends(behaviour.data["trends"], as_of, currency)
    kept = chosen(found)
    week = f"{as_of:%G-W%V}"
    sample = bool(shop and shop.data.get("sample") and not real)
    groups = []
    for one in kept:
        path = f"insights/{stable_id('insight', one.subject, week)}"
        groups.append(
            Group((path,), partial(_insight, path=path, one=one, as_of=as_of, now=world.clock(), sample=sample))
        )
    # What was found this week and is not beyond the noise any more goes, unless somebody said something about it.
    stand = {group.paths[0] for group in groups}
    for doc in store.query(Query("insights", where=(("status", "==", "new"),))):
        age = as_of - doc.data["period"]["end"]
        if (
            doc.path not in stand
            and doc.data["useful"] is None
            and (age < timedelta(days=7) or age > timedelta(days=60))
        ):
            groups.append(Group((doc.path,), partial(_withdraw, path=doc.path)))
    for failure in settle_groups(store, groups):
        if failure is not None:
            log.failure("insight not written", failure)
    return len(kept)


def chosen(found: Sequence[Candidate]) -> list[Candidate]:
    """Those beyond the noise, the strongest first, one a subject, at most seven and at most three of a kind."""
    passed = [one for one, keep in zip(found, beyond_noise([one.change.p for one in found]), strict=True) if keep]
    kinds: dict[str, int] = defaultdict(int)
    products: set[str] = set()
    kept: list[Candidate] = []
    for one in sorted(passed, key=lambda one: (-one.change.strength, one.subject)):
        if one.product_id and one.product_id in products:
            continue
        if kinds[one.kind] < 3 and len(kept) < MOST:
            kinds[one.kind] += 1
            products |= {one.product_id} if one.product_id else set()
            kept.append(one)
    return kept


def _insight(docs: ReadSet, path: str, one: Candidate, as_of: datetime, now: datetime, sample: bool) -> list[Write]:
    held = docs[path]
    made = Insight(
        day=as_of.date().isoformat(),
        kind=one.kind,
        title=one.title,
        body=one.body,
        value=round(one.change.value, 6),
        before=round(one.change.before, 6),
        low=round(one.change.low, 6),
        high=round(one.change.high, 6),
        unit=one.unit,
        strength=one.change.strength,
        good=one.good,
        period=one.period,
        customers=one.customers,
        customers_count=one.customers_count or len(one.customers),
        feedback=one.feedback,
        segment_id=one.segment_id,
        product_id=one.product_id,
        action=one.action,
        sample=sample,
        created_at=now,
        updated_at=now,
    ).to_doc()
    if held is None:
        return [Create(path, made)]
    kept = {name: held.data[name] for name in ("status", "useful", "decidedBy", "createdAt")}
    fresh = {**made, **kept}
    same = all(held.data.get(name) == value for name, value in fresh.items() if name != "updatedAt")
    return [] if same else [Update(path, fresh, held.update_time)]


def _withdraw(docs: ReadSet, path: str) -> list[Write]:
    held = docs[path]
    return [Delete(path, held.update_time)] if held and held.data["useful"] is None else []


def _segments(world: World, as_of: datetime) -> list[Candidate]:
    """The version in force against the newest published one that is at least six days older."""
    pointer = get(world.store, "config/segmentation")
    active = int(pointer.data["active"]) if pointer else 0
    if not active:
        return []
    query = Query(
        "segmentations", where=(("version", "<=", active),), order_by=(("version", "desc"),), limit=40,
        select=("version", "createdAt", "asOf", "sizes", "status"),
    )  # fmt: skip
    versions = list(world.store.query(query))
    now = next((doc for doc in versions if doc.data["version"] == active), None)
    if now is None:
        return []
    older = (
        doc
        for doc in versions
        if doc.data.get("status", "published") == "published"
        and now.data["asOf"] - doc.data["asOf"] >= timedelta(days=6)
    )
    before = next(older, None)
    if before is None:
        return []
    period = InsightPeriod(
        start=before.data["asOf"],
        end=now.data["asOf"],
        before_start=before.data["asOf"],
        before_end=before.data["asOf"],
    )
    cards = world.store.get_many([f"segments/{row['segmentId']}" for row in now.data["sizes"]])
    names = {doc.id: Localized.model_validate(doc.data["name"]) for doc in cards.values() if doc}
    return candidates.segments(now.data["sizes"], before.data["sizes"], period, names)


def _crossed(world: World, as_of: datetime, real: bool) -> list[tuple[str, datetime]]:
    query = Query(
        "customers",
        where=(("predictions.crossedAt", ">=", as_of - timedelta(days=35)),),
        order_by=(("predictions.crossedAt", "desc"),),
        select=("predictions.crossedAt", "sample", "mergedInto"),
    )
    return [
        (doc.id, doc.data["predictions"]["crossedAt"])
        for doc in world.store.query(query)
        if not doc.data.get("mergedInto") and not (real and doc.data.get("sample"))
    ]


def warnings(world: World, as_of: datetime) -> int:
    """Tags from words for everybody, an offer event for whose risk rose, a case for who is frustrated."""
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    said: dict[str, list[Said]] = defaultdict(list)
    for one in heard_since(world.store, as_of - LONGEST, as_of, real):
        if one.customer_id:
            said[one.customer_id].append(one.said())
    written, after = 0, None
    while True:
        query = Query(
            "customers", order_by=(("__name__", "asc"),), limit=PAGE, select=CUSTOMER, after=(after,) if after else None
        )
        page = list(world.store.query(query))
        written += _tagged(world, page, said, as_of)
        _cases(world, [doc for doc in page if _frustrated(doc.data, as_of) and not (real and doc.data.get("sample"))])
        if len(page) < PAGE:
            break
        after = page[-1].id
    for customer, at in _crossed(world, as_of, real):
        if as_of - at <= WARNED:
            _tell(world, "risk_rose", customer, at, as_of)
    return written


def look(world: World, ids: Sequence[str], as_of: datetime) -> None:
    """The same for a few customers whose mood just changed."""
    paths = [f"customers/{one}" for one in ids]
    docs = [doc for doc in world.store.get_many(paths).values() if doc is not None]
    said: dict[str, list[Said]] = {}
    for doc in docs:
        heard = heard_of(world.store, [doc.id, *(doc.data.get("aliases") or [])])
        said[doc.id] = [one.said() for one in heard if as_of - one.at < LONGEST]
    _tagged(world, docs, said, as_of, joined=True)
    _cases(world, [doc for doc in docs if _frustrated(doc.data, as_of)])


def _tagged(
    world: World, page: Iterable[Doc], said: dict[str, list[Said]], as_of: datetime, joined: bool = False
) -> int:
    """Write the tags that changed. With `joined`, `said` holds the aliases' texts under the root already."""
    groups, changed = [], []
    for doc in page:
        everybody = [doc.id] if joined else [doc.id, *(doc.data.get("aliases") or [])]
        texts = [one for identity in everybody for one in said.get(identity, ())]
        allowed = doc.data.get("profiling") != "opted out" and not doc.data.get("mergedInto")
        tags = [tag.to_doc() for tag in model_tags(texts, doc.data.get("psyche") if allowed else None, as_of)]
        if tags != (doc.data.get("modelTags") or []):
            groups.append(Group((doc.path,), partial(_tag, path=doc.path, tags=tags, now=world.clock())))
            changed.append(doc.id)
    for failure in settle_groups(world.store, groups):
        if failure is not None:
            log.failure("customer not tagged", failure)
    return len(changed)


def _tag(docs: ReadSet, path: str, tags: list[Data], now: datetime) -> list[Write]:
    held = docs[path]
    if held is None or (held.data.get("modelTags") or []) == tags:
        return []
    return [Update(path, {"modelTags": tags}, held.update_time)]


def _frustrated(customer: Data, as_of: datetime) -> bool:
    frustration = (customer.get("psyche") or {}).get("frustration")
    if not frustration or customer.get("mergedInto"):
        return False
    return not frustration["settled"] and as_of - frustration["at"] < timedelta(days=30)


def _cases(world: World, customers: Sequence[Doc]) -> None:
    """One case a text that frustrated; a case that was closed stays closed."""
    for doc in customers:
        frustration = doc.data["psyche"]["frustration"]
        path = f"cases/{stable_id('case', doc.id, 'frustrated', frustration['feedbackId'])}"
        day = f"{frustration['at']:%Y-%m-%d}"
        case = Case(
            customer_id=doc.id,
            kind="frustrated",
            reason=Localized(
                en=f"Angry or disappointed words on {day}, and nothing good since",
                zh=f"{day} 的话语带有愤怒或失望，此后没有好转",
            ),
            feedback_id=frustration["feedbackId"],
            opened_at=frustration["at"],
            sample=bool(doc.data.get("sample")),
            updated_at=world.clock(),
        )

        def open_(docs: ReadSet, path: str = path, case: Case = case) -> list[Write]:
            return [] if docs[path] else [Create(path, case.to_doc())]

        if settle(world.store, [path], open_):
            _tell(world, "frustrated", doc.id, frustration["at"], world.clock())


def _tell(world: World, kind: Any, customer: str, at: datetime, as_of: datetime) -> None:
    """An offer event with an id of its own for the happening: told again it is the same event."""
    world.bus.publish(
        "offer-events",
        OfferEvent(
            id=stable_id(kind, customer, at.isoformat()),
            kind=kind,
            at=at,
            customer_id=customer,
            historic=as_of - at > FRESH,
        ),
    )
