"""Commands that need installed packages start themselves again with the checkout's own Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scripts.lib.paths import PYTHON, VENV


def use_environment() -> None:
    """Continue in .venv. Does nothing when already there or when nothing is installed yet."""
    if PYTHON.exists() and Path(sys.prefix) != VENV:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
