"""What Shopify keeps about one app in one shop: tokens, subscriptions, bulk operations, points, switches."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from sandbox.shops.shopify.cost import Bucket

HOST = "timbre-sandbox.myshopify.com"
CLIENT_ID = "timbre-sandbox-app"
CLIENT_SECRET = "shpss_00000000000000000000000000000001"
OFFERED = frozenset(
    {
        "read_customers", "read_orders", "read_all_orders", "read_products", "read_customer_merge", "read_inventory",
    }
)  # fmt: skip
"""Scopes that the sandbox app may ask for (read_all_orders: approved)."""
HOUR = timedelta(hours=1)
CODE_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=90)


@dataclass
class Token:
    scopes: frozenset[str]
    expires_at: datetime | None


@dataclass
class Code:
    scopes: frozenset[str]
    redirect: str
    expires_at: datetime


@dataclass
class Subscription:
    id: int
    topic: str
    """As the enum: ORDERS_CREATE."""
    uri: str
    created_at: datetime
    failures: int = 0


@dataclass
class Bulk:
    id: int
    query: str
    group: bool
    created_at: datetime
    scopes: frozenset[str]
    completed_at: datetime | None = None
    canceled: bool = False
    failed: bool = False
    objects: int = 0
    roots: int = 0
    body: bytes = b""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(12))


class State:
    """Change it only under `lock`."""

    def __init__(self, now: Callable[[], datetime], precise: Callable[[], datetime] | None = None) -> None:
        self.lock = RLock()
        self.now = now
        self.client_secret = CLIENT_SECRET
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, tuple[str, frozenset[str], datetime]] = {}
        """Refresh token -> (access token it came with, scopes, end)."""
        self.codes: dict[str, Code] = {}
        self.subscriptions: dict[int, Subscription] = {}
        self.bulks: dict[int, Bulk] = {}
        self.bucket = Bucket("standard", precise or now)
        self.personal = True
        """Whether the app was approved for protected customer data."""
        self.privacy_uri: str | None = None
        """Where the three privacy topics go: set in the app's configuration, not by API."""
        self._next = 1_000_001

    def number(self) -> int:
        with self.lock:
            self._next += 1
            return self._next

    def issue(self, scopes: frozenset[str], expiring: bool, life: timedelta = HOUR) -> dict[str, Any]:
        """A new access token, with a refresh token when it expires. The caller holds the lock."""
        token = ("shpat_" if not expiring else "shpca_") + secrets.token_hex(16)
        now = self.now()
        self.tokens[token] = Token(scopes, now + life if expiring else None)
        answer: dict[str, Any] = {"access_token": token, "scope": ",".join(sorted(scopes))}
        if expiring:
            refresh = "shprt_" + secrets.token_hex(16)
            self.refreshes[refresh] = (token, scopes, now + REFRESH_LIFE)
            answer |= {
                "expires_in": int(life.total_seconds()), "refresh_token": refresh,
                "refresh_token_expires_in": int(REFRESH_LIFE.total_seconds()),
            }  # fmt: skip
        return answer

    def scopes(self, token: str) -> frozenset[str] | None:
        """What a token may do; None when it is unknown, revoked or too old."""
        with self.lock:
            found = self.tokens.get(token)
            if found is None or (found.expires_at is not None and found.expires_at <= self.now()):
                return None
            return found.scopes

    def uninstall(self) -> None:
        """Everything that belongs to the installation is gone."""
        with self.lock:
            self.tokens.clear()
            self.refreshes.clear()
            self.codes.clear()
            self.subscriptions.clear()
