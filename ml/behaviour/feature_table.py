"""The behaviour features one by one: what each means, its unit, its axis, and how it is said. `docs/features.md` is
made from this table (`python -m ml.behaviour features`), and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schema.base import Localized
from schema.money import exponent, to_decimal


@dataclass(frozen=True)
class Feature:
    """One column."""

    name: str
    unit: Literal["days", "orders", "count", "money", "share", "ratio", "score", "items"]
    axis: Literal["log", "linear"]
    """Log = sign(x) * log(1 + |x|): counts, days and money have long right tails."""
    what: str
    """How it is computed; everything as of the moment, from what happened at or before it."""
    says: Localized
    """The value in words; `{v}` is where it stands."""
    model: bool = True
    """Whether predictions learn from it; the others are there because the customer page and `stats` have them."""
    bent: bool = False
    """Whether the linear model gets hinges for it (piecewise linear instead of straight)."""


def _f(name: str, unit: str, axis: str, what: str, en: str, zh: str, model: bool = True, bent: bool = False) -> Feature:
    return Feature(name, unit, axis, what, Localized(en=en, zh=zh), model, bent)  # type: ignore[arg-type]


FEATURES: tuple[Feature, ...] = (
    _f("recencyDays", "days", "log", "Days since the newest order.", "Last order {v} ago", "距上次下单 {v}", bent=True),
    _f("orders", "orders", "log", "Orders that count: not cancelled, not a test, not deleted.", "{v} so far",
       "累计 {v}", bent=True),
    _f("orders30", "orders", "log", "Orders of the last 30 days.", "{v} in 30 days", "30 天内 {v}"),
    _f("orders90", "orders", "log", "Orders of the last 90 days.", "{v} in 90 days", "90 天内 {v}"),
    _f("orders365", "orders", "log", "Orders of the last 365 days.", "{v} in a year", "一年内 {v}"),
    _f("tempo30", "ratio", "log", "Orders weighted by 0.5 ^ (age / 30 days): how busy the customer is right now.",
       "Recent ordering pace (score {v})", "近期下单节奏（评分 {v}）", bent=True),
    _f("tempo120", "ratio", "log", "Orders weighted by 0.5 ^ (age / 120 days): the pace of the last months.",
       "Ordering pace over months (score {v})", "数月来的下单节奏（评分 {v}）", bent=True),
    _f("tenureDays", "days", "log", "Days since the first order.", "First order {v} ago", "首单于 {v}前"),
    _f("medianGapDays", "days", "log", "Median of the gaps between the newest 21 orders' days (UTC); unknown below "
       "two orders. Equal to `stats.medianGapDays`.", "Usually {v} between orders", "下单间隔通常为 {v}"),
    _f("rhythm", "ratio", "linear", "Coefficient of variation of the gaps between the newest order days (several "
       "orders of a day count once); unknown below four order days.", "Regularity of orders (variation {v})",
       "下单规律性（变异系数 {v}）"),
    _f("overdue", "ratio", "log", "Recency over the customer's own median gap (of at least one day); unknown below two "
       "orders.", "Silent for {v} times the usual gap", "沉默时长为平常间隔的 {v} 倍", bent=True),
    _f("overdueLongest", "ratio", "log", "Recency over the customer's own longest gap; unknown below two order days.",
       "Silent for {v} times the longest gap so far", "沉默时长为历史最长间隔的 {v} 倍", bent=True),
    _f("revenue", "money", "log", "Order totals less refunds. Equal to `stats.revenue`.", "{v} net revenue",
       "净消费 {v}", model=False),
    _f("refunded", "money", "log", "Refunds of those orders. Equal to `stats.refunded`.", "{v} refunded", "退款 {v}",
       model=False),
    _f("discount", "money", "log", "Discounts of those orders. Equal to `stats.discount`.", "{v} discount", "优惠 {v}",
       model=False),
    _f("items", "items", "log", "Items of those orders. Equal to `stats.items`.", "{v} items", "{v} 件商品",
       model=False),
    _f("averageOrder", "money", "log", "Revenue over orders of known value, rounded. Equal to `stats.averageOrder`.",
       "{v} an order, net", "单均净额 {v}", model=False),
    _f("spend", "money", "log", "Order totals before refunds: a refund of later must not reach back.",
       "{v} spent so far", "累计消费 {v}"),
    _f("spend365", "money", "log", "The same of the last 365 days.", "{v} spent in a year", "一年内消费 {v}"),
    _f("averageBasket", "money", "log", "Spend over orders of known value.", "{v} a basket", "客单价 {v}"),
    _f("itemsPerOrder", "items", "log", "Items over orders.", "{v} items a basket", "每单 {v} 件"),
    _f("priceTier", "share", "linear", "Mean percentile of the bought products' prices within their categories: 0 "
       "cheapest, 1 dearest; unknown without a catalogue.", "Buys at the {v} point of the price range",
       "所购商品位于价格带的 {v} 处"),
    _f("breadth", "count", "log", "Categories bought from.", "{v} categories bought", "购买过 {v} 个品类"),
    _f("returnShare", "share", "linear", "Orders with any refund over orders, of those at least 30 days old (a refund "
       "of a younger one may still come, and would tell training about its future).", "{v} of orders returned",
       "退货订单占 {v}"),
    _f("discountShare", "share", "linear", "Orders with any discount over orders.", "{v} of orders with a discount",
       "{v} 的订单使用优惠"),
    _f("discountDepth", "share", "linear", "Discounts over full price (gross totals + discounts).",
       "Saves {v} of full price", "优惠幅度 {v}"),
    _f("visits30", "count", "log", "Visits, pages and searches of the last 30 days; unknown while the shop had not "
       "counted for 30 days.", "{v} visits in 30 days", "30 天内访问 {v} 次"),
    _f("visits90", "count", "log", "The same of 90 days.", "{v} visits in 90 days", "90 天内访问 {v} 次"),
    _f("views30", "count", "log", "Products looked at in the last 30 days; unknown likewise.",
       "{v} products viewed in 30 days", "30 天内浏览 {v} 个商品"),
    _f("views90", "count", "log", "The same of 90 days.", "{v} products viewed in 90 days", "90 天内浏览 {v} 个商品"),
    _f("carts90", "count", "log", "Days of the last 90 with a cart or checkout.", "{v} cart days in 90 days",
       "90 天内 {v} 天有加购"),
    _f("cartAbandonment", "share", "linear", "Cart days (of the last 365) without an order from that day's first cart "
       "to a day after its last, over cart days that are over a day old; unknown without any. A cart's later "
       "fate is not looked at, only orders.", "{v} of carts left behind", "{v} 的购物车被放弃"),
    _f("clicks90", "count", "log", "Clicks on messages in 90 days.", "{v} clicks in 90 days", "90 天内点击 {v} 次"),
    _f("deliveries90", "count", "log", "Messages delivered in 90 days.", "{v} messages in 90 days",
       "90 天内收到 {v} 条消息"),
    _f("activeDaysAgo", "days", "log", "Days since the newest sign of life: order, visit, view, cart, click, text.",
       "Last seen {v} ago", "最近活跃于 {v}前", bent=True),
    _f("events", "count", "log", "Signs of life other than orders, ever.", "{v} signs of life beside orders",
       "除订单外 {v} 次活动"),
    _f("channels", "count", "log", "Different channels ordered through.", "Orders through {v} channels",
       "通过 {v} 个渠道下单"),
    _f("channelLoyalty", "share", "linear", "Share of the most used channel among orders with a known one.",
       "{v} of orders through one channel", "{v} 的订单来自同一渠道"),
    _f("eveningShare", "share", "linear", "Share of orders and visits from 18:00 on, by the shop's clock; unknown "
       "below three moments with an hour.", "{v} of activity in the evening", "{v} 的活动在晚间"),
    _f("weekendShare", "share", "linear", "Share of orders on Saturday or Sunday, shrunk by two orders towards 2/7.",
       "{v} of orders at weekends", "{v} 的订单在周末"),
    _f("texts", "count", "log", "Texts written, with a known time.", "{v} texts written", "写过 {v} 条文字"),
    _f("sentiment", "score", "linear", "Mean of P(positive) - P(negative) of the scored texts so far, each weighted by "
       "0.5 ^ (age / 180 days); unknown without any.", "Mood of their words {v}", "文字情绪 {v}"),
)  # fmt: skip
NAMES = tuple(one.name for one in FEATURES)
BY_NAME = {one.name: one for one in FEATURES}
MODEL_FEATURES = tuple(one.name for one in FEATURES if one.model)


def said(feature: Feature, value: float, currency: str) -> Localized:
    """A value in words."""
    en, zh = _value(feature, value, currency)
    return Localized(en=feature.says.en.format(v=en), zh=feature.says.zh.format(v=zh))


def _value(feature: Feature, value: float, currency: str) -> tuple[str, str]:
    match feature.unit:
        case "days":
            days = round(value)
            return ("1 day" if days == 1 else f"{days:,} days"), f"{days:,} 天"
        case "orders":
            return ("1 order" if round(value) == 1 else f"{round(value):,} orders"), f"{round(value):,} 单"
        case "share":
            return f"{value:.0%}", f"{value:.0%}"
        case "money":
            amount = to_decimal(round(value), currency)
            text = f"{currency} {amount:,.{exponent(currency)}f}"
            return text, text
        case "count":
            return f"{round(value):,}", f"{round(value):,}"
        case "score":
            return f"{value:+.2f}", f"{value:+.2f}"
        case _:
            return f"{value:.1f}", f"{value:.1f}"


def document() -> str:
    """`docs/features.md`."""
    lines = [
        "# Behaviour features",
        "",
        "One pure function, `ml.behaviour.features.features(history, as_of)`, makes them for training and for serving:",
        "a feature uses nothing that happened after `as_of`, and equals `customers.stats` where both tell the same.",
        "Made by `python -m ml.behaviour features > docs/features.md` from `ml/behaviour/feature_table.py`.",
        "",
        "Money is in minor units of the shop's currency; models take an unknown value as the training rows' mean. What",
        "an order's document says of itself (cancelled, total, refund) is what is known today; its time is what counts",
        "for `as_of`.",
        "",
        "| feature | unit | axis | learned from | how it is computed |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.name} | {one.unit} | {one.axis} | {'yes' if one.model else 'no'} | {one.what} |" for one in FEATURES
    ]
    return "\n".join(lines) + "\n"
