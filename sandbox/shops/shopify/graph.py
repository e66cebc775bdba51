"""The GraphQL endpoint: Shopify's schema, executed over the simulated shop, with its costs, limits and errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify, request
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)
from werkzeug.wrappers import Response

from sandbox.shops.faults import Faults
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.shopify import bulk as bulks
from sandbox.shops.shopify.cost import MAX_COST, Costs
from sandbox.shops.shopify.nodes import Nodes, gid, listed, number, when
from sandbox.shops.shopify.state import HOST, Bulk, State, Subscription
from sandbox.shops.shopify.webhooks import Sender

VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")
SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8"))
NEEDS = {
    "customer": "read_customers", "customers": "read_customers", "customersCount": "read_customers",
    "order": "read_orders", "orders": "read_orders", "ordersCount": "read_orders",
    "abandonedCheckouts": "read_orders", "abandonedCheckoutsCount": "read_orders",
    "product": "read_products", "products": "read_products", "productsCount": "read_products",
}  # fmt: skip
TOPIC_NEEDS = {"ORDERS": "read_orders", "CHECKOUTS": "read_orders", "REFUNDS": "read_orders",
               "PRODUCTS": "read_products", "CUSTOMERS": "read_customers"}  # fmt: skip


def resolve(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    value = source.get(info.field_name)
    return value(arguments) if callable(value) else value


@lru_cache(maxsize=100)
def checked(text: str) -> DocumentNode | list[dict[str, Any]]:
    """The parsed query, or what is wrong with it; the same few queries come again and again."""
    try:
        document = parse(text)
    except GraphQLError as wrong:
        return [dict(wrong.formatted)]
    errors = validate(SCHEMA, document)
    return [dict(one.formatted) for one in errors] if errors else document


class Graph:
    def __init__(self, shop: SimulatedShop, state: State, sender: Sender, base_url: str) -> None:
        self._shop, self._state, self._sender, self._base = shop, state, sender, base_url

    def answer(self, text: str, variables: Mapping[str, Any], scopes: frozenset[str]) -> dict[str, Any]:
        """What Shopify answers, always with HTTP 200."""
        document = checked(text)
        if not isinstance(document, DocumentNode):
            return {"errors": document}
        costs = Costs(SCHEMA, document, variables)
        requested = costs.requested()
        if requested > MAX_COST:
            said = f"Query cost is {requested}, which exceeds the single query max cost limit ({MAX_COST})."
            return {"errors": [{"message": said, "extensions": {
                "code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MAX_COST}}]}  # fmt: skip
        if not self._state.bucket.take(requested):
            return {
                "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
                "extensions": {"cost": self._cost(requested, None)},
            }
        denied = self._denied(document, scopes)
        if denied is not None:
            self._state.bucket.settle(requested, 1)
            return {"data": None, "errors": [denied], "extensions": {"cost": self._cost(requested, 1)}}
        roots = self.roots(scopes)
        done = execute_sync(
            SCHEMA, document, roots, variable_values=dict(variables), field_resolver=resolve
        )  # fmt: skip
        actual = costs.actual(done.data)
        self._state.bucket.settle(requested, actual)
        answer: dict[str, Any] = {"data": done.data}
        if done.errors:
            answer["errors"] = [dict(one.formatted) for one in done.errors]
        return answer | {"extensions": {"cost": self._cost(requested, actual)}}

    def _cost(self, requested: int, actual: int | None) -> dict[str, Any]:
        return {
            "requestedQueryCost": requested, "actualQueryCost": actual,
            "throttleStatus": self._state.bucket.status(),
        }  # fmt: skip

    def _denied(self, document: DocumentNode, scopes: frozenset[str]) -> dict[str, Any] | None:
        for definition in document.definitions:
            if not isinstance(definition, OperationDefinitionNode):
                continue
            for field in definition.selection_set.selections:
                name = field.name.value if isinstance(field, FieldNode) else ""
                needed = NEEDS.get(name)
                if needed is not None and needed not in scopes:
                    said = f"Access denied for {name} field. Required access: `{needed}` access scope."
                    return {"message": said, "path": [name], "extensions": {
                        "code": "ACCESS_DENIED", "requiredAccess": f"`{needed}` access scope."}}  # fmt: skip
        return None

    # --- root fields ---

    def roots(self, scopes: frozenset[str]) -> dict[str, Any]:
        nodes = Nodes(self._shop, HOST, self._state.personal, scopes)
        handles = [{"handle": one, "description": one.replace("_", " ")} for one in sorted(scopes)]
        return {
            "shop": nodes.shop_node(),
            "currentAppInstallation": {"id": gid("AppInstallation", 1), "accessScopes": handles},
            "customer": nodes.one("customers", "Customer", nodes.customer),
            "customers": nodes.many("customers", nodes.customer), "customersCount": nodes.count("customers"),
            "order": nodes.one("orders", "Order", nodes.order),
            "orders": nodes.many("orders", nodes.order), "ordersCount": nodes.count("orders"),
            "product": nodes.one("products", "Product", nodes.product),
            "products": nodes.many("products", nodes.product), "productsCount": nodes.count("products"),
            "abandonedCheckouts": nodes.many("carts", nodes.checkout),
            "abandonedCheckoutsCount": nodes.count("carts"),
            "webhookSubscription": self._subscription, "webhookSubscriptions": self._subscriptions,
            "bulkOperation": self._bulk,
            "webhookSubscriptionCreate": lambda arguments: self._subscribe(arguments, scopes),
            "webhookSubscriptionDelete": self._unsubscribe,
            "bulkOperationRunQuery": lambda arguments: self._run(arguments, scopes),
            "bulkOperationCancel": self._cancel,
        }  # fmt: skip

    def _subscription_node(self, one: Subscription) -> dict[str, Any]:
        return {
            "id": gid("WebhookSubscription", one.id), "legacyResourceId": str(one.id), "topic": one.topic,
            "uri": one.uri, "callbackUrl": one.uri, "format": "JSON", "createdAt": when(one.created_at),
            "updatedAt": when(one.created_at),
        }  # fmt: skip

    def _subscription(self, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        found = self._state.subscriptions.get(number(arguments["id"], "WebhookSubscription") or 0)
        return None if found is None else self._subscription_node(found)

    def _subscriptions(self, arguments: Mapping[str, Any]) -> Any:
        with self._state.lock:
            found = [
                one
                for one in self._state.subscriptions.values()
                if arguments.get("topics") in (None, []) or one.topic in arguments["topics"]
                if arguments.get("uri") in (None, one.uri)
            ]
        return listed(found, self._subscription_node)(arguments)

    def _subscribe(self, arguments: Mapping[str, Any], scopes: frozenset[str]) -> dict[str, Any]:
        topic, uri = arguments["topic"], arguments["webhookSubscription"].get("uri") or ""
        uri = uri or arguments["webhookSubscription"].get("callbackUrl") or ""

        def refused(field: str, text: str) -> dict[str, Any]:
            return {"webhookSubscription": None, "userErrors": [
                {"field": ["webhookSubscription", field], "message": text}]}  # fmt: skip

        needed = "read_customer_merge" if topic == "CUSTOMERS_MERGE" else TOPIC_NEEDS.get(topic.split("_")[0])
        if needed and needed not in scopes:
            return refused("topic", f"Webhook subscription topic {topic} requires the {needed} scope.")
        if not uri.startswith(("https://", "http://127.0.0.1", "http://localhost", "pubsub://", "arn:")):
            return refused("uri", "Address protocol http:// is not supported")
        with self._state.lock:
            taken = (one for one in self._state.subscriptions.values() if (one.topic, one.uri) == (topic, uri))
            if next(taken, None) is not None:
                return refused("uri", "Address for this topic has already been taken")
            made = Subscription(self._state.number(), topic, uri, self._state.now())
            self._state.subscriptions[made.id] = made
        return {"webhookSubscription": self._subscription_node(made), "userErrors": []}

    def _unsubscribe(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with self._state.lock:
            found = self._state.subscriptions.pop(number(arguments["id"], "WebhookSubscription") or 0, None)
        if found is None:
            return {"deletedWebhookSubscriptionId": None, "userErrors": [
                {"field": ["id"], "message": "Webhook subscription does not exist"}]}  # fmt: skip
        return {"deletedWebhookSubscriptionId": arguments["id"], "userErrors": []}

    def _bulk_node(self, one: Bulk) -> dict[str, Any]:
        status = (
            "CANCELED" if one.canceled else "FAILED" if one.failed else "COMPLETED" if one.completed_at else "RUNNING"
        )
        done = status == "COMPLETED"
        url = f"{self._base}/shopify/{HOST}/bulk/{one.id}.jsonl?signature={one.secret}"
        return {
            "id": gid("BulkOperation", one.id), "status": status, "errorCode": "INTERNAL_SERVER_ERROR" if one.failed
            else None, "objectCount": str(one.objects), "rootObjectCount": str(one.roots),
            "url": url if done and one.body else None, "partialDataUrl": None, "query": one.query,
            "createdAt": when(one.created_at), "completedAt": when(one.completed_at),
            "fileSize": str(len(one.body)) if done else None, "type": "QUERY",
        }  # fmt: skip

    def _bulk(self, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        found = self._state.bulks.get(number(arguments["id"], "BulkOperation") or 0)
        return None if found is None else self._bulk_node(found)

    def _run(self, arguments: Mapping[str, Any], scopes: frozenset[str]) -> dict[str, Any]:
        def refused(code: str, text: str) -> dict[str, Any]:
            return {"bulkOperation": None, "userErrors": [{"field": ["query"], "message": text, "code": code}]}

        wrong = bulks.problem(SCHEMA, arguments["query"])
        if wrong:
            return refused("INVALID", wrong)
        denied = self._denied(parse(arguments["query"]), scopes)
        if denied:
            return refused("INVALID", str(denied["message"]))
        with self._state.lock:
            running = [b for b in self._state.bulks.values() if b.completed_at is None and not b.canceled]
            if len(running) >= bulks.AT_A_TIME:
                return refused(
                    "OPERATION_IN_PROGRESS", "A bulk query operation for this app and shop is already in progress."
                )
            made = Bulk(self._state.number(), arguments["query"], arguments["groupObjects"], self._state.now(), scopes)
            self._state.bulks[made.id] = made
        bulks.start(self._state, made, self.roots(scopes), self._finished)
        return {"bulkOperation": self._bulk_node(made) | {"status": "CREATED"}, "userErrors": []}

    def _finished(self, one: Bulk) -> None:
        self._sender.say(
            "bulk_operations/finish",
            {
                "admin_graphql_api_id": gid("BulkOperation", one.id), "completed_at": when(one.completed_at),
                "created_at": when(one.created_at), "error_code": None, "status": "completed", "type": "query",
            },
        )  # fmt: skip

    def _cancel(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with self._state.lock:
            found = self._state.bulks.get(number(arguments["id"], "BulkOperation") or 0)
            if found is not None and found.completed_at is None:
                found.canceled = True
        if found is None:
            return {"bulkOperation": None, "userErrors": [{"field": ["id"], "message": "Not found"}]}
        return {"bulkOperation": self._bulk_node(found), "userErrors": []}


def add_graph(made: Blueprint, graph: Graph, state: State, faults: Faults) -> None:
    """The routes of the Admin API and of bulk results."""

    @made.post("/shopify/<shop>/admin/api/<version>/graphql.json")
    def graphql(shop: str, version: str) -> Response:
        if shop != HOST or version not in VERSIONS:
            return Response('{"errors": "Not Found"}', 404, content_type="application/json")
        scopes = state.scopes(request.headers.get("X-Shopify-Access-Token", ""))
        if scopes is None or faults.revoked("shopify"):
            said = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return Response(f'{{"errors": "{said}"}}', 401, content_type="application/json")
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return Response('{"errors": {"query": "Required parameter missing or invalid"}}', 400,
                            content_type="application/json")  # fmt: skip
        answer = jsonify(graph.answer(body["query"], body.get("variables") or {}, scopes))
        answer.headers["X-Shopify-API-Version"] = version
        return answer

    @made.get("/shopify/<shop>/bulk/<int:one>.jsonl")
    def result(shop: str, one: int) -> Response:
        found = state.bulks.get(one)
        if found is None or not found.completed_at or request.args.get("signature") != found.secret:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, content_type="application/xml")
        if (state.now() - found.completed_at).total_seconds() > bulks.WEEK:
            return Response("<Error><Code>ExpiredToken</Code></Error>", 400, content_type="application/xml")
        answer = Response(found.body, content_type="application/jsonl")
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=len(found.body))
        return answer
