"""Loads the sample shop through the same door as real data: messages on `platform-events`, watched until they arrived.

The consumer tells nobody what it has done, so the loader looks for the last customer of each message, and counts all
documents in the end. At most two messages are on their way at once: the emulator hands each one to a process, and more
would only wait in front of the console's own calls.

Exceptions:
    LoadError
      NotAllowed   real data are in the project, or it is no emulator
      Stalled      published records do not arrive
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.sample.records import messages
from sandbox.sample.shop import CONNECTION, NAME, PLATFORM, SEED, settings
from sandbox.sample.world import build
from schema.flow import World
from schema.jobs import Run
from schema.records import Origin, PlatformEvents
from schema.shop import Shop
from schema.store import Merge, Put, Query, Update, get

RUN = "runs/sample"
IN_FLIGHT = 2
_EVENTS = ("visit", "product_viewed", "cart", "till")
_COLLECTIONS = {"customer": "customers", "order": "orders", "feedback": "feedback", "product": "products"}
Progress = Callable[[int, int], None]


class LoadError(RuntimeError):
    """The sample shop could not be loaded; the message names the way out."""


class NotAllowed(LoadError):
    """Sample and real data never mix."""


class Stalled(LoadError):
    """Records were published and do not arrive."""


@dataclass
class Pace:
    """How the loader waits; tests inject their own clock and sleep."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    poll: float = 0.2
    again: float = 25.0
    """Seconds without any arrival after which what is missing is published once more (arriving twice is harmless)."""
    times: int = 3
    gap: float = 0.5
    """Seconds between two messages that are published once more."""


@dataclass(frozen=True)
class _Bunch:
    """One message."""

    body: list[dict[str, Any]]

    @property
    def last(self) -> str:
        """The account written last: when it is there, so is what came before it."""
        return str(next(record["person"]["key"] for record in reversed(self.body) if record.get("person")))


def is_loaded(world: World) -> bool:
    """Whether the sample shop is complete in this project."""
    run, shop = get(world.store, RUN), get(world.store, "settings/shop")
    return bool(run and run.data["status"] == "done" and shop and shop.data.get("sample"))


def load(world: World, until: date, progress: Progress, seed: int = SEED, pace: Pace | None = None) -> dict[str, int]:
    """Publish the sample shop and wait until every record is a document; gives the documents by kind.

    A load that was interrupted goes on with the date it began with. Calling it again when all is there changes nothing.

    Raises:
        LoadError: see the module.
    """
    calm = pace or Pace()
    began = get(world.store, RUN)
    if began and began.data["status"] != "done" and (begun := began.data.get("result", {}).get("until")):
        until = date.fromisoformat(str(begun))
    _open_shop(world)
    bunches = [_Bunch(body) for body in messages(build(until, seed))]
    total = sum(len(bunch.body) for bunch in bunches)
    # A fresh start time: seconds of the work, not of a load that was interrupted yesterday.
    now = world.clock()
    run = Run(kind="sample", status="running", title=NAME, total=total, started_at=now, updated_at=now,
              result={"until": until.isoformat(), "seed": seed}, ref="settings/shop")  # fmt: skip
    world.store.commit([Put(RUN, run.to_doc())])
    loader = _Loader(world, bunches, total, progress, calm)
    try:
        counts = loader.run()
    except LoadError as error:
        _update(world, status="failed", finishedAt=world.clock(), error={
            "en": str(error)[:200],
            "zh": "示例店铺没有载入完整：已载入的数据是完好的，再次运行会从中断处继续。",
        })  # fmt: skip
        raise
    result = {"until": until.isoformat(), "seed": seed, **counts}
    _update(world, status="done", done=total, finishedAt=world.clock(), result=result)
    return counts


def _open_shop(world: World) -> None:
    """Write the shop's settings before any order comes in: its rate decides what an order in yuan is worth."""
    held = get(world.store, "settings/shop")
    if held and held.data.get("real"):
        raise NotAllowed(
            "Real data are in this project, and sample data never mix with them. Start over with `make run RESET=1`."
        )
    now = world.clock()
    if held:
        world.store.commit([Merge("settings/shop", {**settings(), "updatedAt": now})])
    else:
        shop = Shop.model_validate({**settings(), "updatedAt": now})
        world.store.commit([Put("settings/shop", shop.to_doc())])


def _update(world: World, **fields: Any) -> None:
    held = get(world.store, RUN)
    if held:
        world.store.commit([Update(RUN, {**fields, "updatedAt": world.clock()}, held.update_time)])


class _Loader:
    def __init__(self, world: World, bunches: list[_Bunch], total: int, progress: Progress, pace: Pace) -> None:
        self._world, self._bunches, self._total, self._progress, self._pace = world, bunches, total, progress, pace
        self._told = -1.0

    def run(self) -> dict[str, int]:
        """Publish message by message; gives the documents counted in the end."""
        arrived = 0
        on_their_way: deque[_Bunch] = deque()
        for bunch in self._bunches:
            # Only in a load that goes on after an interruption is anything there already.
            if self._is_there(bunch):
                arrived += len(bunch.body)
                continue
            if len(on_their_way) == IN_FLIGHT:
                oldest = on_their_way[0]
                self._await(lambda oldest=oldest: self._is_there(oldest), on_their_way)  # type: ignore[misc]
                arrived += len(on_their_way.popleft().body)
            self._publish(bunch)
            on_their_way.append(bunch)
            self._tell(arrived)
        wanted = self._wanted()
        self._await(lambda: all(self._counts()[kind] >= n for kind, n in wanted.items()), self._bunches)
        self._tell(self._total, last=True)
        return self._counts()

    def _publish(self, bunch: _Bunch) -> None:
        origin = Origin(connection_id=CONNECTION, platform=PLATFORM, bulk=True, sample=True)
        self._world.bus.publish("platform-events", PlatformEvents(origin=origin, records=bunch.body))

    def _is_there(self, bunch: _Bunch) -> bool:
        # Asking for one account is cheap; counting thousands of documents five times a second would not be.
        query = Query("customers", where=(("externalId", "==", bunch.last), ("sample", "==", True)), limit=1, select=())
        return any(True for _ in self._world.store.query(query))

    def _await(self, arrived: Callable[[], bool], behind: Iterable[_Bunch]) -> None:
        """Wait until `arrived`; publish `behind` again when nothing moves, for the emulator delivers only once."""
        for attempt in range(self._pace.times + 1):
            since = self._pace.monotonic()
            while not arrived():
                if self._pace.monotonic() - since > self._pace.again:
                    break
                self._pace.sleep(self._pace.poll)
            else:
                return
            for bunch in behind if attempt < self._pace.times else ():
                self._publish(bunch)
                self._pace.sleep(self._pace.gap)
        raise Stalled(
            "The sample's records do not arrive: is the function `ingest` running? Nothing is lost; see the functions' "
            "log in .timbre/ and run `make run` again."
        )

    def _wanted(self) -> dict[str, int]:
        wanted = dict.fromkeys([*_COLLECTIONS.values(), "visits"], 0)
        for bunch in self._bunches:
            for record in bunch.body:
                wanted[_COLLECTIONS.get(str(record["kind"]), "visits")] += 1
        return wanted

    def _counts(self) -> dict[str, int]:
        counts = {name: self._count(name) for name in _COLLECTIONS.values()}
        events = Query("events", where=(("sample", "==", True), ("kind", "in", list(_EVENTS))))
        return {**counts, "visits": self._world.store.totals(events).count}

    def _count(self, collection: str) -> int:
        return self._world.store.totals(Query(collection, where=(("sample", "==", True),))).count

    def _tell(self, done: int, last: bool = False) -> None:
        """At most once a second, to whoever started this and to the run's document."""
        now = self._pace.monotonic()
        if last or now - self._told >= 1.0:
            self._told = now
            self._progress(done, self._total)
            if not last:
                _update(self._world, done=done)
