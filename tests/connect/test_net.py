"""The guarded client: where it may go, also when it is sent on, and how much it reads of what comes back."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from functions.connect import detect as detecting
from functions.connect import net, shopify_api, woocommerce_http
from functions.connect.calling import LONGEST_WAIT, bounded, send, wait_of
from functions.connect.detect import LARGEST_PROBE, detect
from functions.connect.net import Forbidden, TooMuch, at_most, client, public
from functions.connect.outside import Outside
from functions.connect.storefront import Access, ConnectError, Endpoints, Secrets, Throttled, Unavailable
from functions.connect.vault import KeyRing
from functions.tasks import MemoryQueue

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
Answer = tuple[int, dict[str, str], bytes]


class Site:
    """A web server on the loopback address that answers as told and keeps the paths that it was asked for."""

    def __init__(self) -> None:
        self.answer: Answer = (200, {}, b"{}")
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                status, headers, body = outer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    return

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"
        self._guarded: httpx.Client | None = None
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def guarded(self) -> httpx.Client:
        """A client of ours that may come here."""
        self._guarded = self._guarded or client((self.host,))
        return self._guarded

    def close(self) -> None:
        if self._guarded:
            self._guarded.close()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def inner() -> Iterator[Site]:
    """A server that nobody outside may reach."""
    made = Site()
    yield made
    made.close()


def outside(site: Site, guarded: httpx.Client | None = None) -> Outside:
    return Outside(
        endpoints=Endpoints(local_hosts=(site.host,)),
        apps={},
        ring=KeyRing({1: b"k" * 32}),
        public_url="https://timbre.example",
        queue=MemoryQueue(),
        http=lambda: guarded or site.guarded,
    )


def access(site: Site) -> Access:
    return Access(
        http=site.guarded,
        endpoints=Endpoints(shopify=site.url, local_hosts=(site.host,)),
        shop=site.url,
        secrets=Secrets(consumer_key="ck", consumer_secret="cs"),
        now=NOW,
    )


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "169.254.169.254", "192.0.0.9", "192.0.0.170", "192.168.1.1", "100.64.0.1", "224.0.0.1",
    "0.0.0.0", "::1", "fe80::1%eth0", "fec0::1", "feff::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:192.0.0.10",
    "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
])  # fmt: skip
def test_closed_addresses(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_open_addresses(address: str) -> None:
    assert public(address)


TARGETS: list[Callable[[Site], str]] = [
    lambda inner: inner.url,
    lambda inner: f"https://{inner.host}",
    lambda _: "http://127.0.0.1/",
    lambda _: "http://169.254.169.254/computeMetadata/v1/",
    lambda _: "https://169.254.169.254/",
    lambda _: "https://[::1]/",
    lambda _: "https://rebound.example/",
    lambda inner: f"//user:pass@{inner.host}/",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_redirect_leads_nowhere_that_a_first_call_may_not(
    site: Site, inner: Site, target: Callable[[Site], str]
) -> None:
    def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "rebound.example" else net.resolve(host, port)

    site.answer = (302, {"Location": target(inner), "Content-Length": "0"}, b"")
    with client((site.host,), resolver) as guarded, pytest.raises(Forbidden):
        guarded.get(f"{site.url}/wp-json/", follow_redirects=True)
    with client((site.host,), resolver) as guarded:
        found = detect(outside(site, guarded), site.url)
    assert (found.platform, found.sure, "public web address" in found.why.en) == (None, False, True)
    assert site.asked == ["/wp-json/", "/wp-json/"] and inner.asked == []


def test_redirects_end(site: Site) -> None:
    site.answer = (302, {"Location": "/again", "Content-Length": "0"}, b"")
    assert "did not answer" in detect(outside(site), site.url).why.en
    assert len(site.asked) == 1 + net.MAX_REDIRECTS


BIG = b"x" * (net.LARGEST + 1)
BOMB = gzip.compress(b"\0" * (net.LARGEST * 4))
ANSWERS: list[tuple[Answer, type[Exception] | None]] = [
    ((200, {}, BIG), TooMuch),
    ((200, {}, BIG[:-1]), None),
    ((500, {}, BIG), TooMuch),
    ((200, {"Content-Encoding": "gzip"}, BOMB), TooMuch),
    ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}")), None),
    ((200, {"Content-Encoding": "gzip"}, b"no gzip"), httpx.DecodingError),
    ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}" * 999)[:-9]), httpx.DecodingError),
    ((200, {"Content-Encoding": "deflate"}, zlib.compress(b"{}")), httpx.DecodingError),
    ((200, {"Content-Encoding": "br"}, b"{}"), httpx.DecodingError),
]


@pytest.mark.parametrize(("answer", "error"), ANSWERS)
def test_an_answer_has_limits(site: Site, answer: Answer, error: type[Exception] | None) -> None:
    site.answer = answer
    if error is None:
        assert site.guarded.get(site.url).content in (b"{}", BIG[:-1])
        return
    with pytest.raises(error):
        site.guarded.get(site.url)
    # What our callers make of it: something that passes, never a crash.
    calls: list[Callable[[], object]] = [
        partial(send, access(site), "GET", site.url),
        partial(woocommerce_http.get, access(site), "/orders"),
        partial(shopify_api.posted, access(site), site.url, {}),
        partial(shopify_api.part, access(site), site.url, 0, 10),
    ]
    for call in calls:
        with pytest.raises(Unavailable):
            call()
    assert detect(outside(site), site.url).platform is None


def test_a_call_may_ask_for_less_and_the_probe_does(site: Site) -> None:
    site.answer = (200, {"Content-Type": "application/json"}, b'{"namespaces": ["wc/v3"]}' + b" " * LARGEST_PROBE)
    with pytest.raises(TooMuch):
        site.guarded.get(site.url, extensions=at_most(1000))
    assert "did not answer" in detect(outside(site), site.url).why.en
    site.answer = (200, {}, b'{"namespaces": ["wc/v3"]}')
    assert detect(outside(site), site.url).platform == "woocommerce"
    assert detecting.LARGEST_PROBE == 2**20


def test_a_part_of_a_bulk_result_may_be_larger(site: Site) -> None:
    length, total = len(BIG) + 5, len(BIG) * 2
    site.answer = (206, {"Content-Range": f"bytes 0-{length - 1}/{total}"}, BIG + b"y" * 5)
    raw, whole = shopify_api.part(access(site), site.url, 0, length)
    assert (len(raw), whole) == (length, total)


def test_an_answer_that_drips_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "LONGEST", -1.0)
    site.answer = (200, {}, b"{}")
    with pytest.raises(TooMuch):
        site.guarded.get(site.url)


def test_json_without_an_end_to_its_depth_is_unreadable(site: Site) -> None:
    site.answer = (200, {}, b"[" * 500_000)
    with pytest.raises(Unavailable):
        woocommerce_http.get(access(site), "/orders")
    with pytest.raises(ConnectError):
        shopify_api.posted(access(site), site.url, {})
    assert detect(outside(site), site.url).platform is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0), ("0", 0.0), ("-5", 0.0), ("3601", 3600.0), ("1e300", 3600.0), ("inf", None), ("nan", None),
        ("-inf", None), ("", None), (None, None), ("soon", None), ("Mon, 99 Nope", None),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), 3600.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Mon, 02 Mar 2026 10:00:09 -0000", 9.0),
    ],
)  # fmt: skip
def test_nobody_makes_us_wait_for_more_than_an_hour(site: Site, told: str | None, seconds: float | None) -> None:
    assert wait_of(told, NOW) == seconds
    site.answer = (429, {"Retry-After": told} if told is not None else {}, b"{}")
    for call in (
        partial(send, access(site), "GET", site.url),
        partial(woocommerce_http.get, access(site), "/orders"),
        partial(shopify_api.posted, access(site), site.url, {}),
    ):
        with pytest.raises(Throttled) as raised:
            call()
        assert 0 <= raised.value.wait <= LONGEST_WAIT


def test_odd_figures_of_points_are_an_hour_at_most() -> None:
    assert [bounded(value) for value in (float("inf"), float("nan"), 1e9, -3.0, 2.5)] == [3600, 3600, 3600, 0, 2.5]
