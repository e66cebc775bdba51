"""A simulated Shopify over real HTTP and a client of ours that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import httpx

from functions.connect.shopify import Shopify
from functions.connect.storefront import Access, App, Endpoints, Page, Secrets
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, Running, serve
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.shopify import CLIENT_ID, CLIENT_SECRET, HOST
from sandbox.shops.shopify import Shopify as Platform
from schema.connections import Thing
from schema.records import Record

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
CALLBACK = "https://timbre.example/connect/shopify/callback"


@dataclass
class World:
    shop: SimulatedShop
    faults: Faults
    clock: Clock
    running: Running
    http: httpx.Client
    front: Shopify

    @property
    def platform(self) -> Platform:
        return cast(Platform, self.running.app.blueprints["shopify"])

    def access(self, secrets: Secrets | None = None) -> Access:
        endpoints = Endpoints(shopify=f"{self.running.base_url}/shopify/{{shop}}")
        given = secrets or Secrets(app=App(CLIENT_ID, CLIENT_SECRET))
        return Access(self.http, endpoints, HOST, given, self.clock(), "shopify-1", currency="USD")

    def allow(self, state: str = "nonce-1") -> str:
        """The raw query that comes back when a person allows the app."""
        access = self.access()
        url = self.front.authorize_url(access.endpoints, access.secrets.app, HOST, state, CALLBACK, CALLBACK)
        page = self.http.get(url)
        assert page.status_code == 200 and 'id="allow"' in page.text
        answer = self.http.post(url, data=dict(parse_qsl(urlsplit(url).query)))
        assert answer.status_code == 302
        return urlsplit(answer.headers["location"]).query

    def connected(self) -> Access:
        raw = self.allow()
        return self.access(self.front.exchange(self.access(), dict(parse_qsl(raw)), raw, CALLBACK))

    def at_now(self, access: Access) -> Access:
        return replace(access, now=self.clock())

    def read(self, access: Access, thing: Thing, since: datetime | None = None) -> list[Page]:
        """Every page, waiting as told on the shop's clock."""
        pages: list[Page] = []
        cursor = None
        # What was read before may have used up the points.
        self.clock.advance(60)
        while True:
            page = self.front.page(self.at_now(access), thing, cursor, since)
            pages.append(page)
            self.clock.advance(page.wait)
            cursor = page.cursor
            if cursor is None:
                return pages


def records(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


@contextmanager
def world(customers: int = 60, orders: int = 120, speed: float = 1000.0) -> Iterator[World]:
    clock = Clock(START)
    shop = SimulatedShop(7, customers, orders, clock)
    faults = Faults(hold=0.2)
    running = serve(shop, faults, speed=speed, clock=clock)
    with httpx.Client(timeout=10) as http:
        try:
            yield World(shop, faults, clock, running, http, Shopify())
        finally:
            running.close()
