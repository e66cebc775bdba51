"""The store over Firestore keeps the contract of every store, on the real emulator."""

from __future__ import annotations

import pytest

from schema.firestore_store import FirestoreStore
from tests.logic.conformance import StoreContract

pytestmark = pytest.mark.emulator


class TestFirestoreStore(StoreContract):
    @pytest.fixture
    def store(self, cloud: FirestoreStore) -> FirestoreStore:
        return cloud
