"""Documents of many customers at once: a page of customers in the order of their ids is one range of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schema.store import Doc, Query, Store

IN = 30
"""Values that an `in` takes."""
PAGE = 100
"""From this many on, ids come from a page in id order and lie close together: one range instead of many `in` queries,
each of which is thirty look-ups. What lies between them belongs to nobody asked and is passed over."""


def of_customers(
    store: Store, collection: str, roots: Sequence[str], aliases: Iterable[str], fields: tuple[str, ...]
) -> Iterator[Doc]:
    """Documents whose `customerId` is one of the roots or their aliases, each once, in no order.

    Args:
        fields: `customerId` must be among them.
    """
    others = sorted({*aliases} - {*roots})
    if len(roots) < PAGE:
        others = sorted({*others, *roots})
    else:
        wanted = {*roots}
        span = (("customerId", ">=", min(roots)), ("customerId", "<=", max(roots)))
        query = Query(collection, where=span, order_by=(("customerId", "asc"),), select=fields)  # type: ignore[arg-type]
        for doc in store.query(query):
            if doc.data["customerId"] in wanted:
                yield doc
    for start in range(0, len(others), IN):
        among = ("customerId", "in", others[start : start + IN])
        yield from store.query(Query(collection, where=(among,), select=fields))  # type: ignore[arg-type]
