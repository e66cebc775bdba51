"""Writing an artefact's manifest: ml/models/FORMAT.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FORMAT = 1


def facts(path: Path) -> dict[str, Any]:
    """A file's sha256 and size in bytes."""
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def write_manifest(folder: Path, files: Sequence[str], body: Mapping[str, Any]) -> None:
    """Write manifest.json over files that are already there; `body` is all of it but format and files."""
    whole = {"format": FORMAT, **body, "files": {name: facts(folder / name) for name in files}}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """A manifest as written.

    Raises ValueError when it is no manifest, and OSError when there is none.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: is not JSON: {error}") from error
    if not isinstance(manifest, dict) or not {"name", "languages", "heads", "files"} <= set(manifest):
        raise ValueError(f"{path}: name, languages, heads and files wanted")
    return manifest


def rewrite(folder: Path, **changed: Any) -> dict[str, Any]:
    """Replace top entries of a manifest and take its files' facts anew; returns the new manifest."""
    manifest = read_manifest(folder)
    body = {name: value for name, value in {**manifest, **changed}.items() if name not in ("format", "files")}
    write_manifest(folder, list(manifest["files"]), body)
    return read_manifest(folder)
