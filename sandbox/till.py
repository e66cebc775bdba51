"""A till in a shop: sells, and tells every sale through the tracking API, with Segment's own Python client.

    python -m sandbox.till --url http://127.0.0.1:5001/demo-timbre/us-central1/track --key tb_srv_... --sales 20

Half the buyers show a member card, a quarter give their phone number, the others give nothing; now and then somebody
brings something back. The key must be a server key of the channel "pos".
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from segment.analytics import Client  # type: ignore[import-untyped]

SHELF = (
    ("tea-green", "Green tea", "8.50"),
    ("tea-black", "Black tea", "7.90"),
    ("cup-blue", "Blue cup", "12.00"),
    ("pot-small", "Small teapot", "34.00"),
    ("honey", "Honey", "6.25"),
    ("biscuits", "Butter biscuits", "4.75"),
)
MEMBERS = 40
"""Member codes in use: M-0001 and on."""


@dataclass(frozen=True)
class Sale:
    """One receipt."""

    order_id: str
    total: Decimal
    currency: str
    products: list[dict[str, Any]]
    member: str | None = None
    phone: str | None = None

    def properties(self) -> dict[str, Any]:
        """As Segment's e-commerce vocabulary has it, with the buyer as the till knows them."""
        who = {name: value for name, value in (("member", self.member), ("phone", self.phone)) if value}
        return {
            "order_id": self.order_id,
            "total": float(self.total),
            "currency": self.currency,
            "products": self.products,
            **who,
        }


def sell(rng: random.Random, till: str, day: str, number: int, currency: str) -> Sale:
    """A receipt drawn by `rng`; the same seed gives the same receipts."""
    lines = [(*item, rng.choice((1, 1, 1, 2, 3))) for item in rng.sample(SHELF, rng.randint(1, 3))]
    products = [
        {"product_id": code, "name": title, "price": float(price), "quantity": count}
        for code, title, price, count in lines
    ]
    total = sum((Decimal(price) * count for _, _, price, count in lines), Decimal(0))
    member: str | None = None
    phone: str | None = None
    drawn = rng.random()
    if drawn < 0.5:
        member = f"M-{rng.randint(1, MEMBERS):04}"
    elif drawn < 0.75:
        # 555-01xx numbers are reserved for fiction.
        phone = f"+1202555{rng.randint(100, 199):04}"
    return Sale(f"{till}-{day}-{number:04}", total, currency, products, member, phone)


class Till:
    """One till and its line to the tracking API."""

    def __init__(self, url: str, key: str, name: str = "till-1", on_error: Callable[..., None] | None = None) -> None:
        self.name = name
        self._client = Client(key, host=url.rstrip("/"), on_error=on_error, upload_interval=0.2, max_retries=3)

    def tell(self, sale: Sale, at: datetime | None = None) -> None:
        """Tell a sale. The message id is the receipt's: a receipt told twice is one sale."""
        self._client.track(
            anonymous_id=self.name,
            event="Order Completed",
            properties=sale.properties(),
            timestamp=at,
            message_id=f"sale-{sale.order_id}",
        )

    def take_back(self, sale: Sale, amount: Decimal, at: datetime | None = None) -> None:
        """Tell that something came back; who tells a refund names the buyer again."""
        properties = {
            name: value
            for name, value in sale.properties().items()
            if name in ("order_id", "currency", "member", "phone")
        }
        self._client.track(
            anonymous_id=self.name,
            event="Order Refunded",
            properties={**properties, "total": float(amount)},
            timestamp=at,
            message_id=f"refund-{sale.order_id}",
        )

    def close(self) -> None:
        """Send what is left and stop."""
        self._client.shutdown()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a till; returns 1 when the API refused anything."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.till", description=__doc__)
    parser.add_argument("--url", required=True, help="base of the tracking API, without /v1")
    parser.add_argument("--key", required=True, help="a server key of the channel pos")
    parser.add_argument("--sales", type=int, default=10)
    parser.add_argument("--till", default="till-1")
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two sales")
    given = parser.parse_args(arguments)

    problems: list[str] = []
    till = Till(given.url, given.key, given.till, lambda error, _items: problems.append(str(error)))
    rng, day = random.Random(given.seed), datetime.now(UTC).strftime("%y%m%d")
    for number in range(1, given.sales + 1):
        sale = sell(rng, given.till, day, number, given.currency)
        till.tell(sale)
        back = rng.random() < 0.05
        if back:
            till.take_back(sale, Decimal(str(sale.products[0]["price"])))
        who = "member" if sale.member else "phone" if sale.phone else "nobody"
        print(f"{sale.order_id}  {sale.total:>8} {sale.currency}  {who}{'  (something came back)' if back else ''}")
        time.sleep(given.pause)
    till.close()
    for problem in problems:
        print(f"refused: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
