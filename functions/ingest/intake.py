"""Taking one message of records in: group by customer, plan, commit in few batches, tell who changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.ingest.identity import customer_id
from functions.ingest.plan import about, paths_of, plan
from functions.ingest.setting import Outcome, Setting
from schema import log
from schema.flow import Failed, World, stable_id
from schema.records import RECORD, CustomersChanged, Origin, PlatformEvents, Record
from schema.store import Group, Merge, Put, ReadSet, Write, get, settle_groups


@dataclass
class Intake:
    """What one message did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    without_customer: int = 0
    """Texts that belong to a product only."""
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
    for raw in message.records:
        try:
            record = RECORD.validate_python(raw)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            reason = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
            result.failed.append(_alone(message, raw, reason))
            continue
        account = about(record)
        result.without_customer += record.kind == "feedback" and account is None
        key = f"c:{account}" if account else f"r:{record.kind}:{getattr(record, 'id', '')}"
        grouped.setdefault(key, []).append((record, raw))

    outcomes: list[Outcome] = []
    groups: list[Group] = []
    for members in grouped.values():
        outcome = Outcome()
        records = [record for record, _ in members]
        paths = tuple(dict.fromkeys(path for record in records for path in paths_of(record, setting)))
        outcomes.append(outcome)
        groups.append(Group(paths, _planner(records, setting, outcome)))

    failures = settle_groups(world.store, groups, marks=lambda writes: _marks(writes, setting, message, outcomes))
    for members, outcome, failure in zip(grouped.values(), outcomes, failures, strict=True):
        if failure is None:
            result.created += outcome.created
            result.updated += outcome.updated
            result.unchanged += outcome.unchanged
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
                    result.created += one.created
                    result.updated += one.updated
                    result.unchanged += one.unchanged
                else:
                    log.failure("record failed", again, kind=record.kind)
                    result.failed.append(_alone(message, raw, type(again).__name__))

    announce(world, message, [key[2:] for key in grouped if key.startswith("c:")])
    return result


def announce(world: World, message: PlatformEvents, accounts: Sequence[str]) -> None:
    """Tell the other codebases which customers to look at again."""
    ids = sorted(customer_id(world.identity_key, message.origin.connection_id, account) for account in accounts)
    if ids:
        world.bus.publish("customers-changed", CustomersChanged(ids=ids, historic=message.origin.bulk))


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
