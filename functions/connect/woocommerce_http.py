"""Calls to a WooCommerce store: each is some merchant's own server, with a firewall or a broken plugin before it.

Basic auth first. Hosts that drop the Authorization header get the keys in the query, over https alone.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from functions.connect.calling import wait_of
from functions.connect.storefront import Access, Rejected, Revoked, Throttled, Unavailable

API = "/wp-json/wc/v3"
RATE, BURST = 4.0, 30.0
"""Requests a second that we ask of one store at most, and how many may come at once."""
_WAIT = 30.0
_QUERY_HOSTS: OrderedDict[str, None] = OrderedDict()
"""Hosts seen to drop the Authorization header, so that not every call is made twice. A hint only."""


class Gone(Unavailable):
    """The store says that there is no such thing (any more). `at` is the store's own clock."""

    def __init__(self, at: datetime | None) -> None:
        super().__init__("gone", "The shop does not have this any more.", "店铺中已没有此内容。")
        self.at = at


class BadParameter(Unavailable):
    """The store does not know a parameter: an older WooCommerce."""

    def __init__(self) -> None:
        super().__init__(
            "parameter",
            "This WooCommerce is too old for a call that is needed.",
            "WooCommerce 版本过旧，缺少所需接口。",
        )


@dataclass(frozen=True)
class Answer:
    body: Any
    headers: Mapping[str, str]

    @property
    def total(self) -> int | None:
        """How many things match, as the store counts."""
        text = self.headers.get("x-wp-total", "")
        return int(text) if text.isdigit() else None


def pace(access: Access) -> float:
    """Seconds until the store may be asked again; 0.0: now, and that call is counted."""
    return access.take("woo", RATE, BURST)


def get(access: Access, path: str, params: Mapping[str, str] | None = None) -> Answer:
    """Read. Raises Gone, BadParameter, Revoked, Throttled, Unavailable."""
    return call(access, "GET", path, params)


def call(
    access: Access,
    method: str,
    path: str,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> Answer:
    """One call of the REST API with the connection's keys."""
    url = f"{access.shop}{API}{path}"
    keys = (access.secrets.consumer_key, access.secrets.consumer_secret)
    host = httpx.URL(url).host
    secure = url.startswith("https://")
    in_query = secure and host in _QUERY_HOSTS
    response = _send(access, method, url, params, body, keys, in_query)
    if response.status_code == 401 and secure and not in_query and _unheard(response):
        second = _send(access, method, url, params, body, keys, True)
        if second.status_code < 400:
            _QUERY_HOSTS[host] = None
            while len(_QUERY_HOSTS) > 1000:
                _QUERY_HOSTS.popitem(last=False)
            response = second
    return _read(response, access.now, method)


def public(access: Access, path: str) -> Answer:
    """Read what a store shows to everybody: no keys are sent."""
    return _read(_send(access, "GET", f"{access.shop}{path}", None, None, None, False), access.now, "GET")


def _send(
    access: Access,
    method: str,
    url: str,
    params: Mapping[str, str] | None,
    body: Mapping[str, Any] | None,
    keys: tuple[str, str] | None,
    in_query: bool,
) -> httpx.Response:
    query = dict(params or {})
    if keys and in_query:
        query |= {"consumer_key": keys[0], "consumer_secret": keys[1]}
    try:
        # The keys never get into a message: an exception of the client would carry the URL.
        return access.http.request(
            method,
            url,
            params=query,
            json=body,
            headers={"Accept": "application/json"},
            auth=httpx.BasicAuth(*keys) if keys and not in_query else None,
        )
    except httpx.TimeoutException:
        raise Unavailable("timeout", "The shop did not answer in time.", "店铺未及时响应。") from None
    except httpx.RequestError:
        raise Unavailable("unreachable", "The shop cannot be reached.", "无法连接到店铺。") from None


def _unheard(response: httpx.Response) -> bool:
    """Whether a 401 looks like keys that never arrived, rather than keys that are wrong."""
    code, message = _error(response)
    return code.startswith("woocommerce_rest_cannot_") or "missing" in message.lower()


def _error(response: httpx.Response) -> tuple[str, str]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("code") or ""), str(body.get("message") or "")


def _read(response: httpx.Response, now: datetime, method: str) -> Answer:
    status = response.status_code
    if status < 300:
        try:
            # Some themes and plugins print a byte order mark before everything.
            return Answer(json.loads(response.content.removeprefix(b"\xef\xbb\xbf").lstrip()), response.headers)
        except (ValueError, RecursionError):
            raise Unavailable(
                "not_json",
                "The shop's answer is cut off or no JSON (maintenance page or firewall).",
                "店铺返回的内容不完整或不是 JSON（维护页面或防火墙）。",
            ) from None
    code, message = _error(response)
    wait = wait_of(response.headers.get("retry-after"), now)
    if status == 429 or (status >= 500 and wait is not None):
        raise Throttled(wait if wait is not None else _WAIT)
    if status >= 500:
        raise Unavailable("server_error", f"The shop answered {status}.", f"店铺返回错误 {status}。")
    if status < 400:
        target = re.sub(r"[?#].*", "", response.headers.get("location", ""))[:120]
        raise Rejected(
            "moved",
            f"The shop's address has moved to {target}: connect it under that address.",
            f"店铺地址已变更为 {target}：请使用新地址连接。",
            field="shop",
        )
    if not code:
        if status == 404:
            raise Rejected(
                "not_woo",
                "No WooCommerce answers here: check the address, and that permalinks are not set to Plain.",
                "此处没有 WooCommerce：请检查网址，并确认固定链接未设为“朴素”。",
                field="shop",
            )
        raise Unavailable(
            "blocked",
            f"Something before the shop refused the call ({status}): let Timbre through its firewall.",
            f"店铺前的防火墙拒绝了请求（{status}）：请允许 Timbre 访问。",
        )
    _refuse(status, code, message, method, response)
    raise Unavailable("refused", f"The shop refused the call: {code[:80]}.", f"店铺拒绝了请求：{code[:80]}。")


def _refuse(status: int, code: str, message: str, method: str, response: httpx.Response) -> None:
    """Raise what a refusal with WooCommerce's own code means."""
    if code == "rest_no_route":
        raise Rejected(
            "no_woo",
            "The shop's WordPress answers, but WooCommerce's REST API (wc/v3) is not there: is the plugin active?",
            "店铺的 WordPress 有响应，但没有 WooCommerce REST API（wc/v3）：插件是否已启用？",
            field="shop",
        )
    if status in (404, 410):
        raise Gone(_date(response.headers.get("date")))
    if status == 400 and code == "rest_invalid_param":
        raise BadParameter()
    if status in (401, 403):
        if "write permission" in message or (method != "GET" and code.startswith("woocommerce_rest_cannot_")):
            raise Rejected(
                "read_only",
                "These keys may only read: make new ones with Read/Write, so that changes can be announced.",
                "这些密钥只能读取：请创建“读/写”密钥，以便接收变更通知。",
                field="consumerKey",
            )
        raise Revoked(
            "keys",
            "The shop no longer accepts the keys: connect it again.",
            "店铺不再接受这些密钥：请重新连接。",
            field="consumerKey",
        )


def _date(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
