"""A product's price history from its sightings, in any order of arrival.

Whether a sighting is a change depends on the one before it, which may come later. So the newest sightings are kept with
the product, and the history's documents are what follows from them: nothing is decided by who came first. What offers
are told is decided when a change has rested for a moment (`REST`), against what they were told before; then a price
that went down and up again, or two messages that overtook each other, announce nothing false.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from schema.clock import of_milliseconds
from schema.flow import stable_id
from schema.records import OfferEvent
from schema.store import Delete, Put, Write

Data = dict[str, Any]
KEPT = 50
"""Sightings that may come late; a product changes rarely more often within the days that Pub/Sub keeps a message."""
REST = timedelta(seconds=30)
"""How long a change rests before offers are told: messages that overtake each other are seconds apart."""


def empty() -> Data:
    """A product before it was seen."""
    return {"seen": [], "before": None, "settled": None}


def see(state: Data, sighting: Data) -> None:
    """Note what one version of the product said, in place."""
    if state["before"] and sighting["version"] <= state["before"]["version"]:
        return
    seen = {one["version"]: one for one in state["seen"]}
    held = seen.get(sighting["version"])
    if held is None or sighting["hash"] > held["hash"]:
        seen[sighting["version"]] = sighting
    elif sighting["hash"] == held["hash"]:
        seen[sighting["version"]] = {**held, "historic": held["historic"] and sighting["historic"]}
    ordered = [seen[version] for version in sorted(seen)]
    state["before"] = ordered[-KEPT - 1] if len(ordered) > KEPT else state["before"]
    state["seen"] = ordered[-KEPT:]


def history(state: Data) -> dict[int, Data]:
    """By version, the sightings that changed price or stock."""
    changes: dict[int, Data] = {}
    last = state["before"]
    for one in state["seen"]:
        if last is None or _says(one) != _says(last):
            changes[one["version"]] = one
        last = one
    return changes


def history_writes(product: str, old: Data, new: Data) -> list[Write]:
    """The documents of the history that came or went with a sighting; those that left `seen` stay."""
    was, now = history(old), history(new)
    first = new["seen"][0]["version"] if new["seen"] else 0
    writes: list[Write] = []
    for version in sorted({*was, *now}):
        path = f"{product}/prices/{version}"
        if version in now and (version not in was or _says(was[version]) != _says(now[version])):
            price, currency, stock = _says(now[version])
            writes.append(
                Put(path, {"at": of_milliseconds(version), "price": price, "currency": currency, "stock": stock})
            )
        elif version not in now and version >= first:
            writes.append(Delete(path))
    return writes


def due(state: Data, held: datetime | None, now: datetime) -> datetime | None:
    """When to tell offers of a change, or None when there is none that they do not know of."""
    known, newest = _known(state), state["seen"][-1] if state["seen"] else None
    if known is None or newest is None or newest["version"] <= known["version"] or _says(known) == _says(newest):
        return None
    return held or now + REST


def happened(state: Data, identity: str) -> list[OfferEvent]:
    """What offers have to be told: the net of everything since they were told last."""
    known, newest = _known(state), state["seen"][-1] if state["seen"] else None
    if known is None or newest is None or newest["version"] <= known["version"]:
        return []
    found: list[OfferEvent] = []
    at, historic = of_milliseconds(newest["version"]), newest["historic"]
    before, after = known["price"], newest["price"]
    if before is not None and after is not None and after < before and known["currency"] == newest["currency"]:
        found.append(
            OfferEvent(
                id=stable_id("price_drop", identity, newest["version"]),
                kind="price_drop",
                at=at,
                product_id=identity,
                before=before,
                after=after,
                currency=newest["currency"],
                historic=historic,
            )
        )
    if known["stock"] is not None and known["stock"] <= 0 and (newest["stock"] or 0) > 0:
        found.append(
            OfferEvent(
                id=stable_id("back_in_stock", identity, newest["version"]),
                kind="back_in_stock",
                at=at,
                product_id=identity,
                before=known["stock"],
                after=newest["stock"],
                historic=historic,
            )
        )
    return found


def _known(state: Data) -> Data | None:
    """What offers know of: what they were told, else the first sighting."""
    known: Data | None = state["settled"] or state["before"] or (state["seen"][0] if state["seen"] else None)
    return known


def _says(sighting: Data) -> tuple[int | None, str | None, int | None]:
    return sighting["price"], sighting["currency"], sighting["stock"]
