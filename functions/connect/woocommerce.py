"""WooCommerce: REST API wc/v3 with keys made by `wc-auth` or by hand, and signed webhooks that are tried once only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from functions.connect.storefront import (
    Access,
    App,
    ConnectError,
    Endpoints,
    Headers,
    Hook,
    Page,
    Rejected,
    Secrets,
    ShopInfo,
    Throttled,
    Unavailable,
    text,
)
from functions.connect.woocommerce_http import Gone, call, get, pace, public
from functions.connect.woocommerce_pages import Place, read, stamp
from functions.connect.woocommerce_records import Body, customer, order, product, review, version
from schema import log
from schema.base import Platform
from schema.clock import milliseconds
from schema.connections import Given, Thing, WebhookState
from schema.money import CURRENCIES
from schema.records import DeletedRecord, Record, WebhookEvent

PATHS: dict[Thing, str] = {
    "customers": "/customers",
    "orders": "/orders",
    "products": "/products",
    "reviews": "/products/reviews",
}
LISTS: dict[Thing, dict[str, str]] = {
    # The default shows accounts with the role "customer" only; subscribers and members buy too.
    "customers": {"role": "all"},
    "orders": {"status": "any"},
    "products": {"status": "any"},
    "reviews": {"status": "approved"},
}
BY: dict[Thing, str] = {"customers": "id", "orders": "modified", "products": "modified", "reviews": "id"}
TOPICS = tuple(
    f"{resource}.{event}"
    for resource in ("customer", "order", "product")
    for event in ("created", "updated", "deleted", "restored")
    if (resource, event) != ("customer", "restored")
)
THINGS: dict[str, Thing] = {"customer": "customers", "order": "orders", "product": "products"}
WHAT: dict[str, Literal["customer", "order", "product"]] = {
    "customer": "customer",
    "order": "order",
    "product": "product",
}
VARIABLE_A_PAGE = 20
"""Products with variations on one page: each costs a request of its own."""
MODERATION = timedelta(days=14)
"""A review can be released long after it was written, and the filter knows the writing only."""
_DECODED = {"39": "'", "x27": "'", "quot": '"', "34": '"', "x22": '"', "lt": "<", "60": "<", "x3c": "<"}
_DECODED |= {"gt": ">", "62": ">", "x3e": ">", "amp": "&", "38": "&", "x26": "&"}
_ENTITY = re.compile(r"&(?:#0*(\d+)|#(x)0*([0-9a-f]+)|(quot|lt|gt|amp));", re.IGNORECASE)


class WooCommerce:
    """One shop's own WordPress."""

    platform: Platform = "woocommerce"
    steps: tuple[Thing, ...] = ("products", "customers", "orders", "reviews")
    polled = False
    oauth = True

    def gives(self) -> list[Given]:
        no_carts = text(
            "WooCommerce keeps no abandoned carts; only add-ons do.", "WooCommerce 不保存弃购购物车，只有插件支持。"
        )
        no_consent = text(
            "WooCommerce has no marketing consent: import it, or let customers give it again.",
            "WooCommerce 没有营销许可：请导入许可，或请客户重新授权。",
        )
        reviews = text(
            "Product reviews, read when comparing at night: the shop announces none.",
            "商品评价在夜间比对时读取：店铺不会主动通知。",
        )
        stock = text(
            "Numbers where the shop counts its stock, else sold out or not.", "店铺管理库存时有数量，否则只知是否缺货。"
        )
        hooks = text(
            "Each is tried once; what is lost is found when comparing at night.",
            "每次通知只发送一次；丢失的会在夜间比对时补回。",
        )
        return [
            Given(thing="customers", given="yes"),
            Given(thing="email", given="yes"),
            Given(thing="phone", given="yes"),
            Given(thing="address", given="yes"),
            Given(thing="consent", given="no", why=no_consent),
            Given(thing="orders", given="yes"),
            Given(thing="products", given="yes"),
            Given(thing="stock", given="partly", why=stock),
            Given(thing="carts", given="no", why=no_carts),
            Given(thing="reviews", given="yes", why=reviews),
            Given(thing="messages", given="no", why=text("WooCommerce has no messages.", "WooCommerce 没有消息功能。")),
            Given(
                thing="browsing",
                given="no",
                why=text("Add the tracking snippet to the shop.", "请在店铺中加入跟踪代码。"),
            ),
            Given(thing="webhooks", given="partly", why=hooks),
        ]

    # --- connecting ---

    def normal_shop(self, shop: str) -> str:
        given = shop.strip()
        if "://" not in given:
            given = f"https://{given}"
        try:
            parts = urlsplit(given)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            host, port, parts = "", None, urlsplit("")
        local = host in ("localhost", "127.0.0.1")
        if parts.scheme not in ("http", "https") or not host or parts.username or not (local or "." in host):
            raise Rejected(
                "shop",
                "Give the shop's web address, such as https://shop.example.",
                "请填写店铺网址，例如 https://shop.example。",
                field="shop",
            )
        # Keys go over https alone; a simulated shop on this machine has none.
        scheme = parts.scheme if local else "https"
        standard = {"https": 443, "http": 80}
        kept = f":{port}" if port and port not in (standard[scheme], standard[parts.scheme]) else ""
        path = re.sub(r"/(wp-admin|wp-json|wp-login\.php|wc-auth)(/.*)?$", "", parts.path.rstrip("/"))
        return f"{scheme}://{host.lower()}{kept}{path.rstrip('/')}"

    def authorize_url(self, endpoints: Endpoints, app: App, shop: str, state: str, callback: str, back: str) -> str:
        query = {
            "app_name": "Timbre",
            # Webhooks are made with the same keys, so reading alone is not enough.
            "scope": "read_write",
            "user_id": state,
            "return_url": back,
            "callback_url": callback,
        }
        return f"{shop}/wc-auth/v1/authorize?{urlencode(query)}"

    def exchange(self, access: Access, query: Mapping[str, str], raw_query: str, callback: str) -> Secrets:
        """The keys that the shop posted. Nothing here proves that the shop sent them: `test` must try them first."""
        key, secret = str(query.get("consumer_key") or ""), str(query.get("consumer_secret") or "")
        if not re.fullmatch(r"ck_[0-9a-f]{40}", key) or not re.fullmatch(r"cs_[0-9a-f]{40}", secret):
            raise Rejected("keys", "The shop sent no usable keys.", "店铺没有发送可用的密钥。")
        permissions = str(query.get("key_permissions") or "")
        if permissions != "read_write":
            raise Rejected(
                "read_only",
                "The shop gave keys that may not read and write: allow both.",
                "店铺给出的密钥没有读写权限：请同时允许读取和写入。",
            )
        return access.secrets.refreshed(
            consumer_key=key,
            consumer_secret=secret,
            scopes=(permissions,),
        )

    def refresh(self, access: Access) -> Secrets | None:
        return None

    def test(self, access: Access) -> ShopInfo:
        index: Any = public(access, "/wp-json/").body
        if not isinstance(index, dict) or "wc/v3" not in (index.get("namespaces") or []):
            raise Rejected(
                "no_woo",
                "This WordPress has no WooCommerce REST API (wc/v3): is the plugin active?",
                "此 WordPress 没有 WooCommerce REST API（wc/v3）：插件是否已启用？",
                field="shop",
            )
        try:
            newest = get(access, "/orders", {"per_page": "1", "status": "any"}).body
        except Rejected as error:
            raise self._typed(error) from error
        zone = str(index.get("timezone_string") or "") or None
        return ShopInfo(
            name=str(index.get("name") or urlsplit(access.shop).hostname or "")[:200],
            shop=access.shop,
            currency=self._currency(access, newest),
            zone=zone,
            scopes=access.secrets.scopes,
        )

    @staticmethod
    def _typed(error: Rejected) -> Rejected:
        """The same refusal for somebody who has just given the keys."""
        if error.code != "keys":
            return error
        return Rejected(
            "keys",
            "The shop does not accept these keys: check key and secret, and that their user manages the shop.",
            "店铺不接受这些密钥：请检查密钥，并确认其用户可管理店铺。",
            field="consumerKey",
        )

    @staticmethod
    def _currency(access: Access, newest: Any) -> str | None:
        """The shop's currency; keys that may not read settings leave the newest order's."""
        try:
            code = str(get(access, "/data/currencies/current").body.get("code") or "")
        except (Rejected, Gone, AttributeError):
            code = str(newest[0].get("currency") or "") if newest else ""
        return code if code in CURRENCIES else None

    # --- reading ---

    def page(self, access: Access, thing: Thing, cursor: str | None, since: datetime | None) -> Page:
        if thing not in PATHS:
            return Page((), None)
        self._paced(access)
        params = dict(LISTS[thing])
        if thing == "reviews" and since is not None:
            params |= {"after": stamp(since - MODERATION)}
        place = Place.of(cursor, BY[thing])
        found = read(access, PATHS[thing], place, since, params)
        if thing == "products":
            return self._products(access, found.items, found.end, found.place)
        records = [record for item, _ in found.items if (record := self._record(access, thing, item)) is not None]
        return Page(
            records,
            None if found.end else found.place.to_cursor(),
            total=found.place.total,
            ids=[str(item["id"]) for item, _ in found.items],
        )

    def _products(self, access: Access, items: list[tuple[Body, Place]], end: bool, place: Place) -> Page:
        """Products with their variations. The page ends early rather than ask too much of the shop at once."""
        records: list[Record] = []
        ids: list[str] = []
        asked, behind, wait = 0, None, 0.0
        for item, after in items:
            if self._variable(item):
                wait = pace(access) if asked else 0.0
                if asked >= VARIABLE_A_PAGE or wait:
                    end = False
                    break
                asked += 1
            record = self._record(access, "products", item)
            ids.append(str(item["id"]))
            behind = after
            if record is not None:
                records.append(record)
        reached = behind or place
        return Page(records, None if end else reached.to_cursor(), total=place.total, wait=wait, ids=ids)

    def one(self, access: Access, thing: Thing, external_id: str) -> Sequence[Record]:
        if thing not in PATHS or not external_id.isdigit():
            return ()
        self._paced(access)
        try:
            body = self._single(access, f"{PATHS[thing]}/{external_id}")
            if thing == "products" and body.get("type") == "variation":
                body = self._single(access, f"/products/{int(body['parent_id'])}")
        except Gone:
            return ()
        record = self._record(access, thing, body)
        return () if record is None else (record,)

    def lasting(self, secrets: Secrets, thing: Thing) -> bool:
        return True

    def count(self, access: Access, thing: Thing) -> int | None:
        if thing not in PATHS:
            return None
        total = get(access, PATHS[thing], {**LISTS[thing], "per_page": "1"}).total
        if thing != "orders" or total is None:
            return total
        # What was never paid is no order of ours.
        unpaid = get(access, "/orders", {"status": "pending,on-hold,failed", "per_page": "1"}).total
        return total - (unpaid or 0)

    def changes(self, access: Access, cursor: str | None) -> Page:
        return Page((), cursor)

    @staticmethod
    def _paced(access: Access) -> None:
        wait = pace(access)
        if wait > 0:
            raise Throttled(wait)

    @staticmethod
    def _single(access: Access, path: str) -> Body:
        body = get(access, path).body
        if not isinstance(body, dict) or "id" not in body:
            raise Unavailable("odd", "The shop answered something else.", "店铺返回了意外的内容。")
        return body

    @staticmethod
    def _variable(body: Body) -> bool:
        return "variable" in str(body.get("type") or "") and bool(body.get("variations"))

    def _record(self, access: Access, thing: Thing, body: Body) -> Record | None:
        """The record of a thing; None where it gives none, or is so odd that it cannot be one: add-ons change shapes,
        and one broken order must not keep the others out."""
        variations = self._variations(access, body) if thing == "products" else []
        try:
            if thing == "customers":
                return customer(body)
            if thing == "orders":
                return order(body)
            if thing == "reviews":
                return review(body)
            return product(body, variations, access.currency)
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            log.write(
                "WARNING",
                "unreadable record",
                connection=access.connection_id,
                thing=thing,
                id=str(body.get("id"))[:40],
                error=type(error).__name__,
            )
            return None

    def _variations(self, access: Access, body: Body) -> list[Body]:
        """All variations of a product, by id; those that are gone meanwhile leave none."""
        if not self._variable(body):
            return []
        found: list[Body] = []
        place: Place | None = Place(by="id")
        while place is not None:
            try:
                more = read(access, f"/products/{int(body['id'])}/variations", place, None, {})
            except Gone:
                return []
            found += [item for item, _ in more.items]
            place = None if more.end else more.place
        return found

    # --- webhooks ---

    def subscribe(self, access: Access, callback: str) -> Sequence[WebhookState]:
        """As in `Storefront`; a state is "disabled" where the shop had given a webhook up (or somebody had paused it)
        and it was made active again now."""
        held = self._webhooks(access, callback)
        secrets = access.secrets.webhook_secrets
        wanted = {"status": "active", "secret": secrets[0]}
        states: list[WebhookState] = []
        for topic in TOPICS:
            ours = held.get(topic, [])
            for extra in ours[1:]:
                self._remove(access, extra)
            found: Literal["active", "disabled"] = "active"
            if not ours:
                fields = {"name": f"Timbre {topic}", "topic": topic, "delivery_url": callback, **wanted}
                made = call(access, "POST", "/webhooks", body=fields).body
            else:
                made = ours[0]
                found = "active" if made.get("status") == "active" else "disabled"
                # With a second secret there was a rotation: the shop may still sign with the older one.
                if found == "disabled" or len(secrets) > 1:
                    made = call(access, "PUT", f"/webhooks/{int(made['id'])}", body=wanted).body
            states.append(WebhookState(topic=topic, external_id=str(made["id"]), status=found, checked_at=access.now))
        return states

    def unsubscribe(self, access: Access, callback: str) -> None:
        for ours in self._webhooks(access, callback).values():
            for hook in ours:
                self._remove(access, hook)

    @staticmethod
    def _remove(access: Access, hook: Body) -> None:
        try:
            call(access, "DELETE", f"/webhooks/{int(hook['id'])}", {"force": "true"})
        except Gone:
            return

    @staticmethod
    def _webhooks(access: Access, callback: str) -> dict[str, list[Body]]:
        """Our subscriptions by topic, the oldest first."""
        found: dict[str, list[Body]] = {}
        place: Place | None = Place(by="id")
        while place is not None:
            more = read(access, "/webhooks", place, None, {"status": "all"})
            for hook, _ in more.items:
                if hook.get("delivery_url") == callback:
                    found.setdefault(str(hook.get("topic")), []).append(hook)
            place = None if more.end else more.place
        return found

    def topic(self, headers: Headers, raw: bytes) -> str:
        return headers.get("x-wc-webhook-topic") or ("ping" if self.unsigned(headers, raw) else "unknown")

    def verify(self, secrets: Secrets, headers: Headers, raw: bytes, url: str, method: str, now: datetime) -> bool:
        given = headers.get("x-wc-webhook-signature", "").encode()
        good = False
        for secret in secrets.webhook_secrets:
            digest = hmac.new(decoded(secret).encode(), raw, hashlib.sha256).digest()
            good |= hmac.compare_digest(base64.b64encode(digest), given)
        return good and bool(given)

    def unsigned(self, headers: Headers, raw: bytes) -> bool:
        return "x-wc-webhook-signature" not in headers and re.fullmatch(rb"webhook_id=\d{1,20}", raw) is not None

    def shop_of(self, headers: Headers, raw: bytes) -> str | None:
        return None

    def keep_headers(self) -> tuple[str, ...]:
        return ()

    def understand(self, event: WebhookEvent, access: Access) -> Hook:
        resource, _, action = event.topic.partition(".")
        thing = THINGS.get(resource)
        if thing is None:
            return Hook(note=f"topic {event.topic} is not used")
        try:
            body: Any = json.loads(event.body)
        except ValueError:
            return Hook(note="the body is no JSON")
        if not isinstance(body, dict) or not isinstance(body.get("id"), int):
            return Hook(note="the body names no id")
        if action == "deleted":
            return self._deleted(event, access, resource, thing, str(body["id"]))
        if thing == "products" and body.get("type") == "variation":
            return Hook(read=(thing, str(body.get("parent_id") or body["id"])))
        if "code" in body or ("date_created" not in body and "date_created_gmt" not in body):
            # An error of the API travels in the body when the webhook's user may not see the thing.
            return Hook(read=(thing, str(body["id"])))
        if thing == "products" and self._variable(body):
            return Hook(read=(thing, str(body["id"])))
        record = self._record(access, thing, body)
        return Hook(records=(record,)) if record is not None else Hook(note=f"{resource} is not a record (yet)")

    def _deleted(self, event: WebhookEvent, access: Access, resource: str, thing: Thing, number: str) -> Hook:
        """The message holds an id and no time, and may be late: the shop is asked, and its clock gives the version. If
        it cannot be asked now, its signed word is enough."""
        at = milliseconds(event.received_at)
        try:
            self._paced(access)
            body = self._single(access, f"{PATHS[thing]}/{number}")
            if thing == "products" and body.get("type") == "variation":
                return Hook(read=(thing, str(body.get("parent_id"))))
            if body.get("status") != "trash":
                record = self._record(access, thing, body)
                return Hook(records=(record,) if record is not None else (), note="it is there again")
            at = version(body)
        except Gone as gone:
            # Gone for good (what is in the trash is still answered): the later of both clocks.
            at = max(at, milliseconds(gone.at)) if gone.at else at
        except ConnectError:
            pass
        # Times are whole seconds: a deletion comes after what changed in its second.
        return Hook(records=(DeletedRecord(what=WHAT[resource], id=number, version=at + 1),))


def decoded(secret: str) -> str:
    """A webhook's secret as the shop signs with it: the entities that WordPress made of special characters undone,
    once."""

    def character(found: re.Match[str]) -> str:
        name = found[1] or (f"x{found[3].lower()}" if found[3] else found[4].lower())
        return _DECODED.get(name, found[0])

    return _ENTITY.sub(character, secret)
