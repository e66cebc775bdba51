"""Shopify's webhooks: signed, sent at least once, retried eight times in four hours with the payload of the moment."""

from __future__ import annotations

import base64
import hashlib
import heapq
import hmac
import json
import logging
import time
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

import httpx

from sandbox.shops.faults import Faults
from sandbox.shops.shopify.state import HOST, State

RETRIES = (10.0, 60.0, 300.0, 900.0, 1800.0, 2400.0, 3600.0, 5000.0)
"""Seconds before each retry at speed 1; about four hours in all."""
CONNECT, ANSWER = 1.0, 5.0
"""Seconds to connect and to answer."""
WEBHOOK_VERSION = "2026-10"
PRIVACY = {"customers/data_request", "customers/redact", "shop/redact"}


def signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def enum(topic: str) -> str:
    """`orders/create` as GraphQL names it."""
    return topic.replace("/", "_").upper()


@dataclass(order=True)
class Delivery:
    due: float
    number: int
    topic: str = field(compare=False)
    uri: str = field(compare=False)
    body: bytes = field(compare=False)
    headers: dict[str, str] = field(compare=False)
    subscription: int | None = field(compare=False)
    attempt: int = field(default=0, compare=False)


class Sender:
    def __init__(self, state: State, faults: Faults, speed: float) -> None:
        self._state, self._faults, self._speed = state, faults, speed
        self._client = httpx.Client(timeout=httpx.Timeout(ANSWER, connect=CONNECT), follow_redirects=False)
        self._pool = ThreadPoolExecutor(8, "shopify-webhooks")
        self._waiting: list[Delivery] = []
        self._wake = Condition()
        self._open = 0
        self.log: deque[dict[str, Any]] = deque(maxlen=500)
        """The last attempts, for the control page and tests."""
        Thread(target=self._retry, name="shopify-retries", daemon=True).start()

    def say(self, topic: str, payload: dict[str, Any]) -> None:
        """Send to every subscription of the topic (privacy topics: to the address in the app's configuration)."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        event = str(uuid.uuid4())
        with self._state.lock:
            targets: list[tuple[int | None, str]]
            if topic in PRIVACY:
                uris = {one.uri for one in self._state.subscriptions.values()}
                targets = [(None, uri) for uri in ([self._state.privacy_uri] if self._state.privacy_uri else uris)]
            else:
                found = [one for one in self._state.subscriptions.values() if one.topic == enum(topic)]
                targets = [(one.id, one.uri) for one in found]
            at = self._state.now()
        for subscription, uri in targets:
            if self._faults.drops("shopify"):
                self._note(topic, uri, "dropped", 0)
                continue
            headers = {
                "Content-Type": "application/json", "User-Agent": "Shopify-Captain-Hook", "X-Shopify-Topic": topic,
                "X-Shopify-Shop-Domain": HOST, "X-Shopify-API-Version": WEBHOOK_VERSION,
                "X-Shopify-Webhook-Id": str(uuid.uuid4()), "X-Shopify-Event-Id": event,
                "X-Shopify-Triggered-At": at.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
            }  # fmt: skip
            delivery = Delivery(0.0, self._state.number(), topic, uri, body, headers, subscription)
            self._submit(delivery)

    def _submit(self, delivery: Delivery) -> None:
        with self._wake:
            self._open += 1
        self._pool.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            status = self._attempt(delivery)
            self._note(delivery.topic, delivery.uri, status, delivery.attempt)
            if isinstance(status, int) and 200 <= status < 300:
                self._worked(delivery)
            else:
                self._failed(delivery)
        except Exception:
            logging.getLogger(__name__).exception("a webhook could not be sent")
        finally:
            with self._wake:
                self._open -= 1
                self._wake.notify_all()

    def _attempt(self, delivery: Delivery) -> int | str:
        # Signed anew at each attempt: after a rotation with the new secret.
        signed = {"X-Shopify-Hmac-SHA256": signature(self._state.client_secret, delivery.body)}
        try:
            return self._client.post(delivery.uri, content=delivery.body, headers=delivery.headers | signed).status_code
        except httpx.HTTPError as wrong:
            return type(wrong).__name__

    def _worked(self, delivery: Delivery) -> None:
        with self._state.lock:
            found = self._state.subscriptions.get(delivery.subscription or 0)
            if found:
                found.failures = 0

    def _failed(self, delivery: Delivery) -> None:
        if delivery.attempt < len(RETRIES):
            delivery.due = time.monotonic() + RETRIES[delivery.attempt] / self._speed
            delivery.attempt += 1
            with self._wake:
                heapq.heappush(self._waiting, delivery)
                self._wake.notify_all()
            return
        with self._state.lock:
            # Eight retries failed: a subscription made by API is removed.
            self._state.subscriptions.pop(delivery.subscription or 0, None)

    def _retry(self) -> None:
        while True:
            with self._wake:
                while not self._waiting or self._waiting[0].due > time.monotonic():
                    left = self._waiting[0].due - time.monotonic() if self._waiting else None
                    self._wake.wait(left)
                delivery = heapq.heappop(self._waiting)
            self._submit(delivery)

    def idle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is being sent or waits for a retry."""
        end = time.monotonic() + timeout
        with self._wake:
            while self._open or self._waiting:
                if not self._wake.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    return False
            return True

    def _note(self, topic: str, uri: str, status: int | str, attempt: int) -> None:
        self.log.append({"topic": topic, "uri": uri, "status": status, "attempt": attempt})
