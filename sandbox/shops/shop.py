"""The simulated shop: what it holds, sorted for paging, who listens, and what happens in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import RLock
from typing import Any, TypeVar, cast

from sandbox.shops.history import Maker, write
from sandbox.shops.index import By, Index, milliseconds
from sandbox.shops.model import (
    PLATFORMS,
    THINGS,
    Anything,
    Cart,
    Change,
    Customer,
    Order,
    Platform,
    Product,
    Review,
    Thing,
)

Kind = TypeVar("Kind", bound=Anything)
Listener = Callable[[Change], None]


def seen_by(thing: Anything) -> frozenset[Platform]:
    """The storefronts at which a thing is."""
    if isinstance(thing, Product):
        return frozenset(PLATFORMS)
    if isinstance(thing, Customer):
        return thing.platforms
    return frozenset((thing.platform,))


def begun(thing: Anything) -> datetime:
    return thing.placed_at if isinstance(thing, Order) else thing.created_at


class SimulatedShop:
    """Deterministic for a seed and a starting time. Things are immutable (see `model`), so a read needs no copy; the
    dicts themselves are only to be walked under `lock`.
    """

    def __init__(self, seed: int, customers: int, orders: int, now: Callable[[], datetime]) -> None:
        self.lock = RLock()
        self._clock = now
        self.maker = Maker(seed)
        past = write(self.maker, customers, orders, self.now())
        self.products: dict[int, Product] = past.products
        self.customers: dict[int, Customer] = past.customers
        self.orders: dict[int, Order] = past.orders
        self.carts: dict[int, Cart] = past.carts
        self.reviews: dict[int, Review] = past.reviews
        self.kept: dict[str, tuple[object, tuple[str, ...]]] = {}
        self.keep("shop", self, "maker", "products", "customers", "orders", "carts", "reviews")
        self._listeners: list[Listener] = []
        self._index: dict[tuple[Thing, Platform, By], Index] = {}
        self._build()

    def keep(self, name: str, holder: object, *attributes: str) -> None:
        """Say what must outlast a restart (see `keeping`): attributes that can be pickled."""
        self.kept[name] = (holder, attributes)

    def rebuild(self) -> None:
        """Order the things anew after they were taken up from elsewhere."""
        self._index.clear()
        self._build()

    def now(self) -> datetime:
        """The shop's time, in whole seconds as the platforms tell it."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def exact_now(self) -> datetime:
        """The same with fractions of a second, for limits by the second."""
        return self._clock().astimezone(UTC)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change, outside the lock; the result stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- reading ---

    def page(
        self,
        thing: Thing,
        platform: Platform,
        by: By = "id",
        limit: int = 50,
        after: tuple[int, int] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        offset: int = 0,
        reverse: bool = False,
    ) -> list[tuple[tuple[int, int], Any]]:
        """Up to `limit` things of a storefront in order, each with its place (give the last one as `after`).

        Args:
            since, until: bounds, both included, on the time that `by` names ("created" or "updated").
            offset: how many to pass over first, for platforms that count pages.
        """
        with self.lock:
            low = milliseconds(since) if since else None
            high = milliseconds(until) if until else None
            places = self._index[thing, platform, by].page(limit, after, low, high, offset, reverse)
            held = self._held(thing)
            return [(place, held[place[1]]) for place in places]

    def total(
        self,
        thing: Thing,
        platform: Platform,
        by: By = "id",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        with self.lock:
            low, high = self._index[thing, platform, by].span(
                milliseconds(since) if since else None, milliseconds(until) if until else None
            )
            return high - low

    def get(self, thing: Thing, number: int, platform: Platform | None = None) -> Any | None:
        """One thing, or None where it does not exist (at that storefront)."""
        with self.lock:
            found = self._held(thing).get(number)
            return found if found is None or platform is None or platform in seen_by(found) else None

    def _held(self, thing: Thing) -> dict[int, Any]:
        return cast(dict[int, Any], getattr(self, thing))

    # --- changing ---

    def act(self, what: str, platform: Platform | None = None, **options: object) -> Anything | None:
        """Make something happen now (the names are in `acts.ACTS`). Raises ValueError for what cannot happen."""
        from sandbox.shops.acts import ACTS

        if what not in ACTS:
            raise ValueError(f"unknown act: {what}; one of {', '.join(sorted(ACTS))}")
        with self.lock:
            result, changes = ACTS[what](self, platform, dict(options))
        self.tell(changes)
        return result

    def tell(self, changes: list[Change]) -> None:
        for change in changes:
            for listener in list(self._listeners):
                try:
                    listener(change)
                except Exception:
                    logging.getLogger(__name__).exception("a listener failed")

    def put(
        self,
        thing: Thing,
        new: Kind,
        action: str | None = None,
        data: Mapping[str, object] | None = None,
    ) -> Change:
        """Store a thing in place of its older self; the caller holds the lock and tells the change afterwards."""
        held = self._held(thing)
        old = held.get(new.id)
        if old is not None:
            self._unlist(thing, old)
        held[new.id] = new
        for platform in seen_by(new):
            self._index[thing, platform, "id"].add(new.id, new.id)
            self._index[thing, platform, "created"].add(milliseconds(begun(new)), new.id)
            self._index[thing, platform, "updated"].add(milliseconds(new.updated_at), new.id)
        did = action or ("created" if old is None else "updated")
        return Change(thing, did, new.id, self.now(), seen_by(new), old, data or {})

    def drop(self, thing: Thing, number: int, data: Mapping[str, object] | None = None) -> Change:
        """Delete a thing; the caller holds the lock and tells the change afterwards."""
        old = self._held(thing).pop(number)
        self._unlist(thing, old)
        return Change(thing, "deleted", number, self.now(), seen_by(old), old, data or {})

    def _unlist(self, thing: Thing, old: Anything) -> None:
        for platform in seen_by(old):
            self._index[thing, platform, "id"].remove(old.id, old.id)
            self._index[thing, platform, "created"].remove(milliseconds(begun(old)), old.id)
            self._index[thing, platform, "updated"].remove(milliseconds(old.updated_at), old.id)

    def _build(self) -> None:
        for thing in THINGS:
            pairs: dict[tuple[Platform, By], list[tuple[int, int]]] = {}
            for platform in PLATFORMS:
                pairs[platform, "id"], pairs[platform, "created"], pairs[platform, "updated"] = [], [], []
            for one in self._held(thing).values():
                created, updated = milliseconds(begun(one)), milliseconds(one.updated_at)
                for platform in seen_by(one):
                    pairs[platform, "id"].append((one.id, one.id))
                    pairs[platform, "created"].append((created, one.id))
                    pairs[platform, "updated"].append((updated, one.id))
            for (platform, by), found in pairs.items():
                self._index[thing, platform, by] = Index(found)
