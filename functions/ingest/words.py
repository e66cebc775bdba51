"""The customer's words into documents; of a person who is to be forgotten only the rating and the moment stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.ingest.identity import record_id
from schema.clock import of_milliseconds
from schema.records import FeedbackRecord
from schema.store import Delete, Put, copied

if TYPE_CHECKING:
    from functions.ingest.customer import CustomerState
    from functions.ingest.plan import Planner

Data = dict[str, Any]
ERASED = "[erased]"
"""What stands in place of words that were to be forgotten."""


def take(planner: Planner, record: FeedbackRecord) -> None:
    """Take in a text."""
    identity = record_id(planner.connection, "feedback", record.id)
    path = f"feedback/{identity}"
    person = planner.person(record.person.key) if record.person else None
    new: Data = {
        "customerId": person.identity if person else None,
        "connectionId": planner.connection,
        "platform": planner.setting.origin.platform,
        "externalId": None if record.generated_id else record.id,
        "kind": record.words,
        "at": record.at,
        "productId": record_id(planner.connection, "product", record.product) if record.product else None,
        "productTitle": record.product_title or record.product,
        "title": record.title,
        "text": record.text,
        "rating": record.rating,
        "language": record.language,
    }
    new = planner.versioned(new, record) | {"bulk": planner.setting.origin.bulk}
    if person and forgotten(person, record.version):
        new |= {"title": None, "text": ERASED}
    held = planner.current(path)
    if planner.imported_again(held, new, record.version):
        return
    if person and record.person:
        when = record.at or of_milliseconds(record.version)
        planner.fold(person, record.person, when, record.version)
        person.known_since(when, record.version, planner.setting.created_by)
    old = copied(held)
    taken = planner.settle(path, held, new, record.version)
    if not taken and old and old["text"] == ERASED != new["text"] and planner.says(path, new, record.version):
        # The same words, said again after the person was forgotten: they are new words.
        planner.held[path] = {**old, "sourceVersion": record.version, "title": new["title"], "text": new["text"]}
        taken = True
    if not taken:
        return
    if old is not None and old["customerId"] and old["customerId"] != new["customerId"]:
        planner.person_by_id(old["customerId"]).count_words(old, None)
        if person:
            person.count_words(None, new)
    elif person:
        person.count_words(old if old and old["customerId"] else None, new)
    line = f"events/f-{identity}"
    if person and record.at is not None:
        planner.outputs[line] = Put(line, _line(planner, new, path))
    elif old and old["at"]:
        planner.outputs[line] = Delete(line)


def forgotten(person: CustomerState, version: int) -> bool:
    """Whether what was said at `version` is to be forgotten."""
    until = person.source.get("redactedVersion")
    return until is not None and version <= until


def _line(planner: Planner, words: Data, path: str) -> Data:
    shown = None if words["text"] == ERASED else (words["title"] or words["text"])[:120] or None
    return {
        "customerId": words["customerId"],
        "kind": "feedback",
        "channel": planner.channel,
        "at": words["at"],
        "title": shown,
        "amount": None,
        "currency": None,
        "ref": path,
        "session": None,
        "url": None,
        "properties": {},
        "sourceVersion": 0,
        "historic": planner.historic(words["at"]),
        "sample": planner.setting.origin.sample,
    }
