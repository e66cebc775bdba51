"""Traditional characters for customers in Hong Kong and Taiwan, by a table that covers the fragments."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "traditional.txt"


@cache
def _pairs() -> tuple[dict[str, str], re.Pattern[str]]:
    """The table, and a pattern that prefers its phrases ("四只" -> "四隻") to its single characters."""
    pairs: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        words = line.split()
        if len(words) == 2 and len(words[0]) > 1 and len(words[0]) == len(words[1]) and words[0][0] != " ":
            pairs.setdefault(words[0], words[1])
        else:
            pairs.update({word[0]: word[1] for word in words})
    keys = sorted(pairs, key=len, reverse=True)
    return pairs, re.compile("|".join(map(re.escape, keys)))


def traditional(text: str) -> str:
    pairs, pattern = _pairs()
    return pattern.sub(lambda match: pairs[match.group(0)], text)
