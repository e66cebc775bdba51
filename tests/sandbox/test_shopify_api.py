"""The simulated Shopify against Shopify's own description, with no client of ours in between."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    specified_rules,
    validate,
    visit,
)

from sandbox.shops.shopify import CLIENT_ID, CLIENT_SECRET, HOST
from sandbox.shops.shopify import oauth as oauth_module
from sandbox.shops.shopify import webhooks as webhooks_module
from sandbox.shops.shopify.subset import FILE, text
from tests.sandbox.shopify_world import NOW, World, running

SPECS = Path(__file__).parent / "specs"
ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "functions" / "connect" / "queries"
ORDERS = "query($first: Int, $after: String, $query: String) { orders(first: $first, after: $after, query: $query, \
sortKey: UPDATED_AT) { nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }"


@cache
def described() -> tuple[GraphQLSchema, dict[str, list[str]]]:
    """Shopify's whole schema, and the scopes of its types and fields.

    Shopify deprecates fields of objects whose interfaces keep them, which the specification forbids: assumed valid.
    """
    found = json.loads(gzip.decompress((SPECS / "shopify_admin_2026-10.json.gz").read_bytes()))
    return build_client_schema(found["data"], assume_valid=True), found["scopes"]


@pytest.fixture
def made() -> Iterator[World]:
    with running() as world:
        yield world


def queries() -> list[str]:
    return sorted(path.stem for path in QUERIES.glob("*.graphql"))


def whole(name: str) -> str:
    """A query of ours with every fragment it needs, put together here and not by the client."""
    fragments = {path.stem: path.read_text(encoding="utf-8") for path in (QUERIES / "fragments").glob("*.graphql")}
    made = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
    while missing := [one for one in fragments if f"...{one}\n" in made and f"fragment {one} on" not in made]:
        made += "".join(fragments[one] for one in missing)
    return made


# --- the schema ---


def test_the_part_of_the_schema_is_what_shopify_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(described()[0])


@pytest.mark.parametrize("name", queries())
def test_each_query_is_valid_and_uses_nothing_deprecated(name: str) -> None:
    schema, _ = described()
    errors = validate(schema, parse(whole(name)), [*specified_rules, NoDeprecatedCustomRule])
    assert not errors, [error.message for error in errors]


def test_the_check_would_find_a_deprecated_field() -> None:
    schema, _ = described()
    for query in ("{ customers(first: 1) { nodes { email } } }", "{ orders(first: 1) { nodes { totalPrice } } }"):
        assert validate(schema, parse(query), [NoDeprecatedCustomRule])


@pytest.mark.parametrize("name", queries())
def test_each_query_needs_only_scopes_that_are_asked_for(name: str) -> None:
    from functions.connect.shopify_oauth import WANTED

    schema, scopes = described()
    info, needed = TypeInfo(schema), set[tuple[str, tuple[str, ...]]]()

    class Reader(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent, kind = info.get_parent_type(), info.get_type()
            owner = parent.name if parent else ""
            for key in (f"{owner}.{node.name.value}", get_named_type(kind).name if kind else ""):
                if key in scopes:
                    needed.add((key, tuple(scopes[key])))

    visit(parse(whole(name)), TypeInfoVisitor(info, Reader()))
    lacking = [key for key, any_of in needed if not set(any_of) & set(WANTED)]
    assert not lacking


# --- signatures ---


def test_the_worked_examples_of_the_signatures() -> None:
    secret = "shpss_dev_example_secret"
    pairs = [("shop", "dev-shop.myshopify.com"), ("code", "0123abcd"), ("timestamp", "1767225600"),
             ("state", "nonce-123"), ("host", "ZGV2LXNob3A")]  # fmt: skip
    expected = "f3c29831d22044482514fef83fb375df297a380207153b6182c3897d9e72f818"
    assert oauth_module.signature(secret, pairs) == expected
    body = b'{"id":42,"email":"jane@example.com","total_price":"19.90"}'
    assert webhooks_module.signature(secret, body) == "PdjDO3CywpDkyKtxx229yB5KA6JDaYs4g0lDrsmE0N8="


# --- OAuth ---


def code(made: World, scope: str = "read_orders,read_customers", state: str = "s 1") -> dict[str, str]:
    asked = {"client_id": CLIENT_ID, "scope": scope, "redirect_uri": "https://app.example/cb", "state": state}
    page = httpx.get(f"{made.admin}/oauth/authorize", params=asked)
    assert 'id="allow"' in page.text
    answer = httpx.post(f"{made.admin}/oauth/authorize", data=asked)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def token(made: World, **fields: str) -> httpx.Response:
    given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **fields}
    return httpx.post(f"{made.admin}/oauth/access_token", data=given)


def test_the_code_comes_back_signed_and_becomes_an_expiring_token(made: World) -> None:
    query = code(made)
    assert set(query) == {"code", "hmac", "host", "shop", "state", "timestamp"} and query["state"] == "s 1"
    given = query.pop("hmac")
    message = "&".join(f"{k}={v}" for k, v in sorted(query.items())).replace("s 1", "s%201")
    assert given == hmac.new(CLIENT_SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    body = token(made, code=query["code"], expiring="1").json()
    assert set(body) == {"access_token", "scope", "expires_in", "refresh_token", "refresh_token_expires_in"}
    assert (body["expires_in"], set(body["scope"].split(","))) == (3600, {"read_orders", "read_customers"})
    assert token(made, code=query["code"], expiring="1").status_code == 400
    made.clock.advance(3599)
    assert "data" in made.ask("{ shop { name } }", body["access_token"])
    made.clock.advance(2)
    late = httpx.post(f"{made.admin}/api/2026-10/graphql.json", json={"query": "{ shop { name } }"},
                      headers={"X-Shopify-Access-Token": body["access_token"]})  # fmt: skip
    assert late.status_code == 401


def test_a_refresh_token_dies_when_it_is_used(made: World) -> None:
    first = token(made, code=code(made)["code"], expiring="1").json()
    second = token(made, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"] and second["scope"] == first["scope"]
    again = token(made, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert "data" in made.ask("{ shop { name } }", second["access_token"])


def test_tokens_without_expiry_and_of_client_credentials(made: World) -> None:
    body = token(made, code=code(made)["code"]).json()
    assert set(body) == {"access_token", "scope"}
    body = token(made, grant_type="client_credentials").json()
    assert body["expires_in"] == 24 * 3600 and "refresh_token" not in body
    wrong = httpx.post(f"{made.admin}/oauth/access_token", data={"client_id": CLIENT_ID, "client_secret": "no"})
    assert wrong.status_code == 401


def test_the_consent_page_refuses_what_shopify_refuses(made: World) -> None:
    good = {"client_id": CLIENT_ID, "scope": "read_orders", "redirect_uri": "https://app.example/cb"}
    for change in ({"client_id": "other"}, {"scope": "read_everything"}, {"redirect_uri": "javascript:1"}):
        assert httpx.get(f"{made.admin}/oauth/authorize", params=good | change).status_code == 400
    other = made.admin.replace(HOST, "other.myshopify.com")
    assert httpx.get(f"{other}/oauth/authorize", params=good).status_code == 404


# --- reading ---


def test_pages_of_orders_are_complete_whatever_their_size(made: World) -> None:
    expected = {f"gid://shopify/Order/{o.id}" for o in made.shop.orders.values() if o.platform == "shopify"}
    for first in (5, 13, 250):
        seen: list[str] = []
        after, times = None, list[str]()
        while True:
            body = made.ask(ORDERS, first=first, after=after)["data"]["orders"]
            seen += [node["id"] for node in body["nodes"]]
            times += [node["updatedAt"] for node in body["nodes"]]
            if not body["pageInfo"]["hasNextPage"]:
                break
            after = body["pageInfo"]["endCursor"]
            made.clock.advance(1)
        assert len(seen) == len(expected) and set(seen) == expected and times == sorted(times)


def test_filters_on_the_update_time_and_counts(made: World) -> None:
    since = NOW - timedelta(days=200)
    body = made.ask(ORDERS, first=250, query=f"updated_at:>='{since.isoformat()}'")["data"]["orders"]["nodes"]
    expected = [o for o in made.shop.orders.values() if o.platform == "shopify" and o.updated_at >= since]
    assert len(body) == len(expected) > 3
    count = made.ask("{ ordersCount(limit: 3) { count precision } }")["data"]["ordersCount"]
    assert count == {"count": 3, "precision": "AT_LEAST"}


def test_without_read_all_orders_only_sixty_days_are_there(made: World) -> None:
    few = made.new_token("read_orders")
    nodes = made.ask(ORDERS, few, first=250)["data"]["orders"]["nodes"]
    recent = [
        o for o in made.shop.orders.values() if o.platform == "shopify" and o.placed_at >= NOW - timedelta(days=60)
    ]
    assert len(nodes) == len(recent) < made.shop.total("orders", "shopify")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ orders { nodes { id } } }", "you must provide one of first or last"),
        ("{ orders(first: 251) { nodes { id } } }", "250"),
        ("{ orders(first: 1, after: \"x\") { nodes { id } } }", "cursor"),
        ("{ orders(first: 1) { nodes { nothing } } }", "Cannot query field"),
        ("{ orders(first: 1", "Syntax Error"),
        ('{ order(id: "12") { id } }', "invalid id"),
    ],
)  # fmt: skip
def test_wrong_queries_are_answered_with_200_and_errors(made: World, query: str, said: str) -> None:
    assert said in made.ask(query)["errors"][0]["message"]


def test_access_is_denied_by_scope_and_personal_data_by_approval(made: World) -> None:
    body = made.ask("{ customers(first: 1) { nodes { id } } }", made.new_token("read_orders"))
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED" and body["data"] is None
    httpx.post(f"{made.url}/control/shopify", json={"pii": False})
    query = "{ customers(first: 50) { nodes { firstName lastName defaultEmailAddress { emailAddress } \
defaultPhoneNumber { phoneNumber } defaultAddress { address1 countryCodeV2 } tags } } }"
    for node in made.ask(query)["data"]["customers"]["nodes"]:
        assert (
            node["firstName"] is node["lastName"] is node["defaultEmailAddress"] is node["defaultPhoneNumber"] is None
        )
        assert node["defaultAddress"] is None or node["defaultAddress"]["address1"] is None


@pytest.mark.parametrize("name", [one for one in queries() if not one.startswith(("hook", "bulk"))])
def test_every_field_of_our_queries_is_answered_by_shopifys_types(made: World, name: str) -> None:
    ids = {"customer": "Customer", "order": "Order", "product": "Product"}
    number = {
        "Customer": next(c.id for c in made.shop.customers.values() if "shopify" in c.platforms),
        "Order": next(o.id for o in made.shop.orders.values() if o.platform == "shopify"),
        "Product": next(iter(made.shop.products)),
    }
    variables: dict[str, object] = {"first": 5}
    if name in ids:
        variables = {"id": f"gid://shopify/{ids[name]}/{number[ids[name]]}"}
    if name == "cart":
        variables = {"query": f"id:{next(iter(made.shop.carts))}"}
    body = made.ask(whole(name), **variables)
    assert "errors" not in body and all(body["data"].values())


# --- costs ---


def test_costs_are_asked_for_charged_and_given_back(made: World) -> None:
    def cost(query: str) -> dict[str, Any]:
        found: dict[str, Any] = made.ask(query)["extensions"]["cost"]
        return found

    # An object 1, a connection 2 and its things.
    one = cost("{ shop { name } }")
    assert (one["requestedQueryCost"], one["actualQueryCost"]) == (1, 1)
    many = cost("{ products(first: 200) { nodes { id } } }")
    assert (many["requestedQueryCost"], many["actualQueryCost"]) == (202, 62)
    nested = cost("{ products(first: 10) { edges { node { variants(first: 5) { nodes { id } } } } } }")
    assert nested["requestedQueryCost"] == 2 + 10 * (1 + 2 + 5)
    left = nested["throttleStatus"]
    assert (left["maximumAvailable"], left["restoreRate"]) == (2000, 100)
    assert nested["throttleStatus"]["currentlyAvailable"] == 2000 - 1 - 62 - nested["actualQueryCost"]
    too_much = made.ask("{ products(first: 250) { nodes { variants(first: 250) { nodes { id } } } } }")
    assert too_much["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_the_throttle_says_no_and_recovers_at_its_rate(made: World) -> None:
    heavy = "{ orders(first: 90) { nodes { lineItems(first: 8) { nodes { id } } } } }"
    for _ in range(50):
        body = made.ask(heavy)
        if "errors" in body:
            break
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED" and "data" not in body
    cost = body["extensions"]["cost"]
    assert cost["actualQueryCost"] is None
    lacking = cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]
    made.clock.advance(lacking / 100 - 0.5)
    assert "errors" in made.ask(heavy)
    made.clock.advance(0.6)
    assert "errors" not in made.ask(heavy)


# --- bulk ---


def run(made: World, query: str, group: bool = True) -> dict[str, Any]:
    start = "mutation($q: String!, $g: Boolean!) { bulkOperationRunQuery(query: $q, groupObjects: $g) \
{ bulkOperation { id status } userErrors { field message code } } }"
    found: dict[str, Any] = made.ask(start, q=query, g=group)["data"]["bulkOperationRunQuery"]
    return found


def finished(made: World, identity: str) -> dict[str, Any]:
    look = "query($id: ID!) { bulkOperation(id: $id) { status url objectCount rootObjectCount fileSize } }"
    for _ in range(200):
        found: dict[str, Any] = made.ask(look, id=identity)["data"]["bulkOperation"]
        if found["status"] == "COMPLETED":
            return found
    raise AssertionError("the bulk operation did not end")


@pytest.mark.parametrize("group", [True, False])
def test_a_bulk_result_has_every_thing_and_its_children_where_they_belong(made: World, group: bool) -> None:
    query = "{ orders { edges { node { id name lineItems { edges { node { id quantity } } } } } } }"
    begun = run(made, query, group)
    assert begun["bulkOperation"]["status"] == "CREATED" and not begun["userErrors"]
    done = finished(made, begun["bulkOperation"]["id"])
    raw = httpx.get(done["url"]).content
    rows = [json.loads(line) for line in raw.splitlines()]
    assert (int(done["fileSize"]), int(done["objectCount"])) == (len(raw), len(rows))
    orders = [o for o in made.shop.orders.values() if o.platform == "shopify"]
    assert int(done["rootObjectCount"]) == len(orders) == sum("__parentId" not in row for row in rows)
    children: dict[str, int] = {}
    last_root = ""
    for row in rows:
        parent = row.get("__parentId")
        last_root = last_root if parent else row["id"]
        if parent:
            children[parent] = children.get(parent, 0) + 1
            assert not group or parent == last_root
    assert children == {f"gid://shopify/Order/{o.id}": len(o.lines) for o in orders}
    assert group or "__parentId" in rows[-1]
    part = httpx.get(done["url"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, raw[10:20])
    assert httpx.get(done["url"].split("?")[0]).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "{ shop { name } }",
        "{ orders { edges { node { nothing } } } }",
        "not a query",
        "{ customers { edges { node { addressesV2 { edges { node { id } } } } } } "
        "orders { edges { node { lineItems { edges { node { id } } } } } } "
        "products { edges { node { variants { edges { node { id } } } } } } }",
    ],
)
def test_queries_that_cannot_run_in_bulk_are_refused(made: World, query: str) -> None:
    said = run(made, query)
    assert said["bulkOperation"] is None and said["userErrors"][0]["message"]
