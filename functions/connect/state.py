"""A connection's documents: reading them, opening its credentials, and keeping its tokens fresh under a lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from functions.connect import limits
from functions.connect.outside import Outside
from functions.connect.platforms import storefront
from functions.connect.storefront import Access, Revoked, Secrets, Storefront, Unavailable
from functions.connect.vault import seal_secrets, unseal_secrets
from schema.base import Platform
from schema.flow import World, stable_id
from schema.store import Data, Doc, ReadSet, Update, Write, get, settle

EARLY = timedelta(minutes=5)
"""A token is renewed this long before it ends."""
LEASE = timedelta(seconds=60)
"""How long one worker alone may renew a token."""
RENEW_TRIES = 8


def connection_id(platform: Platform, shop: str) -> str:
    """One connection a shop, however often it is connected."""
    return f"{platform}-{stable_id('connection', platform, shop)[:12]}"


def path_of(connection: str) -> str:
    return f"connections/{connection}"


def secrets_path(connection: str) -> str:
    return f"connections/{connection}/secrets/credentials"


@dataclass(frozen=True)
class Shop:
    """A connected shop, ready to be called."""

    id: str
    data: Data
    storefront: Storefront
    access: Access


def open_shop(world: World, outside: Outside, connection: str, fresh: bool = True) -> Shop | None:
    """A connection with its credentials opened; None when it does not exist or is disconnected.

    Args:
        fresh: renew the token if it ends soon; not needed to look at what was sent to us.

    Raises:
        VaultError: the credentials do not open.
        Revoked, Unavailable: renewing the token failed.
    """
    docs = world.store.get_many([path_of(connection), secrets_path(connection)])
    held, sealed = docs[path_of(connection)], docs[secrets_path(connection)]
    if held is None or sealed is None:
        return None
    shop = made(world, outside, connection, held.data, unseal_secrets(outside.ring, sealed.data["sealed"], connection))
    if fresh and held.data["status"] != "disconnected":
        return renewed(world, outside, shop, sealed)
    return shop


def made(world: World, outside: Outside, connection: str, data: Data, secrets: Secrets) -> Shop:
    """Put a shop together."""

    def take(operation: str, rate: float, burst: float) -> float:
        return limits.take(world.store, connection, operation, rate, burst, world.clock())

    secrets = current_app(outside, data["platform"], secrets)
    access = Access(
        http=outside.client(),
        endpoints=outside.endpoints,
        shop=data["shop"],
        secrets=secrets,
        now=world.clock(),
        connection_id=connection,
        zone=data.get("zone"),
        currency=data.get("currency"),
        take=take,
    )
    return Shop(connection, data, storefront(data["platform"]), access)


def current_app(outside: Outside, platform: Platform, secrets: Secrets) -> Secrets:
    """The credentials with this deployment's registration as it is now: its secret may have been rotated since."""
    ours = outside.apps.get(platform)
    if ours is None or not ours.client_id or ours.client_id != secrets.app.client_id:
        return secrets
    former = tuple(dict.fromkeys((*ours.former_secrets, secrets.app.client_secret)))
    app = replace(ours, extra={**secrets.app.extra, **ours.extra}, former_secrets=former)
    return secrets.refreshed(app=app)


def renewed(world: World, outside: Outside, shop: Shop, sealed: Doc, force: bool = False) -> Shop:
    """The shop with a token that lasts; renewed by one worker alone, and stored before it is used.

    A refresh token that rotates is dead once used: two workers using it at once would lock the shop out.

    Raises:
        Revoked, Unavailable: the platform refused, or another worker is at it for too long.
    """
    path, failed = secrets_path(shop.id), shop.access.secrets.access_token
    current: Doc | None = sealed
    for _ in range(RENEW_TRIES):
        if current is None:
            raise Revoked("disconnected", "The shop was disconnected meanwhile.", "店铺已断开连接。")
        secrets = unseal_secrets(outside.ring, current.data["sealed"], shop.id)
        shop = replace(shop, access=replace(shop.access, secrets=secrets, now=world.clock()))
        # Another worker may have renewed it meanwhile: then its token is tried, not a further one asked for.
        if not _ends_soon(secrets, world.clock()) and (secrets.access_token != failed or not force):
            return shop
        if _lease(world, path, current):
            return _renew(world, outside, shop, path, current)
        outside.sleep(0.5)
        current = get(world.store, path)
    raise Unavailable("renewing", "Another worker is renewing this shop's access.", "正在刷新店铺授权，请稍后。")


def _ends_soon(secrets: Secrets, now: datetime) -> bool:
    return secrets.expires_at is not None and secrets.expires_at - now < EARLY


def _lease(world: World, path: str, seen: Doc) -> bool:
    """Take the lock; False when somebody has it or was quicker."""
    taken: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        held, now = docs[path], world.clock()
        taken.clear()
        if held is None or held.data["sealed"] != seen.data["sealed"]:
            return []
        if held.data.get("lease") and held.data["lease"] > now:
            return []
        taken.append(True)
        return [Update(path, {"lease": now + LEASE}, held.update_time)]

    settle(world.store, [path], plan)
    return bool(taken)


def _renew(world: World, outside: Outside, shop: Shop, path: str, seen: Doc) -> Shop:
    try:
        fresh = shop.storefront.refresh(shop.access)
    except Exception:
        _store(world, path, seen, {"lease": None})
        raise
    if fresh is None:
        _store(world, path, seen, {"lease": None})
        return shop
    sealed = seal_secrets(outside.ring, fresh, shop.id)
    if not _store(world, path, seen, {"sealed": sealed, "expiresAt": fresh.expires_at, "lease": None}):
        # Disconnected, or connected anew, while the platform answered: what it gave belongs to a past grant.
        raise Unavailable("renewed", "The shop was connected anew meanwhile.", "店铺已重新连接，请稍后。")
    return replace(shop, access=replace(shop.access, secrets=fresh))


def _store(world: World, path: str, seen: Doc, fields: dict[str, Any]) -> bool:
    """Write credentials over those that were seen, and over no others."""
    stored: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        stored[:] = [held is not None and held.data["sealed"] == seen.data["sealed"]]
        if held is None or not stored[0]:
            return []
        return [Update(path, {**fields, "updatedAt": world.clock()}, held.update_time)]

    settle(world.store, [path], plan)
    return stored[0]


def change(world: World, connection: str, fields: dict[str, Any], generation: int | None = None) -> None:
    """Change fields of a connection.

    Args:
        generation: write only while the work is still this one: other work began meanwhile knows nothing of it.
    """
    path = path_of(connection)

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None or (generation is not None and held.data["generation"] != generation):
            return []
        if all(held.data.get(name) == value for name, value in fields.items()):
            return []
        return [Update(path, {**fields, "updatedAt": world.clock()}, held.update_time)]

    settle(world.store, [path], plan)


def needs_attention(world: World, connection: str, en: str, zh: str, generation: int) -> None:
    """Say on the screen what is wrong; the work stops until somebody acts."""
    problem = {"en": en[:200], "zh": zh[:200]}
    change(world, connection, {"status": "attention", "problem": problem, "work": "idle", "dueAt": None}, generation)
