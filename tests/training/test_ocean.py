"""The personality model: no leakage between folds, chance for shuffled answers, a graph that says what the fit says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ml.training import ocean
from ml.training.ocean_features import Ridge, Scale, shares

VOCABULARY = 60


def writers(rng: np.random.Generator, count: int, told: bool) -> tuple[list[list[int]], np.ndarray]:
    """Texts of 120 tokens; with `told`, each trait makes its own two tokens twice as frequent."""
    answers = rng.integers(0, 2, (count, 5)).astype(np.float32)
    texts = []
    for row in answers:
        weights = np.ones(VOCABULARY)
        if told:
            weights[:10] += np.repeat(row, 2)
        texts.append(rng.choice(VOCABULARY, 120, p=weights / weights.sum()).tolist())
    return texts, answers * 2 - 1


def test_words_that_tell_are_found_and_chance_is_chance() -> None:
    rng = np.random.default_rng(1)
    texts, traits = writers(rng, 200, True)
    seen = shares(texts, VOCABULARY)
    logits, _ = ocean.crossed(seen, traits, VOCABULARY)
    assert ocean.accuracy(logits, traits)["accuracy"] > 0.65
    mixed, _ = ocean.crossed(seen, traits[rng.permutation(200)], VOCABULARY)
    found = ocean.accuracy(mixed, traits[rng.permutation(200)])
    assert abs(found["accuracy"] - 0.5) < 4 * found["standardError"]


def test_answers_of_the_held_out_writer_do_not_reach_their_own_logits() -> None:
    texts, traits = writers(np.random.default_rng(2), 60, True)
    seen = shares(texts, VOCABULARY)
    before, folds = ocean.crossed(seen, traits, VOCABULARY)
    held = folds[0][0]
    changed = traits.copy()
    changed[held] *= -1
    after, _ = ocean.crossed(seen, changed, VOCABULARY)
    assert after[held] == pytest.approx(before[held])
    assert not np.allclose(after, before)


def test_graph_says_what_the_ridge_says_whatever_the_windows(tmp_path: Path) -> None:
    texts, traits = writers(np.random.default_rng(3), 80, True)
    seen = shares(texts, VOCABULARY)
    scale = Scale(seen, VOCABULARY)
    ridge = Ridge(scale.apply(seen), traits, 3.0)
    ocean.graph(scale, ridge, VOCABULARY, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"))
    ids = np.zeros((2, 130), np.int64)
    mask = np.zeros_like(ids)
    ids[0, :120], mask[0, :120] = texts[0], 1
    ids[1, :70], mask[1, :70] = texts[1][:70], 1
    ids[1, 70:] = 5
    both = session.run(["ocean"], {"input_ids": ids, "attention_mask": mask})[0]
    wanted = ridge.values(scale.apply(shares([texts[0], texts[1][:70]], VOCABULARY)))
    assert both == pytest.approx(wanted, abs=2e-3)
    parts = [texts[0][:50], texts[0][50:]]
    cut = [
        session.run(["ocean"], {"input_ids": np.array([one]), "attention_mask": np.ones((1, len(one)), np.int64)})[0][0]
        for one in parts
    ]
    # One pair lies across the cut.
    assert (50 * cut[0] + 70 * cut[1]) / 120 == pytest.approx(wanted[0], abs=0.02)
    short = {"input_ids": np.array([[7]]), "attention_mask": np.zeros((1, 1), np.int64)}
    assert np.isfinite(session.run(["ocean"], short)[0]).all()


def test_logistic_recovers_slope_and_intercept() -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(0, 1, 20_000)
    answers = rng.random(20_000) < 1 / (1 + np.exp(-(1.5 * logits + 0.4)))
    slope, intercept = ocean.logistic(logits, answers.astype(float))
    assert slope == pytest.approx(1.5, abs=0.1)
    assert intercept == pytest.approx(0.4, abs=0.1)


def test_scores_move_less_with_more_words() -> None:
    rng = np.random.default_rng(5)
    answers = rng.integers(0, 2, (60, 5)).astype(np.float32)
    weights = np.ones((60, VOCABULARY))
    weights[:, :10] += np.repeat(answers, 2, axis=1)
    texts = [rng.choice(VOCABULARY, 800, p=row / row.sum()).tolist() for row in weights]
    seen = shares(texts, VOCABULARY)
    logits, folds = ocean.crossed(seen, answers * 2 - 1, VOCABULARY)
    scales = [ocean.logistic(logits[:, at], answers[:, at]) for at in range(5)]
    assert (ocean.word_error(texts, folds, scales, VOCABULARY) > 0).all()
    error = ocean.model_error(seen, answers * 2 - 1, scales, VOCABULARY)
    assert ((error > 0) & (error < 0.5)).all()


def test_card_of_the_manifest(tmp_path: Path) -> None:
    from ml.training.card import main

    found = {"accuracy": 0.6, "standardError": 0.005, "n": 100, "perTrait": dict.fromkeys(ocean.TRAITS, 0.6)}
    scale = {"slope": 1.0, "intercept": 0.0, "error": 0.03, "perWord": 2.0}
    head = {"calibration": dict.fromkeys(ocean.TRAITS, scale)}
    manifest = {
        "name": "m",
        "version": "1",
        "heads": {"ocean": head},
        "figures": {"crossValidated": found},
        "trained": {"command": "c"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    main(["--model", str(tmp_path)])
    assert "| openness | 0.600 | 1.00 | 0.030 | 2.00 | 0.14 | 0.07 |" in (tmp_path / "MODEL_CARD.md").read_text()
