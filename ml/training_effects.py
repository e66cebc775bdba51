"""What each training setting did in the last run, from what the run left behind: `metrics/training`."""

from __future__ import annotations

from typing import Any

from ml.segmentation.candidates import ALGORITHM_NAMES
from schema.base import Localized
from schema.flow import World
from schema.intelligence import Finding, SettingEffect, Training, TrainingEffects
from schema.store import Put, Query, get

MOST = 20
BLOCKS = ("behaviour", "emotion", "personality")
MODEL_NAMES: dict[str, Localized] = {
    "churn": Localized(en="churn risk", zh="流失风险"),
    "value": Localized(en="lifetime value", zh="生命周期价值"),
    "intent": Localized(en="will buy", zh="将会购买"),
    "engagement": Localized(en="will be active", zh="将会活跃"),
    "campaign": Localized(en="buys after a message", zh="收到消息后购买"),
    "discount": Localized(en="discount sensitivity", zh="折扣敏感度"),
    "segmentation": Localized(en="segmentation", zh="客户分群"),
    "text": Localized(en="mood in words", zh="文字中的情绪"),
}
"""As the console's page of predictions calls them."""


def write_effects(world: World, run_id: str) -> None:
    """Compute and write the effects of `settings/training` in the run that just ended."""
    held = get(world.store, "settings/training")
    chosen = Training.model_validate(held.data) if held else Training()
    pointer = get(world.store, "config/segmentation")
    version = get(world.store, f"segmentations/{pointer.data['active']}") if pointer else None
    grouping = version.data if version else None
    cards = {doc.id: doc.data for doc in world.store.query(Query("models"))}
    figures = get(world.store, "metrics/predictions")
    effects = [*_grouping(chosen, grouping), *_risk(chosen, figures.data if figures else None), *_models(chosen, cards)]
    world.store.commit(
        [Put("metrics/training", TrainingEffects(run_id=run_id, at=world.clock(), effects=effects[:MOST]).to_doc())]
    )


def _grouping(chosen: Training, grouping: dict[str, Any] | None) -> list[SettingEffect]:
    if grouping is None:
        return []
    found = []
    for name in BLOCKS:
        block = getattr(chosen.blocks, name)
        weight = float((grouping.get("blocks") or {}).get(name) or 0)
        wanted = f"{block.weight:g}" if block.on else "off"
        if weight > 0:
            en, zh = f"Took part with weight {weight:.3g} a feature.", f"以每个特征 {weight:.3g} 的权重参与。"
        elif not block.on or block.weight == 0:
            en, zh = "Left out, as set.", "按设置未参与。"
        else:
            shares = {"emotion": grouping.get("wordsShare"), "personality": grouping.get("oceanShare")}
            share = shares.get(name)
            known = f"{share:.0%}" if share is not None else "0%"
            en = f"Left out by its gate: known for {known} of the customers."
            zh = f"未通过门槛而未参与：仅 {known} 的客户有数据。"
        found.append(_effect(f"blocks.{name}", wanted, en, zh))
    tried = sorted({one["k"] for one in grouping["candidates"]})
    silhouette = grouping["silhouette"]
    quality = "" if silhouette is None else f", silhouette {silhouette:.2f}"
    method = ALGORITHM_NAMES.get(grouping["algorithm"], grouping["algorithm"])
    span = f"{tried[0]} to {tried[-1]}" if tried else "none"
    found.append(
        _effect(
            "kRange", f"{chosen.k_min}-{chosen.k_max}",
            f"Tried {span}; {grouping['k']} segments by {method}{quality}.",
            f"尝试 {tried[0]} 至 {tried[-1]} 群；采用 {grouping['k']} 群（{method}）。" if tried
            else f"采用 {grouping['k']} 群。",
        )
    )  # fmt: skip
    if chosen.pinned_k or chosen.pinned_algorithm:
        method = ALGORITHM_NAMES.get(chosen.pinned_algorithm or "")
        pinned = " ".join(str(part) for part in (method, chosen.pinned_k) if part)
        found.append(_effect("pinned", pinned, "The search was held to it.", "搜索仅限于该设置。"))
    found.append(
        _effect(
            "searchDays", str(chosen.search_days),
            "The last run searched for a better grouping." if grouping["mode"] == "search"
            else "The last run kept the grouping and moved people only.",
            "最近一次运行重新搜索了分群。" if grouping["mode"] == "search" else "最近一次运行保持分群，仅移动成员。",
        )
    )  # fmt: skip
    return found


def _models(chosen: Training, cards: dict[str, dict[str, Any]]) -> list[SettingEffect]:
    found = []
    trained = {name: card for name, card in cards.items() if card.get("metrics")}
    if trained:
        rows = {name: f"{card['metrics']['rows']:,}" for name, card in sorted(trained.items())}
        en = ", ".join(f"{MODEL_NAMES[name].en} {count}" for name, count in rows.items())
        zh = "，".join(f"{MODEL_NAMES[name].zh} {count}" for name, count in rows.items())
        days = f"{chosen.history_days} d" if chosen.history_days else "all"
        found.append(_effect("historyDays", days, f"Rows in the last backtests: {en}.", f"最近回测的样本数：{zh}。"))
    newest = max((card["trainedAt"] for card in cards.values() if card.get("trainedAt")), default=None)
    if newest is not None:
        day = newest.date().isoformat()
        found.append(
            _effect("schedule", chosen.schedule, f"Models were last trained on {day}.", f"模型最近训练于 {day}。")
        )
    churn = cards.get("churn")
    if churn and churn.get("horizonDays"):
        found.append(
            _effect(
                "churnDays", str(chosen.churn_days or "auto"),
                f"{churn['horizonDays']} days without an order counted as churned.",
                f"{churn['horizonDays']} 天没有下单即视为流失。",
            )
        )  # fmt: skip
    for name, card in sorted(trained.items()):
        model, baseline = card["metrics"].get("auc"), (card.get("baselineMetrics") or {}).get("auc")
        if model is not None and baseline is not None:
            gain = (card.get("fit") or {}).get("gain")
            over = "" if gain is None else f"{gain:+.3f} over recency alone; "
            over_zh = "" if gain is None else f"相对最近活跃时间 {gain:+.3f}；"
            used = {"model": "the model is used", "baseline": "the baseline is used", "none": "neither is used"}
            used_zh = {"model": "使用模型", "baseline": "使用基线", "none": "均不使用"}
            found.append(
                _effect(
                    f"gain.{name}", f"{chosen.gain:g}",
                    f"{over}AUC {model:.3f}, {baseline:.3f} of the baseline: {used[card['inUse']]}.",
                    f"{over_zh}AUC {model:.3f}，基线 {baseline:.3f}：{used_zh[card['inUse']]}。",
                )
            )  # fmt: skip
        brier = card["metrics"].get("brier")
        if brier is not None:
            holds = brier <= chosen.most_brier
            found.append(
                _effect(
                    f"mostBrier.{name}", f"{chosen.most_brier:g}",
                    f"Brier score {brier:.3f}: {'within' if holds else 'over'} the limit.",
                    f"Brier 分数 {brier:.3f}：{'未超出' if holds else '超出'}上限。",
                )
            )  # fmt: skip
    return found[:14]


def _risk(chosen: Training, figures: dict[str, Any] | None) -> list[SettingEffect]:
    """How many customers the threshold calls at risk."""
    if not figures or not figures["predicted"]:
        return []
    risky, predicted = figures["atRisk"], figures["predicted"]
    return [
        _effect(
            "riskThreshold", f"{chosen.risk_threshold:g}",
            f"{risky:,} of {predicted:,} customers are over it; {figures['crossed']:,} crossed it in the last 7 days.",
            f"{predicted:,} 位客户中有 {risky:,} 位超过阈值；最近 7 天有 {figures['crossed']:,} 位越过。",
        )
    ]  # fmt: skip


def _effect(setting: str, value: str, en: str, zh: str) -> SettingEffect:
    return SettingEffect(setting=setting, value=value, effect=Finding(en=en, zh=zh))
