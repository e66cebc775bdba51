"""Cloud Tasks behind one small door: a task is an accelerator, the due time in the document is the truth.

Measured with firebase-tools 15.34 and firebase-admin 7.7: the emulator ignores schedule times, and `enqueue` raises
ValueError on the emulator's answer although the task was made. A handler that comes early therefore does nothing, and
the sweep sends whatever is due.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from schema.flow import stable_id


class Queue(Protocol):
    """Sending a task to a function of this codebase."""

    def enqueue(self, function: str, data: dict[str, Any], at: datetime | None, name: str) -> None:
        """Send once: the same `name` again is no second task (for as long as the platform remembers it)."""


@dataclass
class MemoryQueue:
    """A queue for tests: keeps what was sent, once a name."""

    sent: list[tuple[str, dict[str, Any], datetime | None]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def enqueue(self, function: str, data: dict[str, Any], at: datetime | None, name: str) -> None:
        if name not in self.names:
            self.names.add(name)
            self.sent.append((function, data, at))

    def take(self) -> list[tuple[str, dict[str, Any], datetime | None]]:
        sent, self.sent = self.sent, []
        return sent


class CloudTasks:
    """The queue of a deployed function (or of the emulator)."""

    def __init__(self, region: str) -> None:
        self._region = region

    def enqueue(self, function: str, data: dict[str, Any], at: datetime | None, name: str) -> None:
        from firebase_admin import functions
        from firebase_admin.exceptions import AlreadyExistsError, ConflictError

        # Names that begin alike slow Cloud Tasks down (its own documentation): a hash spreads them.
        options = functions.TaskOptions(task_id=stable_id(function, name), schedule_time=at)
        try:
            functions.task_queue(f"locations/{self._region}/functions/{function}").enqueue({"data": data}, options)
        except (AlreadyExistsError, ConflictError):
            return
        except ValueError:
            if not os.environ.get("CLOUD_TASKS_EMULATOR_HOST"):
                raise
