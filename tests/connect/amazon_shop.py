"""A simulated Amazon with our client before it, on one clock that only the tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx

from functions.connect.amazon import Amazon
from functions.connect.net import client
from functions.connect.setup import simulated
from functions.connect.storefront import Access, App, Page, Secrets, Throttled
from sandbox.shops import amazon as theirs
from sandbox.shops import amazon_sqs, server
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, Running
from sandbox.shops.shop import SimulatedShop
from schema.connections import Thing
from schema.records import Record

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
APP = App(theirs.CLIENT, theirs.CLIENT_SECRET, {"applicationId": theirs.APPLICATION})


@dataclass
class Buckets:
    """Shared token buckets on the tests' clock, as the Firestore ones behave."""

    now: Callable[[], datetime]
    held: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    told: list[tuple[str, float, float]] = field(default_factory=list)

    def take(self, operation: str, rate: float, burst: float) -> float:
        self.told.append((operation, rate, burst))
        tokens, at = self.held.get(operation, (burst, self.now()))
        tokens = min(burst, tokens + (self.now() - at).total_seconds() * rate)
        if tokens < 1:
            return (1 - tokens) / rate
        self.held[operation] = (tokens - 1, self.now())
        return 0.0


@dataclass
class Bazaar:
    """The simulated shop, its server, and how to reach it."""

    shop: SimulatedShop
    faults: Faults
    clock: Clock
    running: Running
    http: httpx.Client
    front: Amazon = field(default_factory=Amazon)
    place: str = "amazon.in"
    secrets: Secrets = field(default_factory=lambda: Secrets(app=APP))
    buckets: Buckets | None = None

    @property
    def blueprint(self) -> Any:
        return self.running.app.blueprints["amazon"]

    @property
    def queue(self) -> amazon_sqs.Queue:
        found: amazon_sqs.Queue = self.blueprint.queue
        return found

    @property
    def access(self) -> Access:
        self.buckets = self.buckets or Buckets(self.clock)
        return Access(
            http=self.http,
            endpoints=simulated(self.running.base_url),
            shop=self.place,
            secrets=self.secrets,
            now=self.clock(),
            connection_id="amazon-1",
            take=self.buckets.take,
        )

    def consent(self) -> dict[str, str]:
        """What the browser brings back after the person pressed Allow."""
        callback = "http://127.0.0.1:1/connect/amazon/callback"
        url = self.front.authorize_url(
            self.access.endpoints, self.secrets.app, self.place, "nonce-1", callback, callback
        )
        page = self.http.get(url)
        assert page.status_code == 200 and 'id="allow"' in page.text
        form = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        sent = self.http.post(f"{self.running.base_url}/amazon/consent", data=form)
        assert sent.status_code == 302 and sent.headers["location"].startswith(callback)
        return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["location"]).query).items()}

    def connect(self) -> Bazaar:
        """Walk the whole flow, as the wizard does."""
        query = self.consent()
        assert query["state"] == "nonce-1"
        self.secrets = self.front.exchange(self.access, query, "", "http://127.0.0.1:1/connect/amazon/callback")
        self.place = self.front.test(self.access).shop
        return self

    def with_queue(self) -> Bazaar:
        extra = {
            "sqsQueueUrl": f"https://sqs.{amazon_sqs.REGION}.amazonaws.com/{amazon_sqs.ACCOUNT}/{amazon_sqs.NAME}",
            "awsKeyId": amazon_sqs.KEY_ID,
            "awsSecret": amazon_sqs.SECRET,
        }
        app = replace(self.secrets.app, extra={**self.secrets.app.extra, **extra})
        self.secrets = self.secrets.refreshed(app=app)
        return self

    def keep(self) -> None:
        """Renew the token when it ends, as the caller of a storefront does."""
        if self.secrets.expires_at and self.secrets.expires_at - self.clock() < timedelta(minutes=5):
            fresh = self.front.refresh(self.access)
            assert fresh is not None
            self.secrets = fresh

    def pages(self, thing: Thing, since: datetime | None = None) -> Iterator[Page]:
        """Every page, waiting on the tests' clock where a bucket is empty."""
        cursor: str | None = None
        while True:
            self.keep()
            try:
                page = self.front.page(self.access, thing, cursor, since)
            except Throttled as told:
                self.clock.advance(told.wait + 0.5)
                continue
            yield page
            cursor = page.cursor
            if cursor is None:
                return

    def all(self, thing: Thing, since: datetime | None = None) -> list[Record]:
        return [record for page in self.pages(thing, since) for record in page.records]


@contextmanager
def bazaar(customers: int = 5, orders: int = 300, seed: int = 3) -> Iterator[Bazaar]:
    clock, faults = Clock(START), Faults(hold=0.2)
    shop = SimulatedShop(seed, customers, orders, clock)
    # The other storefronts have tests of their own.
    with patch.object(server, "MODULES", ("sandbox.shops.amazon",)):
        running = server.serve(shop, faults, clock=clock, speed=100)
    http = client((running.base_url.removeprefix("http://"),))
    try:
        yield Bazaar(shop, faults, clock, running, http)
    finally:
        http.close()
        # Stopping takes the server half a second, for which nobody has to wait.
        Thread(target=running.close, daemon=True).start()
