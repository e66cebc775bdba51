"""Write keys of the tracking API: made and disabled in the console, looked up by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from functions.access.audit import entry
from functions.access.calls import ADMIN, Actions, Call
from functions.access.errors import Refused
from functions.api.people import Key
from functions.api.properties import short
from functions.api.ring import Ring, key_ring
from schema import log
from schema.connections import WriteKey
from schema.flow import World
from schema.store import Create, Data, ReadSet, StoreError, Update, Write, get, settle

PREFIX = {"browser": "tb_pub_", "server": "tb_srv_"}
CHANNELS = ("website", "pos", "wechat", "email")
FRESH = timedelta(seconds=15)
"""How long a process trusts what it read of a key: so long a disabled key may still be accepted."""
TOUCH = timedelta(hours=1)
REMEMBERED = 2_000


def key_id(identity_key: bytes, key: str) -> str:
    """Id of a key's document: without the deployment's secret nobody can tell a key from it."""
    return hmac.new(identity_key, b"write key\0" + key.encode(), hashlib.sha256).hexdigest()[:40]


def connection_of(channel: str) -> str:
    """All keys of tills speak of one set of people, all others of another: a user id means the same under each."""
    return "pos" if channel == "pos" else "tracking"


@dataclass
class _Known:
    key: Key | None
    sealed: str | None
    until: datetime
    opened: str | None = None


@dataclass
class KeyBook:
    """Keys as one process knows them."""

    ring: Ring = key_ring
    _known: OrderedDict[str, _Known] = field(default_factory=OrderedDict)
    _touched: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def knows(self, world: World, key: str) -> bool:
        """Whether `find` would answer without reading."""
        with self._lock:
            held = self._known.get(key_id(world.identity_key, key))
        return held is not None and world.clock() < held.until and held.key is not None

    def find(self, world: World, key: str) -> Key | None:
        """The key, if there is such a one and it is not disabled."""
        if not key or len(key) > 200:
            return None
        identity, now = key_id(world.identity_key, key), world.clock()
        with self._lock:
            held = self._known.get(identity)
            if held is not None and now < held.until:
                return held.key
        doc = get(world.store, f"writeKeys/{identity}")
        known = _Known(None, None, now + FRESH)
        if doc is not None and not doc.data["disabled"]:
            data = doc.data
            known.key = Key(identity, data["connectionId"], data["kind"], data["channel"], tuple(data["origins"]))
            known.sealed = data["sealedHashSecret"]
        with self._lock:
            self._known[identity] = known
            self._known.move_to_end(identity)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known.key

    def with_secret(self, key: Key) -> Key:
        """The key with the secret behind `userHash` opened; without one where there is none, or it does not open."""
        with self._lock:
            held = self._known.get(key.id)
        if held is None or held.sealed is None:
            return key
        if held.opened is None:
            from functions.connect.vault import VaultError, unseal

            try:
                held.opened = unseal(self.ring(), held.sealed, key.id)
            except VaultError as error:
                log.failure("hash secret does not open", error)
                return key
        return replace(key, hash_secret=held.opened)

    def touch(self, world: World, key: Key) -> None:
        """Note that a key is in use, at most once an hour a process. Never fails a call."""
        now = world.clock()
        with self._lock:
            last = self._touched.get(key.id)
            if last is not None and now - last < TOUCH:
                return
            self._touched[key.id] = now
        path = f"writeKeys/{key.id}"

        def plan(docs: ReadSet) -> list[Write]:
            doc = docs[path]
            if doc is None or (doc.data["lastUsedAt"] is not None and now - doc.data["lastUsedAt"] < TOUCH):
                return []
            return [Update(path, {"lastUsedAt": now}, doc.update_time)]

        try:
            settle(world.store, [path], plan)
        except StoreError as error:
            log.failure("key use not noted", error)


# --- console ---


def create_key(call: Call, ring: Ring) -> Data:
    """Make a key. It and the hash secret are in the answer and nowhere else in the clear."""
    from functions.connect.vault import VaultError, seal

    name, kind = short(call.args.get("name")), call.args.get("kind")
    channel = call.args.get("channel") or "website"
    if name is None:
        raise Refused("name", "name", "Give the key a name.", "请为密钥命名。")
    if kind not in PREFIX:
        raise Refused("kind", "kind", "kind must be browser or server.", "kind 必须是 browser 或 server。")
    if channel not in CHANNELS:
        listed = ", ".join(CHANNELS)
        raise Refused("channel", "channel", f"channel must be one of {listed}.", f"channel 必须是 {listed} 之一。")
    if kind == "browser" and channel == "pos":
        raise Refused(
            "channel", "channel", "A till needs a server key: a browser key cannot tell sales.",
            "收银系统需要服务器密钥：浏览器密钥不能上报销售。",
        )  # fmt: skip
    origins = _origins(call.args.get("origins"))
    key, now = PREFIX[str(kind)] + secrets.token_urlsafe(24), call.world.clock()
    identity = key_id(call.world.identity_key, key)
    secret = secrets.token_urlsafe(32) if kind == "browser" else None
    try:
        sealed = seal(ring(), secret, identity) if secret else None
    except VaultError as error:
        log.failure("hash secret not sealed", error)
        raise Refused(
            "key_ring", None, "Secrets cannot be kept yet: set CREDENTIALS_KEYS first.",
            "尚不能保存密钥：请先设置 CREDENTIALS_KEYS。", "failed-precondition",
        ) from None  # fmt: skip
    data = WriteKey.model_validate(
        {
            "name": name,
            "kind": kind,
            "hint": key[:12],
            "connection_id": connection_of(str(channel)),
            "channel": channel,
            "origins": origins,
            "sealed_hash_secret": sealed,
            "created_by": call.actor.uid,
            "created_at": now,
        }
    ).to_doc()
    shown = {"name": name, "kind": kind, "channel": channel, "origins": origins}
    path = f"writeKeys/{identity}"
    call.world.store.commit([Create(path, data), entry(call.actor, now, "key.create", path, {}, shown)])
    return {"key": key, "hashSecret": secret, "id": identity}


def disable_key(call: Call) -> Data:
    """Disable a key for good: within `FRESH` nothing is accepted with it any more."""
    identity = str(call.args.get("id") or "")
    path = f"writeKeys/{identity}"
    if not identity or "/" in identity or get(call.world.store, path) is None:
        raise Refused("not_found", "id", "There is no such key.", "没有这个密钥。", "not-found")
    settle(call.world.store, [path], partial(_disable, path=path, call=call))
    return {}


def _disable(docs: ReadSet, path: str, call: Call) -> list[Write]:
    doc = docs[path]
    if doc is None or doc.data["disabled"]:
        return []
    return [
        Update(path, {"disabled": True}, doc.update_time),
        entry(call.actor, call.world.clock(), "key.disable", path, {"disabled": False}, {"disabled": True}),
    ]


def _origins(value: Any) -> list[str]:
    found = []
    for one in value if isinstance(value, list) else []:
        text = str(one).strip()
        parts = urlsplit(text)
        plain = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
        if parts.scheme not in ("http", "https") or not parts.netloc or not plain or len(text) > 200:
            raise Refused(
                "origins", "origins", "An origin reads like https://shop.example, without a path.",
                "来源应形如 https://shop.example，不含路径。",
            )  # fmt: skip
        found.append(f"{parts.scheme}://{parts.netloc}".lower())
    if len(found) > 20:
        raise Refused("origins", "origins", "At most 20 origins a key.", "每个密钥最多 20 个来源。")
    return sorted(set(found))


def actions(ring: Ring = key_ring) -> Actions:
    """The console's actions on keys."""
    return {
        "key.create": (ADMIN, lambda call: create_key(call, ring)),
        "key.disable": (ADMIN, disable_key),
    }


ACTIONS: Actions = actions()
