"""What happened at Amazon since the last look: from the seller's queue of notifications, or by asking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from functions.connect import amazon_queue
from functions.connect.amazon_api import RATES, Api
from functions.connect.amazon_queue import Message, Queue
from functions.connect.amazon_records import INCLUDED, order_records
from functions.connect.calling import moment, pack, stamp
from functions.connect.storefront import Page, Throttled
from schema.clock import milliseconds
from schema.records import Record

OVERLAP = timedelta(minutes=5)
"""How far a search reaches back behind the last one: Amazon's data comes about two minutes late."""
LATE = timedelta(minutes=10)
"""How long an order that is older than its notification is waited for."""
REMEMBERED = 40
"""Notification ids kept in the cursor, to pass over repeats without a call."""
HANDLES = 6000
"""Characters of receipt handles that fit into a cursor; messages beyond come again."""
IDLE = 20.0
"""Seconds until an empty queue is asked again."""


@dataclass(frozen=True)
class Notice:
    """One ORDER_CHANGE."""

    id: str
    at: datetime
    seller: str
    marketplace: str | None
    order: str
    changed: datetime | None
    handle: str


def notice_of(message: Message) -> Notice | None:
    """None for anything that is not a well-formed ORDER_CHANGE."""
    try:
        body = json.loads(message.body)
        if body["NotificationType"] != "ORDER_CHANGE":
            return None
        change = body["Payload"]["OrderChangeNotification"]
        changed = (change.get("OrderChangeTrigger") or {}).get("TimeOfOrderChange")
        return Notice(
            id=str(body["NotificationMetadata"]["NotificationId"]),
            at=moment(body["EventTime"]),
            seller=str(change["SellerId"]),
            marketplace=(change.get("Summary") or {}).get("MarketplaceId"),
            order=str(change["AmazonOrderId"]),
            changed=moment(changed) if changed else None,
            handle=message.handle,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def from_queue(api: Api, queue: Queue, seller: str, state: dict[str, Any]) -> Page:
    """Acknowledge what the last call gave, then take up to ten messages and read their orders again.

    A message is acknowledged only by the next call, whose cursor proves that the records are stored. One whose order
    could not be read (the bucket is empty) or is not there yet (Amazon's data comes late) is left in the queue.
    """
    access = api.access
    if state.get("ack"):
        amazon_queue.delete(access, queue, state["ack"])
    messages = amazon_queue.receive(access, queue)
    seen: list[str] = list(state.get("seen") or [])
    done: list[str] = []
    ours: list[Notice] = []
    foreign: list[str] = []
    for message in messages:
        notice = notice_of(message)
        if notice is not None and notice.seller != seller:
            foreign.append(message.handle)
        elif notice is None or notice.id in seen or notice.marketplace not in (None, api.market.id):
            done.append(message.handle)
        else:
            ours.append(notice)
    if foreign:
        amazon_queue.give_back(access, queue, foreign)
    records, read, waited = _read(api, sorted(ours, key=lambda notice: (notice.at, notice.id)))
    done += [notice.handle for notice in read]
    seen = [*seen, *(notice.id for notice in read)][-REMEMBERED:]
    after = pack({"ack": _fitting(done) or None, "seen": seen or None, "rates": api.rates or None})
    wait = waited or (0.0 if len(ours) > 0 or len(foreign) < len(messages) else IDLE)
    return Page(records, after, wait=wait, ids=list(dict.fromkeys(n.order for n in read)))


def _read(api: Api, notices: Sequence[Notice]) -> tuple[list[Record], list[Notice], float]:
    """The orders that the notices are about, once each; the notices that are dealt with; seconds to wait."""
    newest: dict[str, Notice] = {}
    for notice in notices:
        newest[notice.order] = notice
    records: list[Record] = []
    read: list[Notice] = []
    for order, last in newest.items():
        try:
            found = read_order(api, order)
        except Throttled as told:
            if not read:
                raise
            return records, read, told.wait
        records += found
        stale = any(last.changed and r.version < milliseconds(last.changed) for r in found)
        if not stale or api.access.now - last.at > LATE:
            read += [notice for notice in notices if notice.order == order]
    return records, read, 0.0


def read_order(api: Api, order: str) -> Sequence[Record]:
    """One order by its id; empty where there is none, or nothing to count."""
    path = f"/orders/2026-01-01/orders/{quote(order, safe='')}"
    found = api.call("getOrder", "GET", path, {"includedData": INCLUDED}, missing=(404,))
    return order_records([found["order"]], api.market, api.access) if found else []


def by_asking(api: Api, state: dict[str, Any]) -> Page:
    """Without a queue: orders changed since the last look, as often as Amazon lets one search (every three minutes)."""
    now = api.access.now
    until = now - timedelta(minutes=2, seconds=5)
    apart = timedelta(seconds=1 / api.rates.get("searchOrders", RATES["searchOrders"][0]))
    window = state.get("window")
    if window is None and state.get("until") and until - moment(state["until"]) < apart:
        # Asked more often, the bucket would be empty when a backfill or the night needs it.
        return Page((), pack(state), wait=(apart - (until - moment(state["until"]))).total_seconds())
    if window is None:
        since = moment(state["until"]) - OVERLAP if state.get("until") else until - OVERLAP
        window = {"lastUpdatedAfter": stamp(min(since, until)), "lastUpdatedBefore": stamp(until)}
    asked = {**window, "marketplaceIds": api.market.id, "includedData": INCLUDED, "maxResultsPerPage": "100"}
    if state.get("token"):
        asked["paginationToken"] = state["token"]
    found = api.call("searchOrders", "GET", "/orders/2026-01-01/orders", asked) or {}
    orders = found.get("orders") or []
    records = order_records(orders, api.market, api.access)
    ids = [order["orderId"] for order in orders]
    token = (found.get("pagination") or {}).get("nextToken")
    rates = api.rates or None
    if token:
        return Page(records, pack({"window": window, "token": token, "rates": rates}), ids=ids)
    wait = 1 / api.rates.get("searchOrders", RATES["searchOrders"][0])
    return Page(records, pack({"until": window["lastUpdatedBefore"], "rates": rates}), wait=wait, ids=ids)


def _fitting(handles: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for handle in handles:
        if sum(map(len, kept)) + len(handle) <= HANDLES:
            kept.append(handle)
    return kept
