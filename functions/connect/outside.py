"""What connecting needs beside a World: where the platforms are, our registrations there, the key ring, our address."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from functions.connect import net
from functions.connect.storefront import App, Endpoints
from functions.connect.vault import KeyRing
from functions.tasks import Queue
from schema.base import Platform


@dataclass(frozen=True)
class Outside:
    """The outside world as this deployment is set up for it."""

    endpoints: Endpoints
    apps: Mapping[Platform, App]
    """Our own registration, where the deployment has one; else the person at the wizard types theirs."""
    ring: KeyRing
    public_url: str
    """Base of our own addresses, without a slash at the end: callbacks and webhooks are made from it."""
    queue: Queue
    sandbox: frozenset[str] = frozenset()
    """Platforms whose endpoint is a simulated shop."""
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    http: Callable[[], httpx.Client] | None = None
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self) -> httpx.Client:
        """The process's one guarded client."""
        if "one" not in self._clients:
            self._clients["one"] = self.http() if self.http else net.client(self.endpoints.local_hosts)
        return self._clients["one"]

    def webhook_url(self, platform: Platform, connection_id: str) -> str:
        return f"{self.public_url}/webhooks/{platform}/{connection_id}"
