"""Ctrl-C, a plain kill and a closed terminal all mean: save, end every process, then leave."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType


class Stopping:
    """Remembers the first signal; later ones only say that the work of ending is under way."""

    def __init__(self) -> None:
        self.number = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.number:
            print("\nstill saving and stopping ...", file=sys.stderr)
        self.number = self.number or number

    def came(self) -> bool:
        return bool(self.number)

    def wait(self, seconds: float) -> bool:
        """Sleep, waking early when a signal has come. True once one has."""
        deadline = time.monotonic() + seconds
        while not self.number and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        return bool(self.number)
