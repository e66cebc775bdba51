"""Saved emulator data: every save is a folder of its own, and `latest` points at the newest complete one.

A crash while saving leaves an unfinished folder that nothing points at; the last good save stays what is loaded next.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

METADATA = "firebase-export-metadata.json"
KEEP = 2


def latest(data: Path) -> Path | None:
    """The folder to load, or None when nothing was ever saved."""
    pointer = data / "latest"
    try:
        folder = data / os.readlink(pointer)
    except OSError:
        return None
    return folder if (folder / METADATA).exists() else None


def new_folder(data: Path) -> Path:
    data.mkdir(parents=True, exist_ok=True)
    return data / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{time.time_ns() % 10**9:09d}"


def publish(data: Path, folder: Path) -> None:
    """Point `latest` at a complete save in one step, then drop old ones."""
    if not (folder / METADATA).exists():
        raise FileNotFoundError(f"{folder.name} is not complete: {METADATA} is missing")
    fresh = data / f"latest-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.name)
    fresh.replace(data / "latest")
    prune(data)


def prune(data: Path) -> None:
    """Keep the newest complete saves and remove older and unfinished ones."""
    current = latest(data)
    folders = sorted((entry for entry in data.iterdir() if entry.is_dir() and not entry.is_symlink()), reverse=True)
    complete = [entry for entry in folders if (entry / METADATA).exists()]
    keep = set(complete[:KEEP]) | ({current} if current else set())
    for entry in folders:
        if entry not in keep:
            shutil.rmtree(entry, ignore_errors=True)
