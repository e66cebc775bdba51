"""A linear model over hashed character n-grams: fitting, and what a reader must compute (numpy and zlib only).

Reading, which any run time must do in the same way:

    t = NFKC of the text, runs of white space as one blank, no blank at the ends, lower case
    S = the set of crc32(UTF-8 of g) mod B over all substrings g of t of `n[0]` to `n[1]` characters
    logits = sum over S of weights[b]  /  sqrt(sum over S of squares[b])  +  bias          (0 + bias when S is empty)

`weights` is float16 [B, labels], `squares` float16 [B], `config` JSON text: {"n": [1, 4], "hash": "crc32",
"buckets": B, "scaling": "l2", "bias": [labels]}. Summing is in float32 or wider.

Fitting. Every n-gram counts once a text. Terms are weighted before the rows are scaled to length 1: for two classes
by the size of the log ratio of their smoothed document frequencies (Wang & Manning 2012, "Baselines and Bigrams", as
the size of the NB weight; the sign is left to the classifier), for more classes by inverse document frequency. The
classifier is a logistic regression with an L2 penalty. `weights` holds coefficient x term weight, `squares` the
squared term weight.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training.chinese_data import uniform

BUCKETS = 1 << 18
SPAN = (1, 4)
Floats = npt.NDArray[np.float64]


def buckets(text: str, span: tuple[int, int] = SPAN, count: int = BUCKETS) -> npt.NDArray[np.int64]:
    """Sorted distinct buckets of a text's character n-grams."""
    plain = uniform(text).lower()
    found = {
        zlib.crc32(plain[at : at + size].encode()) % count
        for size in range(span[0], span[1] + 1)
        for at in range(len(plain) - size + 1)
    }
    return np.fromiter(sorted(found), np.int64, len(found))


@dataclass(frozen=True)
class Ngrams:
    """A fitted model: `weights` [buckets, labels], `squares` [buckets], `bias` [labels]."""

    weights: npt.NDArray[np.float16]
    squares: npt.NDArray[np.float16]
    bias: list[float]
    span: tuple[int, int] = SPAN

    def logits(self, texts: Sequence[str]) -> Floats:
        """Logits [texts, labels]."""
        made = np.zeros((len(texts), self.weights.shape[1]))
        for row, text in enumerate(texts):
            found = buckets(text, self.span, len(self.weights))
            if len(found):
                size = float(self.squares[found].sum(dtype=np.float64))
                made[row] = self.weights[found].sum(axis=0, dtype=np.float64) / np.sqrt(max(size, 1e-12))
        made += np.asarray(self.bias)
        return made

    def save(self, path: Path) -> None:
        """Write `weights`, `squares` and `config` into one compressed .npz file."""
        config = {
            "n": list(self.span),
            "hash": "crc32",
            "buckets": len(self.weights),
            "scaling": "l2",
            "bias": self.bias,
        }
        np.savez_compressed(path, weights=self.weights, squares=self.squares, config=np.array(json.dumps(config)))


def load(path: Path) -> Ngrams:
    """Read what `save` wrote.

    Raises ValueError naming the file when its hash or scaling is not the one this module computes.
    """
    with np.load(path, allow_pickle=False) as file:
        config = json.loads(str(file["config"]))
        if config["hash"] != "crc32" or config["scaling"] != "l2" or config["buckets"] != len(file["weights"]):
            raise ValueError(f"{path}: hash crc32 and scaling l2 wanted, found {config}")
        span = (int(config["n"][0]), int(config["n"][1]))
        return Ngrams(file["weights"], file["squares"], [float(b) for b in config["bias"]], span)


def matrix(texts: Sequence[str]) -> Any:
    """Which n-grams each text has: a scipy.sparse matrix of ones [texts, BUCKETS]."""
    from scipy import sparse

    found = [buckets(text) for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in found])])
    ones = np.ones(int(ends[-1]), np.float32)
    return sparse.csr_matrix((ones, np.concatenate(found), ends), shape=(len(texts), BUCKETS))


def _fit(seen: Any, labels: npt.NDArray[np.int64], terms: Floats, strength: float, balanced: bool) -> tuple[Any, Any]:
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    weighted = seen @ sparse.diags(terms)
    sizes = np.sqrt(np.asarray(weighted.multiply(weighted).sum(1)).ravel())
    scaled = (sparse.diags(1 / np.maximum(sizes, 1e-6)) @ weighted).tocsr()
    model = LogisticRegression(C=strength, max_iter=80, tol=1e-3, class_weight="balanced" if balanced else None)
    model.fit(scaled, labels)
    return model.coef_ * terms, model.intercept_


def fit_sentiment(seen: Any, labels: Sequence[int], strength: float = 10.0) -> Ngrams:
    """Three columns negative, neutral, positive from the matrix of texts and their labels 0 and 1.

    Half the log odds each way, neutral at nought.
    """
    gold = np.asarray(labels, np.int64)
    good = np.asarray(seen[gold == 1].sum(0), np.float64).ravel() + 1.0
    bad = np.asarray(seen[gold == 0].sum(0), np.float64).ravel() + 1.0
    terms = np.abs(np.log(good / good.sum()) - np.log(bad / bad.sum()))
    half, shift = _fit(seen, gold, terms, strength, False)
    columns = np.stack([-half[0] / 2, np.zeros(BUCKETS), half[0] / 2], axis=1)
    bias = [-float(shift[0]) / 2, 0.0, float(shift[0]) / 2]
    return Ngrams(columns.astype(np.float16), (terms**2).astype(np.float16), bias)


def fit_classes(seen: Any, labels: Sequence[int], strength: float = 5.0) -> Ngrams:
    """One column a class 0, 1, 2 and so on from the matrix of texts and their labels; classes weigh the same."""
    gold = np.asarray(labels, np.int64)
    frequency = np.asarray(seen.sum(0), np.float64).ravel()
    terms = (np.log((1 + len(gold)) / (1 + frequency)) + 1) / 5
    weights, bias = _fit(seen, gold, terms, strength, True)
    return Ngrams(weights.T.astype(np.float16), (terms**2).astype(np.float16), [float(b) for b in bias])
