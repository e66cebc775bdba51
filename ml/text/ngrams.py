"""A linear model over hashed character n-grams, as `ml/training/ngrams.py` writes it.

t = NFKC of the text, runs of white space as one blank, no blank at the ends, lower case
S = the set of crc32(UTF-8 of g) mod B over all substrings g of t of n[0] to n[1] characters
logits = sum over S of weights[b] / sqrt(sum over S of squares[b]) + bias
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.text.words import uniform


@dataclass(frozen=True)
class Ngrams:
    """`weights` [buckets, labels] and `squares` [buckets] in float16, `bias` [labels]."""

    weights: npt.NDArray[np.float16]
    squares: npt.NDArray[np.float16]
    bias: npt.NDArray[np.float64]
    span: tuple[int, int]

    @staticmethod
    def load(path: Path) -> Ngrams:
        """Read a file.

        Raises:
            OSError: it is not there.
            ValueError: it is of a kind that is not computed here.
        """
        with np.load(path, allow_pickle=False) as file:
            config: dict[str, Any] = json.loads(str(file["config"]))
            if config.get("hash") != "crc32" or config.get("scaling") != "l2":
                raise ValueError(f"{path}: hash crc32 and scaling l2 wanted")
            if config.get("buckets") != len(file["weights"]) or len(file["squares"]) != len(file["weights"]):
                raise ValueError(f"{path}: buckets: not the number of rows")
            span = (int(config["n"][0]), int(config["n"][1]))
            return Ngrams(file["weights"], file["squares"], np.asarray(config["bias"], np.float64), span)

    def logits(self, text: str) -> npt.NDArray[np.float64]:
        """Logits [labels] of one text."""
        plain = uniform(text).lower()
        found = sorted(
            {
                zlib.crc32(plain[at : at + size].encode()) % len(self.weights)
                for size in range(self.span[0], self.span[1] + 1)
                for at in range(len(plain) - size + 1)
            }
        )
        if not found:
            return self.bias
        length = float(self.squares[found].sum(dtype=np.float64))
        made: npt.NDArray[np.float64] = self.weights[found].sum(axis=0, dtype=np.float64) / np.sqrt(max(length, 1e-12))
        return made + self.bias
