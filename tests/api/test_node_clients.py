"""The official JavaScript clients, run for real: on node, and analytics-next in a real Chromium on another origin."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from functions.api.people import hash_of
from schema.records import CustomerRecord, EventRecord, OrderRecord, Record
from scripts.lib.installing import find_browser
from tests.api.driver import Api
from tests.api.serving import Serving
from tests.e2e.browsing import FLAGS

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "clients"
PEOPLE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"


def package(name: str) -> Path:
    """Where an npm package of the root's devDependencies is."""
    places = [ROOT / "node_modules", *(Path(one) for one in os.environ.get("NODE_PATH", "").split(":") if one)]
    found = next((place / name for place in places if (place / name / "package.json").exists()), None)
    assert found is not None and shutil.which("node"), f"{name} or node is missing: run scripts/install"
    return found


@pytest.fixture
def serving() -> Iterator[Serving]:
    with Serving(Api()) as serving:
        yield serving


def run(script: str, *arguments: str) -> None:
    ran = subprocess.run(
        ["node", SCRIPTS / script, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def is_whole(records: list[Record]) -> None:
    """What the seven calls of a script must have become."""
    kinds = sorted(record.kind for record in records)
    assert kinds == ["customer", "customer", "customer", "event", "event", "event", "order"]
    [order] = [record for record in records if isinstance(record, OrderRecord)]
    assert (order.id, order.total, order.person and order.person.key) == ("1", 1250, "u7")
    [known] = [record for record in records if isinstance(record, CustomerRecord) and record.person.email]
    assert [(claim.kind, claim.value) for claim in known.person.identities] == [("anonymous", "a1")]
    assert known.consent[0].status == "granted"
    claims = {
        claim.value for record in records if isinstance(record, CustomerRecord) for claim in record.person.identities
    }
    assert "a0" in claims
    events = {record.event for record in records if isinstance(record, EventRecord)}
    assert events == {"product_viewed", "page"}


def test_analytics_node(serving: Serving) -> None:
    package("@segment/analytics-node")
    run("segment_node.cjs", serving.url, serving.api.key())
    is_whole(serving.api.records())
    request = serving.seen[0].request
    assert (request.path, request.headers["content-type"]) == ("/v1/batch", "application/json")
    assert {"batch", "writeKey", "sentAt"} == json.loads(request.body).keys()
    assert "origin" not in request.headers


@pytest.mark.parametrize("zipped", ["gzip", "plain"])
def test_rudder_sdk_node(serving: Serving, zipped: str) -> None:
    package("@rudderstack/rudder-sdk-node")
    run("rudder_node.cjs", serving.url, serving.api.key(), zipped)
    is_whole(serving.api.records())
    request = serving.seen[0].request
    assert (request.path, request.headers.get("content-encoding")) == (
        "/v1/batch",
        "gzip" if zipped == "gzip" else None,
    )
    body = json.loads(gzip.decompress(request.body) if zipped == "gzip" else request.body)
    assert "originalTimestamp" in body["batch"][0]


# --- analytics-next, in a browser ---


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """A web shop's page with both browser clients on it, on an origin of its own."""
    bundles = {
        "/segment.js": package("@segment/analytics-next") / "dist/umd/index.js",
        "/rudder.js": package("@rudderstack/analytics-js") / "dist/npm/modern/bundled/umd/index.js",
    }
    html = b"<!doctype html><title>Tea</title><script src=/segment.js></script><script src=/rudder.js></script>"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bundle = bundles.get(self.path)
            body = bundle.read_bytes() if bundle else html
            self.send_response(200)
            self.send_header("content-type", "text/javascript" if bundle else "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if not path:
        pytest.skip("NO CHROMIUM: install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, f"--user-agent={PEOPLE}"], timeout=60_000
        )
        yield browser
        browser.close()


def browse(
    chromium: Any, shop: str, code: str, argument: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    context = chromium.new_context(extra_http_headers=headers or {})
    page = context.new_page()
    page.goto(shop)
    page.evaluate(code, argument)
    # Leaving the page is what makes a batching client send what it holds.
    page.goto("about:blank")
    context.close()


LOAD = """async ({ url, key, strategy, hash }) => {
  const analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: key, cdnURL: url },
    strategy ? { integrations: { 'Segment.io': { deliveryStrategy: strategy } } } : {},
  )
  const options = hash ? { context: { userHash: hash } } : {}
  await analytics.page('Tea', {}, options)
  await analytics.track('Product Viewed', { name: 'Tea', product_id: 'p1' }, options)
  await analytics.identify('u7', { email: 'ann@example.com', consent: { email: true } }, options)
  await analytics.track('Order Completed', { order_id: '1', total: 12.5, currency: 'EUR' }, options)
}"""


@pytest.mark.parametrize("strategy", [None, {"strategy": "batching", "config": {"size": 10, "timeout": 1000}}])
def test_analytics_next(serving: Serving, shop: str, chromium: Any, strategy: dict[str, Any] | None) -> None:
    key = serving.api.key("browser", origins=[shop])
    browse(chromium, shop, LOAD, {"url": serving.url, "key": key, "strategy": strategy})
    wait_for(serving, 1 if strategy else 4)
    records = serving.api.records()
    assert [record.kind for record in records] == ["event"] * 3
    assert {record.event for record in records if isinstance(record, EventRecord)} == {
        "page",
        "product_viewed",
        "checkout",
    }
    [person] = {record.person.key for record in records if isinstance(record, EventRecord)}
    assert person.startswith("anonymous:")
    assert "ann@example.com" not in repr(records) and "u7" not in repr([record.person for record in records])  # type: ignore[union-attr]
    sent = [seen.request for seen in serving.seen if seen.request.method == "POST"]
    assert {request.path for request in sent} == ({"/v1/b"} if strategy else {"/v1/p", "/v1/t", "/v1/i"})
    assert all(request.headers["content-type"] == "text/plain" for request in sent)
    assert all(request.headers["origin"] == shop for request in sent)
    assert any(seen.request.path == f"/v1/projects/{key}/settings" and seen.status == 200 for seen in serving.seen)
    assert {seen.status for seen in serving.seen} <= {200, 204}


def test_analytics_next_with_a_user_hash(serving: Serving, shop: str, chromium: Any) -> None:
    made = serving.api.act("key.create", name="shop", kind="browser")
    argument = {"url": serving.url, "key": made["key"], "hash": hash_of(made["hashSecret"], "u7")}
    browse(chromium, shop, LOAD, argument)
    wait_for(serving, 4)
    [known] = [record for record in serving.api.records() if isinstance(record, CustomerRecord)]
    assert (known.person.key, known.person.email) == ("u7", "ann@example.com")
    assert known.person.identities[0].kind == "anonymous"


RUDDER = """async ({ url, key, beacon }) => {
  const analytics = new rudderanalytics.RudderAnalytics()
  analytics.load(key, url, { configUrl: url, useBeacon: beacon, logLevel: 'ERROR' })
  await new Promise((resolve) => analytics.ready(resolve))
  analytics.page('Tea')
  analytics.track('Product Viewed', { name: 'Tea', product_id: 'p1' })
  analytics.identify('u7', { email: 'ann@example.com' })
  await new Promise((resolve) => setTimeout(resolve, 1500))
}"""


@pytest.mark.parametrize("beacon", [False, True])
def test_rudderstack_in_a_browser(serving: Serving, shop: str, chromium: Any, beacon: bool) -> None:
    key = serving.api.key("browser", origins=[shop])
    browse(chromium, shop, RUDDER, {"url": serving.url, "key": key, "beacon": beacon})
    wait_for(serving, 1 if beacon else 3)
    events = [record for record in serving.api.records() if isinstance(record, EventRecord)]
    assert {record.event for record in events} == {"page", "product_viewed"}
    # RudderStack's client stitches sessions itself.
    assert len({record.session for record in events}) == 1
    assert "ann@example.com" not in repr(events)
    sent = [seen.request for seen in serving.seen if seen.request.method == "POST"]
    paths = {"/beacon/v1/batch"} if beacon else {"/v1/page", "/v1/track", "/v1/identify"}
    assert {request.path for request in sent} == paths
    assert {seen.status for seen in serving.seen} <= {200, 204}


def test_a_browser_that_does_not_want_to_be_tracked(serving: Serving, shop: str, chromium: Any) -> None:
    # The page may be read by anybody; its calls say no by themselves.
    argument = {"url": serving.url, "key": serving.api.key("browser")}
    browse(chromium, shop, LOAD.replace("options)", "options).catch(() => 0)"), argument, {"sec-gpc": "1"})
    assert serving.api.records() == []


def wait_for(serving: Serving, calls: int) -> None:
    import time

    for _ in range(200):
        if sum(seen.request.method == "POST" for seen in serving.seen) >= calls:
            return
        time.sleep(0.05)
    raise AssertionError([(seen.request.method, seen.request.path, seen.status) for seen in serving.seen])
