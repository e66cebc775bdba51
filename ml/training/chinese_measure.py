"""Reading with the Chinese artefact, and measuring it, with onnxruntime, tokenizers and numpy only.

A text's logits for a head are those of its windows (ml/training/reader.py) plus the n-gram logits times their
weight; then / temperature + bias, then softmax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training import ngrams
from ml.training.chinese_data import EMOTIONS, Row, posts, reviews
from ml.training.reader import Artefact

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
HEADS = {"zh-sentiment": "sentiment", "zh-emotion": "emotion"}


def probabilities(model: Artefact, head: str, texts: Sequence[str]) -> Floats:
    """Shares [texts, labels] of one head, its n-gram model included."""
    told = model.manifest["heads"][head]
    logits = model.logits(texts, [head])[head]
    if "ngrams" in told:
        linear = ngrams.load(model.folder / told["ngrams"]["file"])
        logits = logits + told["ngrams"]["weight"] * linear.logits(texts)
    return model.shares(head, logits)


def f1(gold: Labels, said: Labels, classes: int) -> list[float]:
    """F1 of each class; 0 for one that neither was nor was said."""
    both = [int(((gold == c) & (said == c)).sum()) for c in range(classes)]
    each = [int((gold == c).sum() + (said == c).sum()) for c in range(classes)]
    return [2 * b / max(1, n) for b, n in zip(both, each, strict=True)]


def _accuracy(gold: Labels, said: Labels) -> float:
    return round(float((gold == said).mean()), 4)


def _parts(rows: Sequence[Row]) -> Iterable[tuple[str, npt.NDArray[np.bool_]]]:
    kinds = np.array([row.kind for row in rows])
    return [(str(kind), kinds == kind) for kind in sorted(set(kinds.tolist()))]


def measure(rows: Sequence[Row], shares: Floats, task: str, shuffle_labels: bool = False) -> dict[str, Any]:
    """Figures of one task from the head's shares [rows, labels].

    zh-sentiment: positive against negative (the labels know no neutral); `neutral` is the share of texts for which
    neutral is likeliest, `accuracyOfDecided` leaves those out. zh-emotion: the likeliest of six. `shuffle_labels`
    mixes the labels with a fixed seed first: what is left then is chance.
    """
    gold = np.array([row.label for row in rows], np.int64)
    if shuffle_labels:
        gold = np.random.default_rng(1).permutation(gold)
    figures: dict[str, Any] = {"task": task, "n": len(rows), "shuffled": shuffle_labels}
    if task == "zh-sentiment":
        said = (shares[:, 2] > shares[:, 0]).astype(np.int64)
        decided = shares.argmax(axis=1) != 1
        each = f1(gold, said, 2)
        figures |= {"accuracy": _accuracy(gold, said), "macroF1": round(float(np.mean(each)), 4)}
        figures["f1"] = {"negative": round(each[0], 4), "positive": round(each[1], 4)}
        figures["neutral"] = round(float(1 - decided.mean()), 4)
        figures["accuracyOfDecided"] = _accuracy(gold[decided], said[decided])
        figures["parts"] = {
            kind: {"n": int(here.sum()), "accuracy": _accuracy(gold[here], said[here])} for kind, here in _parts(rows)
        }
        return figures
    said = shares.argmax(axis=1).astype(np.int64)
    each = f1(gold, said, len(EMOTIONS))
    figures |= {"accuracy": _accuracy(gold, said), "macroF1": round(float(np.mean(each)), 4)}
    figures["f1"] = {name: round(value, 4) for name, value in zip(EMOTIONS, each, strict=True)}
    figures["parts"] = {
        kind: {
            "n": int(here.sum()),
            "accuracy": _accuracy(gold[here], said[here]),
            "macroF1": round(float(np.mean(f1(gold[here], said[here], len(EMOTIONS)))), 4),
        }
        for kind, here in _parts(rows)
    }
    return figures


def evaluate(model_dir: Path, file: Path, task: str, shuffle_labels: bool = False) -> dict[str, Any]:
    """Figures of the shipped model on a file with the columns of the data sets' README, plain or gzip-compressed.

    Raises ValueError for an unknown task, an empty file, missing columns or files that are not the manifest's.
    """
    if task not in HEADS:
        raise ValueError(f"task {task}: one of {', '.join(HEADS)} wanted")
    rows = reviews(file) if task == "zh-sentiment" else posts(file)
    if not rows:
        raise ValueError(f"{file}: no rows")
    shares = probabilities(Artefact(model_dir), HEADS[task], [row.text for row in rows])
    return measure(rows, shares, task, shuffle_labels)
