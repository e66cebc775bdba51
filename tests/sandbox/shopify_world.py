"""A simulated Shopify over HTTP, asked as anybody would ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import httpx

from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, serve
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.shopify import HOST, Shopify

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class World:
    shop: SimulatedShop
    faults: Faults
    clock: Clock
    url: str
    platform: Shopify
    token: str = ""

    @property
    def admin(self) -> str:
        return f"{self.url}/shopify/{HOST}/admin"

    def ask(self, text: str, token: str | None = None, /, **variables: object) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.admin}/api/2026-10/graphql.json",
            headers={"X-Shopify-Access-Token": self.token if token is None else token},
            json={"query": text, "variables": variables},
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def new_token(self, *scopes: str) -> str:
        body = {"scopes": list(scopes)} if scopes else {}
        return str(httpx.post(f"{self.url}/control/shopify/token", json=body).json()["access_token"])


@contextmanager
def running() -> Iterator[World]:
    clock, faults = Clock(NOW), Faults(hold=0.1)
    shop = SimulatedShop(7, 60, 120, clock)
    server = serve(shop, faults, speed=100_000.0, clock=clock)
    world = World(shop, faults, clock, server.base_url, cast(Shopify, server.app.blueprints["shopify"]))
    world.token = world.new_token()
    yield world
    server.close()
