"""The sample shop of the local system: loaded once, through the same door as real data; then it trades on."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from scripts.lib.emulated import Firestore
from scripts.lib.paths import LOGS, PYTHON, ROOT
from scripts.lib.show import Step

NOTE = "config/local"
"""A document and not a file: it is lost and kept together with the data that it speaks about."""


class SampleError(RuntimeError):
    """The sample could not be loaded; the message has the last lines of what it said."""


def wanted(firestore: Firestore) -> bool:
    """Whether this data set has never had the sample, nor real data."""
    note, shop = firestore.get(NOTE), firestore.get("settings/shop")
    real = bool(shop and shop.get("real", {}).get("booleanValue"))
    return not real and not (note and "sampleAt" in note)


def load(firestore: Firestore, environment: dict[str, str], stopped: Callable[[], bool]) -> bool:
    """Run the sample's own command to its end; False when stopped before it (the next start goes on).

    Raises:
        SampleError: it failed.
    """
    last: collections.deque[str] = collections.deque(maxlen=10)
    LOGS.mkdir(parents=True, exist_ok=True)
    with Step("Sample shop", expected=90) as step, (LOGS / "sample.log").open("w") as log:
        process = python("sandbox.sample", ["--publish"], environment)

        def read() -> None:
            assert process.stdout
            for line in process.stdout:
                log.write(line)
                log.flush()
                last.append(line.rstrip())
                done, total = progress(line)
                if total:
                    step.share(done / total, f"{done:,} of {total:,} records")

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        # Not read here: while the loader is silent, Ctrl-C must still be heard.
        while process.poll() is None and not stopped():
            time.sleep(0.1)
        if process.poll() is None:
            step.note = "stopped; the next start goes on"
            process.kill()
        process.wait()
        reader.join(5)
        if process.returncode and not stopped():
            raise SampleError("The sample shop could not be loaded:\n" + "\n".join(f"  {line}" for line in last))
    if stopped():
        return False
    firestore.set(NOTE, {"sampleAt": datetime.now(UTC)})
    return True


def progress(line: str) -> tuple[int, int]:
    """`{"done": n, "total": n}` of one line; zeros when it says something else."""
    try:
        said = json.loads(line)
        return int(said["done"]), int(said["total"])
    except (ValueError, KeyError, TypeError):
        return 0, 0


def trade(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Let the shop trade on while the system runs. It ends by itself once the shop is no longer the sample."""
    return python("sandbox.trade", [], environment, log="trade.log")


def python(module: str, words: list[str], environment: dict[str, str], log: str | None = None) -> subprocess.Popen[str]:
    out = (LOGS / log).open("w") if log else subprocess.PIPE
    return subprocess.Popen(
        [str(PYTHON), "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
        stdout=out,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C reaches only the command that ends it
    )
