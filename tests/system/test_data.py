"""What was saved comes back; a crash while saving loses nothing."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from scripts.lib import data, ports
from scripts.lib.emulated import Firestore
from tests.system.processes import FIREBASE, Command, suite_processes
from tests.system.test_ports import overrides


def finished(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    (made / data.METADATA).write_text("{}")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_data_survive_a_restart(tmp_path: Path, number: int) -> None:
    chosen = ports.free_ports()
    words = [FIREBASE, "start", "--only", "firestore,auth", "--data", str(tmp_path / "data")]
    firestore = Firestore(f"127.0.0.1:{chosen['firestore']}")

    first = Command(words, overrides(chosen))
    first.wait_for("ready;")
    firestore.set("settings/shop", {"name": "Kept Kettles"})
    first.end(number)
    assert suite_processes(first.process.pid) == []
    assert data.latest(tmp_path / "data") is not None, first.output

    second = Command(words, overrides(chosen))
    second.wait_for("ready;")
    try:
        assert firestore.get("settings/shop") == {"name": {"stringValue": "Kept Kettles"}}
    finally:
        second.end()


@pytest.mark.slow
def test_data_are_saved_while_running(tmp_path: Path) -> None:
    """What is saved every few minutes is what a machine that loses power comes back with."""
    chosen = ports.free_ports()
    words = [FIREBASE, "start", "--only", "firestore,auth", "--save-every", "1", "--data", str(tmp_path / "data")]
    command = Command(words, overrides(chosen))
    command.wait_for("ready;")
    command.wait_for("saved")
    command.end(signal.SIGKILL)
    assert data.latest(tmp_path / "data") is not None


def test_an_unfinished_save_is_never_loaded(tmp_path: Path) -> None:
    good = finished(tmp_path, "20260101-000000-1")
    data.publish(tmp_path, good)
    half = tmp_path / "20260102-000000-1"
    half.mkdir()
    with pytest.raises(FileNotFoundError):
        data.publish(tmp_path, half)
    assert data.latest(tmp_path) == good


def test_old_and_unfinished_saves_are_removed(tmp_path: Path) -> None:
    for day in range(1, 6):
        data.publish(tmp_path, finished(tmp_path, f"2026010{day}-000000-1"))
    (tmp_path / "20260109-000000-1").mkdir()
    data.prune(tmp_path)
    kept = sorted(path.name for path in tmp_path.iterdir() if not path.is_symlink())
    assert kept == ["20260104-000000-1", "20260105-000000-1"]


def test_nothing_saved_is_nothing_loaded(tmp_path: Path) -> None:
    assert data.latest(tmp_path) is None
