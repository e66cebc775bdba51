"""Texts through one artefact: windows, batches, and logits of whole texts.

Windows are sorted by length and put into batches of neighbours that need little padding. The size is 1 unless told
otherwise: dynamic int8 takes its scale from the whole batch, so that a text's score would depend on its neighbours, and
larger batches win nothing on one core that would pay for it (`tests/bench/text.py` prints them side by side).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.text.artefact import Artefact, Floats
from ml.text.words import uniform

BATCH = 1
PADDING = 1.15
"""Longest window of a batch over its shortest."""


@dataclass(frozen=True)
class Logits:
    """Raw logits of texts by head [texts, labels], with the tokens [texts] they rest on."""

    heads: dict[str, Floats]
    tokens: npt.NDArray[np.int64]


def run(artefact: Artefact, texts: Sequence[str], batch: int = BATCH) -> Logits:
    """Logits of every text: the mean over its windows weighted by their tokens, plus the n-gram model's where there is
    one.
    """
    names = list(artefact.heads)
    sums = {name: np.zeros((len(texts), len(artefact.heads[name].labels))) for name in names}
    tokens = np.zeros(len(texts), np.int64)
    owners, windows, weights = _windows(artefact, texts)
    order = sorted(range(len(windows)), key=lambda at: (len(windows[at]), at))
    outputs = [artefact.heads[name].output for name in names]
    for part in _batches(order, windows, batch):
        made = artefact.session.run(outputs, _feed(artefact, [windows[at] for at in part]))
        for row, at in enumerate(part):
            tokens[owners[at]] += weights[at]
            for name, values in zip(names, made, strict=True):
                sums[name][owners[at]] += np.asarray(values[row], np.float64) * weights[at]
    for name, total in sums.items():
        total /= np.maximum(tokens, 1)[:, None]
        head = artefact.heads[name]
        if head.ngrams is not None:
            total += head.ngram_weight * np.stack([head.ngrams.logits(text) for text in texts])
    return Logits(sums, tokens)


def _windows(artefact: Artefact, texts: Sequence[str]) -> tuple[list[int], list[list[int]], list[int]]:
    """Owner, token ids, and number of tokens that are not special of every window."""
    owners: list[int] = []
    windows: list[list[int]] = []
    weights: list[int] = []
    for owner, found in enumerate(artefact.tokenizer.encode_batch([uniform(text) for text in texts])):
        for one in (found, *found.overflowing):
            owners.append(owner)
            windows.append(one.ids)
            weights.append(max(1, len(one.ids) - sum(one.special_tokens_mask)))
    return owners, windows, weights


def _batches(order: Sequence[int], windows: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    made: list[list[int]] = []
    for at in order:
        if made and len(made[-1]) < size and len(windows[at]) <= PADDING * len(windows[made[-1][0]]):
            made[-1].append(at)
        else:
            made.append([at])
    return made


def _feed(artefact: Artefact, rows: Sequence[Sequence[int]]) -> dict[str, Any]:
    width = max(1, max(len(row) for row in rows))
    ids = np.full((len(rows), width), artefact.pad, np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {name: known[name] for name in artefact.inputs}
