"""A simulated WooCommerce shop over HTTP on a free port, and what our client needs to call it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import httpx

from functions.connect import net
from functions.connect.storefront import Access, Endpoints, Secrets
from functions.connect.woocommerce import WooCommerce
from sandbox.shops import server
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, Running
from sandbox.shops.shop import SimulatedShop
from schema.connections import Thing
from schema.records import Record, WebhookEvent

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass
class Woo:
    """The shop, its server and an access to it."""

    shop: SimulatedShop
    faults: Faults
    clock: Clock
    running: Running
    access: Access
    client: WooCommerce = field(default_factory=WooCommerce)

    @property
    def store(self) -> str:
        return f"{self.running.base_url}/woo"

    def all(self, thing: Thing, since: datetime | None = None) -> list[Record]:
        """Every record of a thing, page by page."""
        found: list[Record] = []
        cursor: str | None = None
        for _ in range(1000):
            page = self.client.page(self.access, thing, cursor, since)
            found += page.records
            cursor = page.cursor
            if cursor is None:
                return found
        raise AssertionError("the pages do not end")

    def event(self, topic: str, body: bytes) -> WebhookEvent:
        return WebhookEvent(
            connection_id="w1", platform="woocommerce", topic=topic, body=body.decode(), received_at=self.clock()
        )


@contextmanager
def woo(customers: int = 30, orders: int = 60, seed: int = 5) -> Iterator[Woo]:
    """Run a shop whose clock only moves when told."""
    clock = Clock(START)
    shop, faults = SimulatedShop(seed, customers, orders, clock), Faults(hold=0.2)
    # The other storefronts have tests of their own.
    with patch.object(server, "MODULES", ("sandbox.shops.woo",)):
        running = server.serve(shop, faults, clock=clock)
    host = running.base_url.removeprefix("http://")
    http = net.client((host,))
    try:
        keys = http.get(f"{running.base_url}/control/woo/keys").json()
        secrets = Secrets(
            consumer_key=keys["consumer_key"],
            consumer_secret=keys["consumer_secret"],
            webhook_secrets=("woo-dev-secret",),
        )
        access = Access(
            http=http,
            endpoints=Endpoints(local_hosts=(host,)),
            shop=f"{running.base_url}/woo",
            secrets=secrets,
            now=START,
            connection_id="w1",
            currency="USD",
        )
        yield Woo(shop, faults, clock, running, access)
    finally:
        faults.clear()
        http.close()
        running.close()


def answering(access: Access, handler: Any, shop: str = "https://shop.example") -> Access:
    """An access whose calls are answered by a function: for what a simulated shop does not do."""
    return replace(access, http=httpx.Client(transport=httpx.MockTransport(handler)), shop=shop)


@dataclass
class Heard:
    """A call that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Listener:
    """A receiver of webhooks: keeps what came, answers with `status`."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.heard: list[Heard] = []
        self._came = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.heard.append(Heard(self.path, headers, body))
                self.send_response(outer.status)
                self.end_headers()
                outer._came.set()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def wait(self, count: int, seconds: float = 5.0, topic: str | None = None) -> list[Heard]:
        """The calls, once there are `count` (of a topic)."""
        import time

        end = time.monotonic() + seconds
        while True:
            found = [one for one in self.heard if topic is None or one.headers.get("x-wc-webhook-topic") == topic]
            if len(found) >= count:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} calls came")
            self._came.wait(0.02)
            self._came.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
