"""The key ring behind sealed secrets, read once."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.connect.vault import KeyRing

Ring = Callable[[], "KeyRing"]
"""Opened only where a secret is needed: most calls need none."""


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    """The deployment's ring.

    Raises:
        VaultError: CREDENTIALS_KEYS is missing or unusable.
    """
    from functions.connect.vault import KeyRing

    return KeyRing.parse(os.environ.get("CREDENTIALS_KEYS", ""))
