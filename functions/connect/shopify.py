"""Shopify as a storefront: the Admin GraphQL API for reading, webhooks for what happens in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from functions.connect import shopify_bulk as bulk
from functions.connect import shopify_hooks as hooks
from functions.connect import shopify_oauth as oauth
from functions.connect import shopify_records as records
from functions.connect.shopify_api import Node, TooCostly, ask
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

SIZES: dict[Thing, int] = {"products": 20, "customers": 100, "orders": 15, "carts": 15, "reviews": 0}
"""Things a page, so that one query stays below the 1000 points that any query may cost."""
ROOTS: dict[Thing, str] = {
    "products": "products",
    "customers": "customers",
    "orders": "orders",
    "carts": "abandonedCheckouts",
}
KINDS: dict[Thing, tuple[str, str]] = {
    "products": ("product", "Product"),
    "customers": ("customer", "Customer"),
    "orders": ("order", "Order"),
}
INNER: dict[Thing, str] = {"products": "variants", "orders": "lineItems", "carts": "lineItems"}
BULK_FROM = 2_000
"""Things from which on a whole reading is one bulk operation instead of pages."""
MOST_INNER = 1_000
"""Lines or variants that are read of one thing at most."""
GIVEN: list[Given] = [
    Given(thing="customers", given="yes"),
    Given(
        thing="email",
        given="partly",
        why=text(
            "Empty unless Shopify has approved the app for protected customer data.",
            "应用须获 Shopify 批准访问受保护的客户数据，否则为空。",
        ),
    ),
    Given(thing="phone", given="partly", why=text("As the e-mail address.", "同电子邮件。")),
    Given(thing="address", given="partly", why=text("As the e-mail address.", "同电子邮件。")),
    Given(thing="consent", given="yes"),
    Given(
        thing="orders",
        given="partly",
        why=text(
            "The last 60 days, unless Shopify has approved the app for all orders.",
            "仅最近 60 天，除非 Shopify 批准应用读取全部订单。",
        ),
    ),
    Given(thing="products", given="yes"),
    Given(thing="stock", given="yes"),
    Given(
        thing="carts",
        given="partly",
        why=text("Only of shoppers who left a contact at the checkout.", "仅限在结账时留下联系方式的客户。"),
    ),
    Given(
        thing="reviews",
        given="no",
        why=text(
            "Shopify has no reviews: import the export of the review app.",
            "Shopify 没有评价：请导入评价应用的导出文件。",
        ),
    ),
    Given(thing="messages", given="no", why=text("Import the help desk's export.", "请导入客服系统的导出文件。")),
    Given(thing="browsing", given="no", why=text("Use the tracking snippet.", "请使用跟踪代码。")),
    Given(thing="webhooks", given="yes"),
]


class Shopify:
    platform: Platform = "shopify"
    steps: tuple[Thing, ...] = ("products", "customers", "orders", "carts")
    polled = False
    oauth = True

    def gives(self) -> list[Given]:
        return list(GIVEN)

    # --- connecting ---

    def normal_shop(self, shop: str) -> str:
        return oauth.normal(shop)

    def authorize_url(self, endpoints: Endpoints, app: App, shop: str, state: str, callback: str, back: str) -> str:
        return oauth.authorize(endpoints, app, shop, state, callback)

    def exchange(self, access: Access, query: Mapping[str, str], raw_query: str, callback: str) -> Secrets:
        return oauth.exchange(access, query, raw_query)

    def refresh(self, access: Access) -> Secrets | None:
        return oauth.refresh(access)

    def test(self, access: Access) -> ShopInfo:
        data = ask(access, "shop").data
        granted = tuple(sorted(one["handle"] for one in data["currentAppInstallation"]["accessScopes"]))
        missing = oauth.lacking(granted)
        if missing:
            named = ", ".join(missing)
            raise Rejected("scopes", f"The token lacks {named}.", f"令牌缺少权限 {named}。")
        shop = data["shop"]
        return ShopInfo(
            name=shop["name"],
            shop=str(shop["myshopifyDomain"]).lower(),
            currency=shop["currencyCode"],
            zone=shop["ianaTimezone"],
            scopes=granted,
        )

    # --- reading ---

    def page(self, access: Access, thing: Thing, cursor: str | None, since: datetime | None) -> Page:
        if thing not in ROOTS:
            return Page((), None)
        if cursor is None and since is None:
            begun = self._begin_bulk(access, thing)
            if begun is not None:
                return Page((), f"bulk:{begun}:0", wait=bulk.POLL)
        if cursor and cursor.startswith("bulk:"):
            return self._bulk_page(access, thing, cursor)
        after = (cursor or "").removeprefix("page:") or None
        return self._page(access, thing, after, since, SIZES[thing])

    def _page(self, access: Access, thing: Thing, after: str | None, since: datetime | None, size: int) -> Page:
        changed = f"updated_at:>='{since.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}'" if since else None
        try:
            answer = ask(access, thing, first=size, after=after, query=changed)
        except TooCostly:
            if size == 1:
                raise
            return self._page(access, thing, after, since, max(1, size // 3))
        found = answer.data[ROOTS[thing]]
        currency = (answer.data.get("shop") or {}).get("currencyCode")
        nodes = [self._complete(access, thing, node) for node in found["nodes"]]
        info = found["pageInfo"]
        return Page(
            records=self._records(access, thing, nodes, currency),
            cursor=f"page:{info['endCursor']}" if info["hasNextPage"] else None,
            wait=answer.wait,
            ids=[records.external(node["id"]) for node in nodes],
        )

    def _begin_bulk(self, access: Access, thing: Thing) -> str | None:
        # Prices carry no currency in a bulk result: without the shop's own, products are read by pages.
        if thing == "carts" or (thing == "products" and access.currency is None):
            return None
        total = self.count(access, thing)
        return bulk.begin(access, thing) if total is not None and total >= BULK_FROM else None

    def _bulk_page(self, access: Access, thing: Thing, cursor: str) -> Page:
        _, operation, offset = cursor.split(":")
        got = bulk.read(access, operation, int(offset))
        if got.failed:
            return Page((), "page:")
        return Page(
            records=self._records(access, thing, got.nodes, access.currency),
            cursor=None if got.offset is None else f"bulk:{operation}:{got.offset}",
            wait=got.wait,
            ids=[records.external(node["id"]) for node in got.nodes],
        )

    def _records(self, access: Access, thing: Thing, nodes: Sequence[Node], currency: str | None) -> list[Record]:
        make: dict[Thing, Callable[[Node], Record | None]] = {
            "products": lambda node: records.product(node, access.shop, currency),
            "customers": records.customer,
            "orders": records.order,
            "carts": lambda node: records.checkout(node, access.now),
        }
        return [record for node in nodes if (record := make[thing](node)) is not None]

    def _complete(self, access: Access, thing: Thing, node: Node) -> Node:
        """The thing with all its lines or variants, where the page held only the first."""
        field = INNER.get(thing)
        if field is None or not node[field]["pageInfo"]["hasNextPage"]:
            return node
        parts = list(node[field]["nodes"])
        info = node[field]["pageInfo"]
        while info["hasNextPage"] and len(parts) < MOST_INNER:
            more = self._one(access, thing, records.external(node["id"]), info["endCursor"])[0]
            if more is None:
                break
            parts += more[field]["nodes"]
            info = more[field]["pageInfo"]
        return {**node, field: {"nodes": parts, "pageInfo": {"hasNextPage": False}}}

    def _one(self, access: Access, thing: Thing, identity: str, after: str | None) -> tuple[Node | None, str | None]:
        """One node and the shop's currency, where the query asks for it."""
        if not identity.isdigit():
            return None, None
        if thing == "carts":
            found = ask(access, "cart", query=f"id:{identity}", after=after).data["abandonedCheckouts"]["nodes"]
            return (found[0] if found else None), None
        name, kind = KINDS[thing]
        variables: dict[str, object] = {"id": f"gid://shopify/{kind}/{identity}"}
        if thing in INNER:
            variables["after"] = after
        data = ask(access, name, **variables).data
        return data[name], (data.get("shop") or {}).get("currencyCode")

    def one(self, access: Access, thing: Thing, external_id: str) -> Sequence[Record]:
        if thing not in ROOTS:
            return []
        node, currency = self._one(access, thing, external_id, None)
        if node is None:
            return []
        return self._records(access, thing, [self._complete(access, thing, node)], currency)

    def lasting(self, secrets: Secrets, thing: Thing) -> bool:
        # Without the approval for all orders only the last 60 days are listed.
        return thing != "orders" or "read_all_orders" in secrets.scopes

    def count(self, access: Access, thing: Thing) -> int | None:
        if thing not in ROOTS:
            return None
        (found,) = ask(access, f"count_{thing}").data.values()
        return int(found["count"]) if found and found["precision"] == "EXACT" else None

    def changes(self, access: Access, cursor: str | None) -> Page:
        return Page((), None)

    # --- webhooks ---

    def subscribe(self, access: Access, callback: str) -> Sequence[WebhookState]:
        return hooks.subscribe(access, callback)

    def unsubscribe(self, access: Access, callback: str) -> None:
        hooks.unsubscribe(access, callback)

    def topic(self, headers: Headers, raw: bytes) -> str:
        return headers.get("x-shopify-topic", "")

    def verify(self, secrets: Secrets, headers: Headers, raw: bytes, url: str, method: str, now: datetime) -> bool:
        return oauth.webhook_signed(secrets, headers.get("x-shopify-hmac-sha256", ""), raw)

    def unsigned(self, headers: Headers, raw: bytes) -> bool:
        return False

    def shop_of(self, headers: Headers, raw: bytes) -> str | None:
        named = headers.get("x-shopify-shop-domain", "").lower()
        return named if oauth.SHOP.match(named) else None

    def keep_headers(self) -> tuple[str, ...]:
        return ("x-shopify-triggered-at",)

    def understand(self, event: WebhookEvent, access: Access) -> Hook:
        try:
            body: Any = json.loads(event.body)
        except ValueError:
            return Hook(note="not JSON")
        if not isinstance(body, dict):
            return Hook(note="not an object")
        return hooks.understand(event, body, access)
