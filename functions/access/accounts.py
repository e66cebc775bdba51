"""Sign-in accounts in Firebase Authentication."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from functions.access.members import Account
from schema import runtime


class FirebaseDirectory:
    """`Directory` on firebase_admin.auth."""

    def find_or_create(self, email: str, name: str) -> Account:
        from firebase_admin import auth

        try:
            user = auth.get_user_by_email(email)
            return Account(user.uid, email, user.display_name or "")
        except auth.UserNotFoundError:
            made = auth.create_user(email=email, display_name=name or None)
            return Account(made.uid, email, name, created=True)


@lru_cache(maxsize=1)
def prepare_admin() -> None:
    """Initialise firebase_admin, which verifies ID tokens; under the emulator without credentials: there are none."""
    import firebase_admin

    if os.environ.get("FIREBASE_AUTH_EMULATOR_HOST") or os.environ.get("FUNCTIONS_EMULATOR") == "true":
        from firebase_admin import credentials
        from google.auth.credentials import AnonymousCredentials

        class Emulated(credentials.Base):  # type: ignore[misc]
            def get_credential(self) -> Any:
                return AnonymousCredentials()  # type: ignore[no-untyped-call]

        firebase_admin.initialize_app(Emulated(), {"projectId": runtime.project()})
    else:
        firebase_admin.initialize_app()
