"""No process is left behind, however a suite ends."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.system.processes import FIREBASE, ROOT, Command, suite_processes

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def start(only: str = "firestore") -> Command:
    command = Command([FIREBASE, "exec", "--only", only, *SLEEP])
    command.wait_for("up")
    assert len(suite_processes(command.process.pid)) >= 3, "node, Java and the command itself"
    return command


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["INT", "TERM", "HUP"])
def test_a_signal_ends_every_process(number: int) -> None:
    command = start()
    assert command.end(number) == 128 + number
    assert suite_processes(command.process.pid) == []


@pytest.mark.slow
def test_the_commands_own_death_ends_every_process() -> None:
    suicide = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    command = Command([FIREBASE, "exec", "--only", "firestore", *suicide])
    assert command.wait() == 128 + signal.SIGKILL
    assert suite_processes(command.process.pid) == []


@pytest.mark.slow
def test_the_exit_code_and_the_addresses_reach_the_command() -> None:
    code = "import os, sys; print(os.environ['FIRESTORE_EMULATOR_HOST'], os.environ['GCLOUD_PROJECT']); sys.exit(7)"
    command = Command([FIREBASE, "exec", "--only", "firestore", sys.executable, "-c", code])
    assert command.wait() == 7
    assert "127.0.0.1:" in command.output and "demo-timbre" in command.output


@pytest.mark.slow
def test_workers_of_functions_end_too() -> None:
    """They run in process groups of their own and survive the suite's own shutdown."""
    code = (
        "import os, urllib.request, urllib.error\n"
        "url = os.environ['TIMBRE_FUNCTIONS_URL'] + '/console'\n"
        "request = urllib.request.Request(url, b'{\"data\": {}}', {'Content-Type': 'application/json'})\n"
        "try: urllib.request.urlopen(request, timeout=60)\n"
        "except urllib.error.HTTPError as error: print('answered', error.code, flush=True)\n"
        "import time; time.sleep(600)\n"
    )
    command = Command([FIREBASE, "exec", sys.executable, "-c", code])
    command.wait_for("answered")
    assert any("functions-framework" in line for line in suite_processes(command.process.pid))
    command.end()
    assert suite_processes(command.process.pid) == []


@pytest.mark.slow
def test_what_a_killed_suite_left_is_ended_by_the_next_command() -> None:
    """SIGKILL cannot be answered; the next command of this checkout cleans up."""
    command = start()
    command.end(signal.SIGKILL)
    subprocess.run(
        [FIREBASE, "exec", "--only", "firestore", sys.executable, "-c", ""], cwd=ROOT, check=True, timeout=90
    )
    assert suite_processes(command.process.pid) == []
    assert not (ROOT / f"firebase.local-{command.process.pid}.json").exists()
