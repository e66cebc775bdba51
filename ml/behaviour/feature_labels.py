"""Short names of the features for tables and charts, in both languages."""

from __future__ import annotations

from ml.behaviour.feature_table import NAMES
from schema.base import Localized

_LABELS = {
    "recencyDays": ("Time since the last order", "距上次下单"),
    "orders": ("Orders so far", "累计订单"),
    "orders30": ("Orders in 30 days", "30 天订单"),
    "orders90": ("Orders in 90 days", "90 天订单"),
    "orders365": ("Orders in a year", "一年订单"),
    "tempo30": ("Pace of the last weeks", "近几周节奏"),
    "tempo120": ("Pace of the last months", "近几月节奏"),
    "tenureDays": ("Time since the first order", "距首单"),
    "medianGapDays": ("Usual gap between orders", "通常下单间隔"),
    "rhythm": ("Regularity of orders", "下单规律性"),
    "overdue": ("Silence over the usual gap", "沉默与平常间隔之比"),
    "overdueLongest": ("Silence over the longest gap", "沉默与最长间隔之比"),
    "revenue": ("Net revenue", "净消费"),
    "refunded": ("Refunded", "退款额"),
    "discount": ("Discounts", "优惠额"),
    "items": ("Items", "商品件数"),
    "averageOrder": ("Average order, net", "单均净额"),
    "spend": ("Spend so far", "累计消费"),
    "spend365": ("Spend in a year", "一年消费"),
    "averageBasket": ("Average basket", "客单价"),
    "itemsPerOrder": ("Items a basket", "每单件数"),
    "priceTier": ("Price tier", "价格档位"),
    "breadth": ("Categories bought", "购买品类数"),
    "returnShare": ("Share of returns", "退货占比"),
    "discountShare": ("Share of discounted orders", "优惠订单占比"),
    "discountDepth": ("Depth of discounts", "优惠幅度"),
    "visits30": ("Visits in 30 days", "30 天访问"),
    "visits90": ("Visits in 90 days", "90 天访问"),
    "views30": ("Products viewed in 30 days", "30 天浏览商品"),
    "views90": ("Products viewed in 90 days", "90 天浏览商品"),
    "carts90": ("Carts in 90 days", "90 天加购"),
    "cartAbandonment": ("Carts left behind", "弃购率"),
    "clicks90": ("Clicks in 90 days", "90 天点击"),
    "deliveries90": ("Messages in 90 days", "90 天消息"),
    "activeDaysAgo": ("Time since last seen", "距最近活跃"),
    "events": ("Signs of life", "活动次数"),
    "channels": ("Channels", "渠道数"),
    "channelLoyalty": ("Loyalty to one channel", "渠道专一度"),
    "eveningShare": ("Evening share", "晚间占比"),
    "weekendShare": ("Weekend share", "周末占比"),
    "texts": ("Texts written", "文字数"),
    "sentiment": ("Mood of their words", "文字情绪"),
    "rhythmOdds": ("Order rhythm (BG/NBD)", "下单节律（BG/NBD）"),
}
LABELS = {name: Localized(en=en, zh=zh) for name, (en, zh) in _LABELS.items()}
assert set(LABELS) == {*NAMES, "rhythmOdds"}
