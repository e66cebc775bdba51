"""What members do with connections: the console's actions of this area."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from functions.access.audit import entry
from functions.access.calls import ADMIN, Actions, Call, Handler
from functions.access.errors import Refused
from functions.connect.connecting import Begun, connect_ecommerce, disconnect, rename, status
from functions.connect.detect import described, detect
from functions.connect.outside import Outside
from functions.connect.state import open_shop, path_of
from functions.connect.storefront import ConnectError, Rejected
from functions.connect.vault import VaultError
from functions.connect.work import FUNCTION, Kind, begin_work
from schema.store import Data, get


def _refused(run: Handler) -> Handler:
    """What a platform refuses becomes what the console shows beside the field."""

    @wraps(run)
    def safe(call: Call) -> Data:
        try:
            return run(call)
        except ConnectError as error:
            code = "invalid-argument" if isinstance(error, Rejected) else "unavailable"
            raise Refused(error.code, error.field, error.en, error.zh, code) from None
        except VaultError:
            raise Refused(
                "vault",
                None,
                "The key for credentials is not set up: ask whoever deployed Timbre to set CREDENTIALS_KEYS.",
                "尚未设置凭据密钥：请联系部署人员设置 CREDENTIALS_KEYS。",
                "failed-precondition",
            ) from None

    return safe


def _outside(call: Call) -> Outside:
    if call.outside is None:
        raise Refused(
            "vault",
            None,
            "The key for credentials is not set up: ask whoever deployed Timbre to set CREDENTIALS_KEYS.",
            "尚未设置凭据密钥：请联系部署人员设置 CREDENTIALS_KEYS。",
            "failed-precondition",
        )
    return call.outside


def _connection(call: Call) -> str:
    identity = str(call.args.get("connectionId") or "")
    if not identity or "/" in identity or get(call.world.store, path_of(identity)) is None:
        raise Refused("not_found", "connectionId", "There is no such connection.", "没有这个连接。", "not-found")
    return identity


def _detect(call: Call) -> Data:
    given = call.args.get("input")
    if not isinstance(given, str) or not given.strip() or len(given) > 2000:
        raise Refused("input", "input", "Paste the shop's address or a key.", "请粘贴店铺网址或密钥。")
    chosen = call.args.get("platform")
    return described(_outside(call), detect(_outside(call), given), str(chosen) if chosen else None)


def _begin(call: Call) -> Data:
    fields = call.args.get("fields")
    begun: Begun = connect_ecommerce(
        call.world,
        _outside(call),
        call.actor,
        str(call.args.get("shop") or "").strip()[:300],
        fields if isinstance(fields, dict) else {},
        str(call.args["platform"]) if call.args.get("platform") else None,
        str(call.args.get("returnTo") or "/integrations"),
    )
    if begun.url:
        return {"url": begun.url, "state": begun.state}
    return {"connectionId": begun.connection_id, "runId": begun.run_id}


def _status(call: Call) -> Data:
    return status(call.world, str(call.args.get("state") or ""), call.actor.uid)


def _work(kind: Kind) -> Callable[[Call], Data]:
    def run(call: Call) -> Data:
        connection = _connection(call)
        audit = entry(call.actor, call.world.clock(), f"connection.{kind}", path_of(connection), {}, {})
        call.world.store.commit([audit])
        return {"runId": begin_work(call.world, _outside(call), connection, kind, call.actor.uid)}

    return run


def _poll(call: Call) -> Data:
    connection, now = _connection(call), call.world.clock()
    task: dict[str, Any] = {"connectionId": connection, "poll": True}
    _outside(call).queue.enqueue(FUNCTION, task, None, f"{connection}:poll:{now.isoformat()}")
    return {}


def _disconnect(call: Call) -> Data:
    connection, outside = _connection(call), _outside(call)
    # The platform's side is tidied up where it can be; ours ends in any case.
    with suppress(ConnectError, VaultError):
        shop = open_shop(call.world, outside, connection)
        if shop is not None and shop.data["status"] != "disconnected":
            shop.storefront.unsubscribe(shop.access, outside.webhook_url(shop.storefront.platform, connection))
    disconnect(call.world, outside, call.actor, connection)
    return {}


def _rename(call: Call) -> Data:
    name = str(call.args.get("name") or "").strip()
    if not name:
        raise Refused("name", "name", "Give the connection a name.", "请填写名称。")
    rename(call.world, call.actor, _connection(call), name)
    return {}


ACTIONS: Actions = {
    "connection.detect": (ADMIN, _refused(_detect)),
    "connection.begin": (ADMIN, _refused(_begin)),
    "connection.status": (ADMIN, _refused(_status)),
    "connection.backfill": (ADMIN, _refused(_work("backfill"))),
    "connection.reconcile": (ADMIN, _refused(_work("reconcile"))),
    "connection.poll": (ADMIN, _refused(_poll)),
    "connection.disconnect": (ADMIN, _refused(_disconnect)),
    "connection.rename": (ADMIN, _refused(_rename)),
}
