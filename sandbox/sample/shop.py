"""Who the sample shop is: its name, its money and its clock."""

from __future__ import annotations

NAME = "Tidewater Home · 汐物"
CURRENCY = "USD"
"""The reporting currency."""
ZONE = "America/New_York"
COUNTRY = "US"
CNY_RATE = 0.14
"""US dollars for one yuan: the only rate the shop has, since it sells in dollars and, in mainland China, in yuan."""
CONNECTION = "sample"
PLATFORM = "sample"
SEED = 20
DAYS = 730


def settings() -> dict[str, object]:
    """The fields of `settings/shop` that the sample decides (camelCase, without `updatedAt`)."""
    return {
        "name": NAME,
        "currency": CURRENCY,
        "zone": ZONE,
        "country": COUNTRY,
        "rates": {"CNY": CNY_RATE},
        "sample": True,
    }
