"""From a message's raw records to those that are taken in: every rule, and what waits for a member."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from functions.ingest.cleaning import DUPLICATES, RULES
from functions.ingest.cleaning.keeping import keep
from functions.ingest.cleaning.pipeline import Sieved, runs, sieve
from functions.ingest.cleaning.report import note
from functions.ingest.cleaning.rule import Raw, Surroundings
from functions.ingest.cleaning.sources import twice, twins
from functions.ingest.setting import Setting
from schema import log
from schema.flow import World
from schema.records import PlatformEvents, Record


@dataclass
class Sifted:
    """What is taken in, what could not be read, and how many wait."""

    kept: list[tuple[Record, Raw]] = field(default_factory=list)
    refused: list[tuple[Raw, str]] = field(default_factory=list)
    set_aside: int = 0


def surroundings(setting: Setting) -> Surroundings:
    """What the rules may know in this shop."""
    chosen = setting.cleaning
    return Surroundings(
        now=setting.now,
        # The sample's records, like a file's rows, are what they are meant to be.
        file=setting.origin.import_id is not None or setting.origin.sample,
        staff_domains=frozenset(str(one).lower().lstrip("@") for one in chosen.get("staffDomains") or ()),
        largest_order=chosen.get("largestOrder") or {},
        off=frozenset(chosen.get("off") or ()),
    )


def sift(world: World, message: PlatformEvents, setting: Setting) -> Sifted:
    """Clean a message's records; keep apart what a rule set aside; note what was done."""
    around, result = surroundings(setting), Sifted()
    passed = {position: set(message.origin.let_in) for position in range(len(message.records))}
    done: dict[int, Sieved] = {}
    waiting = list(passed)
    for _ in range(len(RULES) + 1):
        for position in waiting:
            try:
                done[position] = sieve(message.records[position], around, passed[position])
            except ValidationError as error:
                result.refused.append((message.records[position], shape_error(error)))
        _twins(done, passed, around)
        caught = [position for position in waiting if position in done and done[position].aside]
        answers = keep(world, message.origin, [done[position] for position in caught]) if caught else []
        waiting = []
        for position, answer in zip(caught, answers, strict=True):
            if isinstance(answer, Exception):
                log.failure("record not set aside", answer, kind=done[position].record.kind)
                result.refused.append((message.records[position], type(answer).__name__))
                del done[position]
            elif answer:
                # What a member has let in before runs again without that rule; the next one may still catch it.
                waiting.append(position)
        for position in waiting:
            passed[position].add(done[position].rule)
        if not waiting:
            break
    note(world, message.origin, setting.now.astimezone(setting.zone).date().isoformat(), list(done.values()))
    for one in done.values():
        if one.aside is None:
            result.kept.append((one.record, one.raw))
        else:
            result.set_aside += 1
    return result


def _twins(done: dict[int, Sieved], passed: dict[int, set[str]], around: Surroundings) -> None:
    rule = next(one for one in RULES if one.name == DUPLICATES)
    if not runs(rule, around):
        return
    clean = [(position, one.record) for position, one in done.items() if one.aside is None]
    for position, first in twins(clean).items():
        if DUPLICATES not in passed[position]:
            done[position].set_aside(DUPLICATES, twice(first))


def shape_error(error: ValidationError) -> str:
    """The first problem, without the value."""
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
