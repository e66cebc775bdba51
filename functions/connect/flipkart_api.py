"""Calls of Flipkart's Seller API: its two kinds of token, its further pages, its errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from functions.connect.calling import content, send, unavailable
from functions.connect.storefront import Access, Rejected, Revoked, Secrets

SCOPE = "Seller_Api"
SHORT_LIFE = timedelta(hours=12)
"""For an access token whose end Flipkart does not say: renewing too early costs one call, too late a failure."""
UNTOLD_WAIT = 5.0
"""Seconds to back off when Flipkart throttles without saying for how long; it publishes no limits."""


def self_access(secrets: Secrets) -> bool:
    """Whether the application is the seller's own (a token for its id and secret) and not a third party's."""
    return secrets.app.extra.get("kind", "self") != "third_party"


def token(access: Access, query: Mapping[str, str]) -> dict[str, Any]:
    """One request for a token.

    Raises:
        Revoked: the seller withdrew the authorisation, or it ran out.
        Rejected: wrong application id or secret, or a code that is used up.
    """
    app = access.secrets.app
    url = f"{_base(access)}/oauth-service/oauth/token"
    answer = send(access, "GET", url, params=query, auth=(app.client_id, app.client_secret))
    found = content(answer)
    if answer.status_code == 200 and isinstance(found.get("access_token"), str):
        return found
    if query["grant_type"] == "refresh_token" and found.get("error") != "unauthorized":
        raise Revoked(
            "revoked",
            "Flipkart ended this authorisation: connect the shop again.",
            "Flipkart 已终止该授权，请重新连接店铺。",
        )
    if query["grant_type"] == "authorization_code" and found.get("error") != "unauthorized":
        raise Rejected(
            "code",
            "Flipkart's code has expired: start connecting again.",
            "Flipkart 授权码已失效，请重新开始连接。",
        )
    raise Rejected(
        "client",
        "Flipkart does not know this application id and secret: copy both again from Developer Access.",
        "Flipkart 不认可该应用 ID 与密钥，请从 Developer Access 页面重新复制。",
        field="clientSecret",
    )


def renewed(secrets: Secrets, found: Mapping[str, Any], now: datetime) -> Secrets:
    """The credentials with what the token call answered. How long a token lasts is not always said."""
    lasts = _seconds(found.get("expires_in"))
    refresh = found.get("refresh_token")
    refresh_lasts = _seconds(found.get("refresh_token_expires_in"))
    return secrets.refreshed(
        access_token=str(found["access_token"]),
        refresh_token=str(refresh or secrets.refresh_token),
        expires_at=now + (lasts or SHORT_LIFE),
        refresh_expires_at=now + refresh_lasts if refresh_lasts else secrets.refresh_expires_at,
        scopes=tuple(str(found.get("scope") or SCOPE).split()),
    )


def _seconds(value: Any) -> timedelta | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return timedelta(seconds=number) if number > 0 else None


def call(
    access: Access, method: str, path: str, missing: tuple[int, ...] = (), **options: Any
) -> dict[str, Any] | None:
    """The JSON of one call below `/sellers`; None for a status in `missing`.

    Raises:
        Throttled, Unavailable, Revoked, Rejected.
    """
    headers = {"Authorization": f"Bearer {access.secrets.access_token}", "Accept": "application/json"}
    answer = send(
        access, method, f"{_base(access)}/sellers{path}", headers=headers, untold=UNTOLD_WAIT, **options
    )  # fmt: skip
    if answer.status_code in missing:
        return None
    if answer.status_code >= 400:
        raise refusal(answer, path)
    return content(answer)


def further(access: Access, url: str) -> str:
    """The path below `/sellers` of a further page. Flipkart writes it without host or with it.

    Raises:
        Unavailable: it leads to another host; the token would go there.
    """
    ours, parts = urlsplit(_base(access)), urlsplit(url)
    if parts.netloc and (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise unavailable("page of another host")
    path = parts.path.removeprefix(ours.path) if parts.netloc else parts.path
    path = "/" + path.lstrip("/").removeprefix("sellers/")
    if ".." in path:
        raise unavailable("page of another place")
    return f"{path}?{parts.query}" if parts.query else path


def refusal(answer: httpx.Response, path: str) -> Rejected:
    if answer.status_code == 401:
        return Revoked(
            "revoked",
            "Flipkart does not accept the access token any more: connect the shop again.",
            "Flipkart 已不再接受该访问令牌，请重新连接店铺。",
        )
    if answer.status_code == 403:
        return Rejected(
            "scope",
            f"Flipkart does not let the application use the scope {SCOPE}.",
            f"Flipkart 不允许该应用使用权限 {SCOPE}。",
        )
    what = path.split("?")[0][:60]
    return Rejected(
        "request",
        f"Flipkart refuses {what} ({answer.status_code}).",
        f"Flipkart 拒绝了 {what}（{answer.status_code}）。",
    )


def _base(access: Access) -> str:
    return access.endpoints.flipkart.rstrip("/")
