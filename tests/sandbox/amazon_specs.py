"""Amazon's own description of its API as JSON Schema, to check the simulated shop's answers against. `specs/NOTICE.md`
says where it is from.
"""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft7Validator, FormatChecker

FORMATS = FormatChecker(())


@FORMATS.checks("date-time", ValueError)
def is_time(value: object) -> bool:
    """ISO 8601 with a zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


FILE = Path(__file__).parent / "specs" / "amazon-sp-api.json.gz"


@cache
def models() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return found


def notification() -> dict[str, Any]:
    """The draft-07 schema of ORDER_CHANGE."""
    found: dict[str, Any] = models()["OrderChangeNotification.json"]
    return found


def closed(schema: Any) -> Any:
    """The schema with unknown fields refused, where it lists its fields: a misspelt one must not pass."""
    if isinstance(schema, dict):
        made = {k: closed(v) for k, v in schema.items()}
        if schema.get("type") == "object" and isinstance(schema.get("properties"), dict) and "allOf" not in schema:
            made.setdefault("additionalProperties", False)
        return made
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    return schema


def operation(model: str, name: str) -> tuple[str, str, dict[str, Any]]:
    """Path, method and description of an operation."""
    for path, methods in models()[model]["paths"].items():
        for method, told in methods.items():
            if told["operationId"] == name:
                return path, method, told
    raise KeyError(name)


def check_answer(model: str, name: str, status: int, body: Any) -> None:
    """Raises ValidationError when an answer is not as described."""
    _, _, told = operation(model, name)
    schema = {**told["responses"][str(status)]["schema"], "definitions": closed(models()[model]["definitions"])}
    Draft4Validator(schema, format_checker=FORMATS).validate(body)


def check_query(model: str, name: str, query: dict[str, str]) -> None:
    """Raises AssertionError when a request's parameters are not as described."""
    _, _, told = operation(model, name)
    known = {p["name"]: p for p in told["parameters"] if p.get("in") == "query"}
    assert set(query) <= set(known), set(query) - set(known)
    assert {n for n, p in known.items() if p.get("required")} <= set(query)
    for word, value in query.items():
        rule = known[word]
        values = value.split(",") if rule["type"] == "array" else [value]
        allowed = (rule.get("items") or {}).get("enum") or rule.get("enum")
        assert len(values) <= rule.get("maxItems", len(values))
        assert allowed is None or set(values) <= set(allowed), (word, values)
        if rule["type"] == "integer":
            assert int(value) <= rule.get("maximum", int(value))


def check_notification(body: Any) -> None:
    """Raises ValidationError when a notification is not as ORDER_CHANGE is described."""
    Draft7Validator(closed(notification())).validate(body)
