"""Flipkart: the Seller API v3 of one seller with both kinds of token. Nothing is documented about limits, so there are
none but the fault switch.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from sandbox.shops import consent
from sandbox.shops.faults import Faults
from sandbox.shops.flipkart_shapes import (
    CANCELLERS,
    Json,
    canceller,
    listing_json,
    order_id,
    parts_of,
    returns_json,
    shipment_json,
    sku_of,
    state_of,
)
from sandbox.shops.model import Change, Order
from sandbox.shops.shop import SimulatedShop

APP_ID, SECRET = "5a0db0c5aef0c0ffee00000000000000000000a1", "3b9ac9ffc0ffee0000000000000000abc"
SCOPE = "Seller_Api"
ACCESS_LIFE, REFRESH_LIFE, CODE_LIFE = timedelta(seconds=5183999), timedelta(seconds=10703805), timedelta(minutes=10)
STATES: dict[str, set[str]] = {
    "preDispatch": {"APPROVED", "PACKING_IN_PROGRESS", "PACKED", "FORM_FAILED", "READY_TO_DISPATCH"},
    "postDispatch": {"PICKUP_COMPLETE", "SHIPPED", "DELIVERED", "RETURN_REQUESTED", "RETURNED", "COMPLETED"},
    "cancelled": {"CANCELLED"},
}
"""Each type takes only its own states."""
MOST_IDS, MOST_SHOWN, RETURNS_SHOWN, LISTED = 100, 20, 25, 500


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class State:
    """What Flipkart remembers of the applications."""

    lock: RLock = field(default_factory=RLock)
    access: dict[str, datetime] = field(default_factory=dict)
    refresh: dict[str, datetime] = field(default_factory=dict)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    says_expiry: bool = True
    """Whether token answers say how long they last: not every edition of the manual has it."""


def pack(state: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(state).encode()).decode()


def unpack(text: str) -> Json:
    try:
        found: Json = json.loads(base64.urlsafe_b64decode(text))
    except ValueError as wrong:
        raise Refused(400, "INVALID_TOKEN", "The token of the page is not valid.") from wrong
    return found


def blueprint(shop: SimulatedShop, faults: Faults, base_url: str, speed: float) -> Blueprint:
    """The blueprint below `/flipkart`. Its `state` is for tests, as an attribute of the blueprint."""
    made = Blueprint("flipkart", __name__, url_prefix="/flipkart")
    state = State()
    shop.keep("flipkart", state, "access", "refresh", "codes", "says_expiry")
    made.state = state  # type: ignore[attr-defined]

    def answered(body: Json, status: int = 200) -> Response:
        return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")

    def guarded(work: Callable[[], Json]) -> Response:
        """Faults, the token, then the work."""
        fault = faults.check("flipkart")
        if fault is not None:
            return fault
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with state.lock:
            until = state.access.get(token)
        if until is None or until <= shop.now() or faults.revoked("flipkart"):
            said = f"Invalid access token: {token[:4]}"
            return answered({"error": "invalid_token", "error_description": said}, 401)
        try:
            return answered(work())
        except Refused as wrong:
            return answered({"errors": [{"code": wrong.code, "message": str(wrong)}]}, wrong.status)

    # --- tokens ---

    @made.get("/oauth-service/oauth/authorize")
    def ask() -> Response:
        fields = {name: request.args.get(name, "") for name in ("client_id", "redirect_uri", "state")}
        wrong = request.args.get("response_type") != "code" or request.args.get("scope") != SCOPE
        if fields["client_id"] != APP_ID or not fields["redirect_uri"] or wrong:
            return answered({"error": "invalid_request", "error_description": "Unknown application."}, 400)
        return consent.page("Flipkart", APP_ID, "/flipkart/oauth-service/oauth/authorize", fields)

    @made.post("/oauth-service/oauth/authorize")
    def allow() -> Response:
        code = secrets.token_urlsafe(6)
        state.codes[code] = (request.form["redirect_uri"], shop.now() + CODE_LIFE)
        back = {"code": code, "state": request.form.get("state", "")}
        return redirect(f"{request.form['redirect_uri']}?{urlencode(back)}", 302)

    @made.route("/oauth-service/oauth/token", methods=["GET", "POST"])
    def token() -> Response:
        fault = faults.check("flipkart")
        if fault is not None:
            return fault
        asked: Mapping[str, str] = {**request.args.to_dict(), **request.form.to_dict()}

        def wrong(status: int, error: str, said: str) -> Response:
            return answered({"error": error, "error_description": said}, status)

        login = request.authorization
        if login is None or login.username != APP_ID:
            return wrong(401, "unauthorized", f"No client with requested id: {login.username if login else ''}")
        if login.password != SECRET:
            return wrong(401, "unauthorized", "Bad credentials")
        kind = asked.get("grant_type")
        with state.lock:
            if kind == "client_credentials":
                return answered(issued(third=False))
            if kind == "authorization_code":
                where, until = state.codes.pop(asked.get("code", ""), ("", shop.now()))
                if until <= shop.now() or where != asked.get("redirect_uri"):
                    return wrong(400, "invalid_grant", "Invalid authorization code")
                return answered(issued(third=True))
            if kind == "refresh_token":
                until = state.refresh.pop(asked.get("refresh_token", ""), shop.now())
                if until <= shop.now() or faults.revoked("flipkart"):
                    return wrong(400, "invalid_grant", "Invalid refresh token")
                return answered(issued(third=True))
        return wrong(400, "unsupported_grant_type", f"Unsupported grant type: {kind}")

    def issued(third: bool) -> Json:
        access = secrets.token_hex(16)
        state.access[access] = shop.now() + ACCESS_LIFE
        body: Json = {"access_token": access, "token_type": "bearer", "scope": SCOPE}
        if state.says_expiry:
            body["expires_in"] = int(ACCESS_LIFE.total_seconds())
        if third:
            refresh = secrets.token_hex(16)
            state.refresh[refresh] = shop.now() + REFRESH_LIFE
            body["refresh_token"] = refresh
            if state.says_expiry:
                body["refresh_token_expires_in"] = int(REFRESH_LIFE.total_seconds())
        return body

    # --- shipments ---

    def orders() -> list[Order]:
        with shop.lock:
            return [o for o in shop.orders.values() if o.platform == "flipkart" and o.status != "pending"]

    def found(search: Json) -> Json:
        """One page of a search; `search` says everything, also where the page begins."""
        wanted, start = search["filter"], int(search.get("start", 0))
        rows: list[tuple[datetime, str, Order, Any]] = []
        for order in orders():
            by = {"modifiedDate": order.updated_at, "orderDate": order.placed_at}
            if any(not _within(wanted.get(name), at) for name, at in by.items()):
                continue
            if wanted["type"] == "cancelled" and canceller(order) != wanted["cancellationType"]:
                continue
            for number, lines in parts_of(order):
                if any(state_of(order, line, shop.now()) in wanted["states"] for line in lines):
                    rows.append((by.get(search["field"], order.placed_at), number, order, lines))
        rows.sort(key=lambda row: row[:2], reverse=search["order"] == "desc")
        shown = rows[start : start + search["size"]]
        token = pack({**search, "start": start + search["size"]})
        return {
            "hasMore": start + search["size"] < len(rows),
            # On the last page too.
            "nextPageUrl": f"/v3/shipments/filter?next_token={token}",
            "shipments": [shipment_json(order, number, lines, shop.now()) for _, number, order, lines in shown],
        }

    @made.post("/sellers/v3/shipments/filter")
    def search() -> Response:
        def work() -> Json:
            asked: Json = request.get_json()
            wanted: Json = asked.get("filter") or {}
            if wanted.get("type") not in STATES:
                raise Refused(400, "INVALID_FILTER", "filter.type is not valid.")
            states = set(wanted.get("states") or [])
            if not states or states - STATES[wanted["type"]]:
                raise Refused(400, "INVALID_FILTER", f"filter.states are not valid for {wanted['type']}.")
            if wanted["type"] == "cancelled" and wanted.get("cancellationType") not in CANCELLERS:
                raise Refused(400, "INVALID_FILTER", "filter.cancellationType is required.")
            size = int((asked.get("pagination") or {}).get("pageSize", MOST_SHOWN))
            sort = asked.get("sort") or {}
            return found(
                {
                    "filter": {**wanted, "states": sorted(states)},
                    "size": max(1, min(size, MOST_SHOWN)),
                    "field": sort.get("field", "orderDate"),
                    "order": sort.get("order", "asc"),
                }
            )

        return guarded(work)

    @made.get("/sellers/v3/shipments/filter")
    def search_on() -> Response:
        return guarded(lambda: found(unpack(request.args.get("next_token", ""))))

    @made.get("/sellers/v3/shipments")
    def details() -> Response:
        def work() -> Json:
            names = [name for name in ("shipmentIds", "orderItemIds", "orderIds") if name in request.args]
            if len(names) != 1:
                raise Refused(400, "INVALID_REQUEST", "Exactly one of shipmentIds, orderItemIds, orderIds.")
            return chosen(names[0], request.args[names[0]].split(","))

        return guarded(work)

    @made.get("/sellers/v3/shipments/<ids>")
    def shipping(ids: str) -> Response:
        return guarded(lambda: chosen("shipmentIds", ids.split(",")))

    def chosen(name: str, ids: list[str]) -> Json:
        if len(ids) > MOST_IDS:
            raise Refused(400, "INVALID_REQUEST", f"More than {MOST_IDS} ids.")
        wanted, shown = set(ids), []
        for order in orders():
            for number, lines in parts_of(order):
                told = shipment_json(order, number, lines, shop.now())
                by = {
                    "shipmentIds": {number},
                    "orderIds": {order_id(order.id)},
                    "orderItemIds": {item["orderItemId"] for item in told["orderItems"]},
                }
                if by[name] & wanted:
                    shown.append(told)
        return {"shipments": shown}

    # --- returns ---

    def came_back(search: Json) -> Json:
        rows = sorted(
            (
                (at, item["returnId"], item)
                for order in orders()
                for source, at, item in returns_json(order)
                if source == search["source"]
                and _within({"from": search.get("modifiedAfter"), "to": search.get("modifiedBefore")}, at)
                and _within({"from": search.get("createdAfter"), "to": search.get("createdBefore")}, at)
            ),
            key=lambda row: row[:2],
        )
        start = int(search.get("start", 0))
        more = start + RETURNS_SHOWN < len(rows)
        answer: Json = {"hasMore": more, "returnItems": [item for *_, item in rows[start : start + RETURNS_SHOWN]]}
        if more:
            answer["nextUrl"] = f"/returns/search/{pack({**search, 'start': start + RETURNS_SHOWN})}"
        return answer

    @made.get("/sellers/v2/returns")
    def returns() -> Response:
        def work() -> Json:
            if request.args.get("source") not in ("customer_return", "courier_return"):
                raise Refused(400, "INVALID_REQUEST", "source is required.")
            return came_back(request.args.to_dict())

        return guarded(work)

    @made.get("/sellers/returns/search/<token>")
    def returns_on(token: str) -> Response:
        return guarded(lambda: came_back(unpack(token)))

    # --- listings ---

    def listings() -> list[tuple[str, Json]]:
        with shop.lock:
            products = list(shop.products.values())
        return [(sku_of(v.id, v.sku), listing_json(p, v)) for p in products for v in p.variants]

    @made.post("/sellers/listings/v3/search")
    def search_listings() -> Response:
        def work() -> Json:
            asked: Json = request.get_json()
            filters: Json = asked.get("filters") or {}
            # Flipkart spells it so.
            status = filters.get("lisitng_status")
            if set(filters) - {"lisitng_status"} or status not in (None, "ACTIVE", "INACTIVE"):
                raise Refused(400, "INVALID_REQUEST", "The filter is not valid.")
            start = int(unpack(asked["page_id"])["start"]) if asked.get("page_id") else 0
            rows = [(sku, told) for sku, told in listings() if status in (None, told["listing_status"])]
            answer: Json = {
                "has_more": start + LISTED < len(rows),
                "listings": [
                    {"listing_id": told["listing_id"], "product_id": told["product_id"], "sku_id": sku}
                    for sku, told in rows[start : start + LISTED]
                ],
            }
            if answer["has_more"]:
                answer["next_page_id"] = pack({"start": start + LISTED})
            return answer

        return guarded(work)

    @made.get("/sellers/listings/v3/<skus>")
    def get_listings(skus: str) -> Response:
        def work() -> Json:
            held, wanted = dict(listings()), skus.split(",")
            missing = [sku for sku in wanted if sku not in held]
            return {
                "available": {sku: held[sku] for sku in wanted if sku in held},
                "unavailable": missing,
                "invalid": [],
            }

        return guarded(work)

    def happened(change: Change) -> None:
        if change.thing == "shop" and change.action == "uninstalled" and "flipkart" in change.platforms:
            with state.lock:
                state.access.clear()
                state.refresh.clear()

    shop.listen(happened)
    return made


def _within(bounds: Json | None, at: datetime) -> bool:
    """Whether a time is within `from` and `to`, both included."""
    low, high = ((bounds or {}).get(name) for name in ("from", "to"))
    try:
        return (not low or datetime.fromisoformat(low) <= at) and (not high or at <= datetime.fromisoformat(high))
    except (ValueError, TypeError) as wrong:
        raise Refused(400, "INVALID_REQUEST", "A date is not valid.") from wrong
