"""The `runs` document of a recluster: how far it is, and whether somebody cancelled it."""

from __future__ import annotations

from datetime import datetime, timedelta

from schema.base import Localized
from schema.clock import Clock
from schema.store import Data, ReadSet, Store, Update, Write, get, settle


class Cancelled(Exception):
    """A member cancelled the run; what is in force stays as it is."""


class Superseded(Exception):
    """A newer run claimed a later version: this one must write nothing more."""


class Progress:
    """Writes at most once a second and looks for a cancellation as often."""

    def __init__(self, store: Store, clock: Clock, run_id: str) -> None:
        self.store = store
        self.clock = clock
        self.path = f"runs/{run_id}"
        self.step = Localized(en="Starting", zh="开始")
        self._written: datetime | None = None

    def at(self, percent: float, step: Localized | None = None) -> None:
        """Report `percent` of the whole run (0..100) and, when it changes, the step.

        Raises:
            Cancelled: the run was cancelled in the console.
        """
        self.step = step or self.step
        now = self.clock()
        if self._written and now - self._written < timedelta(seconds=1):
            return
        self._written = now
        self._put({"done": int(percent), "total": 100, "step": self.step.to_doc()})
        self.check()

    def check(self) -> None:
        """Raise `Cancelled` when the run is no longer running."""
        run = get(self.store, self.path)
        if run is None or run.data["status"] == "cancelled":
            raise Cancelled

    def failed(self, error: BaseException) -> None:
        """Say what happened, what is safe, and the way out."""
        name = type(error).__name__
        text = Localized(
            en=f"Stopped at “{self.step.en}” ({name}). The segments in force and everyone in them are unchanged. "
            "It is tried again by itself; if it stays so, start a new run.",
            zh=f"在“{self.step.zh}”时停止（{name}）。现行分群及其成员未变。系统会自动重试；若仍失败，请重新开始。",
        )
        self._put({"status": "failed", "error": text.to_doc(), "finishedAt": self.clock()})

    def superseded(self) -> None:
        """A newer recluster took over."""
        text = Localized(
            en="A newer run took over; this one changed nothing in force.",
            zh="已由更新的任务接替；本次未改变任何现行结果。",
        )
        self._put({"status": "cancelled", "step": text.to_doc(), "finishedAt": self.clock()})

    def _put(self, fields: Data) -> None:
        """Fields of a run that is not over; one that is stays as it is."""

        def plan(docs: ReadSet) -> list[Write]:
            run = docs[self.path]
            if run is None or run.data["status"] in ("done", "cancelled"):
                return []
            return [Update(self.path, {**fields, "updatedAt": self.clock()}, run.update_time)]

        settle(self.store, [self.path], plan)
