"""An independent recount of each customer's figures from the collections, as one would do it in a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def recount(dump: dict[str, dict[str, Any]], *accounts: str) -> dict[str, Any]:
    """`stats` of a customer, from its accounts' orders, texts and events; without `lastSeenAt`, which none keeps."""

    def of(collection: str) -> list[dict[str, Any]]:
        return [
            data
            for path, data in dump.items()
            if path.startswith(f"{collection}/") and path.count("/") == 1 and data["customerId"] in accounts
        ]

    orders = [order for order in of("orders") if order["status"] in ("paid", "refunded") and not order.get("deleted")]
    known = [order for order in orders if order["reportingTotal"] is not None]
    revenue = sum(order["reportingTotal"] for order in known)
    times = sorted(order["placedAt"] for order in orders)
    days = [(time - EPOCH).days for time in times][-21:]
    gaps = sorted(days[index + 1] - days[index] for index in range(len(days) - 1))
    middle = len(gaps) // 2
    texts = of("feedback")
    ratings = [text["rating"] for text in texts if text["rating"] is not None]
    return {
        "orders": len(orders),
        "revenue": revenue,
        "refunded": sum(order["reportingRefunded"] for order in known),
        "discount": sum(order["reportingDiscount"] for order in known),
        "items": sum(order["items"] for order in orders),
        "unconverted": len(orders) - len(known),
        "firstOrderAt": times[0] if times else None,
        "lastOrderAt": times[-1] if times else None,
        "recentOrderDays": days,
        "medianGapDays": (gaps[middle] + gaps[-1 - middle]) / 2 if gaps else None,
        "averageOrder": round(revenue / len(known)) if known else None,
        "feedback": len(texts),
        "ratingSum": sum(ratings),
        "rated": len(ratings),
        "events": sum(
            event["kind"] not in ("order", "refund", "feedback", "profile", "merge") for event in of("events")
        ),
    }


def assert_counted(dump: dict[str, dict[str, Any]]) -> int:
    """Hold every account's and every customer's stats against the recount. Returns how many accounts there are."""
    customers = [path for path in dump if path.startswith("customers/") and path.count("/") == 1]
    for path in customers:
        customer, one = dump[path], path.split("/")[1]
        accounts = [] if customer["mergedInto"] else [one, *customer["aliases"]]
        assert _figures(customer["stats"]) == recount(dump, *accounts), path
        assert _figures(dump[f"{path}/sources/account"]["stats"]) == recount(dump, one), path
    return len(customers)


def _figures(stats: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stats.items() if name != "lastSeenAt"}
