"""Taking a file in: created, uploaded part by part (each kept as chunks before it is acknowledged), finished,
cancelled."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from functions.access.errors import Refused
from functions.imports.conversations import JSON_LINES
from functions.imports.fields import BY_NAME, CONSENT_FIELDS, KINDS, missing_fields
from functions.imports.rows import Parsed, Reading, parse_rows
from schema.clock import milliseconds
from schema.flow import RECORDS_A_MESSAGE, World, stable_id
from schema.jobs import ColumnMatch, Import, Run
from schema.money import CURRENCIES
from schema.records import Job
from schema.shop import Shop
from schema.store import Create, Data, Put, Query, ReadSet, Update, Write, get, settle

MAX_PART_BYTES = 1_500_000
MAX_CHUNK_BYTES = 600_000
"""Uncompressed bytes of records in a chunk: a message and a document stay far below their limits."""


def create(world: World, args: Data, actor: str, actor_name: str) -> Data:
    """Register a file. Returns importId and runId; nothing is imported yet.

    Raises:
        Refused: a field of the request is wrong; `field` names it.
    """
    now = world.clock()
    kind = _one_of(args, "kind", KINDS)
    header = args.get("header")
    if (
        not isinstance(header, list)
        or not header
        or not all(isinstance(name, str) for name in header)
        or len(header) > 200
    ):
        raise Refused(
            "header", "header", "The header must be a list of up to 200 column names.", "表头必须是最多 200 个列名。"
        )
    mapping = _mapping(args.get("mapping"), header)
    problems = missing_fields(kind, {match.field for match in mapping if match.field})
    if problems:
        raise Refused("missing_field", *problems[0])
    currency = _currency(args.get("currency"))
    zone = _zone(args.get("zone"))
    version = milliseconds(now)
    import_id = stable_id("import", actor, version, args.get("fileName"))
    while get(world.store, f"imports/{import_id}"):
        # Two files of one name in one millisecond are two imports.
        version += 1
        import_id = stable_id("import", actor, version, args.get("fileName"))
    run_id = f"import-{import_id}"
    document = Import(
        kind=kind,
        file_name=str(args.get("fileName") or "file.csv")[:200],
        file_bytes=args.get("fileBytes") if isinstance(args.get("fileBytes"), int) else None,
        connection_id=str(args.get("connectionId") or "csv")[:100],
        platform="sample" if args.get("platform") == "sample" else "csv",
        version=version,
        status="uploading",
        header=[name.strip()[:200] for name in header],
        delimiter=_one_of(args, "delimiter", (",", ";", "\t", "|", JSON_LINES), ","),
        mapping=mapping,
        currency=currency,
        zone=zone,
        date_order=_one_of(args, "dateOrder", ("ymd", "mdy", "dmy"), "ymd"),
        consent_column=any(match.field in CONSENT_FIELDS for match in mapping),
        run_id=run_id,
        sample=args.get("platform") == "sample",
        created_by=actor,
        created_by_name=actor_name[:200],
        created_at=now,
        updated_at=now,
    )
    run = Run(
        kind="import",
        status="running",
        title=document.file_name,
        started_at=now,
        updated_at=now,
        started_by=actor,
        ref=f"imports/{import_id}",
    )

    def plan(docs: ReadSet) -> list[Write]:
        shop = docs["settings/shop"]
        writes: list[Write] = [
            Create(f"imports/{import_id}", document.to_doc() | {"runId": run_id}),
            Create(f"runs/{run_id}", run.to_doc()),
        ]
        held = shop.data if shop else {}
        if held.get("sample") and held.get("currency") not in (None, currency) and not document.sample:
            raise Refused(
                "sample_currency",
                "currency",
                f"The sample shop reports in {held['currency']}: remove the sample shop first, "
                f"then import in {currency}.",
                f"示例商店使用 {held['currency']}：请先移除示例商店，再以 {currency} 导入。",
            )
        if not held.get("currency"):
            # The first real file decides the reporting currency; an owner can change it in the settings.
            fresh = Shop(name=held.get("name") or "My shop", currency=currency, zone=zone, updated_at=now).to_doc()
            writes.append(Put("settings/shop", fresh | {k: v for k, v in held.items() if v is not None}))
        return writes

    settle(world.store, ["settings/shop"], plan)
    return {"importId": import_id, "runId": run_id}


def upload(world: World, args: Data) -> Data:
    """Keep one part of the file as chunks. Idempotent: the same part again replaces itself.

    Returns:
        rows, rejected: counts of this part.
    Raises:
        Refused: the import is not open, or the part is malformed.
    """
    import_id, held = _open_import(world, args)
    part, first_line, text = args.get("part"), args.get("firstLine"), args.get("text")
    if not isinstance(part, int) or not 0 <= part < 100_000:
        raise Refused("part", "part", "part must be a whole number from 0.", "part 必须是从 0 开始的整数。")
    # A table's first line is its header; JSON lines have none.
    lowest = 1 if held["delimiter"] == JSON_LINES else 2
    if not isinstance(first_line, int) or first_line < lowest:
        raise Refused(
            "firstLine",
            "firstLine",
            f"firstLine must be the file's line of the first row, {lowest} or more.",
            f"firstLine 必须是第一行的行号（至少为 {lowest}）。",
        )
    if not isinstance(text, str) or len(text.encode()) > MAX_PART_BYTES:
        raise Refused(
            "text",
            "text",
            "A part holds at most 1.5 MB of rows: send smaller parts.",
            "每部分最多 1.5 MB：请分成更小的部分。",
        )
    parsed = parse_rows(text, first_line, reading_of(held, world))
    writes: list[Write] = []
    pieces = list(_chunks(parsed))
    for index, (records, keys) in enumerate(pieces):
        writes.append(
            Put(
                f"imports/{import_id}/chunks/{part:05d}-{index:02d}",
                {
                    "part": part,
                    "seq": None,
                    "next": None,
                    "rows": parsed.rows if index == 0 else 0,
                    "firstLine": first_line,
                    "records": zlib.compress(json.dumps(records, ensure_ascii=False, default=str).encode(), 6),
                    "keys": keys,
                    "rejected": [rejection.to_doc() for rejection in parsed.rejected] if index == 0 else [],
                    "head": parsed.head if index == 0 else None,
                    "tail": parsed.tail if index == len(pieces) - 1 else None,
                    "done": False,
                    "doneAt": None,
                    "attestedAt": None,
                },
            )
        )
    path = f"imports/{import_id}"

    def keep(docs: ReadSet) -> list[Write]:
        now_held = docs[path]
        if now_held is None or now_held.data["status"] != "uploading":
            return []
        return [*writes, Update(path, {"updatedAt": world.clock()}, now_held.update_time)]

    settle(world.store, [path], keep)
    return {"rows": parsed.rows, "rejected": sum(not one.taken for one in parsed.rejected)}


def _chunks(parsed: Parsed) -> Iterator[tuple[list[Data], bytes]]:
    """Records in pieces of at most 200 and about 600 kB; at least one piece, so that rejections have a place."""
    records: list[Data] = []
    keys = bytearray()
    size = 0
    for record, key in zip(parsed.records, parsed.keys, strict=True):
        body = record.to_json()
        length = len(json.dumps(body, ensure_ascii=False).encode())
        if records and (len(records) >= RECORDS_A_MESSAGE or size + length > MAX_CHUNK_BYTES):
            yield records, bytes(keys)
            records, keys, size = [], bytearray(), 0
        records.append(body)
        keys += bytes.fromhex(key)
        size += length
    yield records, bytes(keys)


def finish(world: World, args: Data) -> Data:
    """The upload is complete: number the rows and start. Safe to call twice.

    Raises:
        Refused: parts are missing; the message names the first.
    """
    import_id = _import_id(args)
    path = f"imports/{import_id}"
    parts = args.get("parts")
    if not isinstance(parts, int) or parts < 0:
        raise Refused("parts", "parts", "parts must be the number of parts sent.", "parts 必须是已上传的部分数。")
    held = _held(world, import_id)
    if held["status"] != "uploading":
        return {}
    present = {doc.data["part"] for doc in world.store.query(Query(f"{path}/chunks", select=("part",)))}
    absent = next((part for part in range(parts) if part not in present), None)
    if absent is not None:
        raise Refused(
            "part_missing",
            "parts",
            f"Part {absent} has not arrived: send it again, then finish.",
            f"第 {absent} 部分尚未到达：请重新上传后再完成。",
        )

    def start(docs: ReadSet) -> list[Write]:
        doc = docs[path]
        if doc is None or doc.data["status"] != "uploading":
            return []
        return [Update(path, {"status": "numbering", "updatedAt": world.clock()}, doc.update_time)]

    settle(world.store, [path], start)
    world.bus.publish("jobs", Job(kind="import", id=import_id))
    return {}


def cancel(world: World, args: Data) -> Data:
    """Stop an import. What was written stays; the rest is not written."""
    import_id = _import_id(args)
    path = f"imports/{import_id}"
    run_path = f"runs/import-{import_id}"
    now = world.clock()

    def stop(docs: ReadSet) -> list[Write]:
        doc, run = docs[path], docs[run_path]
        if doc is None or doc.data["status"] in ("done", "cancelled", "failed"):
            return []
        writes: list[Write] = [
            Update(path, {"status": "cancelled", "updatedAt": now, "finishedAt": now}, doc.update_time)
        ]
        if run:
            writes.append(
                Update(run_path, {"status": "cancelled", "updatedAt": now, "finishedAt": now}, run.update_time)
            )
        return writes

    settle(world.store, [path, run_path], stop)
    return {}


def reading_of(held: Data, world: World) -> Reading:
    """How the rows of a registered file are to be read."""
    by_column = [match["field"] for match in held["mapping"]]
    return Reading(
        kind=held["kind"],
        delimiter=held["delimiter"],
        header=tuple(held["header"]),
        fields=tuple(by_column),
        currency=held["currency"],
        zone=ZoneInfo(held["zone"]),
        date_order=held["dateOrder"],
        version=held["version"],
        created_at=held["createdAt"],
        now=world.clock(),
    )


def _import_id(args: Data) -> str:
    import_id = args.get("importId")
    if not isinstance(import_id, str) or not import_id or "/" in import_id:
        raise Refused("importId", "importId", "importId is missing.", "缺少 importId。")
    return import_id


def _held(world: World, import_id: str) -> Data:
    doc = get(world.store, f"imports/{import_id}")
    if doc is None:
        raise Refused("not_found", "importId", "There is no such import.", "没有这个导入。")
    return doc.data


def _open_import(world: World, args: Data) -> tuple[str, Data]:
    import_id = _import_id(args)
    held = _held(world, import_id)
    if held["status"] != "uploading":
        raise Refused(
            "closed",
            "importId",
            "This import takes no more rows: start a new one.",
            "此导入已不再接收数据：请新建导入。",
        )
    return import_id, held


def _mapping(given: Any, header: list[str]) -> list[ColumnMatch]:
    """One match a column, in the header's order; each meaning at most once."""
    if not isinstance(given, list):
        raise Refused(
            "mapping", "mapping", "mapping must be a list of {column, field}.", "mapping 必须是 {column, field} 列表。"
        )
    if len(given) != len(header):
        raise Refused(
            "mapping",
            "mapping",
            f"{len(given)} matches for {len(header)} columns: give one for each column.",
            "每一列都需要一个匹配。",
        )
    matches: list[ColumnMatch] = []
    used: dict[str, str] = {}
    for column, match in zip(header, given, strict=True):
        field = match.get("field") if isinstance(match, dict) else None
        if field is not None and field not in BY_NAME:
            raise Refused(
                "mapping",
                "mapping",
                f"'{field}' is not a meaning that a column can have.",
                f"“{field}”不是可用的列含义。",
            )
        if field in used and field is not None:
            raise Refused(
                "mapped_twice",
                "mapping",
                f"'{used[field]}' and '{column}' both stand for {BY_NAME[field].en}: keep one.",
                f"“{used[field]}”和“{column}”都表示{BY_NAME[field].zh}：只保留一个。",
            )
        if field is not None:
            used[field] = column
        example = match.get("example") if isinstance(match, dict) else None
        matches.append(ColumnMatch(column=column[:200], field=field, example=str(example)[:200] if example else None))
    return matches


def _currency(given: Any) -> str:
    if not isinstance(given, str) or given not in CURRENCIES:
        raise Refused(
            "currency",
            "currency",
            "Choose a currency by its code, such as USD or CNY.",
            "请选择货币代码，例如 USD 或 CNY。",
        )
    return given


def _zone(given: Any) -> str:
    if not isinstance(given, str) or given not in available_timezones():
        raise Refused(
            "zone",
            "zone",
            "Choose a time zone such as Europe/Paris or Asia/Shanghai.",
            "请选择时区，例如 Asia/Shanghai。",
        )
    return given


def _one_of(args: Data, name: str, allowed: Sequence[str], default: str | None = None) -> str:
    value = args.get(name, default)
    if value not in allowed:
        raise Refused(
            name, name, f"{name} must be one of {', '.join(allowed)}.", f"{name} 必须是 {'、'.join(allowed)} 之一。"
        )
    return str(value)


__all__ = ["cancel", "create", "finish", "reading_of", "upload"]
