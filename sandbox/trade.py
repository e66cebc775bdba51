"""`python -m sandbox.trade`: the sample shop trades on while the system runs, one order, visit or text at a time.

It stops on SIGTERM or Ctrl-C, and by itself when the shop is no longer the sample (`settings/shop.sample` is false) or
real data came in.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import UTC, date, datetime, timedelta
from random import Random

from google.api_core.exceptions import GoogleAPIError

from sandbox.sample.buying import Purchase, Shopping
from sandbox.sample.names import People
from sandbox.sample.people import Shopper, newcomer
from sandbox.sample.publish import RUN
from sandbox.sample.records import customer_record, event_record, feedback_record, order_record
from sandbox.sample.shop import CONNECTION, PLATFORM
from sandbox.sample.visiting import visit
from sandbox.sample.world import SampleShop, build
from sandbox.sample.writing import Writing
from schema.clock import milliseconds
from schema.flow import World
from schema.records import Origin, PlatformEvents, Record
from schema.store import get

INTERVAL = 15.0
_LIVELY_DAYS = 120
"""Who ordered within this many days before the sample's end may come back."""


class Trader:
    """Decides what happens next in the shop; draws from the same customers and habits as the sample's two years."""

    def __init__(self, shop: SampleShop, rng: Random) -> None:
        self._rng, self._shop = rng, shop
        self._shopping = Shopping(shop.until)
        self._writing = Writing(rng, shop.until + timedelta(days=36_500))
        self._people = People()
        self._regulars = [p for p in shop.people if shop.orders[p.number] and self._last(p).back <= _LIVELY_DAYS]
        self._weights = [p.habits.per_day for p in self._regulars]

    def next(self, now: datetime) -> list[Record]:
        """The records of one thing that happens at `now`; a newcomer's first order brings the account along."""
        what = self._rng.choices(("order", "first order", "visit", "text"), (40, 6, 34, 20))[0]
        if what == "first order":
            shopper = newcomer(self._rng, milliseconds(now) // 1000 - 1_700_000_000, now, self._people)
            return [customer_record(shopper, now), order_record(self._order(shopper, now, first=True))]
        shopper = self._rng.choices(self._regulars, self._weights)[0]
        if what == "order":
            return [order_record(self._order(shopper, now))]
        if what == "visit":
            products = [line.product for line in self._last(shopper).lines]
            product = self._rng.choice([*products, None])
            seen = visit(self._rng, shopper, now, product)
            seen.number = f"V-{milliseconds(now)}"
            return [event_record(seen)]
        order = self._last(shopper)
        if self._rng.random() < 0.7:
            said = self._writing.review(shopper, self._rng.choice(order.lines).product, order.at)
        else:
            said = self._writing.chat(shopper, order)
        said.at, said.number = now, f"W-{milliseconds(now)}"
        return [feedback_record(said)]

    def _order(self, shopper: Shopper, now: datetime, first: bool = False) -> Purchase:
        order = self._shopping.order(self._rng, shopper, 0, first)
        order.at, order.number = now, f"TW-{milliseconds(now)}"
        order.status, order.refunded, order.changed = "paid", 0, None
        return order

    def _last(self, shopper: Shopper) -> Purchase:
        return self._shop.orders[shopper.number][-1]


def trading(world: World) -> bool:
    """Whether the shop is still the sample and nothing but the sample."""
    shop = get(world.store, "settings/shop")
    return bool(shop and shop.data.get("sample") and not shop.data.get("real"))


def trade(world: World, trader: Trader, wait: Callable[[], bool]) -> int:
    """Trade until told to stop; gives how many things happened.

    Args:
        wait: waits one interval and says whether to go on.
    """
    happened = 0
    origin = Origin(connection_id=CONNECTION, platform=PLATFORM, sample=True)
    while wait():
        try:
            if not trading(world):
                break
            records = [one.to_json() for one in trader.next(world.clock())]
            world.bus.publish("platform-events", PlatformEvents(origin=origin, records=records))
        except (GoogleAPIError, FutureTimeout) as error:
            # The emulators restart now and then; the next customer comes anyway.
            print(f"{world.clock():%H:%M:%S} not sent: {type(error).__name__}", file=sys.stderr, flush=True)
            continue
        happened += 1
    return happened


def loaded_until(world: World) -> date:
    """The date with which the sample was loaded; today when that is not known."""
    run = get(world.store, RUN)
    until = run.data.get("result", {}).get("until") if run else None
    return date.fromisoformat(str(until)) if until else world.clock().date()


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 stopped politely, 1 no emulator."""
    from schema.runtime import world

    parser = argparse.ArgumentParser(prog="python -m sandbox.trade", description=__doc__)
    parser.add_argument("--interval", type=float, default=INTERVAL, metavar="SECONDS", help="mean time between events")
    parser.add_argument("--seed", type=int, default=None, help="for a repeatable sequence (default: always a new one)")
    given = parser.parse_args(arguments)
    if not (os.environ.get("FIRESTORE_EMULATOR_HOST") and os.environ.get("PUBSUB_EMULATOR_HOST")):
        print("The sample shop trades in the emulators only: their addresses are not set.", file=sys.stderr)
        return 1
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    here = world()
    rng = Random(given.seed)
    trader = Trader(build(loaded_until(here)), rng)
    print(f"{datetime.now(UTC):%H:%M:%S} trading", flush=True)
    happened = trade(here, trader, lambda: not stop.wait(given.interval * rng.uniform(0.6, 1.4)))
    print(f"{datetime.now(UTC):%H:%M:%S} stopped after {happened}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
