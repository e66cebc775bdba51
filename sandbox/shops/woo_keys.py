"""WooCommerce's API keys: how they are made, what they allow, and the `wc-auth` pages that hand them out."""

from __future__ import annotations

import base64
import hashlib
import secrets
from html import escape
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import httpx
from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

SCOPES = ("read", "write", "read_write")
_SALT = "timbre-sandbox-woo"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body style="font-family:sans-serif;max-width:32rem;margin:4rem auto">
<h1>{title}</h1>{body}</body></html>"""


def _secret(key: str) -> str:
    return "cs_" + hashlib.sha1(f"{_SALT}{key}".encode()).hexdigest()


class Keys:
    """A key's secret and permission follow from the key, so that a shop that was connected stays so over a restart."""

    def __init__(self) -> None:
        self._deleted: set[str] = set()
        self._lock = Lock()
        self._last = 0

    def make(self, scope: str) -> dict[str, Any]:
        with self._lock:
            self._last += 1
            key = "ck_" + secrets.token_hex(20)[:39] + str(SCOPES.index(scope))
            return {
                "key_id": self._last,
                "consumer_key": key,
                "consumer_secret": _secret(key),
                "key_permissions": scope,
            }

    def delete(self, key: str) -> None:
        with self._lock:
            self._deleted.add(key)

    def scope(self, key: str) -> str | None:
        """What a key allows; None where there is no such key."""
        with self._lock:
            known = len(key) == 43 and key.startswith("ck_") and key[-1] in "012" and key not in self._deleted
            return SCOPES[int(key[-1])] if known else None

    def refusal(self, resource: str, write: bool) -> tuple[dict[str, Any], int] | None:
        """The answer to a request without the right to it, None where it has it."""
        key, secret = request.args.get("consumer_key", ""), request.args.get("consumer_secret", "")
        given = request.headers.get("Authorization", "")
        if not (key and secret) and given.startswith("Basic "):
            try:
                key, _, secret = base64.b64decode(given[6:]).decode().partition(":")
            except ValueError:
                key = secret = ""
        scope = self.scope(key)
        if scope is None:
            # An unknown key is nobody, and nobody may not see this.
            code, message = ("create", "create resources") if write else ("view", "list resources")
            return error(f"woocommerce_rest_cannot_{code}", f"Sorry, you cannot {message}.", 401)
        if secret != _secret(key):
            return error("woocommerce_rest_authentication_error", "Consumer secret is invalid.", 401)
        needed = "write" if write else "read"
        if needed not in scope.split("_"):
            message = f"The API key provided does not have {needed} permissions."
            return error("woocommerce_rest_authentication_error", message, 401)
        return None


def error(code: str, message: str, status: int, **data: Any) -> tuple[dict[str, Any], int]:
    """An error as the REST API writes it."""
    return {"code": code, "message": message, "data": {"status": status, **data}}, status


def _local(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost")


def add_pages(made: Blueprint, keys: Keys) -> None:
    """`/wc-auth/v1/authorize` with its button, and what the button does."""
    nonces: set[str] = set()

    def wrong(given: dict[str, str]) -> str | None:
        for name in ("app_name", "user_id", "return_url", "callback_url", "scope"):
            if not given.get(name):
                return f"Missing parameter {name}"
        if given["scope"] not in SCOPES:
            return f"Invalid scope {given['scope']}"
        for name in ("return_url", "callback_url"):
            if not urlsplit(given[name]).hostname:
                return f"The {given[name]} is not a valid URL"
        # A simulated shop's visitor may be on this machine, which has no certificate.
        if not given["callback_url"].startswith("https://") and not _local(given["callback_url"]):
            return "The callback_url needs to be over SSL"
        return None

    def denied(message: str) -> Response:
        body = f"<p>Error: {escape(message)}.</p>"
        return Response(PAGE.format(title="Access denied", body=body), 401, content_type="text/html; charset=utf-8")

    def given() -> dict[str, str]:
        found = {name: value for name, value in request.values.items() if isinstance(value, str)}
        for name in ("return_url", "callback_url"):
            url = unquote(found.get(name, ""))
            found[name] = url if "://" in url or not url else f"https://{url}"
        return found

    def returned(asked: dict[str, str], success: int) -> str:
        glue = "&" if "?" in asked["return_url"] else "?"
        return f"{asked['return_url']}{glue}{urlencode({'success': success, 'user_id': asked['user_id']})}"

    @made.get("/wc-auth/v1/authorize")
    def authorize() -> Response:
        asked = given()
        if problem := wrong(asked):
            return denied(problem)
        nonce = secrets.token_hex(5)
        nonces.add(nonce)
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(asked[name], quote=True)}">'
            for name in ("app_name", "user_id", "return_url", "callback_url", "scope")
        )
        body = (
            f"<p>{escape(asked['app_name'])} would like to connect to your store "
            f"(<b>{escape(asked['scope'])}</b>).</p>"
            f'<form method="post" action="access_granted">{fields}<input type="hidden" name="wc_auth_nonce" '
            f'value="{nonce}"><button id="allow">Allow</button></form>'
            f'<p><a id="deny" href="{escape(returned(asked, 0), quote=True)}">Deny</a></p>'
        )
        title = f"{escape(asked['app_name'])} would like to connect"
        return Response(PAGE.format(title=title, body=body), content_type="text/html; charset=utf-8")

    @made.post("/wc-auth/v1/access_granted")
    def granted() -> AnyResponse:
        asked = given()
        if problem := wrong(asked):
            return denied(problem)
        if asked.get("wc_auth_nonce") not in nonces:
            return denied("Invalid nonce verification")
        nonces.discard(asked["wc_auth_nonce"])
        made_keys = keys.make(asked["scope"])
        told = {
            "key_id": made_keys["key_id"],
            "user_id": asked["user_id"],
            "consumer_key": made_keys["consumer_key"],
            "consumer_secret": made_keys["consumer_secret"],
            "key_permissions": made_keys["key_permissions"],
        }
        try:
            answer = httpx.post(asked["callback_url"], json=told, timeout=60, trust_env=False).status_code
        except httpx.HTTPError:
            answer = 0
        if answer != 200:
            # Exactly 200: a 201 or 204 loses the keys too.
            keys.delete(made_keys["consumer_key"])
            return denied("An error occurred in the request and at the time were unable to send the consumer data")
        return redirect(returned(asked, 1), 302)


def key_page(keys: Keys) -> Response:
    """Keys as the merchant would make them by hand in the settings."""
    scope = request.args.get("permissions", "read_write")
    return jsonify(keys.make(scope if scope in SCOPES else "read_write"))
