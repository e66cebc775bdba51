"""Reading and running an artefact of ml/models/FORMAT.md with onnxruntime, tokenizers and numpy: for evaluation.

A check of the format that shares no code with the product's run time (ml/text): two readings of one description.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training.chinese_data import uniform
from ml.training.metrics import sigmoid, softmax

Floats = npt.NDArray[np.float64]
BATCH = 1
"""Windows a call: dynamic int8 takes its scale from the whole batch, so neighbours would change a text's score."""


@dataclass(frozen=True)
class Window:
    """A part of a text: which text, its ids with the marks around them, how many of them are the text's own."""

    text: int
    ids: list[int]
    own: int


def windows(tokenizer: Any, texts: Sequence[str], tokens: int, overlap: int) -> list[Window]:
    """Texts cut into windows of at most `tokens` ids, marks included, neighbours sharing `overlap` of their own ids.

    A text without any token gives one window of the marks alone with weight 1, so that every text has logits.
    """
    marks = tokenizer.encode("").ids
    before, after = marks[: len(marks) // 2], marks[len(marks) // 2 :]
    room = tokens - len(marks)
    made = []
    for at, one in enumerate(tokenizer.encode_batch([uniform(text) for text in texts], add_special_tokens=False)):
        if not one.ids:
            made.append(Window(at, marks or [0], 1))
        for start in range(0, len(one.ids), room - overlap):
            part = one.ids[start : start + room]
            made.append(Window(at, [*before, *part, *after], len(part)))
            if start + room >= len(one.ids):
                break
    return made


class Artefact:
    """A folder with a manifest, a tokenizer and a graph.

    Raises ValueError when a file is not the one that the manifest names.
    """

    def __init__(self, folder: Path, model: str = "model.onnx") -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())
        for name, facts in self.manifest["files"].items():
            if name == model and hashlib.sha256((folder / name).read_bytes()).hexdigest() != facts["sha256"]:
                raise ValueError(f"{folder / name}: sha256 differs from the manifest's")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(folder / model), options, providers=["CPUExecutionProvider"])

    def logits(self, texts: Sequence[str], heads: Sequence[str], batch: int = BATCH) -> dict[str, Floats]:
        """Raw logits of the texts for each head: [texts, labels], windows pooled by their number of own tokens."""
        shape = self.manifest["window"]
        cut = windows(self.tokenizer, texts, shape["tokens"], shape["overlap"])
        order = sorted(range(len(cut)), key=lambda at: len(cut[at].ids))
        outputs = [self.manifest["heads"][head]["output"] for head in heads]
        sums: dict[str, Floats] = {
            head: np.zeros((len(texts), len(self.manifest["heads"][head]["labels"]))) for head in heads
        }
        weights = np.zeros(len(texts))
        for start in range(0, len(order), batch):
            part = [cut[at] for at in order[start : start + batch]]
            for head, found in zip(heads, self.session.run(outputs, self._feed(part)), strict=True):
                for one, row in zip(part, found, strict=True):
                    sums[head][one.text] += one.own * np.asarray(row, np.float64)
            for one in part:
                weights[one.text] += one.own
        return {head: total / weights[:, None] for head, total in sums.items()}

    def _feed(self, part: Sequence[Window]) -> dict[str, npt.NDArray[np.int64]]:
        ids = np.zeros((len(part), max(len(one.ids) for one in part)), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(part):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        every = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return {name: every[name] for name in self.manifest["inputs"]}

    def shares(self, head: str, logits: Floats) -> Floats:
        """Probabilities from raw logits by the head's temperature, bias and activation."""
        facts = self.manifest["heads"][head]
        moved = logits / facts.get("temperature", 1.0) + np.asarray(facts.get("bias", 0.0))
        return softmax(moved) if facts["activation"] == "softmax" else sigmoid(moved)
