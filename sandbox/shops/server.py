"""The Flask application: one blueprint a platform, the control page, and a server on the loopback address."""

from __future__ import annotations

import importlib
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from typing import cast

from flask import Blueprint, Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from sandbox.shops.control import control
from sandbox.shops.faults import Faults
from sandbox.shops.model import PLATFORMS
from sandbox.shops.shop import SimulatedShop

MODULES = ("sandbox.shops.shopify", "sandbox.shops.woo", "sandbox.shops.amazon", "sandbox.shops.flipkart")
"""Each exports `blueprint(shop, faults, base_url, speed)`."""
Build = Callable[[SimulatedShop, Faults, str, float], Blueprint]


class Clock:
    """The real time plus what was advanced by hand."""

    def __init__(self, start: datetime | None = None) -> None:
        """Args:
        start: a fixed time that only `advance` moves, for tests; None: the real time runs.
        """
        self._fixed, self._ahead, self._lock = start, timedelta(), Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return (self._fixed or datetime.now(UTC)) + self._ahead

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._ahead += timedelta(seconds=seconds)


def create_app(
    shop: SimulatedShop, faults: Faults, base_url: str, speed: float = 1.0, clock: Clock | None = None
) -> Flask:
    """The application over a shop.

    Args:
        base_url: where it is reached, without a slash at the end; consent pages and webhooks name it.
        speed: how much faster than the provider's the delays of retries are.
        clock: moved by `/control/clock`, where given.
    """
    app = Flask(__name__)
    for name in MODULES:
        build = cast(Build, importlib.import_module(name).blueprint)
        app.register_blueprint(build(shop, faults, base_url, speed))
    app.register_blueprint(control(shop, faults, clock))

    @app.after_request
    def cut(answer: Response) -> Response:
        """Under the fault "truncate" the connection ends in the middle of an answer."""
        platform = request.path.split("/", 2)[1]
        if platform in PLATFORMS and answer.status_code == 200 and faults.truncates(platform):
            body = answer.get_data()
            answer.set_data(body[: len(body) // 2])
            answer.headers["Content-Length"] = str(len(body))
        return answer

    return app


@dataclass
class Running:
    """A server in a thread of this process."""

    base_url: str
    app: Flask
    _server: BaseWSGIServer
    _thread: Thread

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def serve(
    shop: SimulatedShop, faults: Faults, port: int = 0, speed: float = 1.0, clock: Clock | None = None
) -> Running:
    """Start the server on 127.0.0.1 (port 0: any free one)."""
    listening = socket.create_server(("127.0.0.1", port))
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(shop, faults, base_url, speed, clock)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.detach())
    thread = Thread(target=server.serve_forever, args=(0.02,), name="shops", daemon=True)
    thread.start()
    return Running(base_url, app, server, thread)
