"""Other ways to cut the same customers, for `metrics/groupings`: RFM, mood, personality, value and risk.

Each is one look from one side, beside the segments that look from all. A grouping whose condition is not met is there
without groups, and its note says what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ml.segmentation.features import TABLE
from ml.segmentation.population import PAGE
from ml.segmentation.rfm import CELLS, cell_name
from ml.segmentation.space import OCEAN, WORDS
from schema.base import Localized
from schema.documents import Rfm
from schema.flow import World
from schema.minds import GROUPS, TRAITS
from schema.pictures import Grouping, Groupings, TierLine
from schema.store import Data, Put, Query, Store, get, pages

PATH = "metrics/groupings"
FIELDS = (
    "stats.orders",
    "stats.revenue",
    "mergedInto",
    "profiling",
    "sample",
    "rfm",
    "psyche.mood",
    "psyche.ocean",
    "predictions.valueTier",
    "predictions.churnTier",
)
MOODS = {
    "delighted": Localized(en="Delighted", zh="愉悦"),
    "surprised": Localized(en="Surprised", zh="惊讶"),
    "worried": Localized(en="Worried", zh="担忧"),
    "disappointed": Localized(en="Disappointed", zh="失望"),
    "frustrated": Localized(en="Frustrated", zh="不满"),
    "neutral": Localized(en="Neutral", zh="平静"),
}
VALUES = {
    "top": Localized(en="Top value", zh="最高价值"),
    "high": Localized(en="High value", zh="高价值"),
    "middle": Localized(en="Middle value", zh="中等价值"),
    "low": Localized(en="Low value", zh="低价值"),
}
RISKS = {
    "high": Localized(en="High risk", zh="高风险"),
    "medium": Localized(en="Medium risk", zh="中等风险"),
    "low": Localized(en="Low risk", zh="低风险"),
}
EVEN = "even"
EVENLY = Localized(en="No trait stands out", zh="没有突出的特质")
DEVIATES = 1.0
"""Standard deviations of the population from which a trait stands out."""


def figures(world: World, as_of: datetime) -> None:
    """Count every grouping over the customers in scope and write `metrics/groupings`."""
    shop = get(world.store, "settings/shop")
    held = shop.data if shop else {}
    people = list(_people(world.store, bool(held.get("real"))))
    made = Groupings(
        as_of=as_of,
        currency=str(held.get("currency") or "USD"),
        groupings=groupings(people),
        computed_at=world.clock(),
    )
    world.store.commit([Put(PATH, made.to_doc())])


def groupings(people: Sequence[Data]) -> list[Grouping]:
    """The five groupings of these customers (documents with the fields of `FIELDS`). Pure."""
    return [_rfm(people), _mood(people), _personality(people), _value(people), _risk(people)]


def _rfm(people: Sequence[Data]) -> Grouping:
    order = list(dict.fromkeys(name.en for _, _, name in CELLS))
    labels = {name.en: name for _, _, name in CELLS}

    def key(one: Data) -> str | None:
        return cell_name(Rfm.model_validate(one["rfm"])).en if one.get("rfm") else None

    missing = Localized(
        en="RFM scores need at least 5 customers with an order.", zh="RFM 评分至少需要 5 位有订单的客户。"
    )
    return _grouping("rfm", Localized(en="RFM cells", zh="RFM 分组"), people, key, order, labels, missing)


def _mood(people: Sequence[Data]) -> Grouping:
    known = sum(_mind(one).get("mood") is not None for one in people)
    missing = Localized(
        en=f"Mood needs scored words; {known} of {len(people)} customers have any.",
        zh=f"情绪分组需要已评分的言语；{len(people)} 位客户中 {known} 位有。",
    )
    made = _grouping(
        "mood", Localized(en="Mood", zh="情绪"), people, lambda one: _mind(one).get("mood"), GROUPS, MOODS, missing
    )
    if not made.groups:
        return made
    rest = Localized(
        en=f"By the strongest mood of what they wrote: {known} of {len(people)} customers have scored words.",
        zh=f"按言语中最强的情绪划分：{len(people)} 位客户中 {known} 位有已评分的言语。",
    )
    return made.model_copy(update={"note": rest})


def _personality(people: Sequence[Data]) -> Grouping:
    """By the trait that deviates most from everybody's mean, where one does."""
    label = Localized(en="Personality", zh="性格")
    scored = [one for one in people if _mind(one).get("ocean")]
    share = len(scored) / len(people) if people else 0.0
    if share < OCEAN or len(scored) < WORDS:
        note = Localized(
            en=f"Personality needs a score for {OCEAN:.0%} of the customers and at least {WORDS}; "
            f"{len(scored)} of {len(people)} have one.",
            zh=f"性格分组需要 {OCEAN:.0%} 且至少 {WORDS} 位客户有评分；{len(people)} 位中 {len(scored)} 位有。",
        )
        return Grouping(name="personality", label=label, note=note, groups=[])
    spread = {name: _moments([_score(one, name) for one in scored]) for name in TRAITS}
    labels: dict[str, Localized] = {EVEN: EVENLY}
    order: list[str] = []
    for name in TRAITS:
        measure = TABLE[f"ocean.{name}"]
        for side, said in (("high", measure.high), ("low", measure.low)):
            order.append(f"{name}.{side}")
            labels[f"{name}.{side}"] = Localized(en=said.en[0].upper() + said.en[1:], zh=said.zh)

    def key(one: Data) -> str | None:
        if not _mind(one).get("ocean"):
            return None
        away = {name: (_score(one, name) - mean) / deviation for name, (mean, deviation) in spread.items()}
        name = max(TRAITS, key=lambda trait: abs(away[trait]))
        return f"{name}.{'high' if away[name] > 0 else 'low'}" if abs(away[name]) >= DEVIATES else EVEN

    made = _grouping("personality", label, people, key, [*order, EVEN], labels, EVENLY)
    note = Localized(
        en="By the trait farthest from everybody's mean, as their words sound: "
        f"{len(scored)} of {len(people)} have a score.",
        zh=f"按言语中与平均相差最大的特质划分：{len(people)} 位中 {len(scored)} 位有评分。",
    )
    return made.model_copy(update={"note": note})


def _value(people: Sequence[Data]) -> Grouping:
    missing = Localized(
        en="Value tiers come with the first predictions; nobody has one yet.", zh="首次预测后才有价值分层，目前还没有。"
    )
    return _grouping(
        "value", Localized(en="Value of the next year", zh="未来一年价值"), people,
        lambda one: (one.get("predictions") or {}).get("valueTier"), tuple(VALUES), VALUES, missing,
    )  # fmt: skip


def _risk(people: Sequence[Data]) -> Grouping:
    missing = Localized(
        en="Risk tiers come with the first predictions; nobody has one yet.", zh="首次预测后才有风险分层，目前还没有。"
    )
    return _grouping(
        "risk", Localized(en="Risk of leaving", zh="流失风险"), people,
        lambda one: (one.get("predictions") or {}).get("churnTier"), tuple(RISKS), RISKS, missing,
    )  # fmt: skip


def _grouping(
    name: str,
    label: Localized,
    people: Iterable[Data],
    key: Callable[[Data], Any],
    order: Sequence[str],
    labels: Mapping[str, Localized],
    missing: Localized,
) -> Grouping:
    counts: Counter[str] = Counter()
    revenue: Counter[str] = Counter()
    for one in people:
        group = key(one)
        if group is not None:
            counts[group] += 1
            revenue[group] += int((one.get("stats") or {}).get("revenue") or 0)
    lines = [
        TierLine(name=group, label=labels[group], customers=counts[group], revenue=revenue[group])
        for group in order
        if counts[group]
    ]
    return Grouping(name=name, label=label, note=None if lines else missing, groups=lines)


def _people(store: Store, real: bool) -> Iterable[Data]:
    """Customers with an order who did not refuse profiling, a page at a time."""
    query = Query("customers", order_by=(("__name__", "asc"),), limit=PAGE, select=FIELDS)
    for page in pages(store, query):
        for doc in page:
            data = doc.data
            if (
                int((data.get("stats") or {}).get("orders") or 0) >= 1
                and not data.get("mergedInto")
                and data.get("profiling") != "opted out"
                and not (real and data.get("sample"))
            ):
                yield data


def _mind(one: Data) -> Data:
    return one.get("psyche") or {}


def _score(one: Data, trait: str) -> float:
    return float(one["psyche"]["ocean"][trait]["score"])


def _moments(values: Sequence[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    return mean, deviation if deviation > 1e-9 else 1.0
