"""Where writers of shop texts stand on a personality model's scale: the middle that shop scores are told against.

    python -m ml.training ocean-reference --data DIR --model DIR

The model learned from essays, and reviews are another kind of text: by its own intercept nearly every reviewer is on
the same side of the middle, which says something about reviews and nothing about the reviewer. So a shop's scores are
told against writers of shop texts, whose traits nobody knows but whose middle is 0.5 by definition. Reads below DIR

    womens_clothing_reviews/reviews_train.csv.gz        reviewers without names: twelve reviews in turn are one writer
    amazon_musical_instruments/reviews.csv.gz           the reviews of each customer

and keeps writers of at least 350 words. A writer's logit is the mean over their tokens, a source's the mean over its
writers, `logit` the mean over the sources. What another kind of shop would give is not known: the sources' standard
deviation s says how far kinds of texts lie apart, and `error` is what it adds to both sides of an interval,
1.645 s sqrt(1 + 1/sources) of the logit times slope / 4, the steepest that a score moves with it. Written into the
manifest and the card; the calibration on essays stays as it is.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.training import card
from ml.training.artefact import rewrite
from ml.training.chinese_data import table, uniform
from ml.training.reader import Artefact, Floats

Z90 = 1.645
LEAST_WORDS = 350
TOGETHER = 12
"""Clothing reviews that are read as one writer's: about 700 words."""
Writer = list[str]


def clothing(path: Path) -> list[Writer]:
    """Reviews with columns title and review_text, twelve at a time in the order of the file."""
    texts = [f"{row['title']}\n{row['review_text']}" for row in table(path) if row["review_text"]]
    return [texts[at : at + TOGETHER] for at in range(0, len(texts) - TOGETHER + 1, TOGETHER)]


def instruments(path: Path) -> list[Writer]:
    """Reviews with columns customer_id, title and text, by customer."""
    found: defaultdict[str, Writer] = defaultdict(list)
    for row in table(path):
        found[row["customer_id"]].append(f"{row['title']}\n{row['text']}")
    return list(found.values())


def enough(writers: Sequence[Writer]) -> list[Writer]:
    """Writers of at least LEAST_WORDS words."""
    return [one for one in writers if sum(len(text.split()) for text in one) >= LEAST_WORDS]


def logits(model: Artefact, writers: Sequence[Writer]) -> Floats:
    """Each writer's logit of each trait, weighted by tokens: [writers, traits]."""
    texts = [text for one in writers for text in one]
    found = model.logits(texts, ["ocean"])["ocean"]
    cut = model.tokenizer.encode_batch([uniform(text) for text in texts], add_special_tokens=False)
    tokens = np.array([len(one.ids) for one in cut], np.float64)
    ends = np.cumsum([0, *(len(one) for one in writers)])
    return np.stack([
        np.average(found[start:end], axis=0, weights=np.maximum(tokens[start:end], 1))
        for start, end in zip(ends[:-1], ends[1:], strict=True)
    ])  # fmt: skip


def reference(means: Floats, slopes: Floats, traits: Sequence[str]) -> dict[str, dict[str, float]]:
    """`logit` and `error` of each trait from the means of two or more sources [sources, traits]."""
    apart = means.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(means))
    errors = Z90 * apart * slopes / 4
    return {
        trait: {"logit": round(float(middle), 4), "error": round(float(error), 4)}
        for trait, middle, error in zip(traits, means.mean(axis=0), errors, strict=True)
    }


def measured(folder: Path, sources: dict[str, list[Writer]]) -> dict[str, Any]:
    """Set the reference of the artefact in `folder` from each source's writers; returns its figures.

    Raises ValueError when a source has fewer than two writers of enough words.
    """
    model = Artefact(folder)
    heads = model.manifest["heads"]
    traits = heads["ocean"]["labels"]
    figures: dict[str, Any] = {}
    means = []
    for name, writers in sources.items():
        kept = enough(writers)
        if len(kept) < 2:
            raise ValueError(f"{name}: {len(kept)} writers of {LEAST_WORDS} words, at least two wanted")
        found = logits(model, kept)
        means.append(found.mean(axis=0))
        figures[name] = {
            "writers": len(kept),
            "mean": dict(zip(traits, np.round(found.mean(axis=0), 4).tolist(), strict=True)),
            "sd": dict(zip(traits, np.round(found.std(axis=0, ddof=1), 4).tolist(), strict=True)),
        }
    slopes = np.array([heads["ocean"]["calibration"][trait]["slope"] for trait in traits])
    heads["ocean"]["reference"] = reference(np.stack(means), slopes, traits)
    rewrite(folder, heads=heads, figures={**model.manifest["figures"], "reference": figures})
    return figures


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m ml.training ocean-reference",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--model", required=True, type=Path, help="folder of a personality model")
    given = parser.parse_args(argv)
    figures = measured(
        given.model,
        {
            "clothing": clothing(given.data / "womens_clothing_reviews" / "reviews_train.csv.gz"),
            "instruments": instruments(given.data / "amazon_musical_instruments" / "reviews.csv.gz"),
        },
    )
    print(json.dumps(figures, indent=1))
    card.main(["--model", str(given.model)])
