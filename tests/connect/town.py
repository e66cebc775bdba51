"""Simulated shops, our part of connecting and a store in memory: real HTTP between them, tasks run by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from threading import Lock, Thread
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import httpx
from flask import Flask, Response, request
from werkzeug.serving import make_server

from functions.access.audit import Actor
from functions.connect import net
from functions.connect.outside import Outside
from functions.connect.pages import answer_page
from functions.connect.receive import receive
from functions.connect.setup import app, simulated
from functions.connect.vault import KeyRing
from functions.connect.webhooks import Answer, Call, Memory, receive_call
from functions.connect.work import poll, work_on
from functions.tasks import MemoryQueue
from sandbox.shops import server
from sandbox.shops.faults import Faults
from sandbox.shops.server import Clock, Running
from sandbox.shops.shop import SimulatedShop
from schema.base import Shape
from schema.flow import MemoryBus, World, deliver_once
from schema.memory_store import MemoryStore
from schema.store import Data, Store, get
from scripts.lib.shops import SANDBOX_APPS

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
OWNER = Actor("uid-owner", "Olivia Owner", "owner@timbre.test", "owner")
KEYS = "1:" + "A" * 43 + "="


@dataclass
class Town:
    """The shops, and Timbre with everything that is ours in this process."""

    shop: SimulatedShop
    faults: Faults
    clock: Clock
    running: Running
    world: World
    outside: Outside
    bus: MemoryBus
    queue: MemoryQueue
    memory: Memory = field(default_factory=Memory)
    answers: list[int] = field(default_factory=list)
    lose: float = 0.0
    """Share of webhooks that are lost on the way, by `rng`."""
    rng: Random = field(default_factory=lambda: Random(1))
    lost: int = 0
    waiting: list[tuple[str, Shape]] = field(default_factory=list)
    """Messages to others that nobody has taken yet."""
    _lock: Lock = field(default_factory=Lock)

    @property
    def woo_store(self) -> str:
        return f"{self.running.base_url}/woo"

    def reset(self) -> None:
        """The same shops, and nothing of ours yet."""
        self.world = World(MemoryStore(), self.bus, self.clock, self.world.identity_key)
        self.bus.take()
        self.queue.take()
        self.queue.names.clear()
        self.memory = Memory()

    def work(self, store: Store | None = None, limit: int = 500) -> int:
        """Run the tasks that are waiting, and those they send, until there are none."""
        world = self.world if store is None else World(store, self.bus, self.clock, self.world.identity_key)
        done = 0
        while self.queue.sent and done < limit:
            for _, data, at in self.queue.take():
                if at is not None and at > self.clock():
                    self.clock.advance((at - self.clock()).total_seconds() + 1)
                if data.get("poll"):
                    poll(world, self.outside, data["connectionId"])
                else:
                    work_on(world, self.outside, data["connectionId"], data["generation"])
                done += 1
        return done

    def hear(self) -> int:
        """Take in what webhooks published."""
        heard = 0
        for topic, message in self.bus.take():
            if topic == "platform-webhooks":
                deliver_once(self.world, topic, message.to_json(), lambda one: receive(self.world, self.outside, one))
                heard += 1
            else:
                self.waiting.append((topic, message))
        return heard

    def connection(self, connection: str) -> Data:
        held = get(self.world.store, f"connections/{connection}")
        assert held is not None
        return held.data

    def count(self, collection: str) -> int:
        assert isinstance(self.world.store, MemoryStore)
        return sum(1 for path in self.world.store.dump() if re.fullmatch(rf"{collection}/[^/]+", path))

    def walk(self, url: str) -> httpx.Response:
        """Follow a person's browser: redirects with cookies, the button "Allow", until the console's return page."""
        with httpx.Client(follow_redirects=False) as browser:
            answer = browser.get(url)
            for _ in range(12):
                if answer.status_code in (301, 302, 303, 307):
                    url = urljoin(str(answer.url), answer.headers["location"])
                    if urlsplit(url).path.startswith("/integrations"):
                        return answer
                    answer = browser.get(url)
                    continue
                form = re.search(r"<form[^>]*>", answer.text)
                assert form is not None, f"{answer.status_code} {answer.text[:300]}"
                action = re.search(r'action="([^"]*)"', form[0])
                target = urljoin(
                    str(answer.url), (action[1] if action else "").replace("&amp;", "&") or str(answer.url)
                )
                hidden = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', answer.text)
                values = {name: value.replace("&amp;", "&") for name, value in hidden}
                method = "GET" if re.search(r'method="get"', form[0], re.I) else "POST"
                sent = {"params": values} if method == "GET" else {"data": values}
                answer = browser.request(method, target, **sent)  # type: ignore[arg-type]
        raise AssertionError("the way does not end")


@contextmanager
def town(customers: int = 30, orders: int = 60, seed: int = 5, module: str = "sandbox.shops.woo") -> Iterator[Town]:
    """Everything running; the clock moves only when told."""
    clock = Clock(START)
    shop, faults = SimulatedShop(seed, customers, orders, clock), Faults(hold=0.2)
    with patch.object(server, "MODULES", (module,)):
        running = server.serve(shop, faults, clock=clock)
    bus, queue = MemoryBus(), MemoryQueue()
    store = MemoryStore()
    world = World(store, bus, clock, b"k" * 32)
    made: list[Town] = []
    ours = Flask("timbre")

    @ours.route("/<path:path>", methods=["GET", "POST"])
    def anything(path: str) -> Response:
        here = made[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request.method, f"/{path}", headers, request.get_data(), request.query_string.decode())
        with here._lock:
            if path.startswith("connect/"):
                answer: Answer = answer_page(here.world, here.outside, call)
            elif here.lose and here.rng.random() < here.lose:
                here.lost += 1
                answer = Answer(503)
            else:
                answer = receive_call(here.world, here.outside, here.memory, call)
            here.answers.append(answer.status)
        return Response(answer.body, status=answer.status, headers=dict(answer.headers))

    door = make_server("127.0.0.1", 0, ours, threaded=True)
    thread = Thread(target=door.serve_forever, daemon=True)
    thread.start()
    host = running.base_url.removeprefix("http://")
    http = net.client((host,))
    outside = Outside(
        endpoints=simulated(running.base_url),
        apps={name: app(said) for name, said in SANDBOX_APPS.items()},  # type: ignore[misc]
        ring=KeyRing.parse(KEYS),
        public_url=f"http://127.0.0.1:{door.server_port}",
        queue=queue,
        sleep=clock.advance,
        monotonic=lambda: clock().timestamp(),
        http=lambda: http,
    )
    made.append(Town(shop, faults, clock, running, world, outside, bus, queue))
    try:
        yield made[0]
    finally:
        faults.clear()
        http.close()
        running.close()
        door.shutdown()
        thread.join(5)
        door.server_close()
