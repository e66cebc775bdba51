"""What the personality model sees of a text: how often each token and each hashed pair of neighbours comes, per token.

Both are shares of the text's tokens, so that a linear model's value for a text is the mean of a number a token:
windows of a text, and texts of a person, can be weighed together by their tokens without loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

PAIRS = 1 << 17
FACTOR = 31_337
"""Pairs are hashed as (first x FACTOR + second) mod PAIRS."""
LEAST_TOKEN, LEAST_PAIR = 4, 10
"""Writers who must use a token or a pair for it to count."""
Floats = npt.NDArray[np.float32]


def columns(ids: Sequence[int], vocabulary: int) -> npt.NDArray[np.int64]:
    """Columns that a text's tokens and pairs fall into: tokens first, then PAIRS buckets."""
    row = np.asarray(ids, np.int64)
    return np.concatenate([row, vocabulary + (row[:-1] * FACTOR + row[1:]) % PAIRS])


def shares(texts: Sequence[Sequence[int]], vocabulary: int) -> Any:
    """Sparse float32 [texts, vocabulary + PAIRS]: counts over the text's tokens."""
    places, values, ends = [], [], [0]
    for ids in texts:
        found, counts = np.unique(columns(ids, vocabulary), return_counts=True)
        places.append(found)
        values.append(counts / max(1, len(ids)))
        ends.append(ends[-1] + len(found))
    shape = (len(texts), vocabulary + PAIRS)
    return sparse.csr_matrix((np.concatenate(values).astype(np.float32), np.concatenate(places), ends), shape=shape)


class Scale:
    """Which columns count and by how much, from the writers learned from alone.

    Columns are centred and divided by the square root of their spread, half way between counting them as they are (the
    commonest decide) and standardising them (the rarest decide). Tokens and pairs then get the same total weight.
    """

    def __init__(self, texts: Any, vocabulary: int) -> None:
        writers = np.asarray((texts > 0).sum(0)).ravel()
        least = np.where(np.arange(texts.shape[1]) < vocabulary, LEAST_TOKEN, LEAST_PAIR)
        self.kept = np.flatnonzero(writers >= least)
        seen = texts[:, self.kept].tocsc()
        mean = np.asarray(seen.mean(0)).ravel()
        spread = np.sqrt(np.maximum(np.asarray(seen.multiply(seen).mean(0)).ravel() - mean**2, 1e-14))
        weights = spread**-0.5
        token = self.kept < vocabulary
        for part in (token, ~token):
            # The variance of a scaled column is its spread.
            weights[part] /= np.sqrt(max(float(spread[part].sum()), 1e-12) * 2)
        self.mean = mean.astype(np.float32)
        self.weights = weights.astype(np.float32)

    def apply(self, texts: Any) -> Floats:
        """Dense float32 [texts, kept columns]."""
        made = texts[:, self.kept].toarray()
        made -= self.mean
        made *= self.weights
        return np.asarray(made, np.float32)


class Ridge:
    """Ridge regression of traits coded -1 and 1 in its dual form: as many unknowns as writers.

    `strength` is the penalty in units of a writer's mean squared length, which Scale makes 1.
    """

    def __init__(self, texts: Floats, traits: Floats, strength: float) -> None:
        from scipy.linalg import cho_factor, cho_solve

        self.middle = traits.mean(0)
        kernel = texts @ texts.T
        kernel[np.diag_indices(len(kernel))] += strength
        solved = cho_solve(cho_factor(kernel, overwrite_a=True), traits - self.middle)
        self.weights = np.asarray(texts.T @ solved, np.float32)

    def values(self, texts: Floats) -> Floats:
        """One number a trait, above 0 for those above the middle: [texts, traits]."""
        return np.asarray(texts @ self.weights, np.float32)
