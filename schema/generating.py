"""The files made from the shapes: which they are and what they say. `scripts/generate` writes or checks them."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel

from schema import base, connections, documents, intelligence, jobs, lists, minds, pictures, records, segments, shop
from schema.base import CHANNELS, ROLES
from schema.typescript import FIRESTORE, MESSAGE, constant, defines, interfaces, literals, union

HEADER = "// Generated from schema/ by scripts/generate. Do not edit: change the Python and run it again.\n"
TYPES = Path("web/src/generated")
SCHEMAS = Path("schema/generated")
DOCUMENTS = (minds, documents, segments, intelligence, pictures, jobs, shop, connections)
SHAPES = (base, *DOCUMENTS)


def generated() -> dict[Path, str]:
    """Every generated file by its path from the repository's root."""
    files = {TYPES / "documents.ts": document_types(), TYPES / "records.ts": record_types()}
    for name, schema in json_schemas().items():
        files[SCHEMAS / f"{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return files


def document_types() -> str:
    """The documents as the console reads them: moments are Timestamps, bytes are Bytes, every field is present."""
    unions = [union(name, values) for values, name in named_unions().items()]
    constants = [
        constant("ROLES", ROLES),
        constant("CHANNELS", CHANNELS),
        constant("LISTINGS", {name: plain(listing) for name, listing in lists.LISTINGS.items()}),
    ]
    shapes = [
        interfaces(base, wire=FIRESTORE, skip=frozenset({"Shape"})),
        *(interfaces(module, wire=FIRESTORE) for module in DOCUMENTS[:-1]),
        interfaces(DOCUMENTS[-1], wire=FIRESTORE) + "\n",
    ]
    used = [name for name in sorted(FIRESTORE.values()) if any(re.search(rf": .*\b{name}\b", text) for text in shapes)]
    head = f'{HEADER}import type {{ {", ".join(used)} }} from "firebase/firestore";'
    return "\n\n".join([head, "\n".join(unions), *constants, *shapes])


def record_types() -> str:
    """The messages as they travel on Pub/Sub: moments are RFC 3339 text."""
    body = interfaces(records, wire=MESSAGE)
    known = {name for module in SHAPES for name, value in vars(module).items() if defines(module, value)}
    named = known | set(named_unions().values())
    used = sorted(name for name in named if re.search(rf"^ .*: .*\b{name}\b", body, re.MULTILINE))
    return "\n\n".join([HEADER + f'import type {{ {", ".join(used)} }} from "./documents";', body + "\n"])


def named_unions() -> dict[tuple[object, ...], str]:
    """The unions that have a name, in the order of their declaration."""
    order = [value for module in SHAPES for value in vars(module).values()]
    names = {name: value for module in SHAPES for name, value in literals(module).items()}
    found: dict[tuple[object, ...], str] = {}
    for value in order:
        arguments = getattr(value, "__args__", ())
        name = names.get(frozenset(arguments)) if hasattr(value, "__origin__") and arguments else None
        if name and name not in found.values():
            found[arguments] = name
    return found


def plain(listing: lists.Listing) -> dict[str, object]:
    """A listing in JSON's terms, camelCase."""
    renamed = {"array_filters": "arrayFilters"}
    return {renamed.get(name, name): value for name, value in asdict(listing).items()}


def json_schemas() -> dict[str, dict[str, object]]:
    """A JSON Schema a document (its path in `$comment`) and a message, by file name."""
    found: dict[str, dict[str, object]] = {}
    for module in DOCUMENTS:
        for shape in vars(module).values():
            path = document_path(shape) if defines(module, shape) else None
            if path is None:
                continue
            # Serialised: every field is written, so all are required.
            found[kebab(shape.__name__)] = {"$comment": path, **shape.model_json_schema(mode="serialization")}
    for topic, message in records.TOPICS.items():
        found[f"topic-{topic}"] = {"$comment": f"topic {topic}", **message.model_json_schema()}
    return {**found, "record": records.RECORD.json_schema()}


def document_path(shape: type[BaseModel]) -> str | None:
    """The path that a document class states in its first line, as `customers/{customerId}`; None for a part."""
    match = re.match(r"`([^`]+/[^`]+)`", inspect.getdoc(shape) or "")
    return match.group(1) if match else None


def kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def stale(root: Path) -> list[str]:
    """What differs from the files on disk, each as a path and a word; empty when all is up to date."""
    wanted = generated()
    on_disk = {path.relative_to(root) for folder in (TYPES, SCHEMAS) for path in (root / folder).glob("*")}
    found = [f"{path}: not generated any more" for path in sorted(on_disk - wanted.keys())]
    for path, text in sorted(wanted.items()):
        if path not in on_disk:
            found.append(f"{path}: missing")
        elif (root / path).read_text() != text:
            found.append(f"{path}: stale")
    return found


def write(root: Path) -> list[str]:
    """Bring the files on disk up to date; the answer is what changed."""
    changed = stale(root)
    wanted = generated()
    for entry in changed:
        path = root / entry.split(":")[0]
        if path.relative_to(root) in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path.relative_to(root)])
        else:
            path.unlink()
    return changed
