"""Starting a command of scripts/ and finding every process that belongs to this checkout's suites."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil

from scripts.lib.reaper import TAG

ROOT = Path(__file__).resolve().parents[2]
FIREBASE = str(ROOT / "scripts" / "firebase")


class Command:
    """A running command whose output is collected; use `wait_for` to synchronise with what it prints."""

    def __init__(self, words: list[str], env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**clean_environment(), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.append(line)

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_for(self, text: str, timeout: float = 180.0) -> str:
        """The output once it contains `text`; fails with all of it when the command ends or stays silent."""
        deadline = time.monotonic() + timeout
        while text not in self.output:
            ended = self.process.poll() is not None
            if ended:
                self._reader.join(2)
            if text not in self.output:
                assert not ended, f"ended with {self.process.returncode} before it said {text!r}:\n{self.output}"
                assert time.monotonic() < deadline, f"did not say {text!r} in {timeout} s:\n{self.output}"
            time.sleep(0.05)
        return self.output

    def end(self, number: int = signal.SIGINT, timeout: float = 120.0) -> int:
        """Send a signal to this one process and wait; its exit code."""
        self.process.send_signal(number)
        return self.wait(timeout)

    def wait(self, timeout: float = 180.0) -> int:
        code = self.process.wait(timeout)
        self._reader.join(5)
        return code


def clean_environment() -> dict[str, str]:
    """This process' environment without the addresses and the tag of a suite that it may itself run in."""
    return {name: value for name, value in os.environ.items() if "EMULATOR" not in name and name != TAG}


def suite_processes(pid: int) -> list[str]:
    """Everything alive that was started by the suite of process `pid`, wherever it hangs in the tree."""
    found = []
    for process in psutil.process_iter():
        try:
            tag = process.environ().get(TAG, "")
            if tag == f"{ROOT}:{pid}" and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())[:120]}")
        except (psutil.Error, OSError):
            continue
    return found
