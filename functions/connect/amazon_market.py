"""Amazon's marketplaces: which country's shop is meant, its API region, its addresses. Identifiers as Amazon lists them
(developer-docs.amazon.com/sp-api/docs/marketplace-ids).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.connect.storefront import Rejected


@dataclass(frozen=True)
class Market:
    country: str
    id: str
    tld: str
    """`amazon.{tld}` and `sellercentral.amazon.{tld}`."""
    region: str
    """`na`, `eu` or `fe`: which API host and which consent."""

    @property
    def host(self) -> str:
        return f"amazon.{self.tld}"


_TABLE = """
US ATVPDKIKX0DER com na
CA A2EUQ1WTGCTBG2 ca na
MX A1AM78C64UM0Y8 com.mx na
BR A2Q3Y263D00KWC com.br na
IE A28R8C7NBKEWEA ie eu
ES A1RKKUPIHCS9HS es eu
GB A1F83G8C2ARO7P co.uk eu
FR A13V1IB3VIYZZH fr eu
BE AMEN7PMS3EDWL com.be eu
NL A1805IZSGTT6HS nl eu
DE A1PA6795UKMFR9 de eu
IT APJ6JRA9NG5V4 it eu
SE A2NODRKZP88ZB9 se eu
ZA AE08WJ6YKNBMC co.za eu
PL A1C3SOZRARQ6R3 pl eu
EG ARBP9OOSHTCHU eg eu
TR A33AVAJ2PDY3EV com.tr eu
SA A17E79C6D8DWNP sa eu
AE A2VIGQ35RCS4UG ae eu
IN A21TJRUUN4KGV in eu
SG A19VAU5U5O7RUS sg fe
AU A39IBJ37TRP1C6 com.au fe
JP A1VC38T7YXB528 co.jp fe
"""

MARKETS: tuple[Market, ...] = tuple(Market(*row.split()) for row in _TABLE.strip().splitlines())
BY_COUNTRY = {market.country: market for market in MARKETS} | {"UK": next(m for m in MARKETS if m.country == "GB")}
BY_ID = {market.id: market for market in MARKETS}
BY_HOST = {market.host: market for market in MARKETS}
SELLER = re.compile(r"A[0-9A-Z]{9,20}")
_HOST = re.compile(r"(?:sellercentral\.|www\.)?(amazon\.[a-z.]+)")


def parse(shop: str) -> tuple[Market, str | None]:
    """The marketplace that was meant, and the seller id if it was given.

    Args:
        shop: `amazon.in`, `https://sellercentral.amazon.in/...`, a marketplace id, a country code; each with
            `/seller id` or ` seller id` behind it.

    Raises:
        Rejected: no such marketplace (`field="shop"`).
    """
    words = [w for w in re.split(r"[/\s,;]+", re.sub(r"^[a-zA-Z]+://", "", shop.strip())) if w]
    place, rest = (words[0], words[1:]) if words else ("", [])
    found = _HOST.fullmatch(place.lower())
    if place.lower() == "sellercentral-europe.amazon.com":
        raise _unknown("sellercentral-europe.amazon.com")
    market = BY_HOST.get(found.group(1)) if found else None
    market = market or BY_ID.get(place.upper()) or BY_COUNTRY.get(place.upper())
    if market is None:
        raise _unknown(place)
    seller = next((w.upper() for w in rest if SELLER.fullmatch(w.upper())), None)
    return market, seller


def canonical(market: Market, seller: str | None) -> str:
    """The key of a connection: `amazon.in/A3TH9S8BH6GOGM`; without the seller id while it is not known yet."""
    return f"{market.host}/{seller}" if seller else market.host


def _unknown(place: str) -> Rejected:
    given = f"“{place[:40]}”" if place else "Nothing"
    return Rejected(
        "shop",
        f"{given} does not say which Amazon marketplace: type its address, such as amazon.in or amazon.com.",
        "请填写亚马逊站点的网址，例如 amazon.in 或 amazon.com，以确定是哪个国家站点。",
        field="shop",
    )
