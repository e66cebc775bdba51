"""WooCommerce's webhooks: signed, sent once each, given up after the seventh failure in a row."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock
from typing import Any, cast

import httpx

from sandbox.shops.faults import Faults
from sandbox.shops.model import Change
from sandbox.shops.woo_shapes import stamps

HOOKS: dict[str, list[str]] = {
    f"{resource}.{event}": [f"woocommerce_{resource}_{event}"]
    for resource in ("coupon", "customer", "order", "product")
    for event in ("created", "updated", "deleted", "restored")
    if (resource, event) != ("customer", "restored")
}
STATUSES = ("active", "paused", "disabled")
MOST_FAILURES = 5
TIMEOUT = 60.0
AGENT = "WooCommerce/9.9.5 Hookshot (WordPress/6.8)"
EVENTS: dict[tuple[str, str], tuple[str, ...]] = {
    # A checkout saves its order several times, and each save tells.
    ("orders", "created"): ("order.created", "order.updated"),
    ("orders", "paid"): ("order.updated", "order.updated"),
    ("orders", "updated"): ("order.updated",),
    ("orders", "deleted"): ("order.deleted",),
    ("customers", "created"): ("customer.created",),
    ("customers", "updated"): ("customer.updated",),
    ("customers", "deleted"): ("customer.deleted",),
    ("products", "created"): ("product.created",),
    ("products", "updated"): ("product.updated",),
    ("products", "deleted"): ("product.deleted",),
}


def valid_topic(topic: str) -> bool:
    return topic in HOOKS or re.fullmatch(r"action\.\w+", topic) is not None


@dataclass(frozen=True)
class Webhook:
    id: int
    name: str
    status: str
    topic: str
    delivery_url: str
    secret: str
    created_at: datetime
    updated_at: datetime
    failures: int = 0

    def shape(self) -> dict[str, Any]:
        """As the API shows it: the secret is never read back."""
        resource, _, event = self.topic.partition(".")
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "topic": self.topic,
            "resource": resource,
            "event": event,
            "hooks": HOOKS.get(self.topic, [event]),
            "delivery_url": self.delivery_url,
            **stamps("date_created", self.created_at),
            **stamps("date_modified", self.updated_at),
        }


def unescaped(text: str) -> str:
    """What WordPress makes of the entities of special characters."""
    for entity, character in (("&#039;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def encoded(body: Any) -> bytes:
    """JSON as PHP writes it: slashes and everything beyond ASCII escaped."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(unescaped(secret).encode(), body, hashlib.sha256).digest()).decode()


class Webhooks:
    """The shop's subscriptions and whoever sends them."""

    def __init__(
        self, now: Callable[[], datetime], faults: Faults, store: str, shape: Callable[[str, int], Any | None]
    ) -> None:
        """Args:
        store: the shop's address, which each delivery names.
        shape: the body for (resource, id) at the moment of sending; None when the thing is gone.
        """
        self._now, self._faults, self._store, self._shape = now, faults, store, shape
        self._lock = RLock()
        self._held: dict[int, Webhook] = {}
        self._last = 0
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="woo-hooks")
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def all(self) -> list[Webhook]:
        with self._lock:
            return list(self._held.values())

    def get(self, number: int) -> Webhook | None:
        with self._lock:
            return self._held.get(number)

    def create(self, name: str, topic: str, url: str, secret: str) -> Webhook:
        with self._lock:
            self._last += 1
            now = self._now()
            made = Webhook(self._last, name, "active", topic, url, secret or secrets.token_urlsafe(37), now, now)
            self._held[made.id] = made
        self._pool.submit(self._ping, made)
        return made

    def change(self, number: int, fields: dict[str, str]) -> Webhook | None:
        """Set fields. Making a disabled one active does not forget its failures: the next one disables it again."""
        with self._lock:
            held = self._held.get(number)
            if held is None:
                return None
            changed = replace(held, updated_at=self._now(), **cast(Any, fields))
            self._held[number] = changed
            return changed

    def delete(self, number: int) -> Webhook | None:
        with self._lock:
            return self._held.pop(number, None)

    def happened(self, change: Change) -> None:
        """Tell a change of the shop to whoever subscribed."""
        if "woo" not in change.platforms:
            return
        action = change.action if change.action in ("created", "deleted", "paid") else "updated"
        if change.thing == "customers" and change.action not in ("created", "updated", "deleted"):
            return
        for topic in EVENTS.get((change.thing, action), ()):
            for hook in self.all():
                if hook.topic == topic and hook.status == "active":
                    self._pool.submit(self._deliver, hook.id, topic, change.id)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ping(self, hook: Webhook) -> None:
        headers = {"User-Agent": AGENT, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._http.post(hook.delivery_url, content=f"webhook_id={hook.id}", headers=headers)
        except httpx.HTTPError as problem:
            logging.getLogger(__name__).info("ping of webhook %s: %s", hook.id, type(problem).__name__)

    def _deliver(self, number: int, topic: str, thing: int) -> None:
        hook = self.get(number)
        if hook is None or hook.status != "active" or self._faults.drops("woo"):
            return
        resource, _, event = topic.partition(".")
        body = {"id": thing} if event == "deleted" else self._shape(resource, thing)
        if body is None:
            return
        raw = encoded(body)
        headers = {
            "User-Agent": AGENT,
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"{self._store}/",
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": signature(hook.secret, raw),
            "X-WC-Webhook-ID": str(hook.id),
            # Of the webhook and the second: two events in one second share it.
            "X-WC-Webhook-Delivery-ID": hashlib.md5(f"{hook.id}{int(self._now().timestamp())}".encode()).hexdigest(),
        }
        try:
            status = self._http.post(hook.delivery_url, content=raw, headers=headers).status_code
        except httpx.HTTPError:
            status = 0
        self._counted(number, 200 <= status < 303)

    def _counted(self, number: int, good: bool) -> None:
        with self._lock:
            held = self._held.get(number)
            if held is None:
                return
            if good:
                self._held[number] = replace(held, failures=0)
            elif held.failures > MOST_FAILURES:
                self._held[number] = replace(held, status="disabled", updated_at=self._now())
            else:
                self._held[number] = replace(held, failures=held.failures + 1)
