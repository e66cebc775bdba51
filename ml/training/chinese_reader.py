"""Reading with the Chinese artefact, and measuring it, with onnxruntime, tokenizers and numpy only.

A text's logits for a head are the mean over its windows, weighted by their real tokens, plus the n-gram logits times their
weight; then / temperature + bias, then softmax.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training import ngrams
from ml.training.chinese_data import EMOTIONS, Row, posts, reviews, uniform

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
BATCH = 8


def windows(ids: Sequence[int], size: int, overlap: int, bos: int, eos: int) -> list[list[int]]:
    """Cut content ids into windows of at most `size` tokens with their two marks; neighbours share `overlap` tokens."""
    room = size - 2
    starts = range(0, max(1, len(ids) - overlap), room - overlap)
    return [[bos, *ids[start : start + room], eos] for start in starts]


@dataclass(frozen=True)
class Encoder:
    """An ONNX file with its tokenizer and window; `logits` gives what each output says of each text."""

    session: Any
    tokenizer: Any
    tokens: int
    overlap: int

    def logits(self, texts: Sequence[str]) -> dict[str, Floats]:
        """Per output: window means [texts, labels]."""
        marks = self.tokenizer.encode("").ids
        bos, eos = marks[0], marks[-1]
        cut: list[tuple[int, list[int]]] = []
        for at, one in enumerate(self.tokenizer.encode_batch([uniform(text) for text in texts], add_special_tokens=False)):
            cut += [(at, window) for window in windows(one.ids, self.tokens, self.overlap, bos, eos)]
        cut.sort(key=lambda pair: len(pair[1]))
        names = [output.name for output in self.session.get_outputs()]
        sums: dict[str, Any] = {}
        weights = np.zeros(len(texts))
        for start in range(0, len(cut), BATCH):
            part = cut[start : start + BATCH]
            ids = np.full((len(part), len(part[-1][1])), 1, np.int64)
            mask = np.zeros_like(ids)
            for row, (_, window) in enumerate(part):
                ids[row, : len(window)] = window
                mask[row, : len(window)] = 1
            found = self.session.run(names, {"input_ids": ids, "attention_mask": mask})
            for name, values in zip(names, found, strict=True):
                total = sums.setdefault(name, np.zeros((len(texts), values.shape[1])))
                for row, (at, window) in enumerate(part):
                    total[at] += values[row].astype(np.float64) * len(window)
            for at, window in part:
                weights[at] += len(window)
        return {name: total / weights[:, None] for name, total in sums.items()}


def encoder(onnx: Path, tokenizer: Path, tokens: int, overlap: int) -> Encoder:
    """Load an ONNX file on one thread, with its tokenizer."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
    return Encoder(session, Tokenizer.from_file(str(tokenizer)), tokens, overlap)


class Model:
    """A shipped folder: `probabilities(head, texts)` gives [texts, labels] that sum to 1.

    Raises ValueError naming the file whose content is not the one the manifest tells.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, told in self.manifest["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != told["sha256"]:
                raise ValueError(f"{folder / name}: not the file of the manifest")
        window = self.manifest["window"]
        self.encoder = encoder(folder / "model.onnx", folder / "tokenizer.json", window["tokens"], window["overlap"])
        self.linear = {
            head: ngrams.load(folder / told["ngrams"]["file"])
            for head, told in self.manifest["heads"].items()
            if "ngrams" in told
        }

    def probabilities(self, head: str, texts: Sequence[str]) -> Floats:
        told = self.manifest["heads"][head]
        logits = self.encoder.logits(texts)[told["output"]]
        if head in self.linear:
            logits = logits + told["ngrams"]["weight"] * self.linear[head].logits(texts)
        return softmax(logits / told["temperature"] + np.asarray(told["bias"]))


def softmax(logits: Floats) -> Floats:
    """Rows that sum to 1."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


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


def measure(rows: Sequence[Row], probabilities: Floats, task: str, shuffle_labels: bool = False) -> dict[str, Any]:
    """Figures of one task from the head's probabilities [rows, labels].

    zh-sentiment: positive against negative (the labels know no neutral); `neutral` is the share of texts for which neutral
    is likeliest, `accuracyOfDecided` leaves those out. zh-emotion: the likeliest of six. `shuffle_labels` mixes the labels
    with a fixed seed first: what is left then is chance.
    """
    gold = np.array([row.label for row in rows], np.int64)
    if shuffle_labels:
        gold = np.random.default_rng(1).permutation(gold)
    figures: dict[str, Any] = {"task": task, "n": len(rows), "shuffled": shuffle_labels}
    if task == "zh-sentiment":
        said = (probabilities[:, 2] > probabilities[:, 0]).astype(np.int64)
        decided = probabilities.argmax(axis=1) != 1
        each = f1(gold, said, 2)
        figures |= {"accuracy": _accuracy(gold, said), "macroF1": round(float(np.mean(each)), 4)}
        figures["f1"] = {"negative": round(each[0], 4), "positive": round(each[1], 4)}
        figures["neutral"] = round(float(1 - decided.mean()), 4)
        figures["accuracyOfDecided"] = _accuracy(gold[decided], said[decided])
        figures["parts"] = {
            kind: {"n": int(here.sum()), "accuracy": _accuracy(gold[here], said[here])} for kind, here in _parts(rows)
        }
        return figures
    said = probabilities.argmax(axis=1).astype(np.int64)
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
    heads = {"zh-sentiment": "sentiment", "zh-emotion": "emotion"}
    if task not in heads:
        raise ValueError(f"task {task}: one of {', '.join(heads)} wanted")
    rows = reviews(file) if task == "zh-sentiment" else posts(file)
    if not rows:
        raise ValueError(f"{file}: no rows")
    probabilities = Model(model_dir).probabilities(heads[task], [row.text for row in rows])
    return measure(rows, probabilities, task, shuffle_labels)
