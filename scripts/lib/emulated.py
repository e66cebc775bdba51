"""Small calls to a running suite by REST, with the emulators' bypass of sign-in and rules; standard library only."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from scripts.lib.paths import PROJECT, REGION


class CallError(RuntimeError):
    """An emulator refused or did not answer; `status` is 0 when it did not answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def call(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 30.0) -> Any:
    """One request with a JSON body and answer (None when the answer is empty or no JSON).

    Raises:
        CallError: refused or unreachable.
    """
    sent = {"Content-Type": "application/json", "Authorization": "Bearer owner", **(headers or {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, method=method, data=data, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        raise CallError(error.code, error.read().decode(errors="replace")[:2000]) from error
    except OSError as error:
        raise CallError(0, str(error)) from error
    try:
        return json.loads(text)
    except ValueError:
        return None


def value(plain: Any) -> dict[str, Any]:
    """A plain value in Firestore's REST form."""
    if plain is None:
        return {"nullValue": None}
    if isinstance(plain, bool):
        return {"booleanValue": plain}
    if isinstance(plain, int):
        return {"integerValue": str(plain)}
    if isinstance(plain, datetime):
        return {"timestampValue": plain.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    if isinstance(plain, str):
        return {"stringValue": plain}
    if isinstance(plain, dict):
        return {"mapValue": {"fields": {key: value(item) for key, item in plain.items()}}}
    raise TypeError(f"no Firestore form for {type(plain).__name__}")


class Firestore:
    """Documents of the local project through the emulator's REST door."""

    def __init__(self, address: str, project: str = PROJECT) -> None:
        self.base = f"http://{address}/v1/projects/{project}/databases/(default)/documents"

    def get(self, path: str) -> dict[str, Any] | None:
        """A document's raw fields, None when it does not exist."""
        try:
            found: dict[str, Any] = call("GET", f"{self.base}/{quote(path)}")
            return dict(found.get("fields", {}))
        except CallError as error:
            if error.status == 404:
                return None
            raise

    def set(self, path: str, fields: dict[str, Any], create: bool = False) -> bool:
        """Set these fields, leave others. With `create`, only when there is no document yet (False when there is)."""
        mask = "&".join(f"updateMask.fieldPaths={quote(name)}" for name in fields)
        condition = "&currentDocument.exists=false" if create else ""
        try:
            call(
                "PATCH", f"{self.base}/{quote(path)}?{mask}{condition}", {"fields": value(fields)["mapValue"]["fields"]}
            )
        except CallError as error:
            if create and error.status == 409:
                return False
            raise
        return True


def run_schedule(address: str, name: str, timeout: float = 600.0) -> None:
    """Run a scheduled function now, as Cloud Scheduler would, and wait for its end.

    firebase-tools 15.34 makes the topic `firebase-schedule-<function>` but refuses to deliver it to a v2 function
    ("Unsupported trigger signature: http"), so the function is called where the emulator serves it. Its key there ends
    in a number that grows when triggers are reloaded; a 404 answer lists the valid ones.

    Raises:
        CallError: the function does not exist or failed.
    """
    key = f"{name}-0"
    headers = {"X-CloudScheduler-ScheduleTime": datetime.now(UTC).isoformat(), "X-CloudScheduler-JobName": name}
    for _ in range(2):
        try:
            call("POST", f"http://{address}/{PROJECT}/{REGION}/{key}", {}, headers, timeout)
            return
        except CallError as error:
            valid = re.findall(rf"{REGION}-({re.escape(name)}-\d+)\b", str(error))
            if error.status != 404 or not valid or valid[-1] == key:
                raise
            key = valid[-1]
