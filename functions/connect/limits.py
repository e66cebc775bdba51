"""Token buckets that every function instance shares, because a platform counts calls, not instances."""

from __future__ import annotations

from datetime import datetime

from schema.store import Create, ReadSet, Store, Update, Write, settle


def take(store: Store, connection: str, operation: str, rate: float, burst: float, now: datetime) -> float:
    """Take one token of a bucket.

    Args:
        operation: name of the platform's operation; letters, digits, `_`, `-`.
        rate: tokens a second; `burst`: the most that can gather.

    Returns:
        0.0 when it was taken, else the seconds until there is one.
    """
    path = f"connections/{connection}/limits/{operation}"
    waits: list[float] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        tokens = burst
        if held is not None:
            gone = max(0.0, (now - held.data["at"]).total_seconds())
            tokens = min(burst, float(held.data["tokens"]) + gone * rate)
        waits[:] = [0.0 if tokens >= 1 else (1 - tokens) / rate]
        if tokens < 1:
            return []
        # A clock behind the last writer's must not give the same time out twice.
        at = now if held is None else max(now, held.data["at"])
        data = {"tokens": tokens - 1, "rate": rate, "burst": burst, "at": at}
        return [Update(path, data, held.update_time)] if held else [Create(path, data)]

    settle(store, [path], plan)
    return waits[0]
