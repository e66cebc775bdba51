"""The tracking API: Segment's HTTP interface on our side. A call is judged, published and answered; nothing waits.

Endpoints, limits and status codes are Segment's, so that its clients and RudderStack's work unchanged: 400 for what is
too large or no JSON, 401 for an unknown key, 429 with `Retry-After`, else 200 with `{"success": true}`, also for an
event that is not taken (it is counted by its reason).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.api.counting import TOO_LARGE, TOO_MANY, UNREADABLE, Tally
from functions.api.events import Circumstances, OrderPart, understand
from functions.api.http import BadRequest, Request, Response, answer_json, json_object, plain_body
from functions.api.keys import KeyBook
from functions.api.limits import ADDRESS, BROWSER_KEY, SERVER_KEY, STRANGER, Limits
from functions.api.orders import take_parts
from functions.api.people import Key, given_hash
from functions.api.properties import short
from schema import log
from schema.base import Platform
from schema.flow import RECORDS_A_MESSAGE, World
from schema.records import Origin, PlatformEvents, Record
from schema.store import get

LARGEST_EVENT = 32 * 1024
MOST_EVENTS = 2500
"""Events of a batch that are looked at; Segment drops the others too, with status 200."""
_ROUTES = {
    "identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page", "p": "page",
    "screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias",
    "batch": "batch", "b": "batch", "import": "batch", "m": "metrics",
}  # fmt: skip
_PATH = re.compile(r"(?:^|/)v1/(?P<route>[a-z]+)/?$")
_SETTINGS = re.compile(r"(?:^|/)v1/projects/(?P<key>[\w-]{1,200})/settings/?$")
_SOURCE = re.compile(r"(?:^|/)sourceConfig/?$")
_HEADERS = "authorization, content-type, content-encoding, x-retry-count"
_HEADER_NAMES = re.compile(r"[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+){0,30}")
_REASONS = {TOO_LARGE: "Event is larger than 32 KB."}


@dataclass
class Tracker:
    """What a process keeps between calls: keys it has read, buckets, and counts that are not written yet."""

    keys: KeyBook = field(default_factory=KeyBook)
    limits: Limits = field(default_factory=Limits)
    tally: Tally = field(default_factory=Tally)


_TRACKER = Tracker()


def handle(world: World, request: Request, tracker: Tracker | None = None) -> Response:
    """Answer one call of the tracking API."""
    cors = _cors(request)
    if request.method == "OPTIONS":
        return Response(204, cors, b"")
    answer = _answer(world, request, tracker or _TRACKER)
    return answer._replace(headers={**answer.headers, **cors})


def _answer(world: World, request: Request, tracker: Tracker) -> Response:
    if found := _SETTINGS.search(request.path):
        return _settings(request, found["key"])
    if _SOURCE.search(request.path):
        return _source_config(request)
    found = _PATH.search(request.path)
    route = _ROUTES.get(found["route"]) if found else None
    if route is None:
        return _refusal(404, "not_found", "There is no such endpoint.")
    if request.method != "POST":
        return _refusal(405, "method", "Send it with POST.", {"allow": "POST, OPTIONS"})
    if route == "metrics":
        # analytics-next counts its own workings there; nobody needs them, and it must not retry.
        return _success()
    try:
        plain = plain_body(request)
        if route != "batch" and len(plain) > LARGEST_EVENT:
            raise BadRequest("too_large", _REASONS[TOO_LARGE])
        body = json_object(plain)
    except BadRequest as bad:
        return _refusal(400, bad.code, bad.message)
    return _take(world, request, tracker, route, body, len(plain))


def _take(world: World, request: Request, tracker: Tracker, route: str, body: dict[str, Any], size: int) -> Response:
    text = write_key(request, body)
    if not tracker.keys.knows(world, text):
        wait = tracker.limits.take(world, f"stranger {request.address}", STRANGER)
        if wait:
            return _throttled(wait)
    key = tracker.keys.find(world, text)
    if key is None:
        return _refusal(401, "invalid_write_key", "The write key is unknown or disabled.")
    origin = request.headers.get("origin", "").lower()
    if key.kind == "browser" and key.origins and origin not in key.origins:
        return _refusal(403, "origin", "This origin may not use the write key.")
    if key.kind == "server" and origin:
        return _refusal(403, "server_key_in_browser", "A server key is secret: use a browser key on a page.")
    messages, notes = _messages(route, body, size)
    wait = tracker.limits.take(
        world, f"key {key.id}", BROWSER_KEY if key.kind == "browser" else SERVER_KEY, max(1, len(messages))
    )
    if not wait and key.kind == "browser":
        wait = tracker.limits.take(world, f"address {request.address}", ADDRESS, max(1, len(messages)))
    if wait:
        return _throttled(wait)
    if key.kind == "browser" and any(given_hash(message) for message in messages):
        key = tracker.keys.with_secret(key)
    try:
        records, early = records_of(world, key, messages, body.get("sentAt"), request, notes)
        _publish(world, key, records)
    except Exception as error:
        # Nothing may be lost: a client that is told so sends the call again, and every id is the same again.
        log.failure("tracking call not taken", error, messages=len(messages))
        return _refusal(503, "unavailable", "Not taken; send it again.")
    if early:
        # All the others are on their way, and are the same again when the call comes again.
        return _refusal(503, "too_early", "The sale behind a refund is still on its way; send it again.")
    tracker.tally.add(world, key.id, len(messages), notes)
    tracker.keys.touch(world, key)
    return _success()


def write_key(request: Request, body: dict[str, Any]) -> str:
    """The write key: user name of Basic auth, else of the query, else of the body."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            name = ""
        if name:
            return name
    batch = body.get("batch")
    first = batch[0] if isinstance(batch, list) and batch and isinstance(batch[0], dict) else {}
    for said in (request.query.get("writeKey"), body.get("writeKey"), first.get("writeKey")):
        if isinstance(said, str) and said:
            return said
    return ""


def records_of(
    world: World, key: Key, messages: Sequence[dict[str, Any]], sent_at: Any, request: Request, notes: Counter[str]
) -> tuple[list[Record], int]:
    """The records of a call's messages, each once, and how many orders must wait (`take_parts`).

    What is not taken is counted in `notes`.
    """
    around = Circumstances(key, world.clock(), sent_at, request.headers, lambda: _shop_currency(world))
    records: list[Record] = []
    parts: list[OrderPart] = []
    for message in messages:
        try:
            found = understand(message, around)
        except (ValueError, TypeError, OverflowError, RecursionError):
            # A shape nobody thought of harms no other message of the batch.
            notes[UNREADABLE] += 1
            continue
        notes.update(found.notes)
        records.extend(found.records)
        if found.order is not None:
            parts.append(found.order)
    taken = take_parts(world, key.connection_id, parts)
    records.extend(taken.records)
    return list({record.model_dump_json(): record for record in records}.values()), taken.early


def _messages(route: str, body: dict[str, Any], size: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    notes: Counter[str] = Counter()
    if route != "batch":
        return [{**body, "type": route}], notes
    batch = body.get("batch")
    raw = batch if isinstance(batch, list) else []
    outer = {name: body[name] for name in ("context", "integrations") if isinstance(body.get(name), dict)}
    notes[TOO_MANY] += max(0, len(raw) - MOST_EVENTS)
    messages = []
    for message in raw[:MOST_EVENTS]:
        if not isinstance(message, dict):
            notes[UNREADABLE] += 1
        elif size > LARGEST_EVENT and _size(message) > LARGEST_EVENT:
            notes[TOO_LARGE] += 1
        else:
            messages.append({**outer, **message, "type": _ROUTES.get(str(message.get("type")), message.get("type"))})
    return messages, +notes


def _size(message: dict[str, Any]) -> int:
    return len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _publish(world: World, key: Key, records: Sequence[Record]) -> None:
    platform: Platform = "pos" if key.till else "tracking"
    origin = Origin(connection_id=key.connection_id, platform=platform)
    for part in _parts(records):
        said = [record.model_dump(by_alias=True, mode="json") for record in part]
        world.bus.publish("platform-events", PlatformEvents(origin=origin, records=said))


def _parts(records: Sequence[Record]) -> Iterable[Sequence[Record]]:
    return (records[start : start + RECORDS_A_MESSAGE] for start in range(0, len(records), RECORDS_A_MESSAGE))


def _shop_currency(world: World) -> str:
    shop = get(world.store, "settings/shop")
    return str((shop.data if shop else {}).get("currency") or "USD")


def _settings(request: Request, key: str) -> Response:
    """What analytics-next's loader asks its CDN for: our one destination, and no metrics. The same for any key, so
    that it reveals none."""
    if request.method not in ("GET", "HEAD"):
        return _refusal(405, "method", "Read it with GET.", {"allow": "GET"})
    scheme, _, host = request.base.partition("://")
    body = {
        "integrations": {
            "Segment.io": {
                "apiKey": short(key),
                "apiHost": f"{host}/v1",
                "protocol": scheme,
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            }
        },
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}, "identify": {}, "group": {}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
    return answer_json(200, body, {"cache-control": "public, max-age=300"})


def _source_config(request: Request) -> Response:
    """What RudderStack's browser client asks its control plane for (`configUrl`): no destinations, no statistics of
    its own. The same for any key."""
    if request.method not in ("GET", "HEAD"):
        return _refusal(405, "method", "Read it with GET.", {"allow": "GET"})
    body: dict[str, Any] = {
        "source": {
            "id": "timbre",
            "name": "timbre",
            "writeKey": short(request.query.get("writeKey")),
            "enabled": True,
            "workspaceId": "timbre",
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "destinations": [],
        }
    }
    return answer_json(200, body, {"cache-control": "public, max-age=300"})


def _success() -> Response:
    return answer_json(200, {"success": True})


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return answer_json(status, {"success": False, "code": code, "message": message}, headers)


def _throttled(seconds: int) -> Response:
    return _refusal(429, "rate_limited", f"Too many calls; wait {seconds} s.", {"retry-after": str(seconds)})


def _cors(request: Request) -> dict[str, str]:
    """Any page may ask; whether its calls are taken is decided by the key. No cookies are involved."""
    headers = {"access-control-allow-origin": request.headers.get("origin") or "*", "vary": "Origin"}
    if "origin" in request.headers:
        # Beacons are always sent with credentials; we set and read none.
        headers["access-control-allow-credentials"] = "true"
    if request.method == "OPTIONS":
        # Each client has headers of its own for retries and sending times; none of them means anything to us.
        asked = request.headers.get("access-control-request-headers", "")
        headers |= {
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": asked if _HEADER_NAMES.fullmatch(asked) else _HEADERS,
            "access-control-max-age": "86400",
        }
    else:
        headers["access-control-expose-headers"] = "retry-after"
    return headers
