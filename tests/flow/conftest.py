"""A store over this test's own empty project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.firestore_store import FirestoreStore

if TYPE_CHECKING:
    from google.cloud.firestore import Client


@pytest.fixture
def cloud(firestore_client: Client) -> FirestoreStore:
    """A store over an empty database on the real emulator."""
    return FirestoreStore(firestore_client)
