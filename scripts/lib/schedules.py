"""The clock that Cloud Scheduler is in production: the emulator knows every schedule and ticks none of them."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scripts.lib.emulated import CallError, Firestore, run_schedule


@dataclass(frozen=True)
class Plan:
    """Every `seconds` seconds, or daily at `hour` UTC as deployed; `every` is what the functions themselves write."""

    every: str
    seconds: float = 0.0
    hour: int = 0

    def next_after(self, now: datetime) -> datetime:
        if self.seconds:
            return now + timedelta(seconds=self.seconds)
        today = now.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


SCHEDULES = {"sweep": Plan("every 1 minutes", seconds=3.0), "nightly": Plan("every day 03:00", hour=3)}
"""Function -> when. In production sweep runs every minute, Cloud Scheduler's shortest; here nobody wants to wait so."""


class Ticker:
    """One thread a job: runs it when due, never twice at once, and writes down when it will run next."""

    def __init__(self, functions: str, firestore: Firestore) -> None:
        self._functions = functions
        self._firestore = firestore
        self._stop = threading.Event()
        self._noted: set[str] = set()
        self._threads = [
            threading.Thread(target=self._loop, args=(job, plan), daemon=True) for job, plan in SCHEDULES.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """No run begins after this; waits a moment for the ones under way."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(3)

    def _loop(self, job: str, plan: Plan) -> None:
        while not self._stop.is_set():
            due = plan.next_after(datetime.now(UTC))
            self._note(job, plan, due)
            while not self._stop.is_set() and (left := (due - datetime.now(UTC)).total_seconds()) > 0:
                # Asked again and again rather than slept through: a laptop that was closed wakes up past the hour.
                self._stop.wait(min(left, 30.0))
            if self._stop.is_set():
                return
            try:
                run_schedule(self._functions, job)
            except CallError:
                self._stop.wait(5.0)  # the function's own log has the reason

    def _note(self, job: str, plan: Plan, due: datetime) -> None:
        """The next run, for the screen. A frequent job writes its own as it runs; it only needs a beginning."""
        if job in self._noted and plan.seconds:
            return
        path = f"config/schedules/jobs/{job}"
        fresh = {"job": job, "every": plan.every, "nextAt": due, "lastAt": None, "lastOk": None}
        # What fails is tried again before the next run.
        with suppress(CallError):
            if not self._firestore.set(path, fresh, create=True):
                self._firestore.set(path, {"nextAt": due})
            self._noted.add(job)
