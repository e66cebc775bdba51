"""No process is left behind: orphans of the suite become children of this process, and all of them are ended.

The functions emulator starts its Python workers in process groups of their own and forgets them on exit (12 to 36
survive a clean stop). As a child subreaper this process inherits them instead of PID 1.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
TAG = "TIMBRE_SUITE"
"""Set in the environment of everything a suite starts, to find what outlived a suite that was killed with SIGKILL."""


def become_subreaper() -> bool:
    """Inherit orphaned descendants from now on. False where the system has no such thing (macOS)."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return bool(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def die_with_parent() -> None:
    """For a child between fork and exec: get SIGTERM when the parent is killed."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    except (OSError, AttributeError):
        pass


def process_table() -> dict[int, int]:
    """Every process -> its parent."""
    table: dict[int, int] = {}
    if Path("/proc/self/stat").exists():
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    stat = (entry / "stat").read_text()
                except OSError:
                    continue
                table[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
        return table
    shown = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
    for line in shown.splitlines():
        pid, parent = line.split()
        table[int(pid)] = int(parent)
    return table


def descendants(root: int | None = None) -> set[int]:
    """Children, grandchildren and so on of a process (this one by default), zombies included."""
    table = process_table()
    children: dict[int, list[int]] = {}
    for pid, parent in table.items():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    todo = [root if root is not None else os.getpid()]
    while todo:
        for child in children.get(todo.pop(), []):
            if child not in found:
                found.add(child)
                todo.append(child)
    return found


def end_all(known: set[int] | None = None, grace: float = 3.0) -> int:
    """End every descendant, and `known` former ones; returns how many had to be ended.

    TERM first, KILL after `grace` seconds. Must be called when nobody waits for a child any more: it reaps all of them.
    """
    former = known or set()
    ended: set[int] = set()
    deadline = time.monotonic() + grace
    while True:
        reap()
        alive = descendants() | {pid for pid in former if exists(pid)}
        alive = {pid for pid in alive if not zombie(pid)}
        if not alive:
            reap()
            return len(ended)
        late = time.monotonic() > deadline
        for pid in alive:
            if late or pid not in ended:
                send(pid, signal.SIGKILL if late else signal.SIGTERM)
        ended |= alive
        time.sleep(0.05)


def end_forgotten(word: bytes = b"functions-framework") -> int:
    """End function workers that the emulator gave up (timed out, crashed shell); returns how many.

    It ends only the shell around such a worker: the worker itself becomes a child of this process and would go on
    working, with 140 MB, until the end.
    """
    ended: set[int] = set()
    for pid, parent in process_table().items():
        if parent != os.getpid():
            continue
        try:
            forgotten = word in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if forgotten:
            ended |= {pid, *descendants(pid)}
    for pid in ended:
        send(pid, signal.SIGKILL)
    if ended:
        time.sleep(0.1)
        reap(ended)
    return len(ended)


def reap(only: set[int] | None = None) -> None:
    """Collect finished children: all of them, or only some while Popen objects wait for others."""
    if only is None:
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
    for pid in only:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue


def zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def send(pid: int, number: int) -> None:
    """Send a signal, if the process is still there."""
    with suppress(OSError):
        os.kill(pid, number)


def end_leftovers(root: Path) -> int:
    """End what a suite of this checkout left behind when it was killed outright; returns how many."""
    prefix = f"{TAG}={root}:".encode()
    count = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            for item in (entry / "environ").read_bytes().split(b"\0"):
                if item.startswith(prefix) and not exists(int(item.rpartition(b":")[2])):
                    send(int(entry.name), signal.SIGKILL)
                    count += 1
        except (OSError, ValueError):
            continue
    return count
