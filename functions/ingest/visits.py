"""Events of a customer's own: visits, searches, sign-ups, sales at the till."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.ingest.hashing import content_hash
from functions.ingest.identity import record_id
from functions.ingest.words import forgotten
from schema.records import EventRecord

if TYPE_CHECKING:
    from functions.ingest.plan import Planner

Data = dict[str, Any]
PERSONAL: Data = {"title": None, "session": None, "url": None, "properties": {}}
"""What an event may say of a person beside that it happened, as it stands when the person is forgotten."""


def path_of(connection: str, external: str) -> str:
    """Where an event's document is."""
    return f"events/e-{record_id(connection, 'event', external)}"


def take(planner: Planner, record: EventRecord) -> None:
    """Take in an event."""
    person = planner.person(record.person.key)
    path = path_of(planner.connection, record.id)
    planner.fold(person, record.person, record.at, record.version)
    person.known_since(record.at, record.version, planner.setting.created_by)
    person.saw(record.at)
    new: Data = {
        "customerId": person.identity,
        "kind": record.event,
        "channel": record.channel,
        "at": record.at,
        "title": record.title,
        "amount": None,
        "currency": None,
        "ref": f"products/{record_id(planner.connection, 'product', record.product)}" if record.product else None,
        "session": record.session,
        "url": record.url,
        "properties": record.properties,
        "sourceVersion": record.version,
        "historic": planner.historic(record.at),
        "sample": planner.setting.origin.sample,
    }
    if forgotten(person, record.version):
        new |= PERSONAL
    old = planner.current(path)
    if old is not None and _rank(new) <= _rank(old):
        planner.outcome.unchanged += 1
        return
    if old is not None:
        planner.person_by_id(old["customerId"]).count_events(-1)
    planner.held[path] = new
    person.count_events(1)
    planner.outcome.updated += old is not None
    planner.outcome.created += old is None


def _rank(event: Data) -> tuple[int, str, str]:
    """The personal part decides last, so that forgetting it changes no other decision."""
    plain = {name: value for name, value in event.items() if name != "historic" and name not in PERSONAL}
    personal = {name: event.get(name, nothing) for name, nothing in PERSONAL.items()}
    return event["sourceVersion"], content_hash(plain), content_hash(personal)
