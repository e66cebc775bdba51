"""Customers of several accounts, for everyone who reads: which customer an account is, and which accounts it has.

Orders, texts and events keep the id of their account. Whoever reads a customer's asks `customerId in [root, *aliases]`.
"""

from __future__ import annotations

from collections.abc import Iterable

from schema.store import Doc, Store, get


def roots(store: Store, accounts: Iterable[str]) -> dict[str, str]:
    """The customer of each account: itself, or the root that it was merged into; without those that do not exist."""
    wanted = list(dict.fromkeys(accounts))
    docs = store.get_many(f"customers/{one}" for one in wanted)
    held = {one: docs[f"customers/{one}"] for one in wanted}
    return {one: str(doc.data.get("mergedInto") or one) for one, doc in held.items() if doc}


def customer(store: Store, identity: str) -> tuple[Doc, list[str]] | None:
    """The document of the customer that an account belongs to, and the ids of all its accounts (the root's first)."""
    doc = get(store, f"customers/{identity}")
    if doc is not None and doc.data.get("mergedInto"):
        doc = get(store, f"customers/{doc.data['mergedInto']}")
    return (doc, [doc.id, *(doc.data.get("aliases") or [])]) if doc else None
