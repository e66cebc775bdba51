"""Loads the sample shop once, through the same door as real data, and says how far it is."""

from __future__ import annotations

import os
import re
import subprocess
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
    """Whether this data set has never had the sample."""
    found = firestore.get(NOTE)
    return not (found and "sampleAt" in found)


def load(firestore: Firestore, environment: dict[str, str], stopped: Callable[[], bool]) -> bool:
    """Run the sample's own command to its end; False when stopped before it.

    Raises:
        SampleError: it failed.
    """
    words = [str(PYTHON), "-m", "sandbox.sample", "publish"]
    log = LOGS / "sample.log"
    with Step("Sample shop", expected=60) as step, log.open("w") as out:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout
        last: list[str] = []
        for line in process.stdout:
            out.write(line)
            last = [*last[-9:], line.rstrip()]
            share = re.search(r"(\d+)\s*/\s*(\d+)", line)
            if share and int(share.group(2)):
                step.share(int(share.group(1)) / int(share.group(2)), line.strip())
            if stopped():
                process.terminate()
        code = process.wait()
        if stopped():
            return False
        if code:
            raise SampleError("The sample shop could not be loaded:\n" + "\n".join(f"  {line}" for line in last))
    firestore.set(NOTE, {"sampleAt": datetime.now(UTC)})
    return True
