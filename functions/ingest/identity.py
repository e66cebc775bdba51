"""Deterministic ids. Customer ids and address look-ups are keyed hashes: without the key nobody can guess them."""

from __future__ import annotations

import hashlib
import hmac

from schema.flow import stable_id


def customer_id(key: bytes, connection: str, account: str) -> str:
    """Id of the customer behind an account of a connection."""
    return _keyed(key, "customer", connection, account)


def identity_id(key: bytes, kind: str, value: str) -> str:
    """Id of the look-up document of an address (already normalised)."""
    return _keyed(key, "identity", kind, value)


def record_id(connection: str, kind: str, external: str) -> str:
    """Id of an order, product, text or event of a connection."""
    return stable_id(connection, kind, external)


def _keyed(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:20]
