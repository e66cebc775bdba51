"""Sign-in accounts in Firebase Authentication."""

from __future__ import annotations

from functions.access.members import Account


class FirebaseDirectory:
    """`Directory` on firebase_admin.auth."""

    def find_or_create(self, email: str, name: str) -> Account:
        from firebase_admin import auth

        from functions.triggers import prepare_admin

        prepare_admin()
        try:
            user = auth.get_user_by_email(email)
            return Account(user.uid, email, user.display_name or "")
        except auth.UserNotFoundError:
            made = auth.create_user(email=email, display_name=name or None)
            return Account(made.uid, email, name, created=True)
