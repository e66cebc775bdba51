"""Which segment a customer is in, and how that may change. The one place that knows `segment {id, from, before}`.

A recluster writes `{id, from: V, before}` while V is not yet in force: the customer stays in `before` until the pointer
flips to V, and is in `id` from then on. States are dicts as stored (or None: in no segment).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schema.base import Localized
from schema.documents import Membership

State = Mapping[str, Any] | None


def effective(state: State, active: int) -> str | None:
    """The segment in force: `id` when `from` <= the active version, else `before`."""
    if not state:
        return None
    chosen = state.get("id") if int(state.get("from") or 0) <= active else state.get("before")
    return None if chosen is None else str(chosen)


def proposed(state: State, version: int, target: str | None) -> bool:
    """Whether the customer is in `target` without any write once `version` is in force.

    Asked of `version`, not of the one in force: what an abandoned recluster left behind surfaces with the next flip.
    """
    return effective(state, version) == target


def propose(
    state: State,
    active: int,
    version: int,
    target: str | None,
    reasons: Sequence[Localized],
    second: str | None = None,
    margin: float | None = None,
) -> dict[str, Any]:
    """The state that a recluster writes for a mover."""
    return Membership(
        id=target,
        from_=version,
        before=effective(state, active),
        reasons=list(reasons),
        second=second,
        margin=margin,
    ).to_doc()


def assigned(state: State, active: int, target: str | None) -> bool:
    """Whether the customer is in `target` now."""
    return effective(state, active) == target


def assign(
    state: State,
    active: int,
    target: str | None,
    reasons: Sequence[Localized],
    second: str | None = None,
    margin: float | None = None,
) -> dict[str, Any]:
    """The fields that move a customer at once, within the version in force; what a running recluster proposed stays."""
    if state and int(state["from"]) > active:
        return {"segment.before": target}
    held = Membership(id=target, from_=active, before=None, reasons=list(reasons), second=second, margin=margin)
    return {"segment": held.to_doc()}
