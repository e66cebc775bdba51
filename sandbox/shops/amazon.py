"""Amazon: the Selling Partner API of one seller in India and the United States, Login with Amazon, the consent page and
an SQS queue. Limits, paging and lives of tokens are the provider's own, by the shop's clock.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from sandbox.shops import amazon_sqs, consent
from sandbox.shops.amazon_reads import Reads
from sandbox.shops.amazon_shapes import MARKETS, SELLER, STORE, Json, change_json
from sandbox.shops.faults import Faults
from sandbox.shops.model import Change, Order
from sandbox.shops.shop import SimulatedShop

APPLICATION = "amzn1.sp.solution.timbre-sandbox"
CLIENT, CLIENT_SECRET = "amzn1.application-oa2-client.timbresandbox", "amzn1.oa2-cs.v1.timbresandbox"
SCOPE = "sellingpartnerapi::notifications"
TOKEN_LIFE, CODE_LIFE = timedelta(hours=1), timedelta(minutes=5)
LIMITS: dict[str, tuple[float, float]] = {
    "searchOrders": (0.0056, 20), "getOrder": (0.5, 30), "searchListingsItems": (5, 5), "getListingsItem": (5, 10),
    "searchCatalogItems": (2, 2), "getCatalogItem": (2, 2), "getMarketplaceParticipations": (0.016, 15),
    "getDestinations": (1, 5), "createDestination": (1, 5), "getSubscription": (1, 5), "createSubscription": (1, 5),
    "deleteSubscriptionById": (1, 5),
}  # fmt: skip
"""Tokens a second and burst, for each pair of seller and application."""
REGIONS = "<any(na, eu, fe):region>"


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details


@dataclass
class State:
    """What Amazon remembers of its sellers and applications."""

    now: Callable[[], datetime]
    lock: RLock = field(default_factory=RLock)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Token: (whose: the seller's id or "" without a grant, until when)."""
    refresh: set[str] = field(default_factory=set)
    codes: dict[str, datetime] = field(default_factory=dict)
    destinations: dict[str, Json] = field(default_factory=dict)
    subscriptions: dict[str, Json] = field(default_factory=dict)
    """Subscription to ORDER_CHANGE by region."""
    buckets: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def take(self, operation: str) -> bool:
        """One token of an operation's bucket; False when it is empty."""
        rate, burst = LIMITS[operation]
        with self.lock:
            tokens, at = self.buckets.get(operation, (burst, self.now()))
            tokens = min(burst, tokens + (self.now() - at).total_seconds() * rate)
            self.buckets[operation] = (tokens - 1 if tokens >= 1 else tokens, self.now())
            return tokens >= 1

    def issue(self, whose: str) -> Json:
        token = f"Atza|{secrets.token_urlsafe(40)}"
        with self.lock:
            self.access[token] = (whose, self.now() + TOKEN_LIFE)
        return {"access_token": token, "token_type": "bearer", "expires_in": int(TOKEN_LIFE.total_seconds())}


def blueprint(shop: SimulatedShop, faults: Faults, base_url: str, speed: float) -> Blueprint:
    """The blueprint below `/amazon`. Its `queue` and `state` are for tests, as attributes of the blueprint."""
    made = Blueprint("amazon", __name__, url_prefix="/amazon")
    state, reads = State(shop.now), Reads(shop)
    shop.keep("amazon", state, "access", "refresh", "codes", "destinations", "subscriptions", "buckets")
    queue = amazon_sqs.Queue(shop.now, speed=speed)
    made.queue, made.state = queue, state  # type: ignore[attr-defined]

    def answered(operation: str, body: Json, status: int = 200) -> Response:
        answer = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")
        answer.headers["x-amzn-RequestId"] = str(uuid.uuid4())
        if operation in LIMITS:
            answer.headers["x-amzn-RateLimit-Limit"] = str(LIMITS[operation][0])
        return answer

    def failure(operation: str, wrong: Refused) -> Response:
        error = {"code": wrong.code, "message": wrong.message, "details": wrong.details}
        return answered(operation, {"errors": [error]}, wrong.status)

    def guarded(operation: str, work: Callable[[], Json], grantless: bool = False) -> Response:
        """Faults, the token, the bucket, then the work."""
        try:
            fault = faults.check("amazon")
            if fault is not None and fault.status_code == 429:
                raise Refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
            if fault is not None:
                raise Refused(fault.status_code, "InternalFailure", "We encountered an internal error.")
            authorized(grantless)
            if not state.take(operation):
                raise Refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
            return answered(operation, work())
        except Refused as wrong:
            return failure(operation, wrong)
        except ValueError as wrong:
            return failure(operation, Refused(400, "InvalidInput", str(wrong)))

    def authorized(grantless: bool) -> None:
        denied = "Access to requested resource is denied."
        token = request.headers.get("x-amz-access-token", "")
        with state.lock:
            whose, until = state.access.get(token, (None, state.now()))
        if whose is None or faults.revoked("amazon"):
            details = "The access token you provided is revoked, malformed or invalid."
            raise Refused(403, "Unauthorized", denied, details)
        if until <= state.now():
            raise Refused(403, "Unauthorized", denied, "The access token you provided has expired.")
        if (whose == "") != grantless:
            raise Refused(403, "Unauthorized", denied, "The operation needs another kind of token.")

    # --- Login with Amazon ---

    @made.get("/consent")
    def ask() -> Response:
        fields = {name: request.args.get(name, "") for name in ("application_id", "state", "redirect_uri")}
        if fields["application_id"] != APPLICATION or not fields["redirect_uri"] or not fields["state"]:
            return Response("MD1000: the application or its redirect address is unknown.", 400)
        return consent.page("Amazon", APPLICATION, "/amazon/consent", fields)

    @made.post("/consent")
    def allow() -> Response:
        code = secrets.token_urlsafe(12)
        state.codes[code] = state.now() + CODE_LIFE
        back = {"state": request.form["state"], "selling_partner_id": SELLER, "spapi_oauth_code": code}
        return redirect(f"{request.form['redirect_uri']}?{urlencode(back)}", 302)

    @made.post("/auth/o2/token")
    def token() -> Response:
        fault = faults.check("amazon")
        if fault is not None:
            return fault
        form: dict[str, str] = request.get_json() if request.is_json else request.form.to_dict()

        def wrong(status: int, error: str, said: str) -> Response:
            return answered("token", {"error": error, "error_description": said, "request_id": "sandbox"}, status)

        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, CLIENT_SECRET):
            return wrong(401, "invalid_client", "Client authentication failed")
        kind = form.get("grant_type")
        with state.lock:
            if kind == "client_credentials":
                if form.get("scope") != SCOPE:
                    return wrong(400, "invalid_scope", "The request has an invalid scope")
                return answered("token", state.issue(""))
            if kind == "authorization_code":
                if state.codes.pop(form.get("code", ""), state.now()) <= state.now():
                    return wrong(400, "invalid_grant", "The request has an invalid grant parameter : code")
                given = f"Atzr|{secrets.token_urlsafe(40)}"
                state.refresh.add(given)
                return answered("token", state.issue(SELLER) | {"refresh_token": given})
            if kind == "refresh_token":
                given = form.get("refresh_token", "")
                if given not in state.refresh or faults.revoked("amazon"):
                    return wrong(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
                return answered("token", state.issue(SELLER) | {"refresh_token": given})
        return wrong(400, "unsupported_grant_type", "The authorization grant type is not supported")

    # --- reading ---

    @made.get(f"/{REGIONS}/sellers/v1/marketplaceParticipations")
    def participations(region: str) -> Response:
        def work() -> Json:
            joined = []
            for country, (where, number, domain, currency, language) in MARKETS.items():
                market = {
                    "id": number, "name": domain.removeprefix("www.").capitalize(), "countryCode": country,
                    "defaultCurrencyCode": currency, "defaultLanguageCode": language, "domainName": domain,
                }  # fmt: skip
                taken = {"isParticipating": True, "hasSuspendedListings": False}
                if where == region:
                    joined.append({"marketplace": market, "participation": taken, "storeName": STORE})
            return {"payload": joined}

        return guarded("getMarketplaceParticipations", work)

    @made.get(f"/{REGIONS}/orders/2026-01-01/orders")
    def search_orders(region: str) -> Response:
        return guarded("searchOrders", lambda: reads.search(region, request.args))

    @made.get(f"/{REGIONS}/orders/2026-01-01/orders/<number>")
    def get_order(region: str, number: str) -> Response:
        def work() -> Json:
            found = reads.order(region, number, request.args)
            if found is None:
                raise Refused(404, "NotFound", "The requested order does not exist.")
            return found

        return guarded("getOrder", work)

    @made.get(f"/{REGIONS}/listings/2021-08-01/items/<seller>")
    def search_listings(region: str, seller: str) -> Response:
        return guarded("searchListingsItems", lambda: reads.listings(region, own(seller), request.args))

    @made.get(f"/{REGIONS}/listings/2021-08-01/items/<seller>/<path:sku>")
    def get_listing(region: str, seller: str, sku: str) -> Response:
        def work() -> Json:
            found = reads.listing(region, own(seller), sku, request.args)
            if found is None:
                raise Refused(404, "NOT_FOUND", f"SKU '{sku}' not found in marketplace.")
            return found

        return guarded("getListingsItem", work)

    def own(seller: str) -> str:
        if seller != SELLER:
            raise Refused(403, "Unauthorized", "Access to requested resource is denied.")
        return seller

    @made.get(f"/{REGIONS}/catalog/2022-04-01/items")
    def search_catalog(region: str) -> Response:
        return guarded("searchCatalogItems", lambda: reads.catalog(region, request.args))

    # --- notifications ---

    @made.get(f"/{REGIONS}/notifications/v1/destinations")
    def get_destinations(region: str) -> Response:
        return guarded("getDestinations", lambda: {"payload": list(state.destinations.values())}, grantless=True)

    @made.post(f"/{REGIONS}/notifications/v1/destinations")
    def create_destination(region: str) -> Response:
        def work() -> Json:
            asked: Any = request.get_json()
            arn = asked["resourceSpecification"]["sqs"]["arn"]
            if not str(arn).startswith("arn:aws:sqs:"):
                raise Refused(400, "InvalidInput", "The arn is not valid.")
            if any(one["resource"]["sqs"]["arn"] == arn for one in state.destinations.values()):
                raise Refused(409, "ResourceConflict", "The destination exists already.")
            number = str(uuid.uuid4())
            state.destinations[number] = {
                "destinationId": number, "name": asked["name"], "resource": {"sqs": {"arn": arn}}
            }  # fmt: skip
            return {"payload": state.destinations[number]}

        return guarded("createDestination", work, grantless=True)

    @made.get(f"/{REGIONS}/notifications/v1/subscriptions/ORDER_CHANGE")
    def get_subscription(region: str) -> Response:
        def work() -> Json:
            if region not in state.subscriptions:
                raise Refused(404, "NotFound", "There is no subscription.")
            return {"payload": state.subscriptions[region]}

        return guarded("getSubscription", work)

    @made.post(f"/{REGIONS}/notifications/v1/subscriptions/ORDER_CHANGE")
    def create_subscription(region: str) -> Response:
        def work() -> Json:
            asked: Any = request.get_json()
            if region in state.subscriptions:
                raise Refused(409, "ResourceConflict", "The subscription exists already.")
            if asked["destinationId"] not in state.destinations or asked["payloadVersion"] != "1.0":
                raise Refused(400, "InvalidInput", "The destination or the payload version is not valid.")
            state.subscriptions[region] = {
                "subscriptionId": str(uuid.uuid4()), "payloadVersion": "1.0", "destinationId": asked["destinationId"]
            }  # fmt: skip
            return {"payload": state.subscriptions[region]}

        return guarded("createSubscription", work)

    @made.delete(f"/{REGIONS}/notifications/v1/subscriptions/ORDER_CHANGE/<number>")
    def delete_subscription(region: str, number: str) -> Response:
        def work() -> Json:
            held = next((k for k, v in state.subscriptions.items() if v["subscriptionId"] == number), None)
            if held is None:
                raise Refused(404, "NotFound", "There is no such subscription.")
            del state.subscriptions[held]
            return {}

        return guarded("deleteSubscriptionById", work, grantless=True)

    @made.post("/sqs/")
    @made.post("/sqs")
    def sqs() -> Response:
        fault = faults.check("amazon")
        return fault if fault is not None else amazon_sqs.answer(queue, request)

    def happened(change: Change) -> None:
        if change.thing == "shop" and change.action == "uninstalled" and "amazon" in change.platforms:
            with state.lock:
                state.refresh.clear()
                state.access.clear()
        if change.thing != "orders" or "amazon" not in change.platforms or change.action == "deleted":
            return
        order: Order | None = shop.get("orders", change.id)
        if order is None or faults.drops("amazon"):
            return
        subscription = state.subscriptions.get(MARKETS[order.marketplace][0])
        if subscription is not None:
            told = change_json(order, change.at, str(uuid.uuid4()), APPLICATION, subscription["subscriptionId"])
            queue.send(json.dumps(told))

    shop.listen(happened)
    return made
