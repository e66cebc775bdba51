"""`python -m sandbox.shops`: the simulated shops on the loopback address until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from sandbox.shops.activity import Activity
from sandbox.shops.faults import Faults
from sandbox.shops.keeping import load, save
from sandbox.shops.server import Clock, serve
from sandbox.shops.shop import SimulatedShop

SAVE_EVERY = 20.0
"""Seconds between two savings: what a kill costs at most."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m sandbox.shops", description=__doc__)
    asked.add_argument("--port", type=int, default=9800)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--customers", type=int, default=120)
    asked.add_argument("--orders", type=int, default=400)
    asked.add_argument("--still", action="store_true", help="nothing happens by itself")
    asked.add_argument("--every", type=float, default=20.0, help="seconds between two things that happen (mean)")
    asked.add_argument(
        "--speed", type=float, default=1.0, help="how much faster than the provider webhooks are retried"
    )
    asked.add_argument("--state", type=Path, help="file to take the shops up from and to keep them in")
    options = asked.parse_args()
    clock = Clock()
    shop = SimulatedShop(options.seed, options.customers, options.orders, clock)
    running = serve(shop, Faults(), options.port, options.speed, clock)
    if options.state and load(shop, options.state):
        print(f"Taken up from {options.state}", flush=True)
    activity = None if options.still else Activity(shop, options.every, options.seed)
    if activity:
        activity.start()
    print(f"Simulated shops: {running.base_url}", flush=True)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.wait(SAVE_EVERY):
        if options.state:
            save(shop, options.state)
    if activity:
        activity.stop()
    running.close()
    if options.state:
        save(shop, options.state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
