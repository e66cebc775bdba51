"""Shopify in front of the simulated shop: OAuth, the Admin GraphQL API, bulk operations and webhooks."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shops.faults import Faults
from sandbox.shops.model import Change
from sandbox.shops.shop import SimulatedShop
from sandbox.shops.shopify.cost import RATES
from sandbox.shops.shopify.graph import Graph, add_graph
from sandbox.shops.shopify.oauth import add_oauth
from sandbox.shops.shopify.payloads import Payloads
from sandbox.shops.shopify.state import CLIENT_ID, CLIENT_SECRET, HOST, OFFERED, State, Token
from sandbox.shops.shopify.webhooks import Sender

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "HOST", "Shopify", "blueprint"]


class Shopify(Blueprint):
    """The blueprint, with what tests look into."""

    state: State
    sender: Sender
    graph: Graph


def blueprint(shop: SimulatedShop, faults: Faults, base_url: str, speed: float) -> Shopify:
    """Everything below `/shopify` and `/control/shopify`."""
    made = Shopify("shopify", __name__)
    state = made.state = State(shop.now, shop.exact_now)
    shop.keep(
        "shopify", state, "client_secret", "tokens", "refreshes", "codes", "subscriptions", "bulks", "personal",
        "privacy_uri", "_next",
    )  # fmt: skip
    sender = made.sender = Sender(state, faults, speed)
    graph = made.graph = Graph(shop, state, sender, base_url)

    def changed(change: Change) -> None:
        if "shopify" not in change.platforms:
            return
        for topic, body in Payloads(shop, state.personal).messages(change):
            sender.say(topic, body)
        if change.action == "uninstalled":
            state.uninstall()

    shop.listen(changed)

    @made.before_request
    def fails() -> AnyResponse | None:
        return faults.check("shopify") if request.path.startswith("/shopify/") else None

    add_oauth(made, state)
    add_graph(made, graph, state, faults)

    @made.post("/control/shopify")
    def switches() -> Response:
        """Switches: pii (bool), plan, privacy_uri, client_secret (rotated to), revoke (bool: every token now)."""
        asked = request.get_json()
        if asked.get("plan", "standard") not in RATES:
            abort(400)
        with state.lock:
            state.personal = bool(asked.get("pii", state.personal))
            state.privacy_uri = asked.get("privacy_uri", state.privacy_uri)
            state.client_secret = asked.get("client_secret", state.client_secret)
            if "plan" in asked:
                state.bucket.choose(asked["plan"])
            if asked.get("revoke"):
                state.tokens.clear()
                state.refreshes.clear()
        return jsonify({"pii": state.personal, "privacy_uri": state.privacy_uri, **state.bucket.status()})

    @made.post("/control/shopify/token")
    def token() -> Response:
        """A token that does not expire, as a merchant's own app has it."""
        scopes = frozenset((request.get_json(silent=True) or {}).get("scopes", OFFERED))
        text = "shpat_" + secrets.token_hex(16)
        with state.lock:
            state.tokens[text] = Token(scopes, None)
        return jsonify({"access_token": text})

    @made.get("/control/shopify/webhooks")
    def webhooks() -> Response:
        with state.lock:
            found = [{"id": s.id, "topic": s.topic, "uri": s.uri} for s in state.subscriptions.values()]
        return jsonify({"subscriptions": found, "log": list(sender.log)})

    return made
