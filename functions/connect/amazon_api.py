"""Calls of the Selling Partner API: its tokens, its rate limits by operation, its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from functions.connect.amazon_market import Market
from functions.connect.calling import content, send
from functions.connect.storefront import Access, Rejected, Revoked, Secrets, Throttled

RATES: Mapping[str, tuple[float, float]] = {
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "searchListingsItems": (5, 5),
    "getListingsItem": (5, 10),
    "searchCatalogItems": (2, 2),
    "getMarketplaceParticipations": (0.016, 15),
    "getDestinations": (1, 5),
    "createDestination": (1, 5),
    "getSubscription": (1, 5),
    "createSubscription": (1, 5),
    "deleteSubscriptionById": (1, 5),
}
"""Tokens a second and burst by operation, as the API's own description states them."""

AUTHORIZED_FOR = timedelta(days=365)
"""A selling partner must renew the authorisation every year."""
NOTIFICATIONS = "sellingpartnerapi::notifications"


@dataclass
class Api:
    """The API of one seller in one marketplace."""

    access: Access
    market: Market
    rates: dict[str, float] = field(default_factory=dict)
    """What Amazon said the rate is, where that differs from the default: kept in the cursor between calls."""

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        token: str | None = None,
        missing: tuple[int, ...] = (),
    ) -> dict[str, Any] | None:
        """The JSON of one call; None for a status in `missing`.

        Args:
            token: instead of the seller's, for operations without a grant.

        Raises:
            Throttled: the bucket is empty here or at Amazon.
            Rejected, Revoked, Unavailable.
        """
        rate, burst = RATES[operation]
        rate = self.rates.get(operation, rate)
        wait = self.access.take(operation, rate, burst)
        if wait > 0:
            raise Throttled(wait)
        url = self.access.endpoints.amazon_api.format(region=self.market.region).rstrip("/") + path
        headers = {
            "x-amz-access-token": token or self.access.secrets.access_token,
            "x-amz-date": self.access.now.strftime("%Y%m%dT%H%M%SZ"),
        }
        try:
            answer = send(self.access, method, url, params=params, json=json, headers=headers)
        except Throttled as told:
            raise Throttled(max(told.wait, 1 / rate)) from told
        self._learn(operation, answer)
        if answer.status_code in missing:
            return None
        if answer.status_code >= 400:
            raise refusal(answer, operation)
        return content(answer)

    def _learn(self, operation: str, answer: httpx.Response) -> None:
        try:
            rate = float(answer.headers.get("x-amzn-ratelimit-limit", ""))
        except ValueError:
            return
        if rate > 0:
            if abs(rate - RATES[operation][0]) < 1e-9:
                self.rates.pop(operation, None)
            else:
                self.rates[operation] = rate

    def grantless(self, scope: str) -> str:
        """A token of the application itself, for operations that belong to no seller; valid for an hour."""
        found = lwa(self.access, {"grant_type": "client_credentials", "scope": scope})
        return str(found["access_token"])


def lwa(access: Access, form: Mapping[str, str]) -> dict[str, Any]:
    """One request to Login with Amazon.

    Raises:
        Revoked: the seller withdrew the authorisation, or its year is over.
        Rejected: wrong client id or secret, or a code that is used up.
    """
    app = access.secrets.app
    form = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
    answer = send(access, "POST", access.endpoints.amazon_token, data=form)
    found = content(answer)
    if answer.status_code == 200 and isinstance(found.get("access_token"), str):
        return found
    error = str(found.get("error", answer.status_code))
    if error == "invalid_grant" and form.get("grant_type") == "refresh_token":
        raise Revoked(
            "revoked",
            "Amazon ended this authorisation: connect the shop again.",
            "亚马逊已终止该授权，请重新连接店铺。",
        )
    if error == "invalid_grant":
        raise Rejected(
            "code", "Amazon's code has expired: start connecting again.", "亚马逊授权码已失效，请重新开始连接。"
        )
    if error in {"invalid_client", "unauthorized_client"}:
        raise Rejected(
            "client",
            "Amazon does not know this client id and secret: copy both again from the developer console.",
            "亚马逊不认可该客户端 ID 与密钥，请从开发者控制台重新复制。",
            field="clientSecret",
        )
    raise Rejected("token", f"Amazon gives no token ({error[:60]}).", f"亚马逊未发放令牌（{error[:60]}）。")


def renewed(secrets: Secrets, found: Mapping[str, Any], now: datetime) -> Secrets:
    """The credentials with what Login with Amazon answered."""
    return secrets.refreshed(
        access_token=str(found["access_token"]),
        refresh_token=str(found.get("refresh_token") or secrets.refresh_token),
        expires_at=now + timedelta(seconds=float(found.get("expires_in", 3600))),
    )


def refusal(answer: httpx.Response, operation: str) -> Rejected:
    """What a 4xx means. A token that ran out counts as revoked: the caller tries once more with a new one, and only if
    that fails too the seller has to act.
    """
    try:
        errors = answer.json().get("errors") or [{}]
        said = f"{errors[0].get('message', '')} {errors[0].get('details', '')}"
        code = str(errors[0].get("code", answer.status_code))
    except (ValueError, AttributeError, IndexError, TypeError):
        said, code = "", str(answer.status_code)
    if answer.status_code in (401, 403):
        if "revoked" in said:
            return Revoked(
                "revoked",
                "Amazon does not accept the access any more: connect the shop again.",
                "亚马逊已不再接受该授权，请重新连接店铺。",
            )
        if "expired" in said:
            return Revoked("expired", "The access token has run out.", "访问令牌已过期。")
        return Rejected(
            "role",
            f"Amazon does not let the application do {operation}: give it the role for orders and listings.",
            f"亚马逊不允许该应用执行 {operation}：请为其开通订单与商品角色。",
        )
    return Rejected(
        "request", f"Amazon refuses {operation} ({code[:40]}).", f"亚马逊拒绝了 {operation}（{code[:40]}）。"
    )
