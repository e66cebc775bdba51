"""Builds the console when its sources have changed since the last build."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.lib.installing import run
from scripts.lib.paths import STATE, WEB
from scripts.lib.show import Step

FOLDERS = {"emulator": WEB / "dist", "production": WEB / "dist-production"}
NOT_SOURCES = {"node_modules", "dist", "dist-production", "coverage"}


def build(mode: str) -> bool:
    """Build for `emulator` or `production`; False when the last build is still right.

    Raises:
        InstallError: the build failed; the message has its last lines.
    """
    stamp = STATE / "stamps" / f"web-{mode}"
    current = sources_stamp()
    if (FOLDERS[mode] / "index.html").exists() and stamp.exists() and stamp.read_text() == current:
        return False
    with Step(f"Console ({mode})", expected=20):
        run(["npx", "vite", "build", "--mode", mode], WEB, f"build-{mode}")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current)
    return True


def sources_stamp() -> str:
    digest = hashlib.sha256()
    for path in sorted(sources(WEB)):
        digest.update(str(path.relative_to(WEB)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources(folder: Path) -> list[Path]:
    found: list[Path] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += [] if entry.name in NOT_SOURCES else sources(entry)
        else:
            found.append(entry)
    return found
