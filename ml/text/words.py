"""What counts as a word, and the one form in which every model sees a text."""

from __future__ import annotations

import hashlib
import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
KANA = "\u3041-\u30ff"
HANGUL = "\u1100-\u11ff\uac00-\ud7af"
ERASED = "[erased]"
"""What stands in the place of words that had to be forgotten."""

_DENSE = re.compile(f"[{HAN}{KANA}]")
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(f"[^\\W\\d_{HAN}{KANA}]+(?:['’\\-][^\\W\\d_{HAN}{KANA}]+)*")
_BLANKS = re.compile(r"\s+")


def uniform(text: str) -> str:
    """NFKC, runs of white space as one blank, none at the ends: what the models were trained on."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def spoken(title: str | None, text: str | None) -> str:
    """Title, line feed, text; what was erased is nothing. Offsets of evidence count in this."""
    return "\n".join(part for part in (title, text) if part and part != ERASED)


def text_hash(title: str | None, text: str | None) -> str:
    """Twenty hex digits that change with the words."""
    return hashlib.sha256(f"{title or ''}\n{text or ''}".encode()).hexdigest()[:20]


def words_in(text: str) -> list[str]:
    """Runs of letters outside Chinese and Japanese, lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def han_count(text: str) -> int:
    """Chinese characters."""
    return len(_HAN.findall(text))


def count(text: str) -> int:
    """Words; two Chinese (or Japanese) characters count as one, halves up."""
    return len(_WORD.findall(text)) + (len(_DENSE.findall(text)) + 1) // 2
