"""The fault switch: what goes wrong at a platform, how often, drawn by a seed so that a failing test repeats."""

from __future__ import annotations

from random import Random
from threading import Event, Lock
from typing import Literal, get_args

from werkzeug.wrappers import Response

Kind = Literal["429", "500", "timeout", "truncate", "revoke", "drop_webhooks"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Faults:
    """Every platform endpoint asks `check` first; whoever sends webhooks asks `drops` for each attempt."""

    def __init__(self, hold: float = 30.0) -> None:
        """Args:
        hold: seconds that an answer hangs under "timeout".
        """
        self.hold = hold
        self._lock = Lock()
        self._shares: dict[tuple[str, Kind], tuple[float, Random]] = {}
        self._released = Event()

    def set(self, platform: str, kind: Kind, share: float, seed: int = 1) -> None:
        """From now on `share` (0 to 1) of the calls meet this fault; 0 ends it."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {kind}")
        with self._lock:
            self._shares[platform, kind] = (share, Random(seed))

    def clear(self) -> None:
        with self._lock:
            self._shares.clear()
        self._released.set()
        self._released = Event()

    def state(self) -> dict[str, dict[str, float]]:
        with self._lock:
            found: dict[str, dict[str, float]] = {}
            for (platform, kind), (share, _) in self._shares.items():
                if share > 0:
                    found.setdefault(platform, {})[kind] = share
            return found

    def hits(self, platform: str, kind: Kind) -> bool:
        """Draws: whether this call meets the fault."""
        with self._lock:
            share, draw = self._shares.get((platform, kind), (0.0, None))
            return draw is not None and share > 0 and draw.random() < share

    def check(self, platform: str) -> Response | None:
        """A ready answer when this call fails, else None."""
        if self.hits(platform, "timeout"):
            self._released.wait(self.hold)
            return Response('{"errors": "Gateway Timeout"}', 504, content_type="application/json")
        if self.hits(platform, "429"):
            answer = Response('{"errors": "Too Many Requests"}', 429, content_type="application/json")
            answer.headers["Retry-After"] = "2.0"
            return answer
        if self.hits(platform, "500"):
            return Response("<html><body>Internal Server Error</body></html>", 500, content_type="text/html")
        return None

    def truncates(self, platform: str) -> bool:
        """Whether this answer ends in the middle (the server cuts it)."""
        return self.hits(platform, "truncate")

    def revoked(self, platform: str) -> bool:
        """Whether this call's token counts as revoked."""
        return self.hits(platform, "revoke")

    def drops(self, platform: str) -> bool:
        """Whether this webhook is lost for good."""
        return self.hits(platform, "drop_webhooks")
