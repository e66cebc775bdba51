"""Flipkart, by the Marketplace Seller API v3: shipments and listings as anonymous statistics, without any buyer."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from functions.connect.calling import moment, pack, readable, stamp, unpack
from functions.connect.flipkart_api import SCOPE, call, further, renewed, self_access, token
from functions.connect.flipkart_records import order_ids, order_record, product_record
from functions.connect.storefront import (
    Access,
    App,
    Endpoints,
    Headers,
    Hook,
    Page,
    Rejected,
    Secrets,
    ShopInfo,
    text,
)
from schema.base import Platform
from schema.clock import milliseconds
from schema.connections import Given, Thing, WebhookState
from schema.records import Record, WebhookEvent

PAST = timedelta(days=730)
"""How far back a backfill reaches."""
OVERLAP = timedelta(minutes=10)
"""How far a poll reaches back behind the last one: nothing says how late a change may show."""
POLL = 60.0
"""Seconds between two polls."""
PAGE_SIZE = 20
MOST_IDS = 100
"""Ids in one call for shipments."""
LISTINGS_AT_ONCE = 10
LISTINGS_A_PAGE = 100
"""Listings read for one of our pages; a page of Flipkart's search has up to 500."""

READINGS: tuple[dict[str, Any], ...] = (
    {
        "type": "preDispatch",
        "states": ["APPROVED", "PACKING_IN_PROGRESS", "FORM_FAILED", "PACKED", "READY_TO_DISPATCH"],
    },
    {"type": "postDispatch", "states": ["PICKUP_COMPLETE", "SHIPPED", "DELIVERED"]},
    {"type": "postDispatch", "states": ["RETURN_REQUESTED", "RETURNED", "COMPLETED"]},
    {"type": "cancelled", "states": ["CANCELLED"], "cancellationType": "sellerCancellation"},
    {"type": "cancelled", "states": ["CANCELLED"], "cancellationType": "buyerCancellation"},
    {"type": "cancelled", "states": ["CANCELLED"], "cancellationType": "marketplaceCancellation"},
    {"returns": "customer_return"},
    {"returns": "courier_return"},
)  # fmt: skip
"""The searches that together see every order: each type takes only its own states. The third is in the API's list of
states but not in every edition of its manual: a refusal is passed over, the returns show the same orders."""
_UNSURE = 2
_SHIPMENT = "shipment:"
"""Prefix of an external id that is a shipment's: a notification does not always name the order."""


class Flipkart:
    platform: Platform = "flipkart"
    steps: tuple[Thing, ...] = ("products", "orders")
    polled = True
    oauth = False
    """The usual application is the seller's own, whose id and secret are enough; a third party's (`kind` =
    `third_party`) leads through Flipkart's page."""

    def gives(self) -> list[Given]:
        hidden = text("Flipkart does not show sellers who their buyers are.", "Flipkart 不向卖家提供买家身份。")
        return [
            Given(thing="customers", given="no", why=hidden),
            Given(thing="email", given="no", why=hidden),
            Given(thing="phone", given="no", why=hidden),
            Given(thing="address", given="no", why=text("Not read: statistics only.", "不读取：仅用于统计。")),
            Given(
                thing="consent",
                given="no",
                why=text("Buyers consent to Flipkart, not to you.", "买家的授权对象是 Flipkart。"),
            ),
            Given(
                thing="orders",
                given="partly",
                why=text(
                    "Orders with cancellations and returns of whole items, without the buyer: statistics only.",
                    "订单（含取消与整件退货），不含买家信息，仅用于统计。",
                ),
            ),
            Given(
                thing="products",
                given="partly",
                why=text("Prices and states; titles come with the orders.", "提供价格与状态；标题随订单提供。"),
            ),
            Given(thing="stock", given="yes"),
            Given(thing="carts", given="no", why=text("Flipkart does not share carts.", "Flipkart 不提供购物车。")),
            Given(
                thing="reviews",
                given="no",
                why=text("Flipkart does not hand over reviews.", "Flipkart 不提供评论。"),
            ),
            Given(
                thing="messages",
                given="no",
                why=text("Flipkart does not share conversations.", "Flipkart 不提供买家消息。"),
            ),
            Given(
                thing="browsing", given="no", why=text("Flipkart does not share visits.", "Flipkart 不提供浏览记录。")
            ),
            Given(
                thing="webhooks",
                given="partly",
                why=text(
                    "Asked for every two minutes; Flipkart notifies only receivers with a security certificate.",
                    "每两分钟查询一次变更；Flipkart 仅向持有安全认证的接收方推送通知。",
                ),
            ),
        ]

    # --- connecting ---

    def normal_shop(self, shop: str) -> str:
        """A name for the account: Flipkart has no address by shop and does not say whose credentials they are."""
        typed = re.sub(r"^[a-zA-Z]+://", "", shop.strip()).split("/")[0].lower()
        name = re.sub(r"[^0-9a-z\u0080-\uffff]+", "-", typed).strip("-")[:64]
        if not name or re.fullmatch(r"(?:[a-z]+-)*flipkart(?:-com|-net)?", name):
            return "flipkart"
        return name

    def authorize_url(self, endpoints: Endpoints, app: App, shop: str, state: str, callback: str, back: str) -> str:
        """Empty for an application of the seller's own: its id and secret are enough, `exchange` comes at once."""
        if self_access(Secrets(app=app)):
            return ""
        asked = {"client_id": app.client_id, "redirect_uri": callback, "response_type": "code", "scope": SCOPE}
        return f"{endpoints.flipkart.rstrip('/')}/oauth-service/oauth/authorize?{urlencode({**asked, 'state': state})}"

    def exchange(self, access: Access, query: Mapping[str, str], raw_query: str, callback: str) -> Secrets:
        if self_access(access.secrets):
            asked = {"grant_type": "client_credentials", "scope": SCOPE}
        elif query.get("code"):
            asked = {"grant_type": "authorization_code", "code": query["code"], "redirect_uri": callback}
            asked["state"] = query.get("state", "")
        else:
            raise Rejected(
                "denied",
                "Flipkart sent no code: the connection was not allowed.",
                "Flipkart 未返回授权码，授权未被允许。",
            )
        return renewed(access.secrets, token(access, asked), access.now)

    def refresh(self, access: Access) -> Secrets | None:
        secrets = access.secrets
        asked = {"grant_type": "client_credentials", "scope": SCOPE}
        if not self_access(secrets):
            asked = {"grant_type": "refresh_token", "refresh_token": secrets.refresh_token}
        return renewed(secrets, token(access, asked), access.now)

    def test(self, access: Access) -> ShopInfo:
        self._search(access, {"filter": READINGS[0], "pagination": {"pageSize": 1}})
        own = self_access(access.secrets)
        if access.shop == "flipkart" and not own:
            raise Rejected(
                "seller",
                "Flipkart does not say whose account this is: give it a name of its own.",
                "Flipkart 不会返回账户归属，请为该账户取一个名称。",
                field="shop",
            )
        return ShopInfo(
            name="Flipkart" if access.shop == "flipkart" else f"Flipkart {access.shop}",
            # An application of the seller's own belongs to one seller: its id is the key, whatever the name.
            shop=access.secrets.app.client_id if own else access.shop,
            currency="INR",
            zone="Asia/Kolkata",
            scopes=access.secrets.scopes,
        )

    # --- reading ---

    def page(self, access: Access, thing: Thing, cursor: str | None, since: datetime | None) -> Page:
        if thing == "products":
            return self._products(access, unpack(cursor))
        if thing != "orders":
            return Page((), None)
        start = (since or access.now - PAST, access.now)
        page, after = self._reading(access, unpack(cursor) or _window(*start))
        return Page(page.records, pack(after) if after else None, ids=page.ids)

    def changes(self, access: Access, cursor: str | None) -> Page:
        state = unpack(cursor)
        if "window" not in state:
            since = moment(state["until"]) if state.get("until") else access.now
            state = _window(since - OVERLAP, access.now)
        while True:
            page, after = self._reading(access, state)
            if after is None:
                return Page(page.records, pack({"until": state["window"]["to"]}), wait=POLL, ids=page.ids)
            if page.ids:
                return Page(page.records, pack(after), ids=page.ids)
            state = after

    def _reading(self, access: Access, state: dict[str, Any]) -> tuple[Page, dict[str, Any] | None]:
        """One page of one search, with the whole orders that it shows; where to go on, None at the end.

        `state`: the window of change times, which of `READINGS`, and the further page's path.
        """
        window, number = state["window"], int(state.get("n", 0))
        reading = READINGS[number]
        if "returns" in reading:
            asked = {"source": reading["returns"], "modifiedAfter": window["from"], "modifiedBefore": window["to"]}
            if state.get("next"):
                found = call(access, "GET", state["next"]) or {}
            else:
                found = call(access, "GET", "/v2/returns", params=asked) or {}
            orders = list(dict.fromkeys(item["orderId"] for item in found.get("returnItems") or []))
            shipments: list[dict[str, Any]] = []
            following = found.get("nextUrl")
        else:
            if state.get("next"):
                found = call(access, "GET", state["next"]) or {}
            else:
                found = self._search(
                    access,
                    {
                        "filter": {**reading, "modifiedDate": window},
                        "pagination": {"pageSize": PAGE_SIZE},
                        "sort": {"field": "modifiedDate", "order": "asc"},
                    },
                    unsure=number == _UNSURE,
                )
            shipments = found.get("shipments") or []
            orders = order_ids(shipments)
            following = found.get("nextPageUrl")
        records = self._whole(access, orders, shipments)
        # Flipkart writes an address of a further page on the last page too: `hasMore` alone decides.
        if found.get("hasMore") and following:
            return Page(records, None, ids=orders), {**state, "next": further(access, following)}
        if number + 1 < len(READINGS):
            return Page(records, None, ids=orders), {"window": window, "n": number + 1}
        return Page(records, None, ids=orders), None

    def _search(self, access: Access, asked: dict[str, Any], unsure: bool = False) -> dict[str, Any]:
        return call(access, "POST", "/v3/shipments/filter", json=asked, missing=(400,) if unsure else ()) or {}

    def _whole(self, access: Access, orders: Sequence[str], shown: Iterable[Mapping[str, Any]] = ()) -> list[Record]:
        """The orders with all their shipments: a page may show only some of an order's."""
        parts = {str(s["shipmentId"]): s for s in shown}
        for start in range(0, len(orders), MOST_IDS):
            asked = {"orderIds": ",".join(orders[start : start + MOST_IDS])}
            found = call(access, "GET", "/v3/shipments", params=asked, missing=(404,)) or {}
            parts |= {str(s["shipmentId"]): s for s in found.get("shipments") or []}
        whole = list(parts.values())
        made = (readable("order", access, order_record, order, whole) for order in orders)
        return [record for record in made if record]

    def _products(self, access: Access, state: dict[str, Any]) -> Page:
        """`state`: the search's page and how many of its listings have been read."""
        asked: dict[str, Any] = {"filters": {}, **({"page_id": state["page"]} if state.get("page") else {})}
        found = call(access, "POST", "/listings/v3/search", json=asked) or {}
        listed = found.get("listings") or []
        # The description says one object, the text and practice say a list.
        skus = [str(one["sku_id"]) for one in (listed if isinstance(listed, list) else [listed]) if one.get("sku_id")]
        start = int(state.get("at", 0))
        part = skus[start : start + LISTINGS_A_PAGE]
        after: dict[str, Any] | None = None
        if start + LISTINGS_A_PAGE < len(skus):
            after = {"page": state.get("page"), "at": start + LISTINGS_A_PAGE}
        elif found.get("has_more") and found.get("next_page_id"):
            after = {"page": found["next_page_id"]}
        return Page(self._listings(access, part), pack(after) if after else None, ids=part)

    def _listings(self, access: Access, skus: Sequence[str]) -> list[Record]:
        records: list[Record] = []
        for start in range(0, len(skus), LISTINGS_AT_ONCE):
            asked = ",".join(quote(sku, safe="") for sku in skus[start : start + LISTINGS_AT_ONCE])
            found = call(access, "GET", f"/listings/v3/{asked}", missing=(404,)) or {}
            version = milliseconds(access.now)
            available = found.get("available") or {}
            listed = ((sku, available[sku]) for sku in skus[start : start + LISTINGS_AT_ONCE] if sku in available)
            made = (readable("listing", access, product_record, sku, told, version) for sku, told in listed)
            records += [record for record in made if record]
        return records

    def one(self, access: Access, thing: Thing, external_id: str) -> Sequence[Record]:
        if thing == "products":
            return self._listings(access, [external_id])
        if thing != "orders":
            return ()
        if not external_id.startswith(_SHIPMENT):
            return self._whole(access, [external_id])
        asked = {"shipmentIds": external_id.removeprefix(_SHIPMENT)}
        found = call(access, "GET", "/v3/shipments", params=asked, missing=(404,)) or {}
        shipments = found.get("shipments") or []
        return self._whole(access, order_ids(shipments), shipments)

    def lasting(self, secrets: Secrets, thing: Thing) -> bool:
        return True

    def count(self, access: Access, thing: Thing) -> int | None:
        return None

    # --- notifications: set up by a request to Flipkart, for few ---

    def subscribe(self, access: Access, callback: str) -> Sequence[WebhookState]:
        return ()

    def unsubscribe(self, access: Access, callback: str) -> None:
        """Flipkart ends notifications on a written request only."""

    def topic(self, headers: Headers, raw: bytes) -> str:
        kind = _body(raw).get("eventType")
        return kind[:200] if isinstance(kind, str) and kind else "unknown"

    def verify(self, secrets: Secrets, headers: Headers, raw: bytes, url: str, method: str, now: datetime) -> bool:
        """SHA-1 over time, address, method and secret: it does not cover the body, so nothing in the body is believed
        but which shipment to read again. The time is signed as it was sent or as seconds since 1970.
        """
        scheme, _, given = _header(headers, "x_authorization").partition(" ")
        try:
            app_id, _, signature = base64.b64decode(given.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        if scheme.upper() != "FKLOGIN" or app_id != secrets.app.client_id or not signature:
            return False
        times = _times(_header(headers, "x_date"))
        keys = [key for key in (secrets.app.client_secret, *secrets.app.former_secrets) if key]
        matches = [
            hmac.compare_digest(hashlib.sha1(f"{at}{url}{method.upper()}{key}".encode()).hexdigest(), signature.lower())
            for at in times
            for key in keys
        ]
        return any(matches)

    def unsigned(self, headers: Headers, raw: bytes) -> bool:
        return False

    def shop_of(self, headers: Headers, raw: bytes) -> str | None:
        """There is no address of the app: every call comes to its connection's own."""
        return None

    def keep_headers(self) -> tuple[str, ...]:
        return ()

    def understand(self, event: WebhookEvent, access: Access) -> Hook:
        body = _body(event.body.encode())
        told = body.get("attributes")
        inside: dict[str, Any] = told if isinstance(told, dict) else {}
        shipment = body.get("shipmentId") or inside.get("shipmentId")
        for item in [*_dicts(inside.get("orderItems")), *_dicts(inside.get("returnItems"))]:
            if item.get("orderId"):
                return Hook(read=("orders", str(item["orderId"])))
            shipment = shipment or item.get("shipmentId")
        if shipment:
            return Hook(read=("orders", f"{_SHIPMENT}{shipment}"))
        return Hook(note=f"{event.topic} names no shipment")


def _window(since: datetime, until: datetime) -> dict[str, Any]:
    return {"window": {"from": stamp(since), "to": stamp(until)}}


def _header(headers: Headers, name: str) -> str:
    """Flipkart writes an underscore. The servers that run Python functions drop such names, as they could be forged
    into others: a proxy before them must write a hyphen instead. Without one polling finds the same changes.
    """
    return headers.get(name) or headers.get(name.replace("_", "-")) or ""


def _times(given: str) -> list[str]:
    try:
        return [given, str(int(parsedate_to_datetime(given).timestamp()))]
    except (ValueError, TypeError):
        return [given]


def _body(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
