"""Structured logs that Cloud Logging understands: one JSON object a line, with the execution's id, without personal
data.

Callers pass counts, ids, codes and durations. Values that could hold personal data have no place in `fields`; as a last
line of defence anything that looks like an e-mail address or a phone number is masked.
"""

from __future__ import annotations

import contextvars
import json
import logging
import re
import sys
import traceback
import uuid
from typing import Any, Literal

# It logs every address with its query; some platforms take their keys there.
logging.getLogger("httpx").setLevel(logging.WARNING)
_execution: contextvars.ContextVar[str] = contextvars.ContextVar("execution", default="-")
_EMAIL = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+\.[^\s@\"'<>]+")
_PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d ()-]{8,}\d(?!\w|[.:-]\d)")
Severity = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


def begin(execution_id: str | None = None) -> str:
    """Start an execution: every line until the next one carries its id."""
    current = execution_id or uuid.uuid4().hex[:16]
    _execution.set(current)
    return current


def mask(text: str) -> str:
    """Text with e-mail addresses and phone numbers replaced."""
    return _PHONE.sub("[phone]", _EMAIL.sub("[e-mail]", text))


def write(severity: Severity, message: str, **fields: Any) -> None:
    """Write one line. `message` is constant text; what varies goes into `fields`."""
    line = {"severity": severity, "message": message, "execution_id": _execution.get(), **fields}
    text = json.dumps(_masked(line), ensure_ascii=False, default=lambda value: mask(str(value)))
    print(text, file=sys.stderr if severity == "ERROR" else sys.stdout, flush=True)


def _masked(value: Any) -> Any:
    """Only texts: a version in milliseconds looks like a phone number, and the line must stay JSON."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {name: _masked(item) for name, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, (list, tuple)) else value


def failure(message: str, error: BaseException, **fields: Any) -> None:
    """Log an exception by type and place; its text is left out, since it may quote the data it failed on."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
    write("ERROR", message, error=type(error).__name__, at=where, **fields)
