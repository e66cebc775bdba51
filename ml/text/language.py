"""Which language a text is in: `en`, `zh` (simplified and traditional alike), another primary tag, or `und`.

First the script decides: letters are counted by script, a Chinese character as three (about what a word of Latin
letters has for each). Beside two Chinese characters or more only words that some language lists count as Latin, so that
a Chinese review full of brand names stays Chinese. Kana make it Japanese, Hangul Korean, and so on.

Latin letters are decided by a naive Bayes over words. A word that a language lists counts by how few languages list
it; any other word by its letters (trigrams of the language's own list, smoothed), at a small weight. English has a
head start, since shops in Latin letters mostly hear English, slang and misspellings: another language must be clearly
better, or list more of the words. But three words or more without an English one among them are not English: there
are more languages than are listed here, and such a text is `und`, or what it was declared to be. So is a short text
without a word that any language lists. Else a declared language only tips the scales."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from ml.text.profiles import BORROWED, EXTRA_LETTERS, WORDS
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
_FEW = 3
"""Words from which on a text must have an English one to be English."""
_APART = re.compile(r"\s+'s\b")
_TAG = re.compile("[a-z]{2,3}")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_FOREIGN = frozenset("".join(EXTRA_LETTERS.values()))
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
    if counts["han"] > 1:
        listed = [word for word in _words(plain) if any(word in words for words in WORDS.values())]
        weights["latin"] = sum(map(len, listed))
    east = weights["han"] + weights["kana"]
    most = max(weights.values())
    if east >= most or (declared == "zh" and counts["han"]):
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
    words = _words(text)
    if not words:
        return "und"
    english = any(word in WORDS["en"] and word not in BORROWED for word in words)
    if not english and declared and declared not in WORDS and _TAG.fullmatch(declared):
        # Chinese in Latin letters is none that a Chinese model reads.
        return "und" if declared == "zh" else declared
    scores = dict.fromkeys(WORDS, 0.0)
    listed = 0
    for word in words:
        says, known = _evidence(word)
        listed += known
        for language, value in says:
            scores[language] += value
    for letter in set(text.lower()) - _PLAIN:
        users = [language for language, letters in EXTRA_LETTERS.items() if letter in letters]
        for language in users:
            scores[language] += _LETTERS
        if letter.isalpha() and letter not in _FOREIGN:
            scores["en"] -= _LETTERS
    if declared in scores:
        scores[declared] += HINT
    scores["en"] += HEAD_START
    best = max(scores, key=lambda one: scores[one])
    if best != "en" and scores[best] - scores["en"] < CLEAR and _listed(words, best) <= _listed(words, "en"):
        best = "en"
    if best == declared:
        return best
    if best == "en" and not english and len(words) >= _FEW:
        return "und"
    return best if listed or len(words) >= _FEW else "und"


def _listed(words: Sequence[str], language: str) -> int:
    return sum(word in WORDS[language] for word in words)


def _words(text: str) -> list[str]:
    # Cut texts have "film 's", whose s would be taken for that of French "s'il".
    joined = _APART.sub("'s", text.replace("’", "'"))
    return [part for word in words_in(joined) for part in _parts(word)]


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
