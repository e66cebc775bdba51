"""Calls to Shopify's Admin GraphQL API: one place for its version, its queries, its errors and its points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

from functions.connect.calling import bounded, retry_after
from functions.connect.net import LARGEST, at_most
from functions.connect.storefront import Access, ConnectError, Rejected, Revoked, Throttled, Unavailable

VERSION = "2026-10"
QUERIES = Path(__file__).parent / "queries"
_SPREAD = re.compile(r"\.\.\.(\w+)")
_ASK_AGAIN = 2.0
"""Seconds to wait when Shopify asks to wait and does not say how long."""
Node = Mapping[str, Any]


class TooCostly(Unavailable):
    """One query asks for more points than any query may: ask for fewer things."""

    def __init__(self) -> None:
        super().__init__("cost", "Shopify refused a query as too large.", "Shopify 拒绝了过大的查询。")


@dataclass(frozen=True)
class Answer:
    data: Node
    wait: float
    """Seconds until there are points for the same query again."""


@lru_cache(maxsize=60)
def query(name: str) -> str:
    """The query of a file below `queries/`, with the fragments that it spreads (each once)."""
    text = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
    parts, known = [text], set[str]()
    open_ = list(_SPREAD.findall(text))
    while open_:
        spread = open_.pop()
        if spread in known:
            continue
        known.add(spread)
        fragment = (QUERIES / "fragments" / f"{spread}.graphql").read_text(encoding="utf-8")
        parts.append(fragment)
        open_ += _SPREAD.findall(fragment)
    return "\n".join(parts)


def base(access: Access) -> str:
    return access.endpoints.shopify.format(shop=access.shop)


def ask(access: Access, name: str, **variables: object) -> Answer:
    """Run a query.

    Raises:
        Throttled: no points left.
        TooCostly: the query may never run.
        Revoked: the token is not valid any more.
        Rejected: the app may not do this.
        Unavailable: anything that passes.
    """
    url = f"{base(access)}/admin/api/{VERSION}/graphql.json"
    headers = {"X-Shopify-Access-Token": access.secrets.access_token}
    body = posted(access, url, {"query": query(name), "variables": variables}, headers)
    wait = _points(body)
    errors = [one for one in body.get("errors") or [] if isinstance(one, dict)]
    codes = {str((one.get("extensions") or {}).get("code", "")) for one in errors}
    data = body.get("data")
    if "THROTTLED" in codes:
        raise Throttled(max(wait, 1.0))
    if "MAX_COST_EXCEEDED" in codes:
        raise TooCostly
    if data is not None and codes <= {"ACCESS_DENIED"} and any(value is not None for value in data.values()):
        # Fields of protected customer data that this app may not see: they are null, the rest is there.
        return Answer(data, wait)
    if "ACCESS_DENIED" in codes:
        said = str(errors[0].get("message", ""))[:150]
        raise Rejected("scope", f"Shopify denies access: {said}", f"Shopify 拒绝访问：{said}")
    if errors or not isinstance(data, dict):
        said = str(errors[0].get("message", ""))[:120] if errors else "no data"
        raise Unavailable("shopify", f"Shopify could not answer: {said}", f"Shopify 无法应答：{said}")
    return Answer(data, wait)


def posted(access: Access, url: str, body: object, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A POST of JSON and its JSON answer; what Shopify says by its status becomes one of our errors."""
    try:
        answer = access.http.post(url, json=body, headers=dict(headers or {}))
    except httpx.HTTPError as error:
        raise _unreachable(type(error).__name__) from error
    _check(answer, access.shop, access.now)
    try:
        read = answer.json()
    except (ValueError, RecursionError) as error:
        raise _unreachable("not JSON") from error
    if not isinstance(read, dict):
        raise _unreachable("not an object")
    return read


def part(access: Access, url: str, start: int, length: int) -> tuple[bytes, int]:
    """Bytes of a bulk result and its whole length, fetched as a range."""
    try:
        answer = access.http.get(
            url,
            headers={"Range": f"bytes={start}-{start + length - 1}"},
            # One thing with its children may be larger than any other answer.
            extensions=at_most(max(LARGEST, length)),
        )
    except httpx.HTTPError as error:
        raise _unreachable(type(error).__name__) from error
    if answer.status_code == 200:
        return answer.content[start : start + length], len(answer.content)
    if answer.status_code == 206:
        total = answer.headers.get("content-range", "").rpartition("/")[2]
        if total.isdigit() and len(answer.content) == min(length, int(total) - start):
            return answer.content, int(total)
    raise _unreachable(f"bulk result {answer.status_code}")


def _check(answer: httpx.Response, shop: str, now: datetime) -> None:
    status = answer.status_code
    if status == 429:
        wait = retry_after(answer, now)
        raise Throttled(_ASK_AGAIN if wait is None else max(wait, 0.1))
    if 400 <= status < 500 and _oauth_code(answer):
        raise refused(answer)
    if status == 401:
        raise Revoked(
            "revoked",
            f"{shop} does not accept our access any more: connect it again.",
            f"{shop} 不再接受授权：请重新连接。",
        )
    if status == 402:
        raise Revoked("frozen", f"{shop} is frozen at Shopify.", f"{shop} 已被 Shopify 冻结。")
    if status == 403:
        raise Revoked("forbidden", f"{shop} forbids our access.", f"{shop} 禁止访问。")
    if status in (404, 410):
        raise Rejected("shop", f"Shopify knows no shop {shop}.", f"Shopify 上没有店铺 {shop}。", field="shop")
    if 400 <= status < 500 and status != 423:
        raise refused(answer)
    if status != 200:
        raise _unreachable(str(status))


def refused(answer: httpx.Response) -> ConnectError:
    """A 4xx with an OAuth error in it, said without any of its secrets."""
    code = _oauth_code(answer)
    if code == "invalid_grant":
        return Revoked("revoked", "The shop's authorisation ended: connect it again.", "店铺授权已失效：请重新连接。")
    return Rejected(
        code or "refused",
        f"Shopify refused ({answer.status_code} {code}).",
        f"Shopify 拒绝了请求（{answer.status_code} {code}）。",
    )


def _oauth_code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("error", ""))[:60]
    except (ValueError, AttributeError, RecursionError):
        return ""


def _unreachable(what: str) -> Unavailable:
    return Unavailable("unreachable", f"Shopify did not answer ({what}).", f"Shopify 没有应答（{what}）。")


def _points(body: Node) -> float:
    """Seconds until a query like this one has its points again."""
    cost = (body.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    rate = float(status.get("restoreRate") or 0)
    if rate <= 0:
        return 0.0
    lacking = float(cost.get("requestedQueryCost") or 0) - float(status.get("currentlyAvailable") or 0)
    return bounded(lacking / rate)
