"""An order of several rows may be cut in two where one part of the upload ends: here it is put together again."""

from __future__ import annotations

import json
import zlib
from typing import Any

from functions.imports.rows import Reading, parse_rows
from schema.flow import World
from schema.store import Data, Doc, Query, Update, Write


def stitch(world: World, import_id: str, reading: Reading) -> int:
    """Join the orders that stand on both sides of a part's end. Idempotent. Returns how many were joined."""
    if reading.kind != "orders" or "orderId" not in reading.fields:
        return 0
    query = Query(f"imports/{import_id}/chunks", order_by=(("__name__", "asc"),), select=("head", "tail"))
    joined = 0
    before: Doc | None = None
    for doc in world.store.query(query):
        head = doc.data["head"]
        if before is not None and head and before.data["tail"] and head["orderId"] == before.data["tail"]["orderId"]:
            _join(world, before.path, doc.path, reading)
            joined += 1
        before = doc
    return joined


def _join(world: World, left_path: str, right_path: str, reading: Reading) -> None:
    """The order moves whole into the left chunk; the right one forgets its piece, and what was said against it."""
    docs = world.store.get_many([left_path, right_path])
    left, right = docs[left_path], docs[right_path]
    if left is None or right is None:
        return
    tail, head = left.data["tail"], right.data["head"]
    lines = _lines_of(tail, reading) | _lines_of(head, reading)
    whole = parse_rows(f"{tail['raw']}\n{head['raw']}", tail["line"], reading)
    writes: list[Write] = []
    for doc, edge, put in ((left, tail, True), (right, head, False)):
        records, keys = _without(doc, edge["orderId"], last=put)
        rejected = [one for one in doc.data["rejected"] if one["line"] not in lines]
        if put:
            records += [record.to_json() for record in whole.records]
            keys += b"".join(bytes.fromhex(key) for key in whole.keys)
            rejected += [rejection.to_doc() for rejection in whole.rejected]
        fields: Data = {
            "records": zlib.compress(json.dumps(records, ensure_ascii=False).encode(), 6),
            "keys": keys,
            "rejected": rejected,
            ("tail" if put else "head"): None,
        }
        writes.append(Update(doc.path, fields, doc.update_time))
    world.store.commit(writes)


def _lines_of(edge: Data, reading: Reading) -> set[int]:
    return set(range(edge["line"], edge["line"] + edge["raw"].count("\n") + 1))


def _without(doc: Doc, order_id: str, last: bool) -> tuple[list[Any], bytes]:
    """The chunk's records without its last (or first) one if that is the order's piece."""
    records: list[Any] = json.loads(zlib.decompress(doc.data["records"]))
    keys: bytes = doc.data["keys"]
    if not records:
        return records, keys
    index = len(records) - 1 if last else 0
    if records[index].get("id") != order_id or records[index].get("generatedId"):
        return records, keys
    kept = records[:index] + records[index + 1 :]
    return kept, keys[: index * 16] + keys[(index + 1) * 16 :]
