"""Thresholds, bias and temperature of the English artefact, chosen with the int8 graph on held-out texts; its figures.

Everything is chosen on the GoEmotions dev split and on the held-out film sentences and clothing reviews of
ml/training/data.py. Figures on texts that something was chosen on flatter; those named `crossed` were judged by what
was chosen on the other half. The float32 graph is judged in the same way with choices of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training import data
from ml.training.artefact import rewrite
from ml.training.metrics import (
    Floats,
    best_bias,
    best_temperature,
    crossed,
    f1_per_label,
    one_hot,
    sigmoid,
    thresholds,
)
from ml.training.reader import Artefact


def logits_of(model: Artefact, corpus: data.Corpus, batch: int) -> dict[str, Floats]:
    """Logits of the held-out texts."""
    made = {"comments": model.logits([one.text for one in corpus.comments], ["emotion"], batch)["emotion"]}
    for name in ("film", "clothing"):
        made[name] = model.logits([one.text for one in getattr(corpus, name)], ["sentiment"], batch)["sentiment"]
    return made


def _gold(corpus: data.Corpus) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    emotions = data.emotion_matrix(corpus.comments, len(corpus.emotions))
    film = np.array([one.sentiment == 2 for one in corpus.film])
    return emotions, film, np.array([one.sentiment for one in corpus.clothing])


def _reviews_crossed(logits: Floats, stars: npt.NDArray[np.int64], pairs: Floats, film: npt.NDArray[np.bool_]) -> float:
    even = np.arange(len(stars)) % 2 == 0
    said = np.zeros(len(stars), np.int64)
    for fit in (even, ~even):
        said[~fit] = (logits[~fit] + best_bias(logits[fit], stars[fit], pairs, film)).argmax(1)
    return float(f1_per_label(one_hot(stars, 3), one_hot(said, 3)).mean())


def judged(found: dict[str, Floats], corpus: data.Corpus) -> dict[str, Any]:
    """Figures of one graph's logits, with the choices made for it."""
    emotions, film, stars = _gold(corpus)
    shares = sigmoid(found["comments"])
    bias = best_bias(found["clothing"], stars, found["film"], film)
    cuts = thresholds(emotions, shares)
    moved = found["film"] + bias
    each = crossed(emotions, shares)
    return {
        "bias": [round(float(one), 2) for one in bias],
        "temperature": best_temperature(found["clothing"] + bias, stars, np.zeros(3)),
        "thresholds": {name: round(float(cut), 3) for name, cut in zip(corpus.emotions, cuts, strict=True)},
        "emotionF1AtHalf": round(float(f1_per_label(emotions, shares >= 0.5).mean()), 4),
        "emotionF1Crossed": round(float(each.mean()), 4),
        "emotionF1Tuned": round(float(f1_per_label(emotions, shares >= cuts).mean()), 4),
        "emotionF1PerLabel": {name: round(float(one), 3) for name, one in zip(corpus.emotions, each, strict=True)},
        "filmAccuracy": round(float(((moved[:, 2] > moved[:, 0]) == film).mean()), 4),
        "filmTexts": len(film),
        "clothingF1Crossed": round(_reviews_crossed(found["clothing"], stars, found["film"], film), 4),
        "clothingF1Untuned": round(
            float(f1_per_label(one_hot(stars, 3), one_hot(found["clothing"].argmax(1), 3)).mean()), 4
        ),
        "clothingTexts": len(stars),
        "commentTexts": len(emotions),
    }


def tuned(folder: Path, corpus: data.Corpus) -> dict[str, Any]:
    """Choose, write the choices and figures into the manifest in `folder`, and return the figures.

    Needs `model.onnx` and, to compare, `model.fp32.onnx` beside it.
    """
    small = judged(logits_of(Artefact(folder), corpus, 1), corpus)
    plain = judged(logits_of(Artefact(folder, "model.fp32.onnx"), corpus, 16), corpus)
    manifest = Artefact(folder).manifest
    heads = manifest["heads"]
    heads["emotion"]["thresholds"] = small.pop("thresholds")
    # The bias was chosen for plain logits; the reader divides by the temperature first.
    heads["sentiment"]["temperature"] = small["temperature"]
    heads["sentiment"]["bias"] = [round(one / small["temperature"], 4) for one in small["bias"]]
    plain.pop("thresholds")
    figures = {**manifest["figures"], "int8": small, "float32": plain}
    rewrite(folder, heads=heads, figures=figures)
    return figures
