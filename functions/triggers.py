"""Between an event and the business code: parse, call one function, log one line."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from functions.config import read_config
from schema import log, runtime
from schema.clock import system_clock
from schema.flow import World, deliver_once


def _world() -> World:
    return runtime.world(read_config().identity_key)


def _logged(name: str, run: Callable[[], Any], **fields: Any) -> Any:
    started = time.monotonic()
    try:
        return run()
    finally:
        log.write("INFO", name, ms=round(1000 * (time.monotonic() - started)), **fields)


def on_ingest(event: Any) -> None:
    from functions.imports.work import ingest

    log.begin(event.id)
    world, body = _world(), runtime.message_body(event.data)
    records = body.get("records")
    _logged(
        "ingest",
        lambda: deliver_once(world, "platform-events", body, lambda message: ingest(world, message)),
        records=len(records) if isinstance(records, list) else 0,
        attempt=body.get("attempt", 0),
    )


def on_job(event: Any) -> None:
    from functions.connect.forget import forget_step
    from functions.figures.reprice import reprice_step
    from functions.imports.work import attest_step, step
    from functions.sample import removal_step

    log.begin(event.id)
    world, body = _world(), runtime.message_body(event.data)
    steps = {
        "import": step,
        "attest": attest_step,
        "remove_sample": removal_step,
        "reprice": reprice_step,
        "forget_shop": forget_step,
    }

    def run(job: Any) -> None:
        steps[job.kind](world, job)

    _logged("job", lambda: deliver_once(world, "jobs", body, run), kind=body.get("kind"), step=body.get("step"))


def _outside() -> Any:
    from functions.connect.setup import outside

    return outside(read_config())


def _outside_if_any() -> Any:
    """None where no key for credentials is set: only connecting says what is missing, the rest goes on."""
    return _outside() if read_config().credentials_keys else None


def on_webhook(request: Any) -> Any:
    """A platform's call: nothing is imported here that the answer does not need."""
    from functions.connect.webhooks import Memory, receive_call

    global _memory
    if _memory is None:
        _memory = Memory()
    memory, call = _memory, _http_call(request, "/webhooks")
    log.begin()
    return _http_answer(_logged("webhook", lambda: receive_call(_world(), _outside(), memory, call), path=call.path))


_memory: Any = None


def on_connect_page(request: Any) -> Any:
    from functions.connect.pages import answer_page

    log.begin()
    call = _http_call(request, "/connect")
    # The path only: the query carries the nonce and the platform's code.
    return _http_answer(_logged("connect", lambda: answer_page(_world(), _outside(), call), path=call.path))


def _http_call(request: Any, prefix: str) -> Any:
    from functions.connect.webhooks import Call

    path = request.path if request.path.startswith(prefix) else prefix + request.path
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(request.method, path, headers, request.get_data(), request.query_string.decode("ascii", "replace"))


def _http_answer(answer: Any) -> Any:
    from flask import Response

    return Response(answer.body, status=answer.status, headers=dict(answer.headers))


def on_receive(event: Any) -> None:
    from functions.connect.receive import receive

    log.begin(event.id)
    world, body = _world(), runtime.message_body(event.data)

    def run(message: Any) -> Any:
        return receive(world, _outside(), message)

    _logged(
        "receive",
        lambda: deliver_once(world, "platform-webhooks", body, run),
        platform=body.get("platform"),
        topic=body.get("topic"),
        attempt=body.get("attempt", 0),
    )


def on_shop_work(request: Any) -> None:
    from functions.connect.work import poll, work_on

    log.begin()
    data, world, outside = request.data, _world(), _outside()
    connection = str(data["connectionId"])
    if data.get("poll"):
        _logged("poll", lambda: poll(world, outside, connection), connection=connection)
    else:
        generation = int(data["generation"])
        _logged("shop work", lambda: work_on(world, outside, connection, generation), connection=connection)


def on_sweep() -> None:
    from functions.schedule import sweep

    log.begin()
    sweep(_world(), _outside_if_any())


def on_nightly() -> None:
    from functions.schedule import nightly

    log.begin()
    world = _world()
    _logged("nightly", lambda: nightly(world, _outside_if_any()))


def on_member_written(event: Any) -> None:
    from functions.access.watch import member_written

    log.begin(event.id)
    member_written(runtime.world(), event.params["uid"], system_clock(), event.auth_type, event.auth_id)


def answer_console(request: Any) -> Any:
    """Answer the console, with refusals as errors of the callable protocol that carry both languages."""
    from firebase_functions import https_fn

    from functions.access.accounts import FirebaseDirectory
    from functions.access.console import Caller, answer
    from functions.access.errors import Refused
    from functions.access.members import Account

    log.begin()
    config = read_config()
    caller = None
    if request.auth is not None:
        token = request.auth.token or {}
        account = Account(request.auth.uid, str(token.get("email") or ""), str(token.get("name") or ""))
        caller = Caller(account, bool(token.get("email_verified")))
    action = request.data.get("action") if isinstance(request.data, dict) else None
    try:
        return _logged(
            "console",
            lambda: answer(_world(), caller, request.data, FirebaseDirectory(), config.owner_email, _outside_if_any()),
            action=str(action)[:40],
        )
    except Refused as refused:
        details = {"code": refused.code, "field": refused.field, "en": refused.en, "zh": refused.zh}
        raise https_fn.HttpsError(https_fn.FunctionsErrorCode(refused.status), refused.en, details) from None
    except Exception as error:
        log.failure("console failed", error, action=str(action)[:40])
        details = {
            "code": "internal",
            "field": None,
            "en": "Something went wrong on our side; nothing was changed. Try again in a moment.",
            "zh": "服务器出错，未做任何更改。请稍后重试。",
        }
        raise https_fn.HttpsError(https_fn.FunctionsErrorCode.INTERNAL, details["en"] or "", details) from None
