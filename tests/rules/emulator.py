"""A small REST client of the Firestore emulator: rules, seeds, and single operations as somebody signed in.

REST and not the official client, because that one signs in as a server and passes the rules by. The emulator takes
unsigned tokens (alg none), so anybody can be anybody here.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SERVER = "owner"
"""The emulator's own word for a caller that the rules do not hold."""
SERVER_TIME = object()
"""A field of this value is set to the time of the write."""


_kept = threading.local()
"""One connection a thread, whatever the project."""


@dataclass(frozen=True)
class Reference:
    """The value by which a query names one document: `where __name__ == Reference(path)`."""

    path: str


class RulesError(RuntimeError):
    """The emulator does not accept the rules; the message is the compiler's."""


def token(uid: str, claims: Mapping[str, object] | None = None) -> str:
    """An unsigned ID token of a user, as the Auth emulator would issue it."""
    now = int(time.time())
    payload = {
        "sub": uid,
        "user_id": uid,
        "email": f"{uid}@example.test",
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
        "firebase": {"sign_in_provider": "password", "identities": {}},
        **(claims or {}),
    }
    parts = [{"alg": "none", "typ": "JWT"}, payload]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def encode(value: object) -> dict[str, Any]:
    """A value in Firestore's REST form."""
    match value:
        case None:
            return {"nullValue": None}
        case bool():
            return {"booleanValue": value}
        case int():
            return {"integerValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case datetime():
            return {"timestampValue": value.isoformat().replace("+00:00", "Z")}
        case list():
            return {"arrayValue": {"values": [encode(item) for item in value]}}
        case dict():
            return {"mapValue": {"fields": {key: encode(item) for key, item in value.items()}}}
    raise TypeError(f"no Firestore value for {value!r}")


@dataclass
class Project:
    """One project of its own on the emulator: isolated from all others, gone with the emulator."""

    host: str = field(default_factory=lambda: os.environ["FIRESTORE_EMULATOR_HOST"])
    name: str = field(default_factory=lambda: f"demo-rules-{uuid.uuid4().hex[:12]}")

    @property
    def root(self) -> str:
        return f"projects/{self.name}/databases/(default)/documents"

    def load(self, rules: str) -> None:
        """Put rules into force.

        Raises:
            RulesError: they do not compile.
        """
        body = {"rules": {"files": [{"name": "firestore.rules", "content": rules}]}}
        status, answer = self.request("PUT", f"/emulator/v1/projects/{self.name}:securityRules", body)
        if status != 200:
            raise RulesError(answer)

    def seed(self, documents: Mapping[str, Mapping[str, object]]) -> None:
        """Write documents past the rules."""
        status, answer = self.commit([self.put(path, fields) for path, fields in documents.items()], SERVER)
        if status != 200:
            raise AssertionError(f"seeding failed: {status} {answer}")

    def clear(self) -> None:
        """Empty the project, for an emulator that serves others too."""
        self.request("DELETE", f"/emulator/v1/{self.root}")

    def remove(self, path: str) -> None:
        """Delete a document past the rules."""
        assert self.delete(path, SERVER) == 200

    def get(self, path: str, bearer: str | None) -> int:
        return self.request("GET", f"/v1/{self.root}/{path}", None, bearer)[0]

    def create(self, path: str, fields: Mapping[str, object], bearer: str | None) -> int:
        return self.commit([{**self.put(path, fields), "currentDocument": {"exists": False}}], bearer)[0]

    def update(self, path: str, fields: Mapping[str, object], bearer: str | None) -> int:
        return self.commit([{**self.put(path, fields), "currentDocument": {"exists": True}}], bearer)[0]

    def delete(self, path: str, bearer: str | None) -> int:
        return self.commit([{"delete": f"{self.root}/{path}"}], bearer)[0]

    def query(
        self,
        collection: str,
        bearer: str | None,
        *,
        limit: int | None = None,
        where: Sequence[tuple[str, str, object]] = (),
        order: Sequence[tuple[str, str]] = (),
        descendants: bool = False,
        count: bool = False,
    ) -> int:
        """Run a query (or count it); `collection` is a path, of which a collection group takes the last part."""
        parent, _, name = collection.rpartition("/")
        structured: dict[str, Any] = {"from": [{"collectionId": name, "allDescendants": descendants}]}
        if where:
            tests = [
                {"fieldFilter": {"field": {"fieldPath": path}, "op": operator, "value": self.encode(value)}}
                for path, operator, value in where
            ]
            structured["where"] = {"compositeFilter": {"op": "AND", "filters": tests}}
        if order:
            structured["orderBy"] = [{"field": {"fieldPath": path}, "direction": to} for path, to in order]
        if limit is not None:
            structured["limit"] = limit
        where_to = f"/v1/{self.root}{'/' + parent if parent and not descendants else ''}"
        if not count:
            return self.request("POST", f"{where_to}:runQuery", {"structuredQuery": structured}, bearer)[0]
        counted = {"structuredQuery": structured, "aggregations": [{"alias": "n", "count": {}}]}
        body = {"structuredAggregationQuery": counted}
        return self.request("POST", f"{where_to}:runAggregationQuery", body, bearer)[0]

    def encode(self, value: object) -> dict[str, Any]:
        """As `encode`, also references to documents of this project."""
        return {"referenceValue": f"{self.root}/{value.path}"} if isinstance(value, Reference) else encode(value)

    def put(self, path: str, fields: Mapping[str, object]) -> dict[str, Any]:
        plain = {name: encode(value) for name, value in fields.items() if value is not SERVER_TIME}
        stamped = [name for name, value in fields.items() if value is SERVER_TIME]
        write: dict[str, Any] = {"update": {"name": f"{self.root}/{path}", "fields": plain}}
        if stamped:
            write["updateTransforms"] = [{"fieldPath": name, "setToServerValue": "REQUEST_TIME"} for name in stamped]
        return write

    def commit(self, writes: list[dict[str, Any]], bearer: str | None) -> tuple[int, str]:
        return self.request("POST", f"/v1/{self.root}:commit", {"writes": writes}, bearer)

    def request(self, method: str, path: str, body: object = None, bearer: str | None = None) -> tuple[int, str]:
        """One HTTP call on this thread's own kept connection."""
        headers = {"Content-Type": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        text = json.dumps(body) if body is not None else None
        for attempt in (0, 1):
            host, connection = getattr(_kept, "to", (None, None))
            if connection is None or host != self.host:
                connection = http.client.HTTPConnection(self.host, timeout=30)
                _kept.to = (self.host, connection)
            try:
                connection.request(method, path, text, headers)
                response = connection.getresponse()
                return response.status, response.read().decode()
            except (http.client.HTTPException, ConnectionError):
                # A connection that the server has closed meanwhile: once more on a new one.
                connection.close()
                _kept.to = (None, None)
                if attempt:
                    raise
        raise AssertionError("unreachable")
