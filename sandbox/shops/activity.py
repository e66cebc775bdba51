"""New activity as time passes, unless the shop was started with `--still`."""

from __future__ import annotations

import logging
from random import Random
from threading import Event, Thread

from sandbox.shops.model import Platform
from sandbox.shops.shop import SimulatedShop

USUAL: list[tuple[str, Platform | None, int]] = [
    # what, where, weight
    ("order", "shopify", 30), ("order", "woo", 20), ("order", "amazon", 8), ("order", "flipkart", 5),
    ("cart", "shopify", 10), ("recover", "shopify", 3), ("consent", None, 5), ("edit_customer", None, 3),
    ("customer", None, 4), ("review", "woo", 5), ("refund", None, 3), ("ship", None, 8), ("price", None, 2),
    ("stock", None, 2),
]  # fmt: skip


class Activity:
    """A thread that makes something happen about every `seconds`."""

    def __init__(self, shop: SimulatedShop, seconds: float, seed: int) -> None:
        self._shop, self._seconds = shop, seconds
        self._random = Random(seed)
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="activity", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._random.expovariate(1 / self._seconds)):
            self.step()

    def step(self) -> None:
        """One thing happens."""
        what, where, _ = self._random.choices(USUAL, [weight for *_, weight in USUAL])[0]
        try:
            self._shop.act(what, where)
        except ValueError as nothing:
            logging.getLogger(__name__).info("%s did not happen: %s", what, nothing)
