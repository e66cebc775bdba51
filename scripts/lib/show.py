"""What a person sees while the commands work: one line a step, a bar where there is a share done, a short table."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TextIO

BAR = 24


class Step:
    """`with Step("Installing") as step: step.share(0.4, "40 of 100")`: a line that grows a bar and ends with its time.

    In a terminal the line is redrawn; elsewhere only its beginning and end are printed. Without a known share the bar
    fills by `expected` seconds and never reaches the end by itself.
    """

    def __init__(self, title: str, expected: float = 0.0, out: TextIO = sys.stdout) -> None:
        self.title = title
        self.expected = expected
        self.out = out
        self.note = ""
        self._share: float | None = None
        self._began = time.monotonic()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._drawer: threading.Thread | None = None

    def __enter__(self) -> Step:
        if self.out.isatty():
            self._drawer = threading.Thread(target=self._redraw, daemon=True)
            self._drawer.start()
        else:
            print(f"  {self.title} ...", file=self.out, flush=True)
        return self

    def share(self, done: float, note: str = "") -> None:
        self._share, self.note = max(0.0, min(done, 1.0)), note

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._drawer:
            self._drawer.join()
        took = time.monotonic() - self._began
        sign = "x" if kind else "ok"
        end = f"  {self.title:<34} {sign:<3}{took:6.1f} s  {self.note}".rstrip()
        print(("\r\x1b[K" if self.out.isatty() else "") + end, file=self.out, flush=True)

    def _redraw(self) -> None:
        while not self._over.wait(0.15):
            took = time.monotonic() - self._began
            guess = 0.95 * (1 - 2 ** (-2 * took / self.expected)) if self.expected else 0.0
            done = self._share if self._share is not None else guess
            filled = round(done * BAR)
            line = f"  {self.title:<34} [{'#' * filled}{'.' * (BAR - filled)}] {took:4.0f} s  {self.note}"
            width = shutil.get_terminal_size().columns - 1
            with self._lock:
                print("\r\x1b[K" + line[:width], end="", file=self.out, flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], say: Callable[[str], None] = print) -> None:
    """Columns as wide as their longest cell."""
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        say("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
