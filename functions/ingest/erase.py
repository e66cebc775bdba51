"""An account that its platform deleted, or a person to be forgotten.

The account's source keeps the version at which that was said: nothing that was true before it is taken in again,
however late it comes. Contact data, names and addresses go with either; with a request to forget (`redact`) also what
members typed, the words, and what the timeline quotes. Orders, ratings and moments stay: they are statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from functions.ingest import profile
from functions.ingest.claims import storefront_path
from functions.ingest.erase_waiting import groups_of
from functions.ingest.explore import true_claims
from functions.ingest.identity import customer_id
from functions.ingest.links import link_path
from functions.ingest.visits import PERSONAL
from functions.ingest.words import ERASED
from schema.clock import milliseconds
from schema.flow import World
from schema.records import DeletedRecord, Origin, Person, Record, Texts
from schema.store import Delete, Doc, Group, Query, ReadSet, Update, Write, get, settle_groups

if TYPE_CHECKING:
    from functions.ingest.customer import CustomerState
    from functions.ingest.plan import Planner

Data = dict[str, Any]
PAGE = 200
_CLAIM = "claim:"
_TYPED = ("name", "email", "phone", "country", "language", "note")


def over(source: Data, at: datetime) -> bool:
    """Whether what was true at `at` was erased."""
    until = source.get("erasedVersion")
    return until is not None and milliseconds(at) <= until


def take(planner: Planner, record: DeletedRecord) -> None:
    """Erase a customer's account up to the record's version."""
    person = planner.person(record.id)
    before = dict(person.source)
    _later(person.source, "erasedVersion", record.version)
    if record.redact:
        _later(person.source, "redactedVersion", record.version)
    if person.source == before:
        planner.outcome.unchanged += 1
        return
    _forget_profile(person.source)
    person.account = person.source["externalId"]
    if record.redact:
        _forget_typed(planner, person)
    planner.outcome.updated += 1


def _later(source: Data, name: str, version: int) -> None:
    source[name] = max(version, source.get(name) or version)


def date_claims(source: Data, said: Person, at: datetime, version: int) -> None:
    """Note when identities were last stated, so that an erasure takes those before it whenever it comes."""
    for one in said.identities:
        name = _claim(one.kind, one.value)
        source["ranks"][name] = max([milliseconds(at), version], source["ranks"].get(name) or [])
    kept = {_claim(one["kind"], one["value"]) for one in source["identities"]}
    source["ranks"] = {
        name: rank for name, rank in source["ranks"].items() if not name.startswith(_CLAIM) or name in kept
    }


def _claim(kind: str, value: str) -> str:
    return f"{_CLAIM}{kind}:{value}"[:200]


def _forget_profile(source: Data) -> None:
    until = source["erasedVersion"]
    for name in (*profile.FIELDS, "tags"):
        rank = source["ranks"].get(name)
        if rank is not None and rank[0] <= until:
            source[name] = [] if name == "tags" else None
            source["ranks"] = {held: value for held, value in source["ranks"].items() if held != name}
    source["identities"] = [
        one for one in source["identities"] if source["ranks"].get(_claim(one["kind"], one["value"]), [0])[0] > until
    ]
    kept = {_claim(one["kind"], one["value"]) for one in source["identities"]}
    source["ranks"] = {
        name: rank for name, rank in source["ranks"].items() if not name.startswith(_CLAIM) or name in kept
    }
    source["listed"] = None
    if source.get("redactedVersion") is not None:
        # The key itself may be an address.
        source["externalId"] = ""


def _forget_typed(planner: Planner, person: CustomerState) -> None:
    path = f"customers/{person.identity}/sources/manual"
    typed = planner.docs[path]
    if typed is None or not person.manual:
        return
    person.manual = person.manual | dict.fromkeys(_TYPED)
    planner.outputs[path] = Update(path, dict.fromkeys(_TYPED), typed.update_time)


def forget_words(world: World, origin: Origin, records: Sequence[Record]) -> int:
    """Replace what is kept of people who are to be forgotten; after their sources say so. Returns how many documents.

    Their words, what their visits say beside that they happened, members' notes and reasons, what the trail quotes, and
    records and messages that wait set aside or after a failure.
    """
    people: dict[str, int] = {}
    for record in records:
        if isinstance(record, DeletedRecord) and record.what == "customer" and record.redact:
            people[record.id] = max(record.version, people.get(record.id, 0))
    if not people:
        return 0
    forgotten = 0
    for key, until in people.items():
        groups = _of_person(world, customer_id(world.identity_key, origin.connection_id, key), until)
        forgotten += _settled(world, groups)
        said = [path.split("/")[1] for group in groups for path in group.paths if path.startswith("feedback/")]
        for start in range(0, len(said), PAGE):
            # The mood that was read in them is folded anew without them.
            world.bus.publish("texts", Texts(ids=said[start : start + PAGE], historic=True))
    return forgotten + _settled(world, groups_of(world, origin, people))


def _settled(world: World, groups: Sequence[Group]) -> int:
    for start in range(0, len(groups), PAGE):
        for failure in settle_groups(world.store, groups[start : start + PAGE]):
            if failure is not None:
                raise failure
    return len(groups)


def _of_person(world: World, identity: str, until: int) -> list[Group]:
    """What is kept of an account in documents of its own."""
    groups: list[Group] = []
    for collection in ("feedback", "events"):
        for doc in world.store.query(Query(collection, where=(("customerId", "==", identity),))):
            if _cleared(doc.path, doc.data, until) is not None:
                plan = partial(_clear, path=doc.path, customer=identity, until=until)
                groups.append(Group((doc.path,), plan))
    for note in world.store.query(Query(f"customers/{identity}/notes")):
        if milliseconds(note.data["at"]) <= until and note.data["text"] != ERASED:
            groups.append(Group((note.path,), partial(_blank, path=note.path)))
    for case in world.store.query(Query("cases", where=(("customerId", "==", identity),))):
        if milliseconds(case.data["openedAt"]) <= until:
            groups.append(Group((case.path,), partial(_deleted, path=case.path)))
    return groups + _of_decisions(world, identity, until)


def _deleted(docs: ReadSet, path: str) -> list[Write]:
    held = docs[path]
    return [Delete(path, held.update_time)] if held else []


def _of_decisions(world: World, identity: str, until: int) -> list[Group]:
    """What the trail quotes in masked form, and members' reasons: that somebody was joined or parted stays."""
    groups = [
        Group((entry.path,), partial(_emptied, path=entry.path, name="evidence", nothing=[]))
        for entry in world.store.query(Query(f"customers/{identity}/trail"))
        if milliseconds(entry.data["at"]) <= until and entry.data["evidence"]
    ]
    others = true_claims(get(world.store, storefront_path(world.identity_key, identity)))
    links = world.store.get_many(link_path(identity, other) for other in others if other != identity)
    for path, held in links.items():
        if held and held.data["reason"] and milliseconds(held.data["at"]) <= until:
            groups.append(Group((path,), partial(_emptied, path=path, name="reason", nothing=None)))
    return groups


def _emptied(docs: ReadSet, path: str, name: str, nothing: object) -> list[Write]:
    held = docs[path]
    return [Update(path, {name: nothing}, held.update_time)] if held else []


def _blank(docs: ReadSet, path: str) -> list[Write]:
    note = docs[path]
    return [Update(path, {"text": ERASED, "deleted": True}, note.update_time)] if note else []


def _clear(docs: ReadSet, path: str, customer: str, until: int) -> list[Write]:
    doc: Doc | None = docs[path]
    if doc is None or doc.data["customerId"] != customer:
        return []
    fields = _cleared(path, doc.data, until)
    if fields is None:
        return []
    writes: list[Write] = [Update(path, fields, doc.update_time)]
    if path.startswith("feedback/"):
        # What a model read in the words goes with them; the mood is folded anew from what is left.
        writes.append(Delete(f"emotions/{doc.id}"))
        line = docs[f"events/f-{doc.id}"]
        if line is not None:
            writes.append(Update(line.path, {"title": None}, line.update_time))
    return writes


def _cleared(path: str, data: Data, until: int) -> Data | None:
    """The fields to replace, or None when there is nothing (any more)."""
    if path.startswith("feedback/"):
        said = data["sourceVersion"] <= until and data["text"] != ERASED
        return {"title": None, "text": ERASED} if said else None
    if path.startswith("events/e-"):
        said = data["sourceVersion"] <= until and any(data.get(name) != empty for name, empty in PERSONAL.items())
        return dict(PERSONAL) if said else None
    return None
