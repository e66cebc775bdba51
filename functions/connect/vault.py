"""Credentials at rest: AES-256-GCM, the key's version in the ciphertext, what they belong to as associated data.

A sealed text says which key opens it, so that keys can be rotated: a new key is put first in `CREDENTIALS_KEYS`, old
ones stay until everything is sealed anew. The associated data binds a ciphertext to one connection: copied into another
connection's document it does not open.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.connect.storefront import App, Secrets

NONCE_BYTES = 12


class VaultError(Exception):
    """The key ring is unusable, or a sealed text does not open. Never carries what was sealed."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by version; the newest seals, all open."""

    keys: Mapping[int, bytes]

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read `2:<base64 of 32 bytes>,1:<base64 of 32 bytes>`.

        Raises:
            VaultError: no key, a key that is not 32 bytes, or a version twice.
        """
        keys: dict[int, bytes] = {}
        for part in filter(None, (one.strip() for one in text.split(","))):
            version, _, encoded = part.partition(":")
            try:
                number, key = int(version), base64.b64decode(encoded, validate=True)
            except (ValueError, binascii.Error):
                raise VaultError(
                    "CREDENTIALS_KEYS must read like `1:<base64 of 32 random bytes>`, several separated by commas."
                ) from None
            if len(key) != 32 or number in keys:
                raise VaultError("CREDENTIALS_KEYS: each version once, each key 32 bytes in base64.")
            keys[number] = key
        if not keys:
            raise VaultError("CREDENTIALS_KEYS is empty: `firebase functions:secrets:set CREDENTIALS_KEYS`.")
        return cls(keys)

    @property
    def newest(self) -> int:
        return max(self.keys)


def seal(ring: KeyRing, text: str, context: str) -> str:
    """Encrypt a text: `v{version}.{base64url nonce}.{base64url ciphertext and tag}`.

    Args:
        context: what it belongs to (a connection's id): needed again to open it.
    """
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(ring.keys[ring.newest]).encrypt(nonce, text.encode(), context.encode())
    return f"v{ring.newest}.{_encode(nonce)}.{_encode(closed)}"


def unseal(ring: KeyRing, sealed: str, context: str) -> str:
    """Decrypt what `seal` made for the same context.

    Raises:
        VaultError: another context, a changed text, or a key that is no longer in the ring.
    """
    version, _, rest = sealed.partition(".")
    nonce, _, closed = rest.partition(".")
    key = ring.keys.get(int(version[1:])) if version[:1] == "v" and version[1:].isdigit() else None
    if key is None:
        raise VaultError(f"Sealed with key {version[:6]}, which is not in CREDENTIALS_KEYS.")
    try:
        return AESGCM(key).decrypt(_decode(nonce), _decode(closed), context.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise VaultError("A sealed text does not open: it was changed, or belongs to something else.") from None


def seal_secrets(ring: KeyRing, secrets: Secrets, connection: str) -> str:
    """Seal everything secret about a connection in one piece."""
    said = asdict(secrets)
    said["app"]["extra"] = dict(secrets.app.extra)
    return seal(ring, json.dumps(said, default=_isoformat), connection)


def unseal_secrets(ring: KeyRing, sealed: str, connection: str) -> Secrets:
    """The other way round.

    Raises:
        VaultError: as `unseal`.
    """
    said: dict[str, Any] = json.loads(unseal(ring, sealed, connection))
    app = said.pop("app")
    app["former_secrets"] = tuple(app["former_secrets"])
    for name in ("expires_at", "refresh_expires_at"):
        said[name] = datetime.fromisoformat(said[name]) if said[name] else None
    for name in ("webhook_secrets", "scopes"):
        said[name] = tuple(said[name])
    return Secrets(app=App(**app), **said)


def _isoformat(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"cannot seal a {type(value).__name__}")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
