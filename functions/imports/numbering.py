"""Between upload and import: chunks get their order, rows without an id get the number of their occurrence in the file.

A row without an order id is known by what it says and by being the n-th such row of the file, so that identical rows
stay
separate orders and the same file imported again finds them. Memory: 16 bytes a record, in
one pass over the chunks' keys.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from schema.flow import World
from schema.store import Data, Doc, Query, Update, Write

_KEY = 16


@dataclass
class _Chunk:
    path: str
    seq: int
    next: str | None = None
    changes: dict[int, int] = field(default_factory=dict)
    """By record: n of its n-th occurrence, from 1."""
    refused: dict[int, int] = field(default_factory=dict)
    """By record: place of the earlier record with the same id and other content."""


@dataclass(frozen=True)
class Numbered:
    """What numbering found."""

    chunks: int
    rows: int
    records: int
    rejected: int
    repeated: int


def number(world: World, import_id: str, kind: str) -> Numbered:
    """Give every chunk its place and every repeated row its number. Idempotent: numbering again finds the same."""
    query = Query(f"imports/{import_id}/chunks", order_by=(("__name__", "asc"),), select=("keys", "rows", "rejected"))
    seen: dict[bytes, tuple[bytes, int]] = {}
    found: list[tuple[_Chunk, Any]] = []
    rows = records = rejected = repeated = 0
    for seq, doc in enumerate(world.store.query(query)):
        chunk = _Chunk(doc.path, seq)
        rows += doc.data["rows"]
        # Rows that numbering itself refused in an earlier, interrupted pass are still among the records.
        rejected += sum(not one["taken"] for one in doc.data["rejected"] if one["reason"] != "repeated_id")
        keys = doc.data["keys"]
        for index in range(len(keys) // _KEY):
            identity, said = keys[index * _KEY : index * _KEY + 8], keys[index * _KEY + 8 : (index + 1) * _KEY]
            records += 1
            if identity not in seen:
                seen[identity] = (said, 0)
                continue
            first, times = seen[identity]
            if kind == "customers":
                continue
            if first == said:
                seen[identity] = (first, times + 1)
                chunk.changes[index] = times + 1
                repeated += 1
            else:
                chunk.refused[index] = times
                rejected += 1
        found.append((chunk, doc.update_time))
    for (chunk, _), (two_on, _) in zip(found, found[2:], strict=False):
        chunk.next = two_on.path.rsplit("/", 1)[1]
    for start in range(0, len(found), 100):
        _write(world, found[start : start + 100])
    return Numbered(len(found), rows, records, rejected, repeated)


def _write(world: World, found: list[tuple[_Chunk, Any]]) -> None:
    """Write places; chunks with repeated rows are rewritten with their numbers."""
    special = [chunk.path for chunk, _ in found if chunk.changes or chunk.refused]
    docs = world.store.get_many(special) if special else {}
    writes: list[Write] = []
    for chunk, guard in found:
        fields: Data = {"seq": chunk.seq, "next": chunk.next}
        doc = docs.get(chunk.path)
        if doc is not None:
            guard = doc.update_time
            fields |= _renumbered(doc, chunk)
        writes.append(Update(chunk.path, fields, guard))
    world.store.commit(writes)


def _renumbered(doc: Doc, chunk: _Chunk) -> Data:
    records: list[Data] = json.loads(zlib.decompress(doc.data["records"]))
    rejected = [one for one in doc.data["rejected"] if one["reason"] != "repeated_id"]
    for index, times in chunk.changes.items():
        # Rows with an id of their own that say the same again are one order: nothing to number.
        if records[index].get("generatedId"):
            base = records[index]["id"].split("#")[0]
            records[index]["id"] = f"{base}#{times}"
    for index in chunk.refused:
        record = records[index]
        rejected.append(
            {
                "line": record.get("line") or doc.data["firstLine"],
                "column": None,
                "reason": "repeated_id",
                "detail": f"id {record.get('id')} stood in the file before with other values; the first row was kept",
                "raw": json.dumps(record, ensure_ascii=False)[:500],
                "taken": False,
            }
        )
        record["refused"] = True
    return {"records": zlib.compress(json.dumps(records, ensure_ascii=False).encode(), 6), "rejected": rejected}
