"""The stages of a customer's life: one table of rules over the order statistics, here for people to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from schema.base import Localized

NEW_DAYS = 60
"""A first order counts as new for this long."""
LOYAL_ORDERS = 5
ACTIVE_DAYS, ACTIVE_GAPS = 90, 2.0
"""Active: the last order is younger than this many days, or than this many of the customer's own median gaps."""
LOST_DAYS, LOST_GAPS = 270, 6.0
"""Lost: older than both. Between active and lost a customer is at risk."""


def stage(stats: dict[str, Any], as_of: datetime) -> str:
    """The lifecycle stage as of a moment: lead, new, active, loyal, at risk, lost or won back.

    Args:
        stats: `customers.stats`.
        as_of: now for a living shop, the day after the newest order for data that ended.
    """
    last, first = stats.get("lastOrderAt"), stats.get("firstOrderAt")
    if not stats.get("orders") or last is None or first is None:
        return "lead"
    silent = (as_of - last).total_seconds() / 86_400
    if silent > _lost_after(stats):
        return "lost"
    if silent > _at_risk_after(stats):
        return "at risk"
    if stats["orders"] == 1:
        return "new" if (as_of - first).total_seconds() / 86_400 <= NEW_DAYS else "active"
    days = stats.get("recentOrderDays") or []
    if len(days) >= 2 and days[-1] - days[-2] > LOST_DAYS:
        return "won back"
    return "loyal" if stats["orders"] >= LOYAL_ORDERS else "active"


def _at_risk_after(stats: Mapping[str, Any]) -> float:
    """Days without an order after which a customer is at risk."""
    return max(ACTIVE_DAYS, ACTIVE_GAPS * (stats.get("medianGapDays") or 0.0))


def _lost_after(stats: Mapping[str, Any]) -> float:
    """Days without an order after which a customer is lost."""
    return max(LOST_DAYS, LOST_GAPS * (stats.get("medianGapDays") or 0.0))


@dataclass(frozen=True)
class Turn:
    """From a moment on, a stage, and why."""

    stage: str
    at: datetime
    why: Localized


_INSTANT = timedelta(microseconds=1)
_RECENT = 21
"""Order days that the rhythm is made of, as in `customers.stats`."""


def history(orders: Iterable[Mapping[str, Any]], as_of: datetime, known_since: datetime | None = None) -> list[Turn]:
    """The stages a customer went through up to a moment, oldest first: what `stage` would have said at any time.

    Args:
        orders: `placedAt`, `status` and, where it is known, `deleted` of each; in any order.
        known_since: the first sign of the customer, for the time before the first order.
    """
    times = sorted(order["placedAt"] for order in orders if _counts(order) and order["placedAt"] <= as_of)
    turns: list[Turn] = []
    if known_since is not None and known_since <= as_of and (not times or known_since < times[0]):
        turns.append(Turn("lead", known_since, Localized(en="Known, without an order", zh="已知客户，尚未下单")))
    for index, at in enumerate(times):
        until = times[index + 1] if index + 1 < len(times) else as_of + _INSTANT
        stats = _stats(times[: index + 1])
        pauses = {timedelta(days=_at_risk_after(stats)), timedelta(days=_lost_after(stats))}
        moments = {at, times[0] + timedelta(days=NEW_DAYS) + _INSTANT, *(at + pause + _INSTANT for pause in pauses)}
        for moment in sorted(one for one in moments if at <= one < until):
            now = stage(stats, moment)
            if not turns or turns[-1].stage != now:
                turns.append(Turn(now, moment, _why(now, stats, moment == at)))
    return turns


def _counts(order: Mapping[str, Any]) -> bool:
    return order["status"] not in ("cancelled", "test") and not order.get("deleted")


def _stats(times: Sequence[datetime]) -> dict[str, Any]:
    """The statistics that the rules look at, as they were when `times` were all the orders."""
    days = [int(at.timestamp() // 86_400) for at in times[-_RECENT:]]
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return {
        "orders": len(times),
        "firstOrderAt": times[0],
        "lastOrderAt": times[-1],
        "recentOrderDays": days,
        "medianGapDays": float(median(gaps)) if gaps else None,
    }


def _why(now: str, stats: Mapping[str, Any], bought: bool) -> Localized:
    """What turned the stage: an order, or time without one; with the customer's own numbers."""
    count, days = stats["orders"], stats["recentOrderDays"]
    if bought and now == "won back":
        pause = days[-1] - days[-2]
        return Localized(en=f"Ordered again after {pause} days", zh=f"时隔 {pause} 天后再次下单")
    if bought and now == "loyal":
        return Localized(
            en=f"Order {count}; loyal from {LOYAL_ORDERS} on", zh=f"第 {count} 单；满 {LOYAL_ORDERS} 单为忠诚"
        )
    if bought:
        return (
            Localized(en="First order", zh="首次下单")
            if count == 1
            else Localized(en=f"Order {count}", zh=f"第 {count} 单")
        )
    if now == "active":
        return Localized(en=f"{NEW_DAYS} days after the first order", zh=f"首单后 {NEW_DAYS} 天")
    limit = _lost_after(stats) if now == "lost" else _at_risk_after(stats)
    gap = stats["medianGapDays"]
    if not gap:
        return Localized(en=f"No order for {limit:.0f} days", zh=f"{limit:.0f} 天没有下单")
    return Localized(
        en=f"No order for {limit:.0f} days; usually one every {gap:.0f}",
        zh=f"{limit:.0f} 天没有下单；通常每 {gap:.0f} 天一单",
    )
