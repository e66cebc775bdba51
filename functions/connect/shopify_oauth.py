"""Connecting to Shopify: the authorization code grant with expiring tokens, and the signatures of its calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from functions.connect.shopify_api import base, posted
from functions.connect.storefront import Access, App, Endpoints, Rejected, Secrets, Unavailable

SHOP = re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com$")
ADMIN = re.compile(r"^(?:https?://)?admin\.shopify\.com/store/([a-zA-Z0-9][a-zA-Z0-9-]*)")
NEEDED = ("read_customers", "read_orders", "read_products")
"""Scopes without which nothing is read."""
WANTED = (*NEEDED, "read_all_orders", "read_customer_merge")
"""read_all_orders reaches back more than 60 days (Shopify must have approved the app for it; an app that is not sets
`scopes` in its registration); read_customer_merge tells when the shop joins two of its customers."""
OLDEST = timedelta(days=1)
"""How old a signed callback may be."""


def scopes(app: App) -> tuple[str, ...]:
    """What is asked for: the registration's own list, else all that is useful."""
    own = tuple(one for one in re.split(r"[,\s]+", app.extra.get("scopes", "")) if one)
    return own or WANTED


def normal(shop: str) -> str:
    """`name.myshopify.com` for what people type.

    Raises:
        Rejected: it is none.
    """
    text = shop.strip()
    admin = ADMIN.match(text)
    host = admin[1] if admin else re.sub(r"^https?://", "", text).split("/")[0].split("?")[0]
    if host and "." not in host:
        host = f"{host}.myshopify.com"
    if not SHOP.match(host):
        raise Rejected(
            "shop",
            "Give the shop's address at Shopify, such as my-shop.myshopify.com.",
            "请填写店铺的 Shopify 地址，例如 my-shop.myshopify.com。",
            field="shop",
        )
    return host.lower()


def authorize(endpoints: Endpoints, app: App, shop: str, state: str, callback: str) -> str:
    asked = {"client_id": app.client_id, "scope": ",".join(scopes(app)), "redirect_uri": callback, "state": state}
    return f"{endpoints.shopify.format(shop=shop)}/admin/oauth/authorize?{urlencode(asked)}"


def signed(secret: str, raw_query: str) -> bool:
    """Whether a query comes from Shopify: HMAC over everything but `hmac`, as received, sorted by key."""
    pairs = [pair.partition("=") for pair in raw_query.split("&") if pair]
    given = next((value for name, _, value in pairs if name == "hmac"), "")
    rest = sorted((pair for pair in pairs if pair[0] != "hmac"), key=lambda pair: pair[0])
    message = "&".join("".join(pair) for pair in rest)
    wanted = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.encode())


def webhook_signed(secrets: Secrets, given: str, raw: bytes) -> bool:
    """Whether a webhook's body is signed with the app's secret, or with one from before its rotation."""
    fits = False
    for secret in (secrets.app.client_secret, *secrets.app.former_secrets, *secrets.webhook_secrets):
        wanted = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest())
        # No early return: the time does not tell which secret fitted.
        fits |= bool(secret) and hmac.compare_digest(wanted, given.encode("utf-8", "replace"))
    return fits


def exchange(access: Access, query: Mapping[str, str], raw_query: str) -> Secrets:
    """The code for a token, after the checks in Shopify's order (the nonce was checked by the caller)."""
    shop = query.get("shop", "")
    if not SHOP.match(shop) or shop.lower() != access.shop:
        raise _forged("another shop")
    app = access.secrets.app
    if not signed(app.client_secret, raw_query):
        raise _forged("a wrong signature")
    stamp = query.get("timestamp", "")
    if not stamp.isdigit() or abs(access.now.timestamp() - int(stamp)) > OLDEST.total_seconds():
        raise _forged("an old call")
    if not query.get("code"):
        raise Rejected("denied", "The installation was not allowed in Shopify.", "在 Shopify 中未授权安装。")
    body = _token(access, {"code": query["code"], "expiring": "1"})
    secrets = _granted(access, body)
    _check_scopes(secrets.scopes)
    return secrets


def refresh(access: Access) -> Secrets | None:
    """A new pair of tokens. The old refresh token is dead from then on: store the new one before using it."""
    held = access.secrets
    if held.refresh_token:
        body = _token(access, {"grant_type": "refresh_token", "refresh_token": held.refresh_token})
        return _granted(access, body)
    if held.app.extra.get("grant") == "client_credentials":
        return _granted(access, _token(access, {"grant_type": "client_credentials"}))
    return None


def _token(access: Access, fields: Mapping[str, str]) -> dict[str, Any]:
    app = access.secrets.app
    asked = {"client_id": app.client_id, "client_secret": app.client_secret, **fields}
    return posted(access, f"{base(access)}/admin/oauth/access_token", asked)


def _granted(access: Access, body: Mapping[str, Any]) -> Secrets:
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise Unavailable("token", "Shopify gave no token.", "Shopify 没有返回令牌。")
    held = access.secrets

    def ends(name: str) -> Any:
        seconds = body.get(name)
        return access.now + timedelta(seconds=float(seconds)) if seconds is not None else None

    return held.refreshed(
        access_token=token,
        refresh_token=str(body.get("refresh_token") or ""),
        expires_at=ends("expires_in"),
        refresh_expires_at=ends("refresh_token_expires_in"),
        scopes=tuple(one for one in str(body.get("scope") or "").split(",") if one) or held.scopes,
    )


def _check_scopes(granted: tuple[str, ...]) -> None:
    missing = lacking(granted)
    if missing:
        named = ", ".join(missing)
        raise Rejected("scopes", f"Shopify did not grant {named}.", f"Shopify 未授予权限 {named}。")


def lacking(granted: tuple[str, ...]) -> list[str]:
    """Needed scopes that were not granted; writing includes reading."""
    held = set(granted) | {one.replace("write_", "read_", 1) for one in granted if one.startswith("write_")}
    return [one for one in NEEDED if one not in held]


def _forged(what: str) -> Rejected:
    return Rejected(
        "signature",
        f"This did not come from Shopify ({what}): begin again in the console.",
        "该请求并非来自 Shopify：请在控制台中重新开始。",
    )
