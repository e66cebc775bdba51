"""The API behind a real HTTP server, through the same adapter as the deployed functions, for real clients."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from werkzeug.serving import make_server
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response as WsgiResponse

from functions.api.http import Request, Response
from functions.api.serve import from_flask, to_flask
from functions.api.tracking import handle
from tests.api.driver import Api


@dataclass
class Seen:
    """A request as it came, and how it was answered."""

    request: Request
    status: int


@dataclass
class Serving:
    """`with Serving(api) as serving:` answers at `serving.url`. `before` may answer in the API's place."""

    api: Api
    before: Callable[[Request], Response | None] = lambda _: None
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Serving:
        # Real clients stamp what they send with the real time.
        self.api.now = datetime.now(UTC)

        @WsgiRequest.application
        def application(raw: WsgiRequest) -> WsgiResponse:
            request = from_flask(raw, self.url)
            answer = self.before(request) or handle(self.api.world, request, self.api.tracker)
            self.seen.append(Seen(request, answer.status))
            return to_flask(answer)

        self._server = make_server("127.0.0.1", 0, application, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
