"""The night's findings, tags from words, early warning and care cases. Run twice, it writes the same once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from ml.insights import candidates
from ml.insights.candidates import Candidate
from ml.insights.evidence import Evidence, roots
from ml.insights.risk import earlier_weeks
from ml.insights.statistics import beyond_noise
from ml.insights.tags import LONGEST, Said, model_tags
from ml.insights.topic_moods import write_topics
from ml.insights.words import heard_of, heard_since
from schema import log
from schema.base import Localized
from schema.flow import World, stable_id
from schema.intelligence import Case, Insight, InsightPeriod
from schema.records import OfferEvent
from schema.store import (
    Create,
    Data,
    Delete,
    Doc,
    Group,
    Query,
    ReadSet,
    Update,
    Write,
    get,
    pages,
    settle,
    settle_groups,
)

MOST = 7
SPAN = timedelta(days=120)
FRESH = timedelta(hours=24)
"""What is older starts no offer (history never does)."""
WARNED = timedelta(days=7)
HUSHED = timedelta(days=28)
"""How long a dismissed subject stays out of sight while it is no bigger."""
GREW = 1.5
"""By this much it has to have grown to be told again sooner."""
PAGE = 300
CUSTOMER = ("aliases", "psyche", "modelTags", "mergedInto", "profiling", "sample")


def findings(world: World, as_of: datetime) -> int:
    """Find 3 to 7 things worth knowing, fewer where the data carry fewer; returns how many stand."""
    store = world.store
    shop = get(store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    currency = str((shop.data.get("currency") if shop else None) or "USD")
    joined = roots(store)
    # Accounts that came together are one voice.
    texts = [
        replace(one, customer_id=joined.get(one.customer_id, one.customer_id)) if one.customer_id else one
        for one in heard_since(store, as_of - SPAN, as_of, real)
    ]
    write_topics(store, texts)
    found = candidates.moods(texts, as_of) + candidates.products(texts, as_of)
    crossed = [customer for customer, _ in _crossed(world, as_of, real)]
    found += _segments(world) + candidates.risk(crossed, earlier_weeks(store, as_of, len(crossed)), as_of)
    behaviour = get(store, "metrics/behaviour")
    if behaviour:
        found += candidates.trends(behaviour.data["trends"], as_of, currency)
    held = store.get_many([_path(one) for one in found])
    hushed = {one.subject for one in found if _hushed(held[_path(one)], one, as_of)}
    pointer = get(store, "config/segmentation")
    evidence = Evidence(store, texts, joined, int(pointer.data["active"]) if pointer else 0, real)
    kept = [evidence.behind(one) for one in chosen(found, hushed)]
    sample = bool(shop and shop.data.get("sample") and not real)
    groups = []
    for one in kept:
        write = partial(_insight, path=_path(one), one=one, as_of=as_of, now=world.clock(), sample=sample)
        groups.append(Group((_path(one),), write))
    stand = {group.paths[0] for group in groups}
    for doc in store.query(Query("insights", where=(("status", "==", "new"),))):
        if doc.path not in stand:
            groups.append(Group((doc.path,), partial(_withdraw, path=doc.path, now=world.clock())))
    for failure in settle_groups(store, groups):
        if failure is not None:
            log.failure("insight not written", failure)
    return len(kept)


def chosen(found: Sequence[Candidate], hushed: Collection[str] = ()) -> list[Candidate]:
    """Those beyond the noise, the strongest first, one a subject, at most seven and at most three of a kind.

    Args:
        hushed: subjects that were dismissed; a product among them is not told of in other words either.
    """
    passed = [one for one, keep in zip(found, beyond_noise([one.change.p for one in found]), strict=True) if keep]
    kinds: dict[str, int] = defaultdict(int)
    products = {one.product_id for one in found if one.product_id and one.subject in hushed}
    kept: list[Candidate] = []
    for one in sorted(passed, key=lambda one: (-one.change.strength, one.subject)):
        if one.subject in hushed or one.product_id in products:
            continue
        if kinds[one.kind] < 3 and len(kept) < MOST:
            kinds[one.kind] += 1
            products |= {one.product_id} if one.product_id else set()
            kept.append(one)
    return kept


def _path(one: Candidate) -> str:
    """One document a subject: what was said of it holds on the next night too."""
    return f"insights/{stable_id('insight', one.subject)}"


def _same_way(held: Data, one: Candidate) -> bool:
    return bool(held["value"] > held["before"]) == (one.change.difference > 0)


def _hushed(held: Doc | None, one: Candidate, as_of: datetime) -> bool:
    """Whether the subject was dismissed lately, and is no other story and no much bigger one since.

    A dismissed insight is left as it was when it was dismissed: its day and its size are those that somebody saw.
    """
    if held is None or held.data["status"] != "dismissed" or not _same_way(held.data, one):
        return False
    size = abs(held.data["value"] - held.data["before"])
    return as_of.date() - date.fromisoformat(held.data["day"]) < HUSHED and abs(one.change.difference) < GREW * size


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
    if _hushed(held, one, as_of):
        return []
    status = held.data["status"]
    if not _same_way(held.data, one):
        # What was said of the opposite was not said of this.
        return [Update(path, made, held.update_time)]
    kept = {"useful": held.data["useful"], "createdAt": held.data["createdAt"] if status == "new" else now}
    if status == "new":
        kept["decidedBy"] = held.data["decidedBy"]
    fresh = {**made, **kept}
    same = all(held.data.get(name) == value for name, value in fresh.items() if name != "updatedAt")
    return [] if same else [Update(path, fresh, held.update_time)]


def _withdraw(docs: ReadSet, path: str, now: datetime) -> list[Write]:
    """What is not beyond the noise any more goes; what somebody judged is kept out of sight."""
    held = docs[path]
    if held is None or held.data["status"] != "new":
        return []
    if held.data["useful"] is None:
        return [Delete(path, held.update_time)]
    return [Update(path, {"status": "past", "updatedAt": now}, held.update_time)]


def _segments(world: World) -> list[Candidate]:
    """The version in force against an older one of the same cut: after a new search the groups are others.

    A week before, where the cut is as old; else its first version, if that is a day older at least.
    """
    pointer = get(world.store, "config/segmentation")
    active = int(pointer.data["active"]) if pointer else 0
    if not active:
        return []
    query = Query(
        "segmentations", where=(("version", "<=", active),), order_by=(("version", "desc"),), limit=40,
        select=("version", "createdAt", "searchedAt", "asOf", "sizes", "status"),
    )  # fmt: skip
    versions = list(world.store.query(query))
    now = next((doc for doc in versions if doc.data["version"] == active), None)
    if now is None:
        return []
    cut = [
        doc
        for doc in versions
        if doc.data.get("status", "published") == "published"
        and (doc.data.get("searchedAt") or doc.data["createdAt"])
        == (now.data.get("searchedAt") or now.data["createdAt"])
        and now.data["asOf"] - doc.data["asOf"] >= timedelta(days=1)
    ]
    if not cut:
        return []
    before = next((doc for doc in cut if now.data["asOf"] - doc.data["asOf"] >= timedelta(days=6)), cut[-1])
    period = InsightPeriod(
        start=before.data["asOf"],
        end=now.data["asOf"],
        before_start=before.data["asOf"],
        before_end=before.data["asOf"],
    )
    cards = world.store.get_many([f"segments/{row['segmentId']}" for row in now.data["sizes"]])
    names = {doc.id: Localized.model_validate(doc.data["name"]) for doc in cards.values() if doc}
    return candidates.segments(now.data["sizes"], before.data["sizes"], period, names, int(before.data["version"]))


def _crossed(world: World, as_of: datetime, real: bool) -> list[tuple[str, datetime]]:
    """Whose risk rose over the threshold in the last seven days and is high still, and when it last rose."""
    query = Query(
        "customers",
        where=(("predictions.crossedAt", ">", as_of - WARNED),),
        order_by=(("predictions.crossedAt", "desc"),),
        select=("predictions.crossedAt", "predictions.churnTier", "sample", "mergedInto"),
    )
    return [
        (doc.id, doc.data["predictions"]["crossedAt"])
        for doc in world.store.query(query)
        if doc.data["predictions"]["churnTier"] == "high"
        and not doc.data.get("mergedInto")
        and not (real and doc.data.get("sample"))
    ]


def warnings(world: World, as_of: datetime) -> int:
    """Tags from words for everybody, an offer event for whose risk rose, a case for who is frustrated."""
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    said: dict[str, list[Said]] = defaultdict(list)
    for one in heard_since(world.store, as_of - LONGEST, as_of, real):
        if one.customer_id:
            said[one.customer_id].append(one.said())
    written = 0
    for page in pages(world.store, Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=CUSTOMER)):
        written += _tagged(world, page, said, as_of)
        _cases(world, [doc for doc in page if _frustrated(doc.data, as_of) and not (real and doc.data.get("sample"))])
    for customer, at in _crossed(world, as_of, real):
        _tell(world, "risk_rose", customer, at)
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
            _tell(world, "frustrated", doc.id, frustration["at"])


def _tell(world: World, kind: Any, customer: str, at: datetime) -> None:
    """An offer event with an id of its own for the happening: told again it is the same event.

    Whether it is history is asked of the clock: where data ended long ago, the moment they are looked at stands still.
    """
    world.bus.publish(
        "offer-events",
        OfferEvent(
            id=stable_id(kind, customer, at.isoformat()),
            kind=kind,
            at=at,
            customer_id=customer,
            historic=world.clock() - at > FRESH,
        ),
    )
