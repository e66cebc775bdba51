"""The snippet of docs/tracking.md, as it stands there, in a real Chromium on another origin."""

from __future__ import annotations

import re
from typing import Any

import pytest

from functions.api.people import hash_of
from schema.records import CustomerRecord, EventRecord
from tests.api.serving import Serving
from tests.api.test_node_clients import ROOT, browse, chromium, serving, wait_for

__all__ = ["chromium", "serving"]

TEXT = (ROOT / "docs" / "tracking.md").read_text(encoding="utf-8")
[SNIPPET] = re.findall(r"```html\n<script>\n(.*?)</script>\n```", TEXT, re.DOTALL)
CALLS = """({ code, hash, times }) => {
  (0, eval)(code)
  timbre.track('Product Viewed', { name: 'Tea', product_id: 'p1' })
  timbre.identify('u7', { email: 'ann@example.com' }, hash)
  for (let n = 0; n < times; n++) timbre.track('Quiz', { n })
}"""


def code(serving: Serving, key: str) -> str:
    return SNIPPET.replace("'URL'", repr(serving.url)).replace("'KEY'", repr(key))


def test_it_is_small() -> None:
    # One kilobyte as it travels, compressed, and little more as it is written.
    import gzip

    assert len(gzip.compress(SNIPPET.encode())) <= 1024
    assert len(SNIPPET.encode()) <= 1536


@pytest.fixture(scope="module")
def page() -> Any:
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Tea</title>")

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_tells_what_a_visitor_did(serving: Serving, page: str, chromium: Any) -> None:
    key = serving.api.key("browser", origins=[page])
    browse(chromium, page, CALLS, {"code": code(serving, key), "times": 45})
    wait_for(serving, 3)
    events = [record for record in serving.api.records() if isinstance(record, EventRecord)]
    assert len(events) == 47 and {record.event for record in events} == {"page", "product_viewed", "custom"}
    assert len({record.session for record in events}) == len({record.person.key for record in events}) == 1
    # The three beacons may arrive in any order.
    [viewed] = [record for record in events if record.event == "page"]
    assert (viewed.title, viewed.url) == ("Tea", page + "/")


def test_it_signs_in_with_a_user_hash(serving: Serving, page: str, chromium: Any) -> None:
    made = serving.api.act("key.create", name="shop", kind="browser")
    argument = {"code": code(serving, made["key"]), "hash": hash_of(made["hashSecret"], "u7"), "times": 0}
    browse(chromium, page, CALLS, argument)
    wait_for(serving, 1)
    [known] = [record for record in serving.api.records() if isinstance(record, CustomerRecord)]
    assert (known.person.key, known.person.email) == ("u7", "ann@example.com")


def test_it_is_silent_for_who_does_not_want_to_be_tracked(serving: Serving, page: str, chromium: Any) -> None:
    key = serving.api.key("browser")
    quiet = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });" + code(serving, key)
    browse(chromium, page, CALLS, {"code": quiet, "times": 3})
    assert serving.seen == []
