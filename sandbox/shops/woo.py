"""WooCommerce over the simulated shop: the store at `/woo`, its REST API v3 behind keys, `wc-auth` and webhooks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shops import woo_shapes as shapes
from sandbox.shops.faults import Faults
from sandbox.shops.model import SHOP_CURRENCY, Customer, Order, Product, Review
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.woo_hooks import STATUSES, Webhook, Webhooks, valid_topic
from sandbox.shops.woo_keys import Keys, add_pages, error, key_page
from sandbox.shops.woo_lists import Asked, Invalid, asked, cut, indexed, listed
from sandbox.shops.woo_shapes import API, ZONE, links

COMMON = ("date", "id", "include", "title", "slug", "modified")
ORDER_STATUSES = ("any", "trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")
ROLES = ("all", "administrator", "editor", "author", "contributor", "subscriber", "customer", "shop_manager")
Answer = AnyResponse | tuple[dict[str, Any], int]


def blueprint(shop: SimulatedShop, faults: Faults, base_url: str, speed: float) -> Blueprint:
    """The store. `speed` changes nothing: WooCommerce repeats no delivery."""
    whole = Blueprint("woo", __name__)
    made = Blueprint("store", __name__, url_prefix="/woo")
    store = f"{base_url}/woo"
    keys = Keys()
    opened = min((one.created_at for one in shop.products.values()), default=shop.now())

    def shape(resource: str, number: int) -> Any | None:
        if resource == "order":
            order = shop.get("orders", number, "woo")
            return None if order is None else shapes.order(order)
        if resource == "customer":
            customer = shop.get("customers", number, "woo")
            return None if customer is None else _customer(customer)
        product = shop.get("products", number, "woo")
        return None if product is None else _product(product)

    hooks = Webhooks(shop.now, faults, store, shape)
    shop.listen(hooks.happened)
    shop.keep("woo keys", keys, "_deleted", "_last")
    shop.keep("woo webhooks", hooks, "_held", "_last")
    add_pages(made, keys)

    # --- shapes with what the shop alone knows ---

    def _customer(one: Customer, payers: set[int | None] | None = None) -> dict[str, Any]:
        return shapes.customer(one, one.id in (_payers() if payers is None else payers))

    def _payers() -> set[int | None]:
        with shop.lock:
            return {order.customer_id for order in shop.orders.values() if order.status == "paid"}

    def _product(one: Product, stars: dict[int, list[int]] | None = None) -> dict[str, Any]:
        given = (_stars() if stars is None else stars).get(one.id, [])
        return shapes.product(one, store, sum(given) / len(given) if given else 0.0, len(given))

    def _stars() -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        with shop.lock:
            for review in shop.reviews.values():
                found.setdefault(review.product_id, []).append(review.rating)
        return found

    def _review(one: Review) -> dict[str, Any]:
        product = shop.get("products", one.product_id)
        return shapes.review(one, product.title if product else "", store)

    def _missing(kind: str) -> Answer:
        return error(f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.", 404)

    # --- before everything ---

    @made.before_request
    def first() -> Answer | None:
        path = request.path.removeprefix("/woo")
        if not path.startswith("/wp-json"):
            return None
        broken = faults.check("woo")
        if broken is not None:
            return broken
        if path.startswith(f"{API}/"):
            write = request.method not in ("GET", "HEAD")
            if faults.revoked("woo"):
                return error("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.", 401)
            return keys.refusal(path, write)
        return None

    @made.errorhandler(Invalid)
    def invalid(wrong: Invalid) -> Answer:
        return wrong.answer()

    @made.get("/wp-json/")
    def index() -> Response:
        return jsonify(
            {
                "name": "Alder &amp; Co",
                "description": "A simulated shop",
                "url": store,
                "home": store,
                "gmt_offset": shop.now().astimezone(ZONE).strftime("%z")[:3],
                "timezone_string": str(ZONE),
                "namespaces": ["oembed/1.0", "wc/store/v1", "wc/v1", "wc/v2", "wc/v3", "wp/v2"],
                "authentication": {},
                "routes": {},
            }
        )

    @whole.get("/control/woo/keys")
    def make_keys() -> Response:
        return key_page(keys)

    @made.route(f"{API}/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def no_route(rest: str) -> Answer:
        return error("rest_no_route", "No route was found matching the URL and request method.", 404)

    # --- orders ---

    @made.get(f"{API}/orders")
    def orders() -> Response:
        wanted = asked(COMMON, "date")
        statuses = set(request.args.get("status", "any").split(","))
        for status in statuses - set(ORDER_STATUSES):
            raise Invalid("status", f"status[0] is not one of {', '.join(ORDER_STATUSES)} ({status}).")
        customer = request.args.get("customer")

        def keep(one: Order) -> bool:
            fits = "any" in statuses or shapes.status_of(one) in statuses
            return fits and (customer is None or (one.customer_id or 0) == int(customer))

        found, total = indexed(shop, "orders", wanted, None if statuses == {"any"} and customer is None else keep)
        shown = [shapes.order(one) | links(store, "/orders", one.id) for one in found]
        return listed(shown, total, wanted, f"{store}{API}/orders")

    @made.get(f"{API}/orders/<int:number>")
    def order(number: int) -> Answer:
        one = shop.get("orders", number, "woo")
        return _missing("shop_order") if one is None else jsonify(shapes.order(one) | links(store, "/orders", number))

    @made.get(f"{API}/orders/<int:number>/refunds")
    def refunds(number: int) -> Answer:
        one = shop.get("orders", number, "woo")
        if one is None:
            return _missing("shop_order")
        wanted = asked(COMMON, "date")
        found, total = cut(one.refunds, wanted, lambda back: (back.at, back.id))
        path = f"/orders/{number}/refunds"
        shown = [shapes.refund(back, one) | links(store, path, back.id) for back in found]
        return listed(shown, total, wanted, f"{store}{API}{path}")

    @made.get(f"{API}/orders/<int:number>/refunds/<int:refund_id>")
    def refund(number: int, refund_id: int) -> Answer:
        one = shop.get("orders", number, "woo")
        back = next((back for back in one.refunds if back.id == refund_id), None) if one else None
        return _missing("shop_order_refund") if one is None or back is None else jsonify(shapes.refund(back, one))

    # --- customers ---

    @made.get(f"{API}/customers")
    def customers() -> Response:
        wanted = asked(("id", "include", "name", "registered_date"), "name", down=False)
        role = request.args.get("role", "customer")
        if role not in ROLES:
            raise Invalid("role", f"role is not one of {', '.join(ROLES)}.")
        email = request.args.get("email")
        with shop.lock:
            people = [one for one in shop.customers.values() if "woo" in one.platforms]
        held: list[Customer | None] = [*people] if role in ("all", "customer") else []
        if role in ("all", "administrator"):
            held.append(None)
        if email is not None:
            held = [one for one in held if (one.email or "" if one else "owner@shop.example").lower() == email.lower()]

        def key(one: Customer | None) -> Any:
            if wanted.orderby == "name":
                return (f"{one.first} {one.last}" if one else "Sam Owner", one.id if one else 1)
            if wanted.orderby == "registered_date":
                return (one.created_at if one else opened, one.id if one else 1)
            return one.id if one else 1

        found, total = cut(held, wanted, key)
        payers = _payers()
        shown = [
            (_customer(one, payers) if one else shapes.administrator(opened))
            | links(store, "/customers", one.id if one else 1)
            for one in found
        ]
        return listed(shown, total, wanted, f"{store}{API}/customers")

    @made.get(f"{API}/customers/<int:number>")
    def customer(number: int) -> Answer:
        if number == 1:
            return jsonify(shapes.administrator(opened) | links(store, "/customers", 1))
        one = shop.get("customers", number, "woo")
        if one is None:
            return error("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
        return jsonify(_customer(one) | links(store, "/customers", number))

    # --- products ---

    @made.get(f"{API}/products")
    def products() -> Response:
        wanted = asked((*COMMON, "price", "popularity", "rating"), "date")
        status, kind = request.args.get("status", "any"), request.args.get("type")
        wanted_status = {"publish": "active", "draft": "draft"}.get(status)
        if status not in ("any", "draft", "pending", "private", "publish", "future", "trash"):
            raise Invalid("status", f"status is not one of any, draft, pending, private, publish ({status}).")

        def keep(one: Product) -> bool:
            fits = status == "any" or one.status == wanted_status
            return fits and (kind is None or (len(one.variants) > 1) == (kind == "variable"))

        found, total = indexed(shop, "products", wanted, None if status == "any" and kind is None else keep)
        stars = _stars()
        shown = [_product(one, stars) | links(store, "/products", one.id) for one in found]
        return listed(shown, total, wanted, f"{store}{API}/products")

    @made.get(f"{API}/products/<int:number>")
    def product(number: int) -> Answer:
        one = shop.get("products", number, "woo")
        if one is None:
            return _missing("product")
        return jsonify(_product(one) | links(store, "/products", number))

    @made.get(f"{API}/products/<int:number>/variations")
    def variations(number: int) -> Answer:
        one = shop.get("products", number, "woo")
        if one is None:
            return _missing("product")
        wanted = asked((*COMMON, "menu_order"), "date")
        held = one.variants if len(one.variants) > 1 else ()
        found, total = cut(held, wanted, lambda variant: variant.id)
        path, up = f"/products/{number}/variations", f"{store}{API}/products/{number}"
        shown = [shapes.variation(each, one, store) | links(store, path, each.id, up=up) for each in found]
        return listed(shown, total, wanted, f"{store}{API}{path}")

    @made.get(f"{API}/products/<int:number>/variations/<int:variation_id>")
    def variation(number: int, variation_id: int) -> Answer:
        one = shop.get("products", number, "woo")
        each = next((each for each in one.variants if each.id == variation_id), None) if one else None
        if one is None or each is None or len(one.variants) < 2:
            return _missing("product_variation")
        path, up = f"/products/{number}/variations", f"{store}{API}/products/{number}"
        return jsonify(shapes.variation(each, one, store) | links(store, path, variation_id, up=up))

    # --- reviews, coupons, settings ---

    @made.get(f"{API}/products/reviews")
    def reviews() -> Response:
        wanted = asked(("date", "date_gmt", "id", "include", "product"), "date_gmt")
        status = request.args.get("status", "approved")
        if status not in ("all", "hold", "approved", "spam", "trash"):
            raise Invalid("status", "status is not one of all, hold, approved, spam, trash.")
        if status in ("hold", "spam", "trash"):
            return listed([], 0, wanted, f"{store}{API}/products/reviews")
        found, total = indexed(shop, "reviews", wanted, None)
        shown = [
            _review(one) | links(store, "/products/reviews", one.id, up=f"{store}{API}/products/{one.product_id}")
            for one in found
        ]
        return listed(shown, total, wanted, f"{store}{API}/products/reviews")

    @made.get(f"{API}/products/reviews/<int:number>")
    def review(number: int) -> Answer:
        one = shop.get("reviews", number, "woo")
        if one is None:
            return error("woocommerce_rest_review_invalid_id", "Invalid review ID.", 404)
        return jsonify(
            _review(one) | links(store, "/products/reviews", number, up=f"{store}{API}/products/{one.product_id}")
        )

    @made.get(f"{API}/coupons")
    def coupons() -> Response:
        wanted = asked(COMMON, "date")
        found, total = cut(shapes.coupons(opened), wanted, lambda one: one["id"])
        shown = [one | links(store, "/coupons", one["id"]) for one in found]
        return listed(shown, total, wanted, f"{store}{API}/coupons")

    @made.get(f"{API}/coupons/<int:number>")
    def coupon(number: int) -> Answer:
        one = next((one for one in shapes.coupons(opened) if one["id"] == number), None)
        return _missing("shop_coupon") if one is None else jsonify(one | links(store, "/coupons", number))

    @made.get(f"{API}/data/currencies/current")
    def currency() -> Response:
        return jsonify({"code": SHOP_CURRENCY, "name": "United States (US) dollar", "symbol": "&#36;"})

    _add_webhooks(made, hooks, store)
    whole.register_blueprint(made)
    return whole


def _add_webhooks(made: Blueprint, hooks: Webhooks, store: str) -> None:
    """`/webhooks`: list, make, change, delete."""
    url = f"{store}{API}/webhooks"

    def shown(one: Webhook) -> dict[str, Any]:
        return one.shape() | links(store, "/webhooks", one.id)

    def fields() -> dict[str, str]:
        body = request.get_json(silent=True) or request.form.to_dict()
        wanted = ("name", "status", "topic", "delivery_url", "secret")
        return {name: str(body[name]) for name in wanted if body.get(name)}

    def wrong(given: dict[str, str]) -> Answer | None:
        if "topic" in given and not valid_topic(given["topic"].lower()):
            return error("woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic must be valid.", 400)
        if "delivery_url" in given and not given["delivery_url"].startswith(("http://", "https://")):
            message = "Webhook delivery URL must be a valid URL starting with http:// or https://."
            return error("woocommerce_rest_shop_webhook_invalid_delivery_url", message, 400)
        if "status" in given and given["status"] not in STATUSES:
            return error("woocommerce_rest_shop_webhook_invalid_status", "Webhook status must be valid.", 400)
        return None

    @made.get(f"{API}/webhooks")
    def all_hooks() -> Response:
        wanted: Asked = asked(("date", "id", "title"), "date")
        status = request.args.get("status", "all")
        if status not in ("all", *STATUSES):
            raise Invalid("status", f"status is not one of all, {', '.join(STATUSES)}.")
        held = [one for one in hooks.all() if status in ("all", one.status)]
        found, total = cut(held, wanted, lambda one: one.id)
        return listed([shown(one) for one in found], total, wanted, url)

    @made.post(f"{API}/webhooks")
    def make_hook() -> Answer:
        given = fields()
        if "topic" not in given:
            message = "Webhook topic is required and must be valid."
            return error("woocommerce_rest_shop_webhook_invalid_topic", message, 400)
        if problem := wrong({"delivery_url": "", **given}):
            return problem
        name = given.get("name", "Webhook created")
        one = hooks.create(name, given["topic"], given["delivery_url"], given.get("secret", ""))
        answer = jsonify(shown(one))
        answer.status_code = 201
        answer.headers["Location"] = f"{url}/{one.id}"
        return answer

    @made.get(f"{API}/webhooks/<int:number>")
    def hook(number: int) -> Answer:
        one = hooks.get(number)
        if one is None:
            return error("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
        return jsonify(shown(one))

    @made.route(f"{API}/webhooks/<int:number>", methods=["PUT", "PATCH", "POST"])
    def change_hook(number: int) -> Answer:
        given = fields()
        if problem := wrong(given):
            return problem
        one = hooks.change(number, given)
        if one is None:
            return error("woocommerce_rest_shop_webhook_invalid_id", "ID is invalid.", 400)
        return jsonify(shown(one))

    @made.delete(f"{API}/webhooks/<int:number>")
    def delete_hook(number: int) -> Answer:
        if request.args.get("force", "").lower() not in ("true", "1"):
            return error("woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.", 501)
        one = hooks.delete(number)
        if one is None:
            return error("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
        return jsonify(shown(one))
