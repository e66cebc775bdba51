"""Amazon, by the Selling Partner API: orders and listings as anonymous statistics. Buyers are never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from functions.connect import amazon_changes, amazon_notices
from functions.connect.amazon_api import AUTHORIZED_FOR, Api, lwa, renewed
from functions.connect.amazon_market import canonical, parse
from functions.connect.amazon_queue import queue_of
from functions.connect.amazon_records import INCLUDED, categories_of, order_records, product_record
from functions.connect.calling import moment, pack, readable, stamp, unpack
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
from schema.connections import Given, Thing, WebhookState
from schema.records import Record, WebhookEvent

KEPT = timedelta(days=729)
"""Amazon keeps orders for two years; a day less, so that the first call is not refused at midnight."""
SETTLED = timedelta(minutes=2, seconds=5)
"""A search may not reach closer to now than two minutes."""
TOKEN_LASTS = timedelta(hours=23)
"""A page's token lives for 24 hours; after this long the window is read from its start again."""
LISTINGS_CAP = 1000
"""A search of listings gives no more than this many; the next search begins where it ended."""


class Amazon:
    platform: Platform = "amazon"
    steps: tuple[Thing, ...] = ("products", "orders")
    polled = True
    oauth = True

    def gives(self) -> list[Given]:
        hidden = text("Amazon does not show sellers who their buyers are.", "亚马逊不向卖家提供买家身份。")
        return [
            Given(thing="customers", given="no", why=hidden),
            Given(
                thing="email",
                given="no",
                why=text(
                    "Amazon has only relay addresses, and forbids marketing to them: they are not read.",
                    "亚马逊仅提供中转邮箱且禁止用于营销，因此不读取。",
                ),
            ),
            Given(thing="phone", given="no", why=hidden),
            Given(thing="address", given="no", why=text("Not read: statistics only.", "不读取：仅用于统计。")),
            Given(
                thing="consent",
                given="no",
                why=text("Buyers consent to Amazon, not to you.", "买家的授权对象是亚马逊。"),
            ),
            Given(
                thing="orders",
                given="partly",
                why=text(
                    "Orders of two years, without the buyer and without later refunds: statistics only.",
                    "近两年的订单，不含买家信息与事后退款，仅用于统计。",
                ),
            ),
            Given(thing="products", given="yes"),
            Given(
                thing="stock",
                given="partly",
                why=text("Known for what you ship yourself, not for Amazon's warehouses.", "仅自发货商品有库存数据。"),
            ),
            Given(thing="carts", given="no", why=text("Amazon does not share carts.", "亚马逊不提供购物车。")),
            Given(
                thing="reviews",
                given="no",
                why=text("Amazon does not hand over the words of reviews.", "亚马逊不提供评论原文。"),
            ),
            Given(
                thing="messages", given="no", why=text("Amazon does not share conversations.", "亚马逊不提供买家消息。")
            ),
            Given(thing="browsing", given="no", why=text("Amazon does not share visits.", "亚马逊不提供浏览记录。")),
            Given(
                thing="webhooks",
                given="partly",
                why=text(
                    "By an SQS queue of yours in seconds; without one orders are asked for every few minutes.",
                    "配置 SQS 队列后数秒内到达；否则每隔几分钟查询一次。",
                ),
            ),
        ]

    # --- connecting ---

    def normal_shop(self, shop: str) -> str:
        return canonical(*parse(shop))

    def authorize_url(self, endpoints: Endpoints, app: App, shop: str, state: str, callback: str, back: str) -> str:
        market, _ = parse(shop)
        asked = {"application_id": app.extra.get("applicationId", ""), "state": state, "redirect_uri": callback}
        if not asked["application_id"]:
            raise Rejected(
                "application",
                "The application id is missing; it begins with amzn1.sp.solution.",
                "缺少应用 ID，其以 amzn1.sp.solution 开头。",
                field="applicationId",
            )
        if app.extra.get("draft") == "true":
            asked["version"] = "beta"
        return f"{endpoints.amazon_consent.format(tld=market.tld)}?{urlencode(asked)}"

    def exchange(self, access: Access, query: Mapping[str, str], raw_query: str, callback: str) -> Secrets:
        """The code of the consent page, or a refresh token that the seller made for an application of their own."""
        _, seller = parse(access.shop)
        own = query.get("refreshToken") or access.secrets.refresh_token
        if query.get("spapi_oauth_code"):
            form = {"grant_type": "authorization_code", "code": query["spapi_oauth_code"], "redirect_uri": callback}
        elif own:
            form = {"grant_type": "refresh_token", "refresh_token": own}
        else:
            raise Rejected(
                "denied", "Amazon sent no code: the connection was not allowed.", "亚马逊未返回授权码，授权未被允许。"
            )
        secrets = renewed(access.secrets.refreshed(refresh_token=own), lwa(access, form), access.now)
        seller = query.get("selling_partner_id") or query.get("sellerId") or seller
        extra = {**secrets.app.extra, **({"sellerId": seller} if seller else {})}
        return secrets.refreshed(
            app=replace(secrets.app, extra=extra), refresh_expires_at=access.now + AUTHORIZED_FOR, scopes=()
        )

    def refresh(self, access: Access) -> Secrets | None:
        secrets = access.secrets
        found = lwa(access, {"grant_type": "refresh_token", "refresh_token": secrets.refresh_token})
        return renewed(secrets, found, access.now)

    def test(self, access: Access) -> ShopInfo:
        """One call, as Amazon allows it hardly more than one a minute."""
        api = _api(access)
        seller = _seller(access)
        found = api.call("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations") or {}
        joined = [p for p in found.get("payload") or [] if p["participation"]["isParticipating"]]
        here = next((p for p in joined if p["marketplace"]["id"] == api.market.id), None)
        if here is None:
            names = ", ".join(p["marketplace"]["domainName"].removeprefix("www.") for p in joined)[:100] or "-"
            raise Rejected(
                "marketplace",
                f"This seller does not sell on {api.market.host}; it does on: {names}.",
                f"该卖家未在 {api.market.host} 销售；已开通站点：{names}。",
                field="shop",
            )
        return ShopInfo(
            name=here["storeName"],
            shop=canonical(api.market, seller),
            currency=here["marketplace"]["defaultCurrencyCode"],
            extra={"marketplaceId": api.market.id, "sellerId": seller},
        )

    # --- reading ---

    def page(self, access: Access, thing: Thing, cursor: str | None, since: datetime | None) -> Page:
        if thing == "orders":
            return self._orders(access, unpack(cursor), since)
        if thing == "products":
            return self._products(access, unpack(cursor), since)
        return Page((), None)

    def _orders(self, access: Access, state: dict[str, Any], since: datetime | None) -> Page:
        """`state`: the window, the token of the next page and when it was given, the rate that Amazon told."""
        api = _api(access, state)
        window = state.get("window") or order_window(access.now, since)
        asked = {**window, "marketplaceIds": api.market.id, "includedData": INCLUDED, "maxResultsPerPage": "100"}
        if state.get("token") and access.now - moment(state["at"]) < TOKEN_LASTS:
            asked["paginationToken"] = state["token"]
        found = api.call("searchOrders", "GET", "/orders/2026-01-01/orders", asked) or {}
        orders = found.get("orders") or []
        records = order_records(orders, api.market, access)
        token = (found.get("pagination") or {}).get("nextToken")
        if not token:
            return Page(records, None, ids=[order["orderId"] for order in orders])
        after = pack({"window": window, "token": token, "at": stamp(access.now), "rates": api.rates or None})
        return Page(records, after, ids=[order["orderId"] for order in orders])

    def _products(self, access: Access, state: dict[str, Any], since: datetime | None) -> Page:
        """Oldest change first. `state`: from when on, the next page's token, how many this search has given."""
        api = _api(access, state)
        start = state.get("from") or (stamp(since) if since else None)
        asked = {
            "marketplaceIds": api.market.id,
            "includedData": "summaries,offers,fulfillmentAvailability",
            "sortBy": "lastUpdatedDate",
            "sortOrder": "ASC",
            "pageSize": "20",
            **({"lastUpdatedAfter": start} if start else {}),
            **({"pageToken": state["token"]} if state.get("token") else {}),
        }
        path = f"/listings/2021-08-01/items/{quote(_seller(access), safe='')}"
        found = api.call("searchListingsItems", "GET", path, asked) or {}
        items = found.get("items") or []
        records = self._listed(api, items)
        total, read = int(found.get("numberOfResults") or 0), int(state.get("read", 0)) + len(items)
        token = (found.get("pagination") or {}).get("nextToken")
        newest = max((_updated(item) for item in items), default=None)
        after: dict[str, Any] | None = None
        if token:
            after = {"from": start, "token": token, "read": read}
        elif read >= LISTINGS_CAP and total > read and newest and newest != start:
            after = {"from": newest, "read": 0}
        place = pack({**after, "rates": api.rates or None}) if after else None
        return Page(records, place, total=None if start else total, ids=[item["sku"] for item in items])

    def _listed(self, api: Api, items: Sequence[Mapping[str, Any]]) -> list[Record]:
        asins = sorted({s["asin"] for item in items for s in item.get("summaries") or [] if s.get("asin")})
        names: dict[str, str] = {}
        for start in range(0, len(asins), 20):
            asked = {
                "identifiers": ",".join(asins[start : start + 20]),
                "identifiersType": "ASIN",
                "marketplaceIds": api.market.id,
                "includedData": "summaries",
                "pageSize": "20",
            }
            found = api.call("searchCatalogItems", "GET", "/catalog/2022-04-01/items", asked) or {}
            names |= categories_of(found, api.market)
        made = (readable("listing", api.access, product_record, item, api.market, names) for item in items)
        return [record for record in made if record]

    def one(self, access: Access, thing: Thing, external_id: str) -> Sequence[Record]:
        api = _api(access)
        if thing == "orders":
            return amazon_changes.read_order(api, external_id)
        if thing == "products":
            path = f"/listings/2021-08-01/items/{quote(_seller(access), safe='')}/{quote(external_id, safe='')}"
            asked = {"marketplaceIds": api.market.id, "includedData": "summaries,offers,fulfillmentAvailability"}
            item = api.call("getListingsItem", "GET", path, asked, missing=(404,))
            return self._listed(api, [item]) if item else ()
        return ()

    def lasting(self, secrets: Secrets, thing: Thing) -> bool:
        # Orders older than two years are gone from the API.
        return thing != "orders"

    def count(self, access: Access, thing: Thing) -> int | None:
        return None

    def changes(self, access: Access, cursor: str | None) -> Page:
        state = unpack(cursor)
        queue = queue_of(access.secrets.app)
        api = _api(access, state)
        if queue:
            return amazon_changes.from_queue(api, queue, _seller(access), state)
        return amazon_changes.by_asking(api, state)

    # --- notifications: a queue, never HTTP ---

    def subscribe(self, access: Access, callback: str) -> Sequence[WebhookState]:
        queue = queue_of(access.secrets.app)
        return amazon_notices.subscribe(_api(access), queue) if queue else ()

    def unsubscribe(self, access: Access, callback: str) -> None:
        amazon_notices.unsubscribe(_api(access))

    def topic(self, headers: Headers, raw: bytes) -> str:
        return "unknown"

    def verify(self, secrets: Secrets, headers: Headers, raw: bytes, url: str, method: str, now: datetime) -> bool:
        """Amazon calls nobody: whatever comes in is not from there."""
        return False

    def unsigned(self, headers: Headers, raw: bytes) -> bool:
        return False

    def shop_of(self, headers: Headers, raw: bytes) -> str | None:
        """There is no address of the app: every call comes to its connection's own."""
        return None

    def keep_headers(self) -> tuple[str, ...]:
        return ()

    def understand(self, event: WebhookEvent, access: Access) -> Hook:
        return Hook(note="Amazon sends no webhooks")


def order_window(now: datetime, since: datetime | None) -> dict[str, str]:
    """Exactly one of the two ways to bound a search; it stays the same for all of its pages."""
    until = now - SETTLED
    if since is None:
        return {"createdAfter": stamp(now - KEPT), "createdBefore": stamp(until)}
    return {"lastUpdatedAfter": stamp(min(since, until)), "lastUpdatedBefore": stamp(until)}


def _api(access: Access, state: Mapping[str, Any] | None = None) -> Api:
    market, _ = parse(access.shop)
    return Api(access, market, dict((state or {}).get("rates") or {}))


def _seller(access: Access) -> str:
    seller = parse(access.shop)[1] or access.secrets.app.extra.get("sellerId")
    if not seller:
        raise Rejected(
            "seller",
            "The seller id is missing: type it behind the marketplace, such as amazon.in/A3TH9S8BH6GOGM.",
            "缺少卖家 ID：请写在站点之后，例如 amazon.in/A3TH9S8BH6GOGM。",
            field="shop",
        )
    return seller


def _updated(item: Mapping[str, Any]) -> str:
    return max((s["lastUpdatedDate"] for s in item.get("summaries") or []), default="")
