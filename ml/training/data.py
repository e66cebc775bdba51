"""English training texts: GoEmotions comments, film sentences and phrases, shop reviews; read, sampled and split.

Files as the data sets' README lays them out, below one folder: `goemotions/{train,dev}.tsv.gz` and `labels.csv`,
`sst2/{train,phrases_train}.tsv.gz`, `womens_clothing_reviews/reviews_train.csv.gz`,
`amazon_musical_instruments/reviews.csv.gz`, `essays_big5/essays_train.csv.gz`.

Sentiment is 0 negative, 1 neutral, 2 positive: ratings 1-2, 3, 4-5 of reviews; grades 0-1, 2, 3-4 of film phrases.
What is held out depends on a hash of the text only: a tenth of the clothing reviews, one in eleven film sentences.
A film sentence held out takes every phrase that is part of it along.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from ml.training.chinese_data import table

Source = Literal["comments", "film", "clothing", "instruments"]
SENTIMENT = ("negative", "neutral", "positive")
TRAIT_COLUMNS = {
    "openness": "cOPN",
    "conscientiousness": "cCON",
    "extraversion": "cEXT",
    "agreeableness": "cAGR",
    "neuroticism": "cNEU",
}
NEUTRAL_PHRASES = 5_000
GOOD_REVIEWS = {"clothing": 4_200, "instruments": 700}
HELD_FILM = 11
COMMENT_WEIGHT = 0.15
"""Of a comment in the sentiment loss: its sentiment is only the group of its emotion."""


@dataclass(frozen=True)
class Example:
    """One training text; `emotions` are places in the label list, None where nothing is known."""

    text: str
    source: Source
    emotions: tuple[int, ...] | None = None
    sentiment: int | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class Corpus:
    """`examples` to learn from; the held-out parts to tune on. `emotions` are the 28 label names in order."""

    emotions: tuple[str, ...]
    examples: list[Example]
    comments: list[Example]
    film: list[Example]
    clothing: list[Example]


def fingerprint(text: str) -> int:
    """A number that depends on the text only: the first 32 bits of its SHA-1."""
    return int(hashlib.sha1(text.encode()).hexdigest()[:8], 16)


def rating_sentiment(rating: int) -> int:
    """0 for one or two stars, 1 for three, 2 for four or five."""
    return 0 if rating <= 2 else 1 if rating == 3 else 2


def label_names(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Label names in the order of their ids, and each one's sentiment group."""
    rows = sorted(table(path), key=lambda row: int(row["label_id"]))
    return tuple(row["label"] for row in rows), tuple(row["sentiment_group"] for row in rows)


def comments(path: Path, groups: Sequence[str] = ()) -> list[Example]:
    """GoEmotions rows with columns text and label_ids.

    With `groups` (each label's), comments whose labels all lie in one group get that sentiment.
    """
    made = []
    for row in table(path):
        emotions = tuple(sorted({int(one) for one in row["label_ids"].split(",")}))
        found = {groups[one] for one in emotions} if groups else set()
        sentiment = SENTIMENT.index(min(found)) if len(found) == 1 and found <= set(SENTIMENT) else None
        made.append(Example(row["text"], "comments", emotions, sentiment, COMMENT_WEIGHT))
    return made


def film_sentences(path: Path) -> list[Example]:
    """Film sentences with columns text and label (1 = positive)."""
    return [Example(row["text"], "film", None, 2 if row["label"] == "1" else 0) for row in table(path)]


def film_phrases(path: Path, rng: np.random.Generator, neutral: int = NEUTRAL_PHRASES) -> list[Example]:
    """Film phrases with columns text and label5: all with an opinion, `neutral` of the others without replacement."""
    rows = table(path)
    grades = np.array([int(row["label5"]) for row in rows])
    plain = np.flatnonzero(grades == 2)
    drawn = rng.choice(plain, size=min(neutral, len(plain)), replace=False)
    chosen = np.concatenate([np.flatnonzero(grades != 2), np.sort(drawn)])
    sentiments = np.where(grades < 2, 0, np.where(grades > 2, 2, 1))
    return [Example(rows[at]["text"], "film", None, int(sentiments[at])) for at in chosen]


def reviews(path: Path, source: Source, body: str) -> list[Example]:
    """Shop reviews with columns rating, title and `body`; the text is title, new line, body.

    Rows without a body are left out.
    """
    made = []
    for row in table(path):
        if row[body]:
            text = f"{row['title'].strip()}\n{row[body].strip()}".strip()
            made.append(Example(text, source, None, rating_sentiment(int(row["rating"]))))
    return made


def balanced(examples: Sequence[Example], good: int) -> list[Example]:
    """All negative and neutral ones and `good` of the positive ones, seeded."""
    positive = [one for one in examples if one.sentiment == 2]
    picked = np.random.RandomState(1).choice(len(positive), size=min(good, len(positive)), replace=False)
    return [one for one in examples if one.sentiment != 2] + [positive[at] for at in picked]


def plain(text: str) -> str:
    """Lower-case letters and digits, a blank between words and at both ends: the two film files differ in marks."""
    return f" {' '.join(re.findall('[a-z0-9]+', text.lower()))} "


def hold_out_film(
    sentences: Sequence[Example], phrases: Sequence[Example], every: int = HELD_FILM
) -> tuple[list[Example], list[Example]]:
    """Film texts to learn from, and whole sentences to judge by: one in `every` by hash.

    A phrase of more than six characters that is part of a held-out sentence is not learned from.
    """
    held = list({one.text: one for one in sentences if fingerprint(plain(one.text)) % every == 0}.values())
    together = "\n".join(plain(one.text) for one in held)
    learned = [one for one in [*phrases, *sentences] if len(one.text) <= 6 or plain(one.text) not in together]
    return learned, held


def read(folder: Path, seed: int = 7) -> Corpus:
    """The corpus below `folder`. Raises FileNotFoundError when a file is missing."""
    rng = np.random.default_rng(seed)
    names, groups = label_names(folder / "goemotions" / "labels.csv")
    learned = comments(folder / "goemotions" / "train.tsv.gz", groups)
    phrases = film_phrases(folder / "sst2" / "phrases_train.tsv.gz", rng)
    film, film_held = hold_out_film(film_sentences(folder / "sst2" / "train.tsv.gz"), phrases)
    clothing = reviews(folder / "womens_clothing_reviews" / "reviews_train.csv.gz", "clothing", "review_text")
    held = [one for one in clothing if fingerprint(one.text) % 10 == 0]
    kept = [one for one in clothing if fingerprint(one.text) % 10 != 0]
    shop = reviews(folder / "amazon_musical_instruments" / "reviews.csv.gz", "instruments", "text")
    examples = learned + film + balanced(kept, GOOD_REVIEWS["clothing"])
    examples += balanced(shop, GOOD_REVIEWS["instruments"])
    return Corpus(names, examples, comments(folder / "goemotions" / "dev.tsv.gz"), film_held, held)


def emotion_matrix(examples: Sequence[Example], labels: int) -> npt.NDArray[np.float32]:
    """Ones where a text has a label: [texts, labels]."""
    made = np.zeros((len(examples), labels), np.float32)
    for row, one in enumerate(examples):
        made[row, list(one.emotions or ())] = 1
    return made


@dataclass(frozen=True)
class Essay:
    """A text and its writer's five traits, 0 or 1 in the order of TRAIT_COLUMNS."""

    text: str
    traits: tuple[int, ...]


def essays(path: Path) -> list[Essay]:
    """Essays with columns text and the five of TRAIT_COLUMNS."""
    return [Essay(row["text"], tuple(int(row[name]) for name in TRAIT_COLUMNS.values())) for row in table(path)]
