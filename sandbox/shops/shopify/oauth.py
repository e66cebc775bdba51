"""Shopify's OAuth: the consent page, codes, tokens that live an hour and refresh tokens that die when used."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, jsonify, redirect, render_template_string, request
from werkzeug.wrappers import Response

from sandbox.shops.shopify.state import CLIENT_ID, CODE_LIFE, HOST, OFFERED, Code, State

DAY = timedelta(hours=24)
ADMIN = f"admin.shopify.com/store/{HOST.split('.')[0]}"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Install app</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1rem}</style></head><body>
<h1>Install Timbre on {{ host }}</h1><p>The app asks to see:</p>
<ul>{% for scope in scopes %}<li>{{ scope }}</li>{% endfor %}</ul>
<form method="post">{% for name, value in fields.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}<button id="allow">Allow</button></form></body></html>"""


def signature(secret: str, pairs: list[tuple[str, str]]) -> str:
    """Hex HMAC-SHA256 over the sorted query without `hmac`, percent-encoded as it is sent."""
    message = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(pairs))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def add_oauth(made: Blueprint, state: State) -> None:
    """The routes below `/shopify/{shop}/admin/oauth`."""

    def problem(code: str, text: str, status: int = 400) -> Response:
        answer = jsonify({"error": code, "error_description": text})
        answer.status_code = status
        return answer

    @made.route("/shopify/<shop>/admin/oauth/authorize", methods=["GET", "POST"])
    def authorize(shop: str) -> Response | str:
        asked = request.values
        scopes = frozenset(s for s in re.split(r"[,\s]+", asked.get("scope", "")) if s)
        target = asked.get("redirect_uri", "")
        if shop != HOST:
            return Response("There is no such shop.", 404)
        if asked.get("client_id") != CLIENT_ID:
            return Response("Oauth error invalid_request: Could not find Shopify API application.", 400)
        if not urlsplit(target).scheme.startswith("http"):
            return Response("Oauth error invalid_request: The redirect_uri is missing or not allowed.", 400)
        if scopes - OFFERED:
            return Response(f"Oauth error invalid_scope: {', '.join(sorted(scopes - OFFERED))}", 400)
        if request.method == "GET":
            fields = {name: asked.get(name, "") for name in ("client_id", "scope", "redirect_uri", "state")}
            return render_template_string(PAGE, host=HOST, scopes=sorted(scopes), fields=fields)
        code = secrets.token_hex(16)
        with state.lock:
            state.codes[code] = Code(scopes, target, state.now() + CODE_LIFE)
        pairs = [
            ("code", code),
            (
                "host",
                base64.urlsafe_b64encode(ADMIN.encode()).decode().rstrip("="),
            ),
            ("shop", HOST),
            ("state", asked.get("state", "")),
            ("timestamp", str(int(state.now().timestamp()))),
        ]
        pairs.append(("hmac", signature(state.client_secret, pairs)))
        return redirect(f"{target}{'&' if '?' in target else '?'}{urlencode(sorted(pairs), quote_via=quote)}", 302)

    @made.post("/shopify/<shop>/admin/oauth/access_token")
    def access_token(shop: str) -> Response:
        asked = request.get_json(silent=True) or request.form.to_dict()
        if shop != HOST:
            return Response("Not Found", 404)
        if asked.get("client_id") != CLIENT_ID or asked.get("client_secret") != state.client_secret:
            return problem("invalid_client", "The client credentials are not valid.", 401)
        kind = asked.get("grant_type")
        with state.lock:
            if kind == "refresh_token":
                return refreshed(str(asked.get("refresh_token", "")))
            if kind == "client_credentials":
                granted = OFFERED - {"read_inventory"}
                answer = state.issue(granted, expiring=True, life=DAY)
                del answer["refresh_token"], answer["refresh_token_expires_in"]
                return jsonify(answer)
            code = state.codes.pop(str(asked.get("code", "")), None)
            if code is None or code.expires_at <= state.now():
                return problem("invalid_request", "The authorization code was not found or was already used.")
            return jsonify(state.issue(code.scopes, expiring=str(asked.get("expiring")) in ("1", "true", "True")))

    def refreshed(token: str) -> Response:
        found = state.refreshes.pop(token, None)
        if found is None or found[2] <= state.now():
            return problem("invalid_grant", "The refresh token is not valid.", 400)
        state.tokens.pop(found[0], None)
        return jsonify(state.issue(found[1], expiring=True))
