"""Connecting a shop: recognise it, send the person to the platform and back, prove the credentials, keep them sealed.

The nonce that leads through it is bound to the browser by a cookie (HTTP side, `http.py`), to a member by its document,
and is used once.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from functions.access.audit import Actor, entry
from functions.connect.detect import detect, typed_fields
from functions.connect.outside import Outside
from functions.connect.platforms import storefront
from functions.connect.state import connection_id, made, path_of, secrets_path
from functions.connect.storefront import App, ConnectError, Rejected, Secrets, ShopInfo, Storefront, text
from functions.connect.vault import seal, seal_secrets, unseal
from functions.connect.work import begin_work
from schema.base import Localized
from schema.connections import Connection, Credentials, OauthState
from schema.flow import World
from schema.shop import Shop
from schema.store import Create, Data, ReadSet, Update, Write, get, settle

ALLOWED_FOR = timedelta(minutes=15)
APP_FIELDS = ("clientId", "clientSecret")


@dataclass(frozen=True)
class Begun:
    """Where to go on: to the platform's page, or the connection is made already."""

    url: str | None = None
    state: str | None = None
    connection_id: str | None = None
    run_id: str | None = None


def connect_ecommerce(
    world: World,
    outside: Outside,
    actor: Actor,
    shop: str,
    fields: Mapping[str, object] | None = None,
    platform: str | None = None,
    return_to: str = "/integrations",
) -> Begun:
    """Connect a shop by its address or credentials.

    Detects the platform unless it is given, then begins its flow: through the platform's own page where it has one,
    at once where the typed keys are enough.

    Args:
        shop: address, marketplace or a name, as `detect.needs` asks for it.
        fields: what else was typed: clientId, clientSecret, consumerKey, consumerSecret, applicationId.
        return_to: path of the console to come back to.

    Raises:
        Rejected: the platform cannot be recognised, or the credentials are wrong; names the field.
        Unavailable: the platform did not answer.
    """
    typed = typed_fields(fields or {})
    why: Localized | None = None
    if not platform:
        found = detect(outside, shop)
        if found.platform is None:
            raise Rejected("platform", found.why.en, found.why.zh, field="shop")
        platform, why, shop = found.platform, found.why, found.shop or shop
    front = storefront(platform)
    where = front.normal_shop(shop)
    if why is None and (found := detect(outside, shop)).platform == platform:
        why = found.why
    app = _app(outside, front, typed)
    if typed.get("consumerKey") or (front.oauth is False and app.client_id and app.extra.get("kind") != "third_party"):
        given = Secrets(
            app=app, consumer_key=typed.get("consumerKey", ""), consumer_secret=typed.get("consumerSecret", "")
        )
        connection, run = _prove_and_keep(world, outside, actor, front, where, given, why)
        return Begun(connection_id=connection, run_id=run)
    nonce = randomness.token_urlsafe(32)
    _remember(world, outside, actor, front, where, nonce, app, return_to, why)
    return Begun(url=f"{outside.public_url}/connect/start?state={nonce}", state=nonce)


def _app(outside: Outside, front: Storefront, typed: Mapping[str, str]) -> App:
    ours = outside.apps.get(front.platform, App())
    if not typed.get("clientId"):
        return ours
    extra = {name: value for name, value in typed.items() if name not in (*APP_FIELDS, "consumerKey", "consumerSecret")}
    return App(typed["clientId"], typed.get("clientSecret", ""), {**ours.extra, **extra})


def state_path(world: World, nonce: str) -> str:
    """The document of a nonce: whoever reads the database cannot make the nonce from it."""
    return f"oauthStates/{hmac.new(world.identity_key, f'oauth {nonce}'.encode(), hashlib.sha256).hexdigest()[:40]}"


def _remember(
    world: World,
    outside: Outside,
    actor: Actor,
    front: Storefront,
    shop: str,
    nonce: str,
    app: App,
    return_to: str,
    why: Localized | None,
) -> None:
    path = state_path(world, nonce)
    safe = return_to if return_to.startswith("/") and not return_to.startswith("//") else "/integrations"
    who = seal(outside.ring, json.dumps([actor.uid, actor.name, actor.email, actor.role]), f"{path} who")
    state = OauthState(
        who=who,
        platform=front.platform,
        shop=shop,
        uid=actor.uid,
        nonce=path.split("/")[1],
        sealed=seal_secrets(outside.ring, Secrets(app=app), path),
        return_to=safe[:200],
        detected_by=why,
        expires_at=world.clock() + ALLOWED_FOR,
    )
    world.store.commit([Create(path, state.to_doc())])


@dataclass(frozen=True)
class Pending:
    """A connecting in progress."""

    path: str
    nonce: str
    data: Data
    front: Storefront
    app: App
    actor: Actor


def pending(world: World, outside: Outside, nonce: str) -> Pending:
    """The connecting behind a nonce.

    Raises:
        Rejected: unknown, too old, or used already.
    """
    from functions.connect.vault import unseal_secrets

    path = state_path(world, nonce)
    held = get(world.store, path)
    if held is None or held.data["used"] or held.data["expiresAt"] < world.clock():
        raise Rejected(
            "state",
            "This connection was begun too long ago, or is finished already: begin again.",
            "该连接请求已过期或已使用：请重新开始。",
        )
    uid, name, email, role = json.loads(unseal(outside.ring, held.data["who"], f"{path} who"))
    app = unseal_secrets(outside.ring, held.data["sealed"], path).app
    return Pending(path, nonce, held.data, storefront(held.data["platform"]), app, Actor(uid, name, email, role))


def callback_url(outside: Outside, platform: str) -> str:
    """Where the platform sends the browser back to (Woo: where it posts the keys to)."""
    return f"{outside.public_url}/connect/{platform}/callback"


def return_url(outside: Outside, nonce: str) -> str:
    """The console's page that shows how it went."""
    return f"{outside.public_url}/integrations/return?state={nonce}"


def platform_url(outside: Outside, begun: Pending) -> str:
    """The platform's own page where the person allows the connection."""
    callback = callback_url(outside, begun.front.platform)
    back = return_url(outside, begun.nonce)
    return begun.front.authorize_url(outside.endpoints, begun.app, begun.data["shop"], begun.nonce, callback, back)


def complete(world: World, outside: Outside, begun: Pending, query: Mapping[str, str], raw_query: str) -> str:
    """Finish with what the platform sent back; returns the connection's id. A nonce is used once, also by a failure.

    Raises:
        Rejected: used before, or the platform's answer is not genuine or not enough; it is noted for the screen too.
    """
    _use(world, begun)
    try:
        data: Data = {"shop": begun.data["shop"], "platform": begun.front.platform}
        shop = made(world, outside, begun.path.split("/")[1], data, Secrets(app=begun.app))
        callback = callback_url(outside, begun.front.platform)
        given = begun.front.exchange(shop.access, query, raw_query, callback)
        why = begun.data.get("detectedBy")
        connection, _ = _prove_and_keep(
            world, outside, begun.actor, begun.front, begun.data["shop"], given, Localized(**why) if why else None
        )
    except ConnectError as error:
        _note(world, begun, {"problem": {"en": error.en[:200], "zh": error.zh[:200]}})
        raise
    except Exception:
        en, zh = "Something went wrong on our side: begin again.", "我们这边出错了：请重新开始。"
        _note(world, begun, {"problem": {"en": en, "zh": zh}})
        raise
    _note(world, begun, {"connectionId": connection})
    return connection


def declined(world: World, begun: Pending) -> None:
    """The person said no at the platform: nothing is kept, and the screen says so."""
    _use(world, begun)
    en, zh = "You did not allow it: nothing was kept.", "您未授权：未保存任何内容。"
    _note(world, begun, {"problem": {"en": en, "zh": zh}})


def _use(world: World, begun: Pending) -> None:
    used: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[begun.path]
        used[:] = [held is None or held.data["used"]]
        return [] if held is None or held.data["used"] else [Update(begun.path, {"used": True}, held.update_time)]

    settle(world.store, [begun.path], plan)
    if used[0]:
        raise Rejected(
            "state",
            "This connection was finished or tried already: begin again.",
            "该连接请求已使用过：请重新开始。",
        )


def _note(world: World, begun: Pending, fields: Data) -> None:
    def plan(docs: ReadSet) -> list[Write]:
        held = docs[begun.path]
        # The app's secret is needed no more, whatever the outcome.
        return [Update(begun.path, {**fields, "sealed": ""}, held.update_time)] if held else []

    settle(world.store, [begun.path], plan)


def status(world: World, nonce: str, uid: str) -> Data:
    """How a connecting went, for the member who began it."""
    held = get(world.store, state_path(world, nonce))
    if held is None or held.data["uid"] != uid:
        raise Rejected(
            "state", "There is no such connection in progress: begin again.", "没有进行中的连接：请重新开始。"
        )
    expired = not held.data["connectionId"] and held.data["expiresAt"] < world.clock()
    late = {"en": "Nobody allowed it in time: begin again.", "zh": "未在规定时间内授权：请重新开始。"}
    return {
        "connectionId": held.data["connectionId"],
        "problem": late if expired and not held.data["problem"] else held.data["problem"],
        "returnTo": held.data["returnTo"],
        "platform": held.data["platform"],
    }


def _prove_and_keep(
    world: World,
    outside: Outside,
    actor: Actor,
    front: Storefront,
    shop: str,
    given: Secrets,
    why: Localized | None,
) -> tuple[str, str]:
    """Test the credentials with a read, keep them sealed, begin the backfill. Returns connection and run."""
    trial = made(world, outside, "trial", {"shop": shop, "platform": front.platform}, given)
    access = trial.access
    if not given.access_token and not given.consumer_key and (fresh := front.refresh(access)) is not None:
        # Keys that buy a token first (Flipkart's own kind).
        given = fresh
        access = replace(access, secrets=fresh)
    info = front.test(access)
    connection = connection_id(front.platform, info.shop)
    _keep(world, outside, actor, front, info, given, connection, why)
    return connection, begin_work(world, outside, connection, "backfill", actor.uid)


def _keep(
    world: World,
    outside: Outside,
    actor: Actor,
    front: Storefront,
    info: ShopInfo,
    given: Secrets,
    connection: str,
    why: Localized | None,
) -> None:
    path, hidden, shop_path = path_of(connection), secrets_path(connection), "settings/shop"
    hook_secret = given.webhook_secrets or (randomness.token_urlsafe(32),)
    kept = replace(given, webhook_secrets=hook_secret, scopes=info.scopes or given.scopes)
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        held, sealed, shop = docs[path], docs[hidden], docs[shop_path]
        secrets = kept
        if sealed is not None and not given.webhook_secrets:
            # Subscriptions made before are signed with the secret they were made with.
            from functions.connect.vault import unseal_secrets

            before = unseal_secrets(outside.ring, sealed.data["sealed"], connection).webhook_secrets
            secrets = replace(kept, webhook_secrets=before or kept.webhook_secrets)
        credentials = Credentials(
            sealed=seal_secrets(outside.ring, secrets, connection), expires_at=given.expires_at, updated_at=now
        ).to_doc()
        fresh = Connection(
            platform=front.platform,
            name=html.unescape(info.name)[:200] or info.shop,
            shop=info.shop,
            status="connecting",
            detected_by=why or text("You chose the platform.", "由您选择平台。"),
            gives=front.gives(),
            currency=info.currency,
            zone=info.zone,
            scopes=list(secrets.scopes)[:60],
            sandbox=front.platform in outside.sandbox,
            connected_at=now,
            created_at=now,
            created_by=actor.uid,
            updated_at=now,
        ).to_doc()
        writes: list[Write] = [
            entry(actor, now, "connection.connect", path, {}, {"platform": front.platform, "shop": info.shop})
        ]
        if held is None:
            writes.append(Create(path, fresh))
        else:
            # A name that a member gave stays.
            again = ("status", "gives", "currency", "zone", "scopes", "sandbox", "connectedAt", "updatedAt")
            writes.append(Update(path, {n: fresh[n] for n in again} | {"problem": None}, held.update_time))
        writes.append(Update(hidden, credentials, sealed.update_time) if sealed else Create(hidden, credentials))
        said = shop.data if shop else {}
        if not said.get("currency") and info.currency:
            # The first real shop decides the reporting currency and the zone of days, until an owner does.
            first = Shop(name=fresh["name"], currency=info.currency, zone=info.zone or "UTC", updated_at=now).to_doc()
            whole = first | {name: value for name, value in said.items() if value is not None}
            writes.append(Update(shop_path, whole, shop.update_time) if shop else Create(shop_path, whole))
        return writes

    settle(world.store, [path, hidden, shop_path], plan)


def rename(world: World, actor: Actor, connection: str, name: str) -> None:
    """Give a connection another name."""
    path = path_of(connection)

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Rejected("not_found", "There is no such connection.", "没有这个连接。", field="connectionId")
        now = world.clock()
        return [
            Update(path, {"name": name[:200], "updatedAt": now}, held.update_time),
            entry(actor, now, "connection.rename", path, {"name": held.data["name"]}, {"name": name[:200]}),
        ]

    settle(world.store, [path], plan)


def disconnect(
    world: World, outside: Outside, actor: Actor | None, connection: str, why: Localized | None = None
) -> None:
    """End a connection: tokens are forgotten, data stay. Webhook secrets stay, since deletions may still be asked for.

    Args:
        actor: None when the platform said so.
    """
    from functions.connect.vault import unseal_secrets

    path, hidden = path_of(connection), secrets_path(connection)

    def plan(docs: ReadSet) -> list[Write]:
        held, sealed = docs[path], docs[hidden]
        if held is None or held.data["status"] == "disconnected":
            return []
        now = world.clock()
        writes: list[Write] = [
            Update(
                path,
                {
                    "status": "disconnected", "problem": why.to_doc() if why else None, "work": "idle", "dueAt": None,
                    "generation": held.data["generation"] + 1, "webhooks": [], "updatedAt": now,
                },
                held.update_time,
            )
        ]  # fmt: skip
        if sealed is not None:
            secrets = unseal_secrets(outside.ring, sealed.data["sealed"], connection)
            bare = Secrets(
                app=App("", secrets.app.client_secret, {}, secrets.app.former_secrets),
                webhook_secrets=secrets.webhook_secrets,
            )
            closed = seal_secrets(outside.ring, bare, connection)
            writes.append(Update(hidden, {"sealed": closed, "expiresAt": None, "updatedAt": now}, sealed.update_time))
        if actor is not None:
            writes.append(entry(actor, now, "connection.disconnect", path, {"status": held.data["status"]}, {}))
        return writes

    settle(world.store, [path, hidden], plan)
