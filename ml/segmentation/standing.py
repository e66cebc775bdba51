"""Where the segmentations stand: what is in force, what waits for a decision, and whether a search is due.

A proposal waits until a member publishes or keeps. Meanwhile nightly runs go on with the version in force and leave the
proposal alone; the next search (weekly, or asked for) supersedes it, and says so on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ml.segmentation.features import VERSION
from schema.base import Localized
from schema.intelligence import Training
from schema.store import Doc, Store

LOOK_BACK = 60
"""Versions before the present one that may still be open."""
MOVES = 0.10
"""Share of the members in force who may move by night without a person's say."""
SUPERSEDED = Localized(
    en="A newer search took its place before anybody decided.", zh="尚未决定，已被更新的搜索结果取代。"
)


@dataclass(frozen=True)
class Standing:
    """The version in force (if any) and the later ones that are kept."""

    active: int
    in_force: Doc | None
    later: tuple[Doc, ...]

    @property
    def waiting(self) -> Doc | None:
        """The newest proposal that nobody decided about."""
        found = [doc for doc in self.later if doc.data.get("status") == "proposed"]
        return max(found, key=lambda doc: int(doc.data["version"])) if found else None

    @property
    def searched_at(self) -> datetime | None:
        """When a search last came to a result, also one that was not published."""
        docs = [doc for doc in (self.in_force, *self.later) if doc]
        moments = [doc.data.get("searchedAt") or doc.data["createdAt"] for doc in docs]
        return max(moments) if moments else None

    def due(self, settings: Training, now: datetime) -> bool:
        """Whether to look for a better grouping, not only to move people."""
        last, doc = self.searched_at, self.in_force
        if doc is None or last is None or not doc.data["prototypes"]:
            return True
        if int(doc.data.get("featureVersion") or 1) != VERSION:
            return True
        if settings.updated_at is not None and settings.updated_at > last:
            return True
        return now - last >= timedelta(days=settings.search_days)

    def declined(self, settings: Training, now: datetime) -> bool:
        """Whether a search's result was lately not wanted: losing clearness then starts no other before its time."""
        kept = [doc for doc in self.later if doc.data.get("status") == "kept"]
        recent = timedelta(days=settings.search_days)
        return any(now - (doc.data.get("searchedAt") or doc.data["createdAt"]) < recent for doc in kept)

    def settled(self, settings: Training, now: datetime) -> bool:
        """Whether somebody lately kept the groups from what a night made of them: asked again it would say the same."""
        kept = [doc for doc in self.later if doc.data.get("status") == "kept" and doc.data.get("mode") == "warm"]
        recent = timedelta(days=settings.search_days)
        return any(now - doc.data["createdAt"] < recent for doc in kept)


def read(store: Store, active: int, version: int) -> Standing:
    """What stands before `version`, the one that a run claimed."""
    paths = [f"segmentations/{number}" for number in range(max(active, 1, version - LOOK_BACK), version)]
    own = f"segmentations/{active}"
    docs = store.get_many([own, *paths] if active else paths)
    in_force = docs.get(own) if active else None
    return Standing(active, in_force, tuple(doc for path, doc in docs.items() if doc and path != own))


def verdict(
    former: Mapping[str, Any] | None, ids: Sequence[str], members: int, moved: int, eligible: int, search: bool
) -> Localized | None:
    """Why a result waits for a person; None when it comes into force at once.

    A search's result always waits, a night's when over `MOVES` of the members move or a segment comes or goes. Where
    under half of today's customers are in a segment (the first data, or the shop's own after the sample) there is
    nothing in force that could be kept.

    Args:
        former: the document in force.
        ids: the new segments.
        members: customers in scope that are in a segment in force now; `moved` of them would change it.
        eligible: customers in scope.
    """
    before = set(former["prototypes"]) if former else set()
    if not before or members * 2 < eligible:
        return None
    said_en, said_zh = [], []
    if moved > MOVES * members:
        said_en.append(f"{moved / members:.0%} of the members would move")
        said_zh.append(f"{moved / members:.0%} 的成员将变动")
    if new := len(set(ids) - before):
        said_en.append(f"{new} {'segment appears' if new == 1 else 'segments appear'}")
        said_zh.append(f"新增 {new} 个分群")
    if gone := len(before - set(ids)):
        said_en.append(f"{gone} {'segment vanishes' if gone == 1 else 'segments vanish'}")
        said_zh.append(f"消失 {gone} 个分群")
    if search and not said_en:
        share = moved / members if members else 0.0
        said_en.append(f"a new search moves {share:.0%} of the members")
        said_zh.append(f"新的搜索使 {share:.0%} 的成员变动")
    if not said_en:
        return None
    return Localized(
        en=f"{', '.join(said_en)}: publish it, or keep the segments in force.".capitalize(),
        zh=f"{'，'.join(said_zh)}：请选择发布，或保留现行分群。",
    )
