"""Tags that members give: to chosen customers, or to all that a filter finds, page by page; with what an undo needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from functions.access.audit import Actor, entry
from functions.access.calls import EDITOR, Actions, Call
from functions.access.errors import Refused
from functions.ingest.customer import need
from functions.people.arguments import chosen_ids, tags
from functions.people.listing import matching, page, pointer_of, read_filter
from schema import log
from schema.flow import World, stable_id
from schema.records import CustomersChanged
from schema.store import Create, Data, Group, Put, ReadSet, Update, Write, settle_groups

PAGE = 200
MOST_TAGS = 50


@dataclass(frozen=True)
class Change:
    """What is asked for of each customer, and by whom."""

    actor: Actor
    add: tuple[str, ...]
    remove: tuple[str, ...]
    at: datetime


@dataclass
class Done:
    """What happened: by customer the tags that were really added and really removed."""

    by_customer: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    """Customers with too many tags already: left as they were."""
    failed: int = 0
    """Customers that could not be written; trying again may help."""

    def inverse(self) -> list[Data]:
        """The calls that take it back, one for customers to whom the same happened."""
        alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for customer, happened in self.by_customer.items():
            alike.setdefault(happened, []).append(customer)
        return [
            {"customerIds": ids, "add": list(removed), "remove": list(added)} for (added, removed), ids in alike.items()
        ]


def tag(call: Call) -> Data:
    """Add and remove tags. With `filter` one page of customers a call; `next` continues it.

    Returns:
        changed: customers that were changed; full: customers that hold too many tags; failed: customers that could not
        be written; next: the next page or null; undo: the calls that take it back.
    """
    add, remove = tags(call.args, "add"), tags(call.args, "remove")
    if not add and not remove:
        raise Refused("add", "add", "Name a tag to add or to remove.", "请填写要添加或移除的标签。")
    if set(add) & set(remove):
        raise Refused("remove", "remove", "A tag is either added or removed.", "同一标签不能既添加又移除。")
    change = Change(call.actor, tuple(add), tuple(remove), call.world.clock())
    after = call.args.get("after")
    if "customerIds" in call.args:
        ids, following = chosen_ids(call.args), None
        asked: Data = {"customers": len(ids)}
    else:
        wanted = read_filter(call.args)
        pointer = pointer_of(call.world)
        # By id, not by the list's order: tagging moves a customer in a list that is sorted by the last change.
        found, following = page(call.world, wanted, pointer, None, None if after is None else str(after), PAGE)
        ids = [doc.id for doc in found if wanted.holds(doc.data, pointer.active)]
        # A later page has an entry of its own: nobody can know that the first one was ever asked for.
        page_of: Data = (
            {"matching": matching(call.world, wanted, pointer)} if after is None else {"from": next(iter(ids), None)}
        )
        asked = {"filter": wanted.told(), **page_of}
    done = apply(call.world, change, ids, asked, always="matching" in asked)
    return {
        "changed": len(done.by_customer),
        "full": len(done.full),
        "failed": done.failed,
        "next": following,
        "undo": done.inverse(),
    }


def apply(world: World, change: Change, ids: Sequence[str], asked: Data, always: bool = False) -> Done:
    """Change the tags of customers; each of them whole or not at all.

    Args:
        asked: what the audit entry says, which is in every commit of the change.
        always: an entry also where nobody was changed.
    """
    done = Done()
    groups = [Group(tuple(_paths(one)), partial(_plan, customer=one, change=change, done=done)) for one in ids]
    told = {**asked, "added": list(change.add), "removed": list(change.remove)}
    audit = entry(change.actor, change.at, "people.tag", "customers", {}, told)

    def marks(writes: object) -> list[Write]:
        return [Put(audit.path, audit.data)]

    for one, failure in zip(ids, settle_groups(world.store, groups, marks=marks), strict=True):
        if failure is not None:
            done.by_customer.pop(one, None)
            done.full.discard(one)
            done.failed += 1
            log.failure("customer not tagged", failure)
    changed = sorted(done.by_customer)
    if always and not changed:
        # The first page changed nobody, a later one may.
        world.store.commit(marks(()))
    if changed:
        world.bus.publish("customers-changed", CustomersChanged(ids=changed, fields=["tags"]))
    return done


def _plan(docs: ReadSet, customer: str, change: Change, done: Done) -> list[Write]:
    base_path, manual_path = _paths(customer)
    base = docs[base_path]
    done.by_customer.pop(customer, None)
    done.full.discard(customer)
    if base is None or base.data.get("mergedInto"):
        return []
    held = base.data["tags"]["manual"]
    tagged = sorted(({*held} | set(change.add)) - set(change.remove))
    if tagged == sorted(held):
        return []
    if len(tagged) > MOST_TAGS:
        done.full.add(customer)
        return []
    writes: list[Write] = [
        Update(base_path, {"tags.manual": tagged, "updatedAt": change.at}, base.update_time),
        _event(customer, change, bool(base.data["sample"])),
    ]
    # The customer's own edits hold the tag; an account that was joined may hold it too, and must then lose it as well.
    held_at = (manual_path, *(_paths(one)[1] for one in base.data["aliases"]))
    # All at once: a plan may ask only a few times, and there may be 29 of them.
    need(docs, held_at)
    for path in held_at:
        manual = docs[path]
        own = manual.data.get("tags") or [] if manual else []
        kept = sorted((({*own} | set(change.add)) if path == manual_path else {*own}) - set(change.remove))
        if kept == sorted(own):
            continue
        if manual is None:
            writes.append(Create(path, {**_BLANK, "tags": kept, "updatedBy": change.actor.uid}))
        else:
            writes.append(Update(path, {"tags": kept, "updatedBy": change.actor.uid}, manual.update_time))
    done.by_customer[customer] = (tuple(sorted({*tagged} - {*held})), tuple(sorted({*held} - {*tagged})))
    return writes


_BLANK: Data = dict.fromkeys(("name", "email", "phone", "country", "language", "note"))


def _event(customer: str, change: Change, sample: bool) -> Put:
    """The line of the customer's timeline."""
    identity = stable_id("tag", customer, change.actor.uid, change.at.isoformat(), change.add, change.remove)
    return Put(
        f"events/p-{identity}",
        {
            "customerId": customer,
            "kind": "profile",
            "channel": "console",
            "at": change.at,
            "title": "tags",
            "amount": None,
            "currency": None,
            "ref": None,
            "session": None,
            "url": None,
            "properties": {},
            "sourceVersion": 0,
            "historic": False,
            "sample": sample,
        },
    )


def _paths(customer: str) -> list[str]:
    return [f"customers/{customer}", f"customers/{customer}/sources/manual"]


ACTIONS: Actions = {"people.tag": (EDITOR, tag)}
