"""The adapter: addresses that cannot be forged, our own address as the client knows it, bodies of any content type."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WsgiRequest

from functions.api.http import LARGEST_BODY
from functions.api.serve import base_of, from_flask
from functions.api.tracking import handle
from functions.config import Config
from schema.records import EventRecord
from tests.api.driver import Api
from tests.api.serving import Serving

BASE = "https://t.example"
HOSTING = {"X-Forwarded-Host": "tea.web.app", "X-Forwarded-For": "203.0.113.9, 198.51.100.4"}


def request(path: str = "/v1/batch", **options: object) -> WsgiRequest:
    options = {"method": "POST", "environ_base": {"REMOTE_ADDR": "10.0.0.1"}, **options}
    return WsgiRequest(EnvironBuilder(path=path, **options).get_environ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "10.0.0.1"),
        ({"X-Forwarded-For": "198.51.100.4"}, "198.51.100.4"),
        # What the caller wrote itself comes first, what the front end saw comes last.
        ({"X-Forwarded-For": "1.1.1.1, 2.2.2.2, 198.51.100.4"}, "198.51.100.4"),
        ({"X-Forwarded-For": "1.1.1.1,"}, "10.0.0.1"),
        # Behind Hosting its CDN names the client; without Hosting anybody could have written it.
        ({**HOSTING, "Fastly-Client-IP": "203.0.113.9"}, "203.0.113.9"),
        ({**HOSTING, "Fastly-Client-IP": "2001:DB8::1"}, "2001:db8::1"),
        ({**HOSTING, "Fastly-Client-IP": "somebody"}, "198.51.100.4"),
        (HOSTING, "198.51.100.4"),
        ({"X-Forwarded-For": "198.51.100.4", "Fastly-Client-IP": "203.0.113.9"}, "198.51.100.4"),
    ],
)
def test_address(headers: dict[str, str], address: str) -> None:
    assert from_flask(request(headers=headers), BASE).address == address


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
        {"X-Forwarded-Host": "evil.example, fn.example", "Forwarded": "host=evil.example;proto=http"},
        {"X-Original-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "81"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/projects/k/settings", "/evil.example/v1/projects/k/settings"])
def test_no_header_says_where_pages_send_their_calls(path: str, headers: dict[str, str]) -> None:
    """The answer is kept by caches for everybody."""
    api = Api()
    asked = from_flask(request(path, method="GET", headers=headers), "https://t.example")
    answer = handle(api.world, asked, api.tracker)
    assert json.loads(answer.body)["integrations"]["Segment.io"]["apiHost"] == "t.example/v1"
    assert b"evil" not in answer.body and "evil" not in str(answer.headers)


def test_our_own_address_is_the_configured_one() -> None:
    config = Config(project="tea", identity_key=b"k" * 32, owner_email="", emulated=False)
    assert base_of(config) == "https://tea.web.app"
    assert base_of(replace(config, public_url="https://timbre.example")) == "https://timbre.example"


def test_of_a_huge_body_only_enough_to_refuse_it_is_read() -> None:
    assert len(from_flask(request(data=b"x" * (LARGEST_BODY * 3)), BASE).body) == LARGEST_BODY + 1


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "application/json", ""])
def test_any_content_type(content_type: str) -> None:
    with Serving(Api()) as serving:
        key, headers = serving.api.key(), {"content-type": content_type}
        body = '{"messageId": "m1", "userId": "u1", "event": "From curl", "note": "a=b&c"}'
        answer = httpx.post(f"{serving.url}/track/v1/track", content=body, headers=headers, auth=(key, ""))
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        [record] = serving.api.records()
        assert isinstance(record, EventRecord) and record.title == "From curl"


def test_a_huge_call_is_refused_over_http() -> None:
    with Serving(Api()) as serving:
        answer = httpx.post(f"{serving.url}/v1/batch", content=b"x" * (LARGEST_BODY + 10), auth=(serving.api.key(), ""))
        assert answer.status_code == 400 and answer.json()["code"] == "too_large"
