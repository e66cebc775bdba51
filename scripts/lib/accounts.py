"""The demo accounts: made in the Auth emulator, let into the console through its own door.

Members are made by the same callable that an owner uses, so that every one of them is in the audit.
"""

from __future__ import annotations

from typing import Any

from scripts.lib.demo import DEMO, DEMO_PASSWORD
from scripts.lib.emulated import CallError, call
from scripts.lib.paths import PROJECT, REGION


class Accounts:
    """The Auth emulator and the callable `console` of one suite; both addresses are host:port."""

    def __init__(self, auth: str, functions: str) -> None:
        self._identity = f"http://{auth}/identitytoolkit.googleapis.com/v1"
        self._console = f"http://{functions}/{PROJECT}/{REGION}/console"

    def make(self, email: str, password: str, role: str, name: str) -> None:
        """A verified account with a fixed id. One that is there already stays as it is."""
        account = {
            "localId": f"demo-{role}",
            "email": email,
            "password": password,
            "displayName": name,
            "emailVerified": True,
        }
        try:
            call("POST", f"{self._identity}/projects/{PROJECT}/accounts", account)
        except CallError as error:
            if "EXISTS" not in str(error) and "DUPLICATE" not in str(error):
                raise

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> str:
        """The ID token of an account."""
        wanted = {"email": email, "password": password, "returnSecureToken": True}
        found = call("POST", f"{self._identity}/accounts:signInWithPassword?key=demo", wanted)
        return str(found["idToken"])

    def act(self, token: str, action: str, timeout: float = 60.0, **values: Any) -> dict[str, Any]:
        """One action of the console as a signed-in person."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = call("POST", self._console, {"data": {"action": action, **values}}, headers, timeout)
        return dict(answer["result"])

    def seed(self) -> None:
        """Every demo account exists and is a member; also warms the function that answers the console.

        Raises:
            CallError: the Auth emulator or the console's function refused.
        """
        for person in DEMO:
            self.make(**person)
        owner = self.sign_in(DEMO[0]["email"])
        self.act(owner, "session.start")
        for person in DEMO[1:]:
            self.act(owner, "members.set", email=person["email"], name=person["name"], role=person["role"])

    def learn(self) -> None:
        """Have everything learnt that the data carry, as the owner would: moods, groups, predictions, findings."""
        self.act(self.sign_in(DEMO[0]["email"]), "model.train")
