"""Taking one message of records in: group by customer, plan, commit in few batches, tell who changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from functions.ingest.erase import forget_words
from functions.ingest.identity import customer_id, record_id
from functions.ingest.plan import about, paths_of, plan, subject
from functions.ingest.resolve import resolve
from functions.ingest.setting import Outcome, Setting
from functions.ingest.sieving import sift
from schema import log
from schema.flow import Failed, World, stable_id
from schema.records import CustomersChanged, Origin, PlatformEvents, Record, Texts
from schema.store import Group, Merge, Put, ReadSet, Write, get, settle_groups

ANNOUNCED = 500
"""Customers that one message names at most."""
TEXTS = 200
"""Texts that one message names at most."""


@dataclass
class Intake:
    """What one message did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    without_customer: int = 0
    """Texts that belong to a product only."""
    set_aside: int = 0
    """Records that a cleaning rule kept out."""
    failed: list[Failed] = field(default_factory=list)


def shop_setting(world: World, origin: Origin) -> Setting:
    """Currency, zone and rates of the shop as they are now: one read a message."""
    shop = get(world.store, "settings/shop")
    data = shop.data if shop else {}
    return Setting(
        origin=origin,
        identity_key=world.identity_key,
        currency=data.get("currency") or "USD",
        zone=ZoneInfo(data.get("zone") or "UTC"),
        rates=data.get("rates") or {},
        now=world.clock(),
        real=bool(data.get("real")),
        sample=bool(data.get("sample")),
        cleaning=data.get("cleaning") or {},
    )


def take_in(world: World, message: PlatformEvents) -> Intake:
    """Write a message's records.

    Records of one customer are never split over batches; a record that cannot be digested harms no other. Afterwards
    `customers-changed` names every customer of the message, also when a replay changed nothing.
    """
    setting = shop_setting(world, message.origin)
    result = Intake()
    if message.origin.sample and not setting.sample:
        # A late message of a sample shop that was removed: it must not come back.
        return result
    grouped: dict[str, list[tuple[Record, dict[str, Any]]]] = {}
    sifted = sift(world, message, setting)
    result.set_aside = sifted.set_aside
    result.failed.extend(_alone(message, raw, reason) for raw, reason in sifted.refused)
    for record, raw in sifted.kept:
        account = about(record)
        result.without_customer += record.kind == "feedback" and account is None
        key = f"c:{account}" if account else f"r:{subject(record, setting)[-1]}"
        grouped.setdefault(key, []).append((record, raw))

    outcomes: list[Outcome] = []
    groups: list[Group] = []
    for members in grouped.values():
        outcome = Outcome()
        records = [record for record, _ in members]
        paths = tuple(dict.fromkeys(path for record in records for path in paths_of(record, setting)))
        outcomes.append(outcome)
        groups.append(Group(paths, _planner(records, setting, outcome)))

    done: list[Outcome] = []
    failures = settle_groups(world.store, groups, marks=lambda writes: _marks(writes, setting, message, outcomes))
    for members, outcome, failure in zip(grouped.values(), outcomes, failures, strict=True):
        if failure is None:
            done.append(outcome)
        elif len(members) == 1:
            log.failure("record failed", failure, kind=members[0][0].kind)
            result.failed.append(_alone(message, members[0][1], type(failure).__name__))
        else:
            # One bad record must not keep a customer's others out: each alone.
            for record, raw in members:
                one = Outcome()
                single = Group(tuple(paths_of(record, setting)), _planner([record], setting, one))
                marks = partial(_marks, setting=setting, message=message, outcomes=[one])
                [again] = settle_groups(world.store, [single], marks=marks)
                if again is None:
                    done.append(one)
                else:
                    log.failure("record failed", again, kind=record.kind)
                    result.failed.append(_alone(message, raw, type(again).__name__))

    for outcome in done:
        result.created += outcome.created
        result.updated += outcome.updated
        result.unchanged += outcome.unchanged
    forget_words(world, message.origin, [record for record, _ in sifted.kept])
    _resolve(world, message, {one for outcome in done for one in outcome.unresolved})
    accounts = {
        customer_id(world.identity_key, message.origin.connection_id, key[2:]) for key in grouped if key[0] == "c"
    }
    announce(world, message, accounts.union(*(outcome.customers for outcome in done)))
    _words(world, message, list(zip(grouped.values(), outcomes, strict=True)))
    return result


def _words(
    world: World, message: PlatformEvents, groups: Sequence[tuple[Sequence[tuple[Record, dict[str, Any]]], Outcome]]
) -> None:
    """Have the words read that no trigger reads: those of a bulk job, and those that were put otherwise."""
    said = sorted(
        {
            record_id(message.origin.connection_id, "feedback", record.id)
            for members, outcome in groups
            if message.origin.bulk or outcome.updated
            for record, _ in members
            if record.kind == "feedback"
        }
    )
    for first in range(0, len(said), TEXTS):
        world.bus.publish("texts", Texts(ids=said[first : first + TEXTS], historic=message.origin.bulk))


def _resolve(world: World, message: PlatformEvents, accounts: set[str]) -> None:
    """Who is one person, for accounts whose claims changed; what does not succeed now the sweep finds by its mark."""
    try:
        resolve(world, accounts, historic=message.origin.bulk)
    except Exception as error:
        log.failure("identity left to the sweep", error, accounts=len(accounts))


def announce(world: World, message: PlatformEvents, accounts: set[str]) -> None:
    """Tell the other codebases which customers to look at again: accounts, and the customers that they belong to."""
    ids = sorted(accounts)
    for first in range(0, len(ids), ANNOUNCED):
        told = CustomersChanged(ids=ids[first : first + ANNOUNCED], historic=message.origin.bulk)
        world.bus.publish("customers-changed", told)


def _planner(records: Sequence[Record], setting: Setting, outcome: Outcome) -> Any:
    def run(docs: ReadSet) -> list[Write]:
        return plan(records, docs, setting, outcome)

    return run


def _marks(
    writes: Sequence[Write], setting: Setting, message: PlatformEvents, outcomes: Sequence[Outcome]
) -> list[Write]:
    """What has to be recounted because of a batch, written in the same commit: figures follow documents, not events."""
    if not writes:
        return []
    days = sorted({day for outcome in outcomes for day in outcome.days})
    marks: list[Write] = [
        Put(f"dirty/{stable_id(*sorted(write.path for write in writes))}", {"at": setting.now, "days": days})
    ]
    if not message.origin.sample and not setting.real:
        marks.append(Merge("settings/shop", {"real": True}))
    return marks


def _alone(message: PlatformEvents, raw: dict[str, Any], error: str) -> Failed:
    body = PlatformEvents(origin=message.origin, records=[raw]).to_json()
    return Failed(body, error)
