"""A simulated Flipkart with our client before it, on a clock that only the tests move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx

from functions.connect.flipkart import Flipkart
from functions.connect.net import client
from functions.connect.setup import simulated
from functions.connect.storefront import Access, App, Page, Secrets
from sandbox.shops import flipkart as theirs
from sandbox.shops import server
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, Running
from sandbox.shops.shop import SimulatedShop
from schema.connections import Thing
from schema.records import Record

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OWN = App(theirs.APP_ID, theirs.SECRET, {"kind": "self"})
THIRD = App(theirs.APP_ID, theirs.SECRET, {"kind": "third_party"})
CALLBACK = "http://127.0.0.1:1/connect/flipkart/callback"


@dataclass
class Mall:
    """The simulated shop, its server, and how to reach it."""

    shop: SimulatedShop
    faults: Faults
    clock: Clock
    running: Running
    http: httpx.Client
    front: Flipkart = field(default_factory=Flipkart)
    place: str = "flipkart"
    secrets: Secrets = field(default_factory=lambda: Secrets(app=OWN))

    @property
    def state(self) -> theirs.State:
        blueprint: Any = self.running.app.blueprints["flipkart"]
        found: theirs.State = blueprint.state
        return found

    @property
    def access(self) -> Access:
        return Access(
            http=self.http,
            endpoints=simulated(self.running.base_url),
            shop=self.place,
            secrets=self.secrets,
            now=self.clock(),
            connection_id="flipkart-1",
        )

    def connect(self) -> Mall:
        """With an application of the seller's own."""
        self.secrets = self.front.exchange(self.access, {}, "", CALLBACK)
        self.place = self.front.test(self.access).shop
        return self

    def consent(self) -> dict[str, str]:
        """What the browser brings back after the person pressed Allow."""
        url = self.front.authorize_url(
            self.access.endpoints, self.secrets.app, self.place, "nonce-1", CALLBACK, CALLBACK
        )
        page = self.http.get(url)
        assert page.status_code == 200 and 'id="allow"' in page.text
        form = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        sent = self.http.post(url.split("?")[0], data=form)
        assert sent.status_code == 302 and sent.headers["location"].startswith(CALLBACK)
        return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["location"]).query).items()}

    def pages(self, thing: Thing, since: datetime | None = None) -> Iterator[Page]:
        cursor: str | None = None
        for _ in range(500):
            page = self.front.page(self.access, thing, cursor, since)
            yield page
            cursor = page.cursor
            if cursor is None:
                return
        raise AssertionError("the pages do not end")

    def all(self, thing: Thing, since: datetime | None = None) -> list[Record]:
        return [record for page in self.pages(thing, since) for record in page.records]


@contextmanager
def mall(orders: int = 300, seed: int = 9) -> Iterator[Mall]:
    clock, faults = Clock(START), Faults(hold=0.2)
    shop = SimulatedShop(seed, 5, orders, clock)
    # The other storefronts have tests of their own.
    with patch.object(server, "MODULES", ("sandbox.shops.flipkart",)):
        running = server.serve(shop, faults, clock=clock)
    http = client((running.base_url.removeprefix("http://"),))
    try:
        yield Mall(shop, faults, clock, running, http)
    finally:
        http.close()
        # Stopping takes the server half a second, for which nobody has to wait.
        Thread(target=running.close, daemon=True).start()
