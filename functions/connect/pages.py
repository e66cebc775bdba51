"""The HTTP side of connecting: the browser leaves to the platform and comes back; Woo posts its keys.

A cookie binds the nonce to the browser that began: a link sent by somebody else leads nowhere. (Firebase Hosting passes
on no cookie but `__session`, and sets it only where the answer is `private`.)
"""

from __future__ import annotations

import hmac
import json
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from functions.connect.connecting import Pending, complete, declined, pending, platform_url, return_url
from functions.connect.outside import Outside
from functions.connect.storefront import ConnectError
from functions.connect.webhooks import Answer, Call
from schema import log
from schema.flow import World

COOKIE = "__session"


def answer_page(world: World, outside: Outside, call: Call) -> Answer:
    """Answer `/connect/start`, `/connect/{platform}/callback`."""
    parts = call.path.strip("/").split("/")
    query = dict(parse_qsl(call.query, keep_blank_values=True))
    try:
        if parts == ["connect", "start"] and call.method == "GET":
            return _start(world, outside, query.get("state", ""))
        if len(parts) == 3 and parts[0] == "connect" and parts[2] == "callback":
            if call.method == "POST" and parts[1] == "woocommerce":
                return _keys(world, outside, call)
            if call.method == "GET":
                return _callback(world, outside, call, parts[1], query)
    except ConnectError as error:
        log.write("WARNING", "connecting failed", code=error.code)
        return _plain(400, error)
    return Answer(404, "no such address")


def _start(world: World, outside: Outside, nonce: str) -> Answer:
    begun = pending(world, outside, nonce)
    # Lax: the platform sends the browser back by a top-level GET, which carries it.
    secure = "; Secure" if outside.public_url.startswith("https:") else ""
    cookie = f"{COOKIE}={nonce}; Path=/connect; Max-Age=900; HttpOnly; SameSite=Lax{secure}"
    return _redirect(platform_url(outside, begun), {"Set-Cookie": cookie})


def _callback(world: World, outside: Outside, call: Call, platform: str, query: dict[str, str]) -> Answer:
    nonce = query.get("state", "")
    if not nonce or not hmac.compare_digest(_cookie(call), nonce):
        return _plain(400, None)
    begun = pending(world, outside, nonce)
    if begun.front.platform != platform:
        return _plain(400, None)
    try:
        if query.get("error"):
            declined(world, begun)
        else:
            complete(world, outside, begun, query, call.query)
    except ConnectError as error:
        # The console's page shows what went wrong and the way out: it reads it from the nonce's document.
        log.write("WARNING", "connecting failed", code=error.code, platform=platform)
    return _redirect(return_url(outside, nonce), {"Set-Cookie": f"{COOKIE}=; Path=/connect; Max-Age=0"})


def _keys(world: World, outside: Outside, call: Call) -> Answer:
    """Woo's POST of the keys: unsigned, so that the unguessable nonce and a trial read are what make it genuine."""
    try:
        said = json.loads(call.body)
        keys = {str(name): str(value) for name, value in said.items()}
    except (ValueError, AttributeError):
        return Answer(400, "JSON expected")
    begun: Pending = pending(world, outside, keys.get("user_id", ""))
    if begun.front.platform != "woocommerce":
        return Answer(400, "not for this platform")
    complete(world, outside, begun, keys, call.query)
    return Answer(200, "{}", {"Content-Type": "application/json"})


def _cookie(call: Call) -> str:
    try:
        jar = SimpleCookie(call.headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _redirect(url: str, headers: dict[str, str]) -> Answer:
    return Answer(
        302, "", {"Location": url, "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", **headers}
    )


def _plain(status: int, error: ConnectError | None) -> Answer:
    en = (
        error.en
        if error
        else "This connection was begun in another browser, or not at all: begin again in the console."
    )
    zh = error.zh if error else "该连接不是在此浏览器中发起的：请在控制台中重新开始。"
    return Answer(status, f"{en}\n{zh}\n", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"})
