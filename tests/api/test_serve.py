"""The adapter: addresses that cannot be forged, our own address as the client knows it, bodies of any content type."""

from __future__ import annotations

import httpx
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WsgiRequest

from functions.api.http import LARGEST_BODY
from functions.api.serve import from_flask
from schema.records import EventRecord
from tests.api.driver import Api
from tests.api.serving import Serving


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
    ],
)
def test_address(headers: dict[str, str], address: str) -> None:
    assert from_flask(request(headers=headers)).address == address


@pytest.mark.parametrize(
    ("path", "headers", "base"),
    [
        ("/v1/projects/k/settings", {}, "http://localhost"),
        ("/demo/us-central1/track/v1/t", {"Host": "127.0.0.1:5001"}, "http://127.0.0.1:5001/demo/us-central1/track"),
        ("/v1/t", {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "fn.example"}, "https://fn.example"),
        ("/s/survey", {"Host": "shop.example", "X-Forwarded-Proto": "https,http"}, "https://shop.example"),
    ],
)
def test_our_own_address(path: str, headers: dict[str, str], base: str) -> None:
    assert from_flask(request(path, headers=headers)).base == base


def test_of_a_huge_body_only_enough_to_refuse_it_is_read() -> None:
    assert len(from_flask(request(data=b"x" * (LARGEST_BODY * 3))).body) == LARGEST_BODY + 1


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
