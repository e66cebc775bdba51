"""Shopify's bulk operations: a big shop's first reading without spending points for each page.

A cursor is `bulk:{operation id}:{byte}`: which result, and where in it the next thing begins. The address of the result
is asked for anew at each page, since it carries a signature and ends.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.connect.shopify_api import ask, part, query
from functions.connect.storefront import Access, Rejected, Unavailable

CHUNK = 256 * 1024
"""Bytes of the result in one page."""
LONGEST = 32 * 1024 * 1024
"""Bytes that one thing with all its lines may have."""
POLL = 5.0
"""Seconds between two looks at a running operation."""
CHILDREN = {"LineItem": "lineItems", "ProductVariant": "variants"}
"""By the kind in a child's id: the connection that it is of."""


@dataclass(frozen=True)
class Part:
    """Some whole things of a result. `offset` None: there are no more; `failed`: read by pages instead."""

    nodes: Sequence[dict[str, Any]] = ()
    offset: int | None = None
    wait: float = 0.0
    failed: bool = False


def begin(access: Access, name: str) -> str | None:
    """Start an operation over `queries/bulk_{name}.graphql`; None where Shopify does not want to run one now."""
    try:
        answer = ask(access, "bulk_start", query=query(f"bulk_{name}"))
    except Rejected:
        return None
    said = answer.data["bulkOperationRunQuery"]
    if said["userErrors"] or not said["bulkOperation"]:
        return None
    return str(said["bulkOperation"]["id"]).rpartition("/")[2]


def read(access: Access, operation: str, offset: int) -> Part:
    """The things from `offset` on."""
    state = ask(access, "bulk_state", id=f"gid://shopify/BulkOperation/{operation}").data["bulkOperation"]
    if state is None or state["status"] in ("FAILED", "CANCELED", "CANCELING", "EXPIRED"):
        return Part(failed=True)
    if state["status"] != "COMPLETED":
        return Part(offset=offset, wait=POLL)
    if not state["url"]:
        # Nothing matched: there is no file.
        return Part()
    length = CHUNK
    while length <= LONGEST:
        raw, total = part(access, state["url"], offset, length)
        nodes, used = whole(raw, offset + len(raw) >= total)
        if nodes or offset + used >= total:
            return Part(nodes, offset + used if offset + used < total else None)
        length *= 2
    raise Unavailable("bulk", "A thing in Shopify's bulk result is too large.", "Shopify 批量结果中有过大的记录。")


def whole(raw: bytes, last: bool) -> tuple[list[dict[str, Any]], int]:
    """The things that are complete in `raw`, with their children inside, and how many bytes they took.

    Children follow their parent (`groupObjects`), so a thing is complete when the next one begins.
    """
    nodes: list[dict[str, Any]] = []
    used = position = 0
    current: dict[str, Any] | None = None
    for line in raw.splitlines(keepends=True):
        if not line.endswith(b"\n") and not last:
            break
        row = json.loads(line)
        parent = row.pop("__parentId", None)
        if parent is None:
            if current is not None:
                nodes.append(current)
                used = position
            current = row | {field: {"nodes": [], "pageInfo": {"hasNextPage": False}} for field in CHILDREN.values()}
        elif current is not None:
            kind = str(row["id"]).removeprefix("gid://shopify/").partition("/")[0]
            current[CHILDREN[kind]]["nodes"].append(row)
        position += len(line)
    if last:
        if current is not None:
            nodes.append(current)
        used = len(raw)
    return nodes, used
