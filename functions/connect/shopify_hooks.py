"""Shopify's webhooks: which we ask for, and what each of them says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from functions.connect import shopify_records as records
from functions.connect.shopify_api import ask
from functions.connect.storefront import Access, ConnectError, Hook
from functions.ingest.contact import normal_email
from schema.clock import milliseconds, of_milliseconds
from schema.connections import WebhookState
from schema.records import DeletedRecord, LinkRecord, Person, Record, WebhookEvent

TOPICS = (
    "orders/create", "orders/updated", "orders/delete", "refunds/create", "customers/create", "customers/update",
    "customers/delete", "customers/merge", "customers_email_marketing_consent/update",
    "customers_marketing_consent/update", "products/create", "products/update", "products/delete", "checkouts/create",
    "checkouts/update", "checkouts/delete", "app/uninstalled",
)  # fmt: skip
"""The privacy topics are set in the app's configuration at Shopify, not by API."""
_MOST_PAGES = 20
Body = Mapping[str, Any]


def subscribe(access: Access, callback: str) -> Sequence[WebhookState]:
    """Make each subscription exist once; what Shopify refuses (a missing scope) is told as missing."""
    held = _held(access, callback)
    states = []
    for topic in TOPICS:
        name = topic.replace("/", "_").upper()
        found = held.get(name) or _create(access, name, callback)
        states.append(
            WebhookState(topic=topic, external_id=found, status="active" if found else "missing", checked_at=access.now)
        )
    return states


def unsubscribe(access: Access, callback: str) -> None:
    for gid in _held(access, callback).values():
        try:
            ask(access, "hook_delete", id=gid)
        except ConnectError:
            # Best effort: a subscription that stays meets a connection that is gone.
            continue


def _held(access: Access, callback: str) -> dict[str, str]:
    """Our subscriptions by topic."""
    held: dict[str, str] = {}
    after = None
    for _ in range(_MOST_PAGES):
        page = ask(access, "hooks", uri=callback, after=after).data["webhookSubscriptions"]
        held |= {one["topic"]: one["id"] for one in page["nodes"] if one["uri"] == callback}
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return held


def _create(access: Access, topic: str, callback: str) -> str | None:
    said = ask(access, "hook_create", topic=topic, uri=callback).data["webhookSubscriptionCreate"]
    if said["userErrors"] or not said["webhookSubscription"]:
        return None
    return str(said["webhookSubscription"]["id"])


# --- what they say ---


def understand(event: WebhookEvent, body: Body, access: Access) -> Hook:
    """The records of a verified webhook; a topic that we do not know is passed over."""
    reader = READERS.get(event.topic)
    if reader is None:
        return Hook(note=f"topic {event.topic[:60]} is not used")
    try:
        return reader(event, body, access)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Hook(note=f"{event.topic} has an unexpected shape")


def _told_at(event: WebhookEvent) -> int:
    """When it happened, in ms: a deletion carries no time of its own."""
    at = records.moment(event.headers.get("x-shopify-triggered-at"))
    return milliseconds(at or event.received_at)


def _some(record: Record | None, note: str) -> Hook:
    return Hook(records=[record]) if record is not None else Hook(note=note)


def _order(event: WebhookEvent, body: Body, access: Access) -> Hook:
    if not records.legible(body):
        return Hook(read=("orders", records.identity(body["id"])))
    return _some(records.rest_order(body), "nothing was paid yet")


def _product(event: WebhookEvent, body: Body, access: Access) -> Hook:
    # Only the first variants are in the body of a product with very many; its currency is the connection's.
    whole = len(body.get("variant_gids") or []) <= len(body.get("variants") or [])
    if not whole or access.currency is None:
        return Hook(read=("products", records.identity(body["id"])))
    return Hook(records=[records.rest_product(body, access.shop, access.currency)])


def _checkout(event: WebhookEvent, body: Body, access: Access) -> Hook:
    if not records.one_currency(body):
        return Hook(read=("carts", records.checkout_id(body)))
    return _some(records.rest_checkout(body, access.now), "no checkout that can be told from others")


def _customer(event: WebhookEvent, body: Body, access: Access) -> Hook:
    # The body has neither consent nor tags.
    return Hook(read=("customers", records.identity(body.get("customer_id") or body["id"])))


def _refund(event: WebhookEvent, body: Body, access: Access) -> Hook:
    return Hook(read=("orders", records.identity(body["order_id"])))


def _deleted(what: Any) -> Callable[[WebhookEvent, Body, Access], Hook]:
    def read(event: WebhookEvent, body: Body, access: Access) -> Hook:
        return Hook(records=[DeletedRecord(version=_told_at(event), what=what, id=records.identity(body["id"]))])

    return read


def _merged(event: WebhookEvent, body: Body, access: Access) -> Hook:
    if body.get("status") not in (None, "completed"):
        return Hook(note=f"merging is {str(body.get('status'))[:20]}")
    kept = records.external(body["admin_graphql_api_customer_kept_id"])
    lost = records.external(body["admin_graphql_api_customer_deleted_id"])
    return Hook(records=[LinkRecord(version=_told_at(event), person=Person(key=kept), other=lost)])


def _uninstalled(event: WebhookEvent, body: Body, access: Access) -> Hook:
    return Hook(uninstalled=True, at=of_milliseconds(_told_at(event)))


def _redact(event: WebhookEvent, body: Body, access: Access) -> Hook:
    """Both the account and the guest of the same address: a payload may name the customer by e-mail only."""
    who = body.get("customer") or {}
    keys = [str(who["id"])] if who.get("id") else []
    address = normal_email(str(who["email"])) if who.get("email") else None
    if address:
        keys.append(f"email:{address}")
    version = _told_at(event)
    found = [DeletedRecord(version=version, what="customer", id=key, redact=True) for key in keys]
    return Hook(records=found) if found else Hook(note="names nobody")


def _request(event: WebhookEvent, body: Body, access: Access) -> Hook:
    return Hook(note="a customer asks for their data: export it from the customer's page within 30 days")


def _shop_redact(event: WebhookEvent, body: Body, access: Access) -> Hook:
    return Hook(uninstalled=True, forget=True, at=of_milliseconds(_told_at(event)))


READERS: dict[str, Callable[[WebhookEvent, Body, Access], Hook]] = {
    **dict.fromkeys(("orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled"), _order),
    **dict.fromkeys(("products/create", "products/update"), _product),
    **dict.fromkeys(("checkouts/create", "checkouts/update"), _checkout),
    **dict.fromkeys(
        (
            "customers/create", "customers/update", "customers/enable", "customers/disable",
            "customers_email_marketing_consent/update", "customers_marketing_consent/update",
        ),
        _customer,
    ),
    "refunds/create": _refund,
    "orders/delete": _deleted("order"),
    "products/delete": _deleted("product"),
    "customers/delete": _deleted("customer"),
    "checkouts/delete": _deleted("cart"),
    "customers/merge": _merged,
    "app/uninstalled": _uninstalled,
    "customers/redact": _redact,
    "customers/data_request": _request,
    "shop/redact": _shop_redact,
}  # fmt: skip
