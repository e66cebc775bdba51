"""The downloadable report of rows that were not taken (or taken without a cell), in file order."""

from __future__ import annotations

import csv
import io

from functions.access.errors import Refused
from schema.flow import World
from schema.store import Data, Query, get

_PAGE = 50


def report(world: World, args: Data) -> Data:
    """A page of the report as CSV text; `next` continues it.

    Cells that a spreadsheet would run as a formula get a leading apostrophe.
    """
    import_id = args.get("importId")
    if not isinstance(import_id, str) or "/" in import_id or get(world.store, f"imports/{import_id}") is None:
        raise Refused("not_found", "importId", "There is no such import.", "没有这个导入。", "not-found")
    after = args.get("after")
    query = Query(
        f"imports/{import_id}/chunks",
        order_by=(("__name__", "asc"),),
        limit=_PAGE,
        select=("rejected",),
        after=(after,) if isinstance(after, str) else None,
    )
    chunks = list(world.store.query(query))
    out = io.StringIO()
    writer = csv.writer(out)
    if after is None:
        writer.writerow(["line", "column", "reason", "detail", "row taken", "row"])
    for chunk in chunks:
        for one in sorted(chunk.data["rejected"], key=lambda rejection: rejection["line"]):
            cells = [
                one["line"],
                one["column"] or "",
                one["reason"],
                one["detail"],
                "yes" if one["taken"] else "no",
                one["raw"],
            ]
            writer.writerow([_harmless(cell) for cell in cells])
    return {"csv": out.getvalue(), "next": chunks[-1].id if len(chunks) == _PAGE else None}


def _harmless(cell: object) -> object:
    return "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
