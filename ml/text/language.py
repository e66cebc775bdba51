"""Which language a text is in: `en`, `zh` (simplified and traditional alike), another primary tag, or `und`.

First the script decides: letters are counted by script, a Chinese character as three (about what a word of Latin
letters has for each), so that a Chinese review full of brand names stays Chinese. Kana make it Japanese, Hangul
Korean, and so on.

Latin letters are decided by a naive Bayes over words. A word that a language lists counts by how few languages list
it; any other word by its letters (trigrams of the language's own list, smoothed), at a small weight. English has a
head start, since shops in Latin letters mostly hear English, slang and misspellings: another language must be clearly
better. Short text without a word that any language lists is `und`. A declared language only tips the scales."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache, lru_cache

from ml.text.profiles import EXTRA_LETTERS, WORDS
from ml.text.words import HAN, HANGUL, KANA, words_in

_NOISE = re.compile(r"https?://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+\.\w+|@[\w.-]+|\[\w{1,12}\]|&\w+;", re.ASCII)
"""Addresses, mentions, and icons and masks in square brackets."""
_LOOK = 1_500
"""Characters that decide; the rest of a long text says no more."""
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("han", HAN),
    ("kana", KANA),
    ("hangul", HANGUL),
    ("cyrillic", "\u0400-\u04ff"),
    ("greek", "\u0370-\u03ff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("hebrew", "\u0590-\u05ff"),
    ("thai", "\u0e00-\u0e7f"),
    ("devanagari", "\u0900-\u097f"),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
)
_PATTERNS = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS}
_LETTER = re.compile(r"[^\W\d_]")
_BY_SCRIPT = {"hangul": "ko", "greek": "el", "hebrew": "he", "thai": "th", "devanagari": "hi"}
_HAN_WEIGHT = 3
HEAD_START = 2.0
"""Log odds that English starts with."""
HINT = 4.0
CLEAR = 1.5
"""Log odds by which another language must lead."""
_LISTED = 4.0
_SHAPE = 0.35
"""Weight of a word's letters, against what a listed word says."""
_LETTERS = 1.6
_POSSIBLE = 4_000
"""Trigrams that a language may use, for smoothing."""


def detect(text: str, hint: str | None = None) -> str:
    """The language's primary tag.

    Args:
        hint: the language as declared (BCP 47); it counts as evidence, never as proof.
    """
    plain = _NOISE.sub(" ", text[:_LOOK])
    counts = {name: len(pattern.findall(plain)) for name, pattern in _PATTERNS.items()}
    letters = len(_LETTER.findall(plain))
    if not letters:
        return "und"
    declared = (hint or "").replace("_", "-").split("-")[0].lower() or None
    weights = {name: number * (_HAN_WEIGHT if name in ("han", "kana") else 1) for name, number in counts.items()}
    weights["other"] = letters - sum(counts.values())
    east = weights["han"] + weights["kana"]
    most = max(weights.values())
    if east >= most:
        return _eastern(counts["han"], counts["kana"], declared)
    name = max(weights, key=lambda one: weights[one])
    if name == "cyrillic":
        return "uk" if re.search("[іїєґ]", plain.lower()) else "sr" if re.search("[ђћџљњј]", plain.lower()) else "ru"
    if name == "arabic":
        return "fa" if re.search("[پچژگ]", plain) else "ar"
    if name == "latin":
        return _latin(plain, declared)
    return _BY_SCRIPT.get(name, "und")


def _eastern(han: int, kana: int, declared: str | None) -> str:
    """Chinese writers borrow a single の; Japanese ones need kana in every sentence."""
    if kana > 1 and kana >= 0.1 * (han + kana) or kana and not han:
        return "ja"
    if declared == "ja" and han < 8:
        return "ja"
    return "zh"


def _latin(text: str, declared: str | None) -> str:
    words = [part for word in words_in(text.replace("’", "'")) for part in _parts(word)]
    if not words:
        return "und"
    scores = dict.fromkeys(WORDS, 0.0)
    listed = 0
    for word in words:
        says, known = _evidence(word)
        listed += known
        for language, value in says:
            scores[language] += value
    for letter in set(text.lower()) - set("abcdefghijklmnopqrstuvwxyz"):
        users = [language for language, letters in EXTRA_LETTERS.items() if letter in letters]
        for language in users:
            scores[language] += _LETTERS
    if declared in scores:
        scores[declared] += HINT
    scores["en"] += HEAD_START
    best = max(scores, key=lambda one: scores[one])
    if best != "en" and scores[best] - scores["en"] < CLEAR:
        best = "en"
    if not listed and len(words) < 3 and best != declared:
        return "und"
    return best


def _parts(word: str) -> list[str]:
    """A word, or what an apostrophe of French or Italian joins (l'envoi, dell'ordine)."""
    if "'" not in word or word in WORDS["en"]:
        return [word]
    head, _, tail = word.partition("'")
    return [head, tail] if tail and len(tail) > 2 else [word]


@lru_cache(maxsize=50_000)
def _evidence(word: str) -> tuple[tuple[tuple[str, float], ...], bool]:
    """What a word says for each language, and whether any lists it."""
    owners = [language for language, words in WORDS.items() if word in words]
    if owners:
        return tuple((language, _LISTED / math.sqrt(len(owners))) for language in owners), True
    if len(word) < 3:
        return (), False
    return tuple((language, _SHAPE * _shape(language, word)) for language in WORDS), False


@cache
def _trigrams(language: str) -> tuple[dict[str, float], float]:
    """Log probability of each trigram over the language's words, and that of an unseen one."""
    counts = Counter(gram for word in WORDS[language] for gram in _grams(word))
    total = sum(counts.values()) + 0.5 * _POSSIBLE
    return {gram: math.log((n + 0.5) / total) for gram, n in counts.items()}, math.log(0.5 / total)


def _grams(word: str) -> list[str]:
    framed = f"_{word}_"
    return [framed[at : at + 3] for at in range(len(framed) - 2)]


def _shape(language: str, word: str) -> float:
    """Mean log probability of the word's trigrams in a language, over what a trigram unknown to English has."""
    known, unseen = _trigrams(language)
    grams = _grams(word[:16])
    return sum(known.get(gram, unseen) for gram in grams) / len(grams) - _trigrams("en")[1]
