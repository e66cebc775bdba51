"""Sending a CSV file to the running system as the console does: the head to match columns, then parts of whole records.

The file is read as a stream; memory does not grow with it.
"""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from scripts.lib.emulated import CallError, call

HEAD = 64 * 1024
PART_ROWS = 2_000
PART_CHARACTERS = 600_000
ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
Console = Callable[..., dict[str, Any]]


class ImportError_(RuntimeError):
    """The file or the system does not allow the import; the message names the way out."""


def console(address: str, token: str, project: str, region: str) -> Console:
    """A function that calls an action of the console's callable as the signed-in person."""
    url = f"http://{address}/{project}/{region}/console"

    def ask(action: str, **args: Any) -> dict[str, Any]:
        try:
            answer = call(
                "POST", url, {"data": {"action": action, **args}}, {"Authorization": f"Bearer {token}"}, 120.0
            )
        except CallError as error:
            raise ImportError_(_sentence(error)) from error
        return dict(answer["result"])

    return ask


def sign_in(auth: str, email: str, password: str) -> str:
    """An ID token from the local Auth emulator."""
    url = f"http://{auth}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=local"
    answer = call("POST", url, {"email": email, "password": password, "returnSecureToken": True})
    return str(answer["idToken"])


def _sentence(error: CallError) -> str:
    import json

    if error.status == 0:
        return "Nothing answers: is `make run` running?"
    try:
        return str(json.loads(str(error))["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The system answered {error.status}: {str(error)[:200]}"


def open_text(path: Path) -> io.TextIOWrapper:
    """The file as text: gzip by its first bytes, encoding by what its head decodes as."""
    try:
        raw: BinaryIO = path.open("rb")
        magic = raw.read(2)
        raw.seek(0)
        stream: Any = gzip.open(raw) if magic == b"\x1f\x8b" else raw
        head = stream.read(HEAD)
        stream.seek(0)
    except (OSError, EOFError) as error:
        raise ImportError_(
            f"{path}: {error.strerror if isinstance(error, OSError) and error.strerror else error}"
        ) from error
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return io.TextIOWrapper(stream, "utf-16", newline="")
    for encoding in ENCODINGS:
        try:
            # The head may end in the middle of a character.
            head[: max(0, len(head) - 4)].decode(encoding)
            return io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        except UnicodeDecodeError:
            continue
    return io.TextIOWrapper(stream, "latin-1", newline="")


def parts(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, str]]:
    """(file line of the first row, text) of each part; a record with line breaks in quotes is never cut.

    Args:
        delimiter: "{" where each line is a JSON object: then there is no header, and quotes mean nothing.
    """
    kept: list[str] = []

    def remember() -> Iterator[str]:
        for line in lines:
            kept.append(line)
            yield line

    csv.field_size_limit(10_000_000)
    if delimiter == "{":
        reader = csv.reader(remember(), delimiter="\x1e", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(remember(), delimiter=delimiter)
        next(reader, None)
        kept.clear()
    first, rows, size = reader.line_num + 1, 0, 0
    for _ in reader:
        rows += 1
        size = sum(map(len, kept[-1:])) + size
        if rows >= PART_ROWS or size >= PART_CHARACTERS:
            yield first, "".join(kept)
            kept.clear()
            first, rows, size = reader.line_num + 1, 0, 0
    if kept:
        yield first, "".join(kept)


def send(
    ask: Console, path: Path, kind: str, currency: str | None, zone: str | None, say: Callable[[str], None]
) -> str:
    """Upload one file and start its import. Returns the import's id.

    Raises:
        ImportError_: the columns cannot be matched, or the system refused.
    """
    with open_text(path) as text:
        head = text.read(HEAD)
    found = ask("import.detect", fileName=path.name, head=head, kind=kind)
    if found["problems"]:
        raise ImportError_(f"{path}: {found['problems'][0]['en']} Columns: {', '.join(found['header'])}.")
    matched = [f"{one['column']} = {one['field']}" for one in found["mapping"] if one["field"]]
    say(f"{path.name}: {', '.join(matched)}")
    for warning in found["warnings"]:
        say(f"  note: {warning['en']}")
    made = ask(
        "import.create",
        kind=kind,
        fileName=path.name,
        fileBytes=path.stat().st_size,
        delimiter=found["delimiter"],
        header=found["header"],
        mapping=found["mapping"],
        currency=currency or found["currency"],
        zone=zone or found["zone"] or "UTC",
        dateOrder=found["dateOrder"],
    )
    import_id = str(made["importId"])
    sent = 0
    with open_text(path) as text, ThreadPoolExecutor(max_workers=2) as pool:
        flying: list[Future[dict[str, Any]]] = []
        for sent, (first, rows) in enumerate(parts(iter(text), found["delimiter"]), start=1):
            flying.append(
                pool.submit(ask, "import.upload", importId=import_id, part=sent - 1, firstLine=first, text=rows)
            )
            if len(flying) >= 2:
                flying.pop(0).result()
        for one in flying:
            one.result()
    ask("import.finish", importId=import_id, parts=sent)
    return import_id


def follow(
    read: Callable[[str], dict[str, Any] | None], import_id: str, show: Callable[[int, int], None], limit: float
) -> dict[str, Any]:
    """Wait until the import is done; returns its fields.

    Raises:
        ImportError_: it failed, was cancelled, or made no progress for `limit` seconds.
    """
    last, since = -1, time.monotonic()
    while True:
        held = read(f"imports/{import_id}") or {}
        status = held.get("status", {}).get("stringValue")
        done = int(held.get("chunksDone", {}).get("integerValue", 0))
        total = int(held.get("chunks", {}).get("integerValue", 0) or 0)
        show(done, total)
        if status == "done":
            return held
        if status in ("failed", "cancelled"):
            raise ImportError_(f"The import was {status}; what it wrote so far stays. Start it again to go on.")
        if done != last:
            last, since = done, time.monotonic()
        if time.monotonic() - since > limit:
            raise ImportError_("The import makes no progress: look at Runs in the console.")
        time.sleep(0.5)
