"""The console that is deployed knows nothing of the demo sign-in; the emulators' own build does."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lib.building import FOLDERS, sources_stamp
from scripts.lib.demo import DEMO, DEMO_PASSWORD
from scripts.lib.paths import STATE

TRACES = (
    DEMO_PASSWORD,
    *(account["email"] for account in DEMO),
    *(account["name"] for account in DEMO),
    "emulators.json",
    "Demo sign-in",
    "演示登录",
    "data-role",
    "Figures only, no people",
)


def built(mode: str) -> Path:
    """The folder of a build of the sources as they are now."""
    stamp = STATE / "stamps" / f"web-{mode}"
    if not stamp.exists() or stamp.read_text() != sources_stamp():
        flag = " --production" if mode == "production" else ""
        pytest.skip(f"NO FRESH BUILD: run `scripts/build{flag}` (`make test` does)")
    return FOLDERS[mode]


def traces_in(folder: Path) -> set[str]:
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return {trace for trace in TRACES if trace.encode() in whole}


def test_no_trace_in_production() -> None:
    """No password, address, name or word of the demo sign-in, and no file of the emulators."""
    folder = built("production")
    assert (folder / "index.html").exists()
    assert traces_in(folder) == set()
    assert not (folder / "emulators.json").exists()


def test_the_traces_are_the_right_ones() -> None:
    """What is looked for is what the emulator build carries: a renamed card would otherwise go unnoticed."""
    assert {"emulators.json", "Demo sign-in", "演示登录", "data-role", "Figures only, no people"} <= traces_in(
        built("emulator")
    )
