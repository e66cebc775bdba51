"""What Amazon's reading operations answer: parameters checked as the API's description says, pages by tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.shops.amazon_shapes import (
    BY_ID,
    MARKETS,
    Json,
    asin_of,
    catalog_json,
    listing_json,
    listings,
    order_json,
    order_number,
    stamp,
)
from sandbox.shops.model import Order, Product
from sandbox.shops.shop import SimulatedShop

TOKEN_LIFE = timedelta(hours=24)
BEHIND = timedelta(minutes=2)
KEPT = timedelta(days=730)
MOST_LISTINGS = 1000
DATA_SETS = {
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
}  # fmt: skip
LISTING_SETS = {
    "summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships",
    "productTypes",
}  # fmt: skip


class Reads:
    """Reading for one seller. Errors are ValueErrors: the caller makes InvalidInput of them."""

    def __init__(self, shop: SimulatedShop) -> None:
        self._shop = shop
        self._tokens: dict[str, tuple[Mapping[str, str], Any, datetime]] = {}

    def _token(self, asked: Mapping[str, str], place: Any) -> str:
        token = secrets.token_urlsafe(24)
        self._tokens[token] = (dict(asked), place, self._shop.now() + TOKEN_LIFE)
        return token

    def _place(self, token: str, asked: Mapping[str, str], free: set[str]) -> Any:
        """Where a page begins. Everything but `free` must be as it was when the token was given."""
        if token not in self._tokens:
            raise ValueError("The pagination token is invalid.")
        before, place, until = self._tokens[token]
        if until <= self._shop.now():
            raise ValueError("The pagination token has expired.")
        if {k: v for k, v in before.items() if k not in free} != {k: v for k, v in asked.items() if k not in free}:
            raise ValueError("The parameters differ from those of the request that gave the pagination token.")
        return place

    # --- orders ---

    def search(self, region: str, args: Mapping[str, str]) -> Json:
        names = {
            "createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore", "fulfillmentStatuses",
            "marketplaceIds", "fulfilledBy", "maxResultsPerPage", "paginationToken", "includedData",
        }  # fmt: skip
        asked = {k: args[k] for k in args}
        if set(asked) - names:
            raise ValueError(f"Unknown parameter: {sorted(set(asked) - names)[0]}")
        if ("createdAfter" in asked) == ("lastUpdatedAfter" in asked):
            raise ValueError("Provide exactly one of createdAfter and lastUpdatedAfter.")
        by = "created" if "createdAfter" in asked else "updated"
        other = "lastUpdatedBefore" if by == "created" else "createdBefore"
        if other in asked:
            raise ValueError(f"{other} may not be given with this filter.")
        first, last = (
            ("createdAfter", "createdBefore") if by == "created" else ("lastUpdatedAfter", "lastUpdatedBefore")
        )
        latest = self._shop.now() - BEHIND
        since = _time(asked[first])
        until = _time(asked[last]) if last in asked else latest
        if until > latest or until < since:
            raise ValueError(f"{last} must not be before {first} and at least two minutes before now.")
        most = int(asked.get("maxResultsPerPage", "100"))
        if not 1 <= most <= 100:
            raise ValueError("maxResultsPerPage must be between 1 and 100.")
        countries = self._countries(region, asked.get("marketplaceIds", ""))
        token = asked.pop("paginationToken", None)
        place = self._place(token, asked, {"maxResultsPerPage", "includedData"}) if token else None
        included = _included(asked)
        found: list[Order] = []
        after: tuple[int, int] | None = place
        while True:
            page = self._shop.page("orders", "amazon", by, 200, after, since, until)  # type: ignore[arg-type]
            for spot, order in page:
                fits = order.marketplace in countries and order.placed_at > self._shop.now() - KEPT
                if fits and len(found) == most:
                    answer = self._orders(found, included, by, until)
                    return answer | {"pagination": {"nextToken": self._token(asked, after)}}
                after = spot
                if fits:
                    found.append(order)
            if len(page) < 200:
                return self._orders(found, included, by, until)

    def _orders(self, found: list[Order], included: set[str], by: str, until: datetime) -> Json:
        name = "createdBefore" if by == "created" else "lastUpdatedBefore"
        return {"orders": [order_json(order, included) for order in found], name: stamp(until)}

    def order(self, region: str, number: str, args: Mapping[str, str]) -> Json | None:
        included, key = _included(args), order_number(number)
        found = self._shop.get("orders", key, "amazon") if key is not None else None
        if found is None or MARKETS[found.marketplace][0] != region:
            return None
        return {"order": order_json(found, included)}

    def _countries(self, region: str, text: str) -> set[str]:
        here = {country for country, market in MARKETS.items() if market[0] == region}
        if not text:
            return here
        ids = text.split(",")
        if len(ids) > 50:
            raise ValueError("marketplaceIds has more than 50 entries.")
        if any(BY_ID.get(one) not in here for one in ids):
            raise ValueError("A marketplace id is not valid for this region.")
        return {BY_ID[one] for one in ids}

    # --- listings and catalog ---

    def listings(self, region: str, seller: str, args: Mapping[str, str]) -> Json:
        country, included = self._listing_args(region, args)
        size = int(args.get("pageSize", "10"))
        if not 1 <= size <= 20:
            raise ValueError("pageSize must be between 1 and 20.")
        sort = args.get("sortBy", "lastUpdatedDate")
        if sort not in ("sku", "createdDate", "lastUpdatedDate"):
            raise ValueError("sortBy is not valid.")
        asked = {k: args[k] for k in args if k != "pageToken"}
        start = int(self._place(args["pageToken"], asked, set())) if "pageToken" in args else 0
        after = _time(args["lastUpdatedAfter"]) if "lastUpdatedAfter" in args else None
        with self._shop.lock:
            products: list[Product] = list(self._shop.products.values())
        rows = [
            (product.updated_at, sku, product, variant)
            for product in products
            if after is None or product.updated_at >= after
            for sku, _, variant in listings(product)
        ]
        key = {"sku": lambda r: r[1], "createdDate": lambda r: (r[2].created_at, r[1])}.get(
            sort, lambda r: (r[0], r[1])
        )
        rows.sort(key=key, reverse=args.get("sortOrder", "DESC") == "DESC")
        shown = rows[:MOST_LISTINGS][start : start + size]
        answer: Json = {
            "numberOfResults": len(rows),
            "items": [listing_json(sku, product, variant, country, included) for _, sku, product, variant in shown],
        }
        if start + size < min(len(rows), MOST_LISTINGS):
            answer["pagination"] = {"nextToken": self._token(asked, start + size)}
        return answer

    def listing(self, region: str, seller: str, sku: str, args: Mapping[str, str]) -> Json | None:
        country, included = self._listing_args(region, args)
        with self._shop.lock:
            products = list(self._shop.products.values())
        for product in products:
            for name, _, variant in listings(product):
                if name == sku:
                    return listing_json(sku, product, variant, country, included)
        return None

    def _listing_args(self, region: str, args: Mapping[str, str]) -> tuple[str, set[str]]:
        if not args.get("marketplaceIds"):
            raise ValueError("marketplaceIds is required.")
        countries = self._countries(region, args["marketplaceIds"])
        included = set(args.get("includedData", "summaries").split(","))
        if included - LISTING_SETS:
            raise ValueError("includedData is not valid.")
        return min(countries), included

    def catalog(self, region: str, args: Mapping[str, str]) -> Json:
        countries = self._countries(region, args.get("marketplaceIds", ""))
        ids = [one for one in args.get("identifiers", "").split(",") if one]
        if not args.get("marketplaceIds") or "," in args["marketplaceIds"]:
            raise ValueError("Exactly one marketplace id is required.")
        if not ids or len(ids) > 20 or args.get("identifiersType") != "ASIN":
            raise ValueError("Up to 20 identifiers of the type ASIN are required.")
        if int(args.get("pageSize", "10")) > 20:
            raise ValueError("pageSize must not be more than 20.")
        included = set(args.get("includedData", "summaries").split(","))
        with self._shop.lock:
            held = {asin_of(v.id): (p, v) for p in self._shop.products.values() for v in p.variants}
        items = [catalog_json(*held[one], min(countries), included) for one in ids if one in held]
        size = int(args.get("pageSize", "10"))
        return {"numberOfResults": len(items), "items": items[:size]}


def _included(args: Mapping[str, str]) -> set[str]:
    included = {one for one in args.get("includedData", "").split(",") if one}
    if included - DATA_SETS:
        raise ValueError("includedData is not valid.")
    return included


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("A time must have a zone.")
    return at
