"""Tags given by rule: one table, here for people to change. Each rule answers with its reason, or with nothing.

A reason carries the customer's own numbers and no count of days that passed: it changes when the customer does, not
every night. What compares a customer with the shop (`high value`) rests on the scores of the last recluster.
Nobody who refused profiling gets a tag by rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.base import Localized
from schema.documents import AutoTag
from schema.lifecycle import NEW_DAYS

DORMANT_DAYS = 180
"""No sign of life for longer than this."""
BROWSING_EVENTS, BROWSING_DAYS = 5, 30
"""Browsing: this many things done without ever ordering, the last one within so many days."""
DISCOUNT_SHARE, DISCOUNT_ORDERS = 0.2, 2
REFUND_SHARE, REFUND_ORDERS = 0.3, 2
REVIEWER_TEXTS = 2
LOW_RATING, LOW_RATED = 2.5, 2


@dataclass(frozen=True)
class Facts:
    """What a rule may look at. Money is in minor units of the reporting currency, of `priced` orders."""

    stats: Mapping[str, Any]
    consent: Mapping[str, Any]
    rfm: Mapping[str, Any] | None
    as_of: datetime

    @property
    def orders(self) -> int:
        return int(self.stats.get("orders") or 0)

    @property
    def priced(self) -> int:
        """Orders whose money is in the sums."""
        return self.orders - int(self.stats.get("unconverted") or 0)

    def sum(self, name: str) -> int:
        return int(self.stats.get(name) or 0)

    def days_since(self, moment: datetime) -> float:
        return (self.as_of - moment).total_seconds() / 86_400

    @property
    def last_sign(self) -> datetime | None:
        """The last order, visit, text or message that is known."""
        known = [at for at in (self.stats.get("lastSeenAt"), self.stats.get("lastOrderAt")) if at is not None]
        return max(known, default=None)


Reason = tuple[str, str] | None
"""English and Chinese."""


def _high_value(facts: Facts) -> Reason:
    if facts.rfm is None or facts.rfm["monetary"] != 5 or facts.priced < 1:
        return None
    return (
        f"Money score 5 of 5 with {_orders(facts.priced)}: among the fifth of buyers who spent most",
        f"消费金额 5 分（满分 5 分），共 {facts.priced} 单：属于消费最高的五分之一买家",
    )


def _one_time(facts: Facts) -> Reason:
    first = facts.stats.get("firstOrderAt")
    if facts.orders != 1 or first is None or facts.days_since(first) <= NEW_DAYS:
        return None
    return (
        f"1 order, on {first:%Y-%m-%d}, and none in the {NEW_DAYS} days after it",
        f"仅 1 单（{first:%Y-%m-%d}），此后 {NEW_DAYS} 天内没有再下单",
    )


def _repeat(facts: Facts) -> Reason:
    days = set(facts.stats.get("recentOrderDays") or ())
    if facts.orders < 2 or len(days) < 2:
        return None
    gap = facts.stats.get("medianGapDays")
    if not gap:
        return (
            f"{facts.orders} orders on {len(days)} different days",
            f"在 {len(days)} 个不同日子共下 {facts.orders} 单",
        )
    return (
        f"{facts.orders} orders, usually {gap:.0f} days apart",
        f"共 {facts.orders} 单，通常相隔 {gap:.0f} 天",
    )


def _refunds(facts: Facts) -> Reason:
    paid = facts.sum("revenue") + facts.sum("refunded")
    if facts.priced < REFUND_ORDERS or paid <= 0 or facts.sum("refunded") / paid < REFUND_SHARE:
        return None
    share = round(100 * facts.sum("refunded") / paid)
    return (
        f"{share}% of the money from {_orders(facts.priced)} was refunded",
        f"{facts.priced} 单的金额中有 {share}% 已退款",
    )


def _discounts(facts: Facts) -> Reason:
    full = facts.sum("revenue") + facts.sum("refunded") + facts.sum("discount")
    if facts.priced < DISCOUNT_ORDERS or full <= 0 or facts.sum("discount") / full < DISCOUNT_SHARE:
        return None
    share = round(100 * facts.sum("discount") / full)
    return f"Discounts took {share}% off {_orders(facts.priced)}", f"{facts.priced} 单平均优惠 {share}%"


def _reviewer(facts: Facts) -> Reason:
    texts = facts.sum("feedback")
    return (
        (f"Wrote {texts} texts: reviews, messages or answers", f"写过 {texts} 条评价、消息或问卷回答")
        if texts >= REVIEWER_TEXTS
        else None
    )


def _low_ratings(facts: Facts) -> Reason:
    rated = facts.sum("rated")
    if rated < LOW_RATED or facts.sum("ratingSum") / rated > LOW_RATING:
        return None
    mean = facts.sum("ratingSum") / rated
    return f"{mean:.1f} of 5 on average over {rated} ratings", f"{rated} 次评分，平均 {mean:.1f} 分（满分 5 分）"


def _dormant(facts: Facts) -> Reason:
    last = facts.last_sign
    if last is None or facts.days_since(last) <= DORMANT_DAYS:
        return None
    return (
        f"No sign since {last:%Y-%m-%d}: more than {DORMANT_DAYS} days",
        f"自 {last:%Y-%m-%d} 起没有任何动静，已超过 {DORMANT_DAYS} 天",
    )


def _browsing(facts: Facts) -> Reason:
    seen, done = facts.stats.get("lastSeenAt"), facts.sum("events")
    if facts.orders or done < BROWSING_EVENTS or seen is None or facts.days_since(seen) > BROWSING_DAYS:
        return None
    return (
        f"{done} visits and actions, no order yet; last seen on {seen:%Y-%m-%d}",
        f"{done} 次访问和操作，尚未下单；最近一次为 {seen:%Y-%m-%d}",
    )


def _refused_messages(facts: Facts) -> Reason:
    states = {channel: state["status"] for channel, state in facts.consent.items()}
    denied = sorted(channel for channel, status in states.items() if status == "denied")
    if not denied or "granted" in states.values():
        return None
    return f"Refused {', '.join(denied)} and agreed to nothing else", f"已拒绝 {'、'.join(denied)}，且未同意其他渠道"


RULES: dict[str, Callable[[Facts], Reason]] = {
    "high value": _high_value,
    "repeat buyer": _repeat,
    "one-time buyer": _one_time,
    "browsing, not buying": _browsing,
    "discount hunter": _discounts,
    "high refunds": _refunds,
    "reviewer": _reviewer,
    "low ratings": _low_ratings,
    "dormant": _dormant,
    "refused messages": _refused_messages,
}
"""By tag, in the order in which they are shown. The console has each tag's name in both languages."""


def auto_tags(
    stats: Mapping[str, Any],
    as_of: datetime,
    *,
    consent: Mapping[str, Any] | None = None,
    rfm: Mapping[str, Any] | None = None,
    profiling: str = "allowed",
) -> list[AutoTag]:
    """The tags that the rules give.

    Args:
        stats, consent, rfm, profiling: of the customer document.
        as_of: now for a living shop, the day after the newest order for data that ended.
    """
    if profiling != "allowed":
        return []
    facts = Facts(stats, consent or {}, rfm, as_of)
    found = ((tag, rule(facts)) for tag, rule in RULES.items())
    return [AutoTag(tag=tag, reason=Localized(en=said[0], zh=said[1])) for tag, said in found if said]


def tags_of(customer: Mapping[str, Any], as_of: datetime) -> list[dict[str, Any]]:
    """`customers.tags.auto` of a customer document as of a moment, in its stored form."""
    given = auto_tags(
        customer["stats"],
        as_of,
        consent=customer.get("consent"),
        rfm=customer.get("rfm"),
        profiling=customer.get("profiling") or "allowed",
    )
    return [tag.to_doc() for tag in given]


def _orders(count: int) -> str:
    return f"{count} order" if count == 1 else f"{count} orders"
