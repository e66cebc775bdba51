"""Chinese reviews and posts: read, made uniform, and split by a hash of their text.

Three files, as laid out by the data sets' README: `waimai_10k` (food delivery) and `online_shopping_9_cats` (nine
kinds of goods) with columns cat, label (1 = positive), review; `weibo` with columns source, label, text.

A row's split depends on its own text only, so that the same text never stands on both sides, whatever the order or the
selection of the rows. One category (UNKNOWN) is kept out of all fitting: it stands in for a line of business that the
model has never met.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EMOTIONS = ("angry", "happy", "neutral", "sad", "surprise", "fear")
UNKNOWN = "热水器"
WAIMAI = "waimai"
DEV_PERCENT = {WAIMAI: 8, "shop": 6, "weibo": 10}
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Row:
    """One labelled text. `label` is 0 or 1 for reviews, a place in EMOTIONS for posts."""

    text: str
    label: int
    kind: str
    dev: bool


def uniform(text: str) -> str:
    """The text as the models see it: NFKC, runs of white space as one blank, none at the ends."""
    return SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def bucket(text: str) -> int:
    """A number 0-99 that depends on the raw text only."""
    return int(hashlib.sha1(text.encode()).hexdigest()[:8], 16) % 100


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a .csv or .tsv file, plain or gzip-compressed, as dictionaries of text.

    Raises ValueError when the file has no header row.
    """
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    if not reader.fieldnames:
        raise ValueError(f"{path}: no header row")
    return list(reader)


def reviews(path: Path, kind: str | None = None) -> list[Row]:
    """Reviews of a file with columns label and review; `kind` replaces its column cat.

    Raises ValueError naming the file when a column is missing or a label is neither 0 nor 1.
    """
    rows = []
    for line in table(path):
        if "review" not in line or line.get("label") not in ("0", "1"):
            raise ValueError(f"{path}: columns label (0 or 1) and review wanted, found {sorted(line)}")
        what = kind or line.get("cat") or path.name
        split = DEV_PERCENT[WAIMAI if what == WAIMAI else "shop"]
        rows.append(Row(line["review"], int(line["label"]), what, bucket(line["review"]) < split))
    return rows


def posts(path: Path) -> list[Row]:
    """Posts of a file with columns label and text (and source).

    Raises ValueError naming the file when a column is missing or a label is none of EMOTIONS.
    """
    rows = []
    for line in table(path):
        if "text" not in line or line.get("label") not in EMOTIONS:
            raise ValueError(f"{path}: columns label (one of {', '.join(EMOTIONS)}) and text wanted")
        split = bucket(line["text"]) < DEV_PERCENT["weibo"]
        rows.append(Row(line["text"], EMOTIONS.index(line["label"]), line.get("source") or "weibo", split))
    return rows


@dataclass(frozen=True)
class Corpus:
    """All reviews and posts of the three training files."""

    reviews: list[Row]
    posts: list[Row]

    @property
    def fit_reviews(self) -> list[Row]:
        return [row for row in self.reviews if not row.dev and row.kind != UNKNOWN]

    @property
    def dev_reviews(self) -> list[Row]:
        return [row for row in self.reviews if row.dev and row.kind != UNKNOWN]

    @property
    def unknown(self) -> list[Row]:
        return [row for row in self.reviews if row.kind == UNKNOWN]

    @property
    def fit_posts(self) -> list[Row]:
        return [row for row in self.posts if not row.dev]

    @property
    def dev_posts(self) -> list[Row]:
        return [row for row in self.posts if row.dev]


def read(folder: Path) -> Corpus:
    """The corpus below a folder that has `chinese_reviews/` and `chinese_emotion/`.

    Raises FileNotFoundError when one of the three files is not there.
    """
    food = reviews(folder / "chinese_reviews" / "waimai_10k_train.csv.gz", WAIMAI)
    goods = reviews(folder / "chinese_reviews" / "online_shopping_9_cats_train.csv.gz")
    return Corpus(food + goods, posts(folder / "chinese_emotion" / "weibo_train.tsv.gz"))


def texts(rows: Sequence[Row]) -> list[str]:
    """The uniform texts of rows."""
    return [uniform(row.text) for row in rows]
