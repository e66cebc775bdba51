"""What WooCommerce's documentation says of its resources, as JSON Schemas: names and types of fields."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SPECS = Path(__file__).parent / "specs" / "woo_types.json"
OTHERWISE: dict[str, list[str]] = {
    # The documentation's tables and its own examples differ here: either is right.
    "price": ["string", "number"],
    "rate_id": ["string", "integer"],
    "tax_class": ["string", "integer"],
    "shipping_class_id": ["string", "integer"],
    "status": ["string", "boolean"],
    "stock_quantity": ["integer", "null"],
    "usage_limit": ["integer", "null"],
    "usage_limit_per_user": ["integer", "null"],
    "limit_usage_to_x_items": ["integer", "null"],
}
HEADERS = ("X-WP-Total", "X-WP-TotalPages")


@lru_cache(maxsize=1)
def facts() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(SPECS.read_text())
    return held


def parameters(resource: str) -> set[str]:
    """The documented parameters of a list."""
    return set(facts()[resource]["parameters"])


def _type(name: str, told: str) -> dict[str, Any]:
    if name in OTHERWISE:
        return {"type": OTHERWISE[name]}
    # Dates that have not come are null; so is the picture of a variation that has none.
    return {"type": [told, "null"] if name.startswith("date_") or name == "image" else told}


@lru_cache
def validator(resource: str) -> Draft202012Validator:
    """Every documented field is there, and is what it is said to be."""
    held = facts()[resource]
    properties: dict[str, Any] = {}
    for name, told in held["fields"].items():
        schema = _type(name, told)
        inside = held["inside"].get(name)
        if inside:
            shape: dict[str, Any] = {
                "type": ["object", "null"] if name == "image" else "object",
                "properties": {each: _type(each, kind) for each, kind in inside.items()},
                "required": sorted(inside),
            }
            if name == "meta_data":
                shape["properties"]["value"] = {}
            if name == "taxes":
                shape = {"type": "object", "required": ["id", "total"]}
            schema = {"type": "array", "items": shape} if told == "array" else shape
        properties[name] = schema
    return Draft202012Validator({"type": "object", "properties": properties, "required": sorted(held["fields"])})


def problems(resource: str, body: Any) -> list[str]:
    """What is wrong with an answer; empty when it is as documented."""
    return [f"{'/'.join(map(str, one.path))}: {one.message[:120]}" for one in validator(resource).iter_errors(body)]


ERROR = Draft202012Validator(
    {
        "type": "object",
        "required": ["code", "message", "data"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "data": {"type": "object", "required": ["status"], "properties": {"status": {"type": "integer"}}},
        },
    }
)
