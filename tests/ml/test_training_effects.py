"""What the last run says of its settings; what a reader meets is named as in the console, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from ml.segmentation.groupings import MOODS
from ml.training_effects import MODEL_NAMES, write_effects
from schema.flow import MemoryBus, World
from schema.intelligence import ModelName
from schema.memory_store import MemoryStore
from schema.store import Put, get
from tests.ml.shop import Ticking

ROOT = Path(__file__).resolve().parents[2]


def _texts(language: str, name: str) -> Any:
    return json.loads((ROOT / f"web/src/i18n/{language}/{name}.json").read_text())


def test_models_and_methods_by_the_names_a_reader_knows() -> None:
    store: Any = MemoryStore()
    card = {
        "metrics": {"rows": 1200, "auc": 0.8},
        "baselineMetrics": {"auc": 0.7},
        "inUse": "model",
        "fit": {"gain": 0.1},
        "trainedAt": datetime(2026, 3, 1, 3, tzinfo=UTC),
    }
    version = {
        "blocks": {"behaviour": 1}, "candidates": [{"k": 6}, {"k": 7}], "silhouette": 0.3, "k": 7,
        "algorithm": "kmeans", "mode": "search",
    }  # fmt: skip
    store.commit([
        Put("settings/training", {"pinnedAlgorithm": "hdbscan", "pinnedK": 7}),
        Put("config/segmentation", {"active": 1}),
        Put("segmentations/1", version),
        Put("models/churn", card),
        Put("models/intent", card),
    ])  # fmt: skip
    write_effects(World(store, MemoryBus(), Ticking()), "learn-1")
    held = get(store, "metrics/training")
    assert held is not None
    effects = {one["setting"]: one for one in held.data["effects"]}
    assert effects["historyDays"]["effect"] == {
        "en": "Rows in the last backtests: churn risk 1,200, will buy 1,200.",
        "zh": "最近回测的样本数：流失风险 1,200，将会购买 1,200。",
    }
    assert effects["kRange"]["effect"]["zh"] == "尝试 6 至 7 群；采用 7 群（K-means）。"
    assert effects["pinned"]["value"] == "HDBSCAN 7"
    assert effects["gain.churn"]["effect"]["en"].startswith("+0.100 over recency alone; AUC 0.800, 0.700 of")
    assert effects["schedule"]["effect"]["en"] == "Models were last trained on 2026-03-01."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_name_with_the_console(language: str) -> None:
    assert {name: getattr(text, language) for name, text in MOODS.items()} == _texts(language, "words")["mood"]
    assert set(MODEL_NAMES) == set(get_args(ModelName))
    console = _texts(language, "predictions")["model"]
    assert all(getattr(text, language).lower() == console[name].lower() for name, text in MODEL_NAMES.items())


def test_customers_have_one_chinese_word() -> None:
    folders = [ROOT / "web/src/i18n/zh", *(ROOT / part for part in ("functions", "schema", "ml"))]
    files = [path for folder in folders for kind in ("*.py", "*.toml", "*.json") for path in folder.rglob(kind)]
    # Models' vocabularies hold every word; training reads what customers wrote.
    read = [path for path in files if not {"models", "training"} & {*path.relative_to(ROOT).parts}]
    assert len(read) > 100
    assert [str(path) for path in read if "顾客" in path.read_text()] == []
