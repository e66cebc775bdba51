"""The work on a connection, page by page: begin it, do the next page, put it off, finish it.

A page is read, taken in, and only then is the cursor moved, in a commit guarded by the connection's document. Killed
anywhere, the same page is read again, and taking it in again changes nothing. A task of an older generation does
nothing; a task that comes early does nothing; what is overdue and has no task is sent one by the sweep.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from functions.connect import reconcile
from functions.connect.outside import Outside
from functions.connect.ramp import ramp
from functions.connect.state import Shop, change, needs_attention, open_shop, path_of, renewed, secrets_path
from functions.connect.storefront import ConnectError, Page, Rejected, Revoked, Throttled, Unavailable
from functions.connect.vault import VaultError
from functions.figures.daily import refresh_dirty
from functions.figures.overview import refresh_overview
from functions.ingest.intake import take_in
from functions.learning import start_learning
from schema import log
from schema.clock import milliseconds
from schema.connections import StepState, Thing
from schema.flow import RECORDS_A_MESSAGE, World, park, stable_id
from schema.jobs import Run
from schema.records import Origin, PlatformEvents
from schema.store import Create, Data, Delete, Doc, Query, ReadSet, Update, Write, get, settle

FUNCTION = "shopwork"
BUDGET = 20.0
"""Seconds of one task: then the next task goes on, so that no function runs long."""
SHORT_WAIT = 10.0
"""Waits up to this long are slept through in the task; longer ones are put off."""
OVERDUE = timedelta(seconds=90)
POLL_EVERY = timedelta(minutes=2)
GIVE_UP = 12
"""Failed pages in a row after which a person is asked; it goes on by itself meanwhile."""
Kind = Literal["backfill", "reconcile"]
TITLE = {"backfill": "Reading {name}", "reconcile": "Comparing with {name}"}


def begin_work(world: World, outside: Outside, connection: str, kind: Kind, uid: str | None) -> str:
    """Begin a backfill or a reconciliation; the work before it, if any, ends. Returns the run's id."""
    path = path_of(connection)
    made: list[tuple[str, int]] = []

    def plan(docs: ReadSet) -> list[Write]:
        held, now = docs[path], world.clock()
        if held is None:
            raise Rejected("not_found", "There is no such connection.", "没有这个连接。", field="connectionId")
        if held.data["status"] == "disconnected":
            raise Rejected("disconnected", "This shop is disconnected: connect it again.", "该店铺已断开：请重新连接。")
        generation = held.data["generation"] + 1
        run_id = f"{kind}-{stable_id(connection, generation)}"
        made[:] = [(run_id, generation)]
        run = Run(
            kind=kind, status="running", title=TITLE[kind].format(name=held.data["name"])[:200], started_at=now,
            updated_at=now, started_by=uid, ref=path,
        )  # fmt: skip
        first = kind == "backfill" and held.data["status"] in ("connecting", "attention")
        fields: Data = {
            "work": kind, "generation": generation, "runId": run_id, "dueAt": now, "workedAt": now, "failures": 0,
            "problem": None,
            "status": "backfilling" if first else "active", "updatedAt": now,
        }  # fmt: skip
        if kind == "backfill":
            fields["steps"] = {}
        writes: list[Write] = [Create(f"runs/{run_id}", run.to_doc()), Update(path, fields, held.update_time)]
        before = held.data.get("runId")
        if before and held.data["work"] != "idle" and (old := docs[f"runs/{before}"]):
            if old.data["status"] == "running":
                ended = {"status": "cancelled", "updatedAt": now, "finishedAt": now}
                writes.append(Update(old.path, ended, old.update_time))
        return writes

    settle(world.store, [path], plan)
    run_id, generation = made[0]
    send(world, outside, connection, generation, None)
    return run_id


def send(world: World, outside: Outside, connection: str, generation: int, at: datetime | None) -> None:
    """Send the task of the next page."""
    name = f"{connection}:{generation}:{(at or world.clock()).isoformat()}"
    outside.queue.enqueue(FUNCTION, {"connectionId": connection, "generation": generation}, at, name)


def work_on(world: World, outside: Outside, connection: str, generation: int) -> int:
    """Do pages until nothing is left, the task's time is over or the platform wants a pause. Returns pages done."""
    ends, pages = outside.monotonic() + BUDGET, 0
    while True:
        held = get(world.store, path_of(connection))
        if held is None or held.data["generation"] != generation or held.data["work"] == "idle":
            return pages
        if held.data["dueAt"] and held.data["dueAt"] > world.clock() + timedelta(seconds=1):
            return pages
        wait = _guarded(world, outside, held)
        if wait is None:
            return pages
        pages += 1
        if wait <= SHORT_WAIT and outside.monotonic() + wait < ends:
            if wait:
                outside.sleep(wait)
            continue
        due = world.clock() + timedelta(seconds=wait)
        change(world, connection, {"dueAt": due, "workedAt": world.clock()}, generation)
        send(world, outside, connection, generation, due)
        return pages


def _guarded(world: World, outside: Outside, held: Doc) -> float | None:
    """One page; seconds to wait before the next, None when the work ended. Failures become waits or a question."""
    connection = held.id
    try:
        shop = open_shop(world, outside, connection)
        if shop is None:
            return None
        try:
            return _page(world, outside, held, shop)
        except Revoked:
            # The token may have been replaced or have ended early: once more with a new one.
            if (sealed := get(world.store, secrets_path(connection))) is None:
                return None
            return _page(world, outside, held, renewed(world, outside, shop, sealed, force=True))
    except Throttled as error:
        return error.wait
    except Unavailable as error:
        return _again_later(world, held, error)
    except Rejected as error:
        _stop(world, held, error.en, error.zh)
    except VaultError as error:
        log.failure("credentials do not open", error, connection=connection)
        _stop(
            world,
            held,
            "The stored credentials do not open: connect the shop again.",
            "无法解密已存凭据：请重新连接店铺。",
        )
    return None


def _again_later(world: World, held: Doc, error: ConnectError) -> float:
    failures = int(held.data.get("failures") or 0) + 1
    fields: Data = {"failures": failures}
    if failures >= GIVE_UP:
        fields["problem"] = {"en": error.en[:200], "zh": error.zh[:200]}
    change(world, held.id, fields, held.data["generation"])
    log.write("WARNING", "platform did not answer", connection=held.id, code=error.code, failures=failures)
    return float(min(900.0, 1.0 * 2 ** min(failures - 1, 10)))


def _stop(world: World, held: Doc, en: str, zh: str) -> None:
    # The run first: killed in between, the work is tried again and ends the same way.
    end_run(world, held.data["runId"], "failed", error={"en": en[:200], "zh": zh[:200]})
    needs_attention(world, held.id, en, zh, held.data["generation"])


def _page(world: World, outside: Outside, held: Doc, shop: Shop) -> float | None:
    if held.data["work"] == "reconcile":
        return reconcile.step(world, outside, held, shop)
    return _backfill(world, outside, held, shop)


def _backfill(world: World, outside: Outside, held: Doc, shop: Shop) -> float | None:
    steps: dict[Thing, Data] = held.data["steps"]
    if not steps:
        return _prepare(world, outside, held, shop)
    thing = next((one for one in shop.storefront.steps if not steps[one]["done"]), None)
    if thing is None:
        _finish(world, held, shop)
        return None
    page = shop.storefront.page(shop.access, thing, steps[thing]["cursor"], None)
    began = outside.monotonic()
    take_page(world, shop, page, bulk=True)
    if not _move(world, held, thing, page):
        return None
    allowed = ramp(world.clock(), _run_started(world, held))
    return max(page.wait, 4 * len(page.records) / allowed - (outside.monotonic() - began), 0.0)


def _run_started(world: World, held: Doc) -> datetime:
    run = get(world.store, f"runs/{held.data['runId']}")
    return run.data["startedAt"] if run else world.clock()


def take_page(world: World, shop: Shop, page: Page, bulk: bool) -> None:
    """Take a page's records in; those that fail are parked, nothing else is held up by them."""
    origin = Origin(connection_id=shop.id, platform=shop.storefront.platform, bulk=bulk)
    for start in range(0, len(page.records), RECORDS_A_MESSAGE):
        records = [one.to_json() for one in page.records[start : start + RECORDS_A_MESSAGE]]
        result = take_in(world, PlatformEvents(origin=origin, records=records))
        if result.failed:
            park(world, "platform-events", result.failed, 1)


def _prepare(world: World, outside: Outside, held: Doc, shop: Shop) -> float | None:
    """Subscriptions first, so that nothing falls between them and the first page; then how much there is."""
    front, access = shop.storefront, shop.access
    hooks = front.subscribe(access, outside.webhook_url(front.platform, shop.id))
    steps = {thing: StepState(total=front.count(access, thing)).to_doc() for thing in front.steps}
    fields: Data = {
        "webhooks": [one.to_doc() for one in hooks],
        "steps": steps,
        "failures": 0,
        "workedAt": world.clock(),
    }
    change(world, shop.id, fields, held.data["generation"])
    return 0.0


def _move(world: World, held: Doc, thing: Thing, page: Page) -> bool:
    """Move the cursor; False when another worker did this page meanwhile, or other work began."""
    path, run_path = held.path, f"runs/{held.data['runId']}"
    moved: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        now_held, run, now = docs[path], docs[run_path], world.clock()
        same = now_held and now_held.data["generation"] == held.data["generation"]
        if now_held is None or not same or now_held.data["steps"].get(thing) != held.data["steps"].get(thing):
            moved[:] = [False]
            return []
        moved[:] = [True]
        before = now_held.data["steps"][thing]
        newest = max([before["newest"] or 0, *(one.version for one in page.records)])
        step = {
            **before,
            "cursor": page.cursor,
            "seen": before["seen"] + (len(page.ids) or len(page.records)),
            "total": page.total if page.total is not None else before["total"],
            "done": page.cursor is None,
            "newest": newest or None,
        }
        steps = {**now_held.data["steps"], thing: step}
        fields: Data = {f"steps.{thing}": step, "failures": 0, "dueAt": now, "workedAt": now, "updatedAt": now}
        if now_held.data["failures"] and now_held.data["problem"]:
            fields["problem"] = None
        writes: list[Write] = [Update(path, fields, now_held.update_time)]
        if run is not None and run.data["status"] == "running":
            totals = [one["total"] if not one["done"] else one["seen"] for one in steps.values()]
            known = None if any(total is None for total in totals) else sum(totals)
            seen = sum(one["seen"] for one in steps.values())
            text = {"en": f"{thing}: {step['seen']:,}", "zh": f"{THINGS[thing]}：{step['seen']:,}"}
            bar = {"done": seen, "total": max(known, seen) if known is not None else None}
            writes.append(Update(run_path, {**bar, "step": text, "updatedAt": now}, run.update_time))
        return writes

    settle(world.store, [path, run_path], plan)
    return moved[0]


THINGS: dict[str, str] = {
    "customers": "客户",
    "orders": "订单",
    "products": "商品",
    "carts": "购物车",
    "reviews": "评价",
}


def _finish(world: World, held: Doc, shop: Shop) -> None:
    """Everything is read: figures, then the segmentation, as after any bulk job."""
    if not refresh_dirty(world):
        refresh_overview(world)
    run = get(world.store, f"runs/{held.data['runId']}")
    started = run.data["startedAt"] if run else world.clock()
    seen = {thing: step["seen"] for thing, step in held.data["steps"].items()}
    # Idle comes last: killed before it, the end is reached once more and changes nothing.
    end_run(world, held.data["runId"], "done", result=seen)
    start_learning(world, None, once=f"after-{held.data['runId']}")
    change(
        world,
        held.id,
        {"work": "idle", "dueAt": None, "status": "active", "problem": None, "reconciledAt": started, "failures": 0},
        held.data["generation"],
    )
    log.write("INFO", "backfill done", connection=held.id, **seen)


def end_run(
    world: World, run_id: str | None, status: str, result: Data | None = None, error: Data | None = None
) -> None:
    """Close a run's document."""
    path = f"runs/{run_id}"

    def plan(docs: ReadSet) -> list[Write]:
        held, now = docs[path], world.clock()
        if held is None or held.data["status"] not in ("running", "queued"):
            return []
        fields = {"status": status, "updatedAt": now, "finishedAt": now, "result": result or {}, "error": error}
        if status == "done":
            fields["total"] = held.data["done"]
        return [Update(path, fields, held.update_time)]

    settle(world.store, [path], plan)


# --- polling --------------------------------------------------------------------------------------------------------


def poll(world: World, outside: Outside, connection: str, limit: int = 20) -> int:
    """What happened at a platform that is polled; returns the number of records taken in.

    The cursor is kept after its records: killed in between, they come again and change nothing.
    """
    taken = 0
    for _ in range(limit):
        shop = open_shop(world, outside, connection)
        if shop is None or shop.data["status"] == "disconnected" or not shop.storefront.polled:
            return taken
        cursor = shop.data.get("pollCursor")
        try:
            page = _changes(world, outside, shop, cursor)
        except Unavailable:
            break
        except Rejected as error:
            _stop(world, Doc(path_of(connection), shop.data, None), error.en, error.zh)
            break
        take_page(world, shop, page, bulk=False)
        taken += len(page.records)
        now = world.clock()
        fields: Data = {"lastPollAt": now}
        if page.records:
            fields["lastEventAt"] = now
        if page.cursor is not None:
            fields["pollCursor"] = page.cursor
        change(world, connection, fields)
        if not page.records or page.wait > 0:
            break
    return taken


def _changes(world: World, outside: Outside, shop: Shop, cursor: str | None) -> Page:
    try:
        return shop.storefront.changes(shop.access, cursor)
    except Revoked:
        if (sealed := get(world.store, secrets_path(shop.id))) is None:
            raise
        fresh = renewed(world, outside, shop, sealed, force=True)
        return fresh.storefront.changes(fresh.access, cursor)


# --- the sweep's part -----------------------------------------------------------------------------------------------


def sweep_connections(world: World, outside: Outside) -> int:
    """Send a task for every connection whose next page is overdue, and poll what is polled. Returns how many."""
    now, woken = world.clock(), 0
    for doc in list(world.store.query(Query("connections", where=(("work", "in", ["backfill", "reconcile"]),)))):
        due = doc.data["dueAt"]
        # Judged by the work alone: the shop's own webhooks write the document too.
        worked = doc.data.get("workedAt") or doc.data["updatedAt"]
        waited = worked < now - OVERDUE or doc.data["failures"] or (due and due > worked)
        if due and due <= now and waited:
            # Noted first: the next sweep must not send a second worker after the same page.
            change(world, doc.id, {"dueAt": now, "workedAt": now}, doc.data["generation"])
            send(world, outside, doc.id, doc.data["generation"], None)
            woken += 1
    late = Query("oauthStates", where=(("expiresAt", "<", now - timedelta(hours=1)),), limit=100)
    for doc in list(world.store.query(late)):
        world.store.commit([Delete(doc.path)])
    for doc in list(world.store.query(Query("connections", where=(("status", "==", "active"),)))):
        last = doc.data.get("lastPollAt")
        if doc.data["platform"] in POLLED and (last is None or now - last >= POLL_EVERY):
            name = f"{doc.id}:poll:{int(milliseconds(now) // (POLL_EVERY.total_seconds() * 1000))}"
            outside.queue.enqueue(FUNCTION, {"connectionId": doc.id, "poll": True}, None, name)
            woken += 1
    return woken


POLLED = ("amazon", "flipkart")


def reconcile_all(world: World, outside: Outside) -> int:
    """The night's comparison of every active connection. Returns how many began."""
    begun = 0
    for doc in list(world.store.query(Query("connections", where=(("status", "==", "active"),)))):
        if doc.data["work"] == "idle":
            begin_work(world, outside, doc.id, "reconcile", None)
            begun += 1
    return begun
