"""Composes texts out of fragments, as an author with habits would: length, tone, and never the same sentence twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sandbox.sample.catalogue import Product
from sandbox.sample.chance import Bag
from sandbox.sample.words.fragments import Fragments, load
from sandbox.sample.words.traditional import traditional

_GROUP = re.compile(r"^@\w+ ")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass
class Author:
    """Who writes. `used` remembers the fragments, so that nobody repeats themselves."""

    language: str
    verbosity: float
    style: str
    traditional: bool = False
    used: set[str] = field(default_factory=set)


class Composer:
    """Writes texts one after another; the same random source and the same calls give the same texts."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._bag = Bag(rng)
        self._seen: set[str] = set()

    def review(self, author: Author, product: Product, rating: int) -> str:
        """What the author thinks of a product rated 1..5."""
        return self._unique(author, product, lambda: self._review(author, product, rating))

    def chat(self, author: Author, product: Product, topic: str) -> str:
        """`topic` is question, change, thanks or problem."""
        return self._unique(author, product, lambda: self._chat(author, topic), messages=True)

    def survey(self, author: Author, product: Product, stance: str) -> str:
        """An answer to "what could we do better?"; `stance` is +, ~ or -."""
        return self._unique(author, product, lambda: self._survey(author, stance), messages=True)

    def courier(self, author: Author, product: Product) -> str:
        """An angry message about the failed delivery."""
        return self._unique(author, product, lambda: self._courier(author), messages=True)

    # --- what a text consists of -----------------------------------------------------------------------------

    def _review(self, author: Author, product: Product, rating: int) -> list[str]:
        rng, words = self._rng, load(author.language)[0]
        stance = "+" if rating >= 4 else "~" if rating == 3 else "-"
        length = max(1, min(10, round(rng.gauss(2.5 * author.verbosity, 1.1))))
        if length == 1 and rng.random() < 0.55:
            return [self._deal(author, words, f"short {stance}")]
        aspects = [f"product {product.id} {stance}"] if stance != "~" else [
            f"product {product.id} +", f"product {product.id} -"]  # fmt: skip
        if stance == "+" and length > 3:
            aspects *= min(3, length // 2)
        if stance == "-" and length > 3:
            aspects *= 2
        front = [f"open {stance}"] if length > 1 else []
        if length > 3 and stance == "+" and rng.random() < 0.12:
            return self._deal_all(author, words, ["life gift", aspects[0], "close +"])
        stories = ["life"] * (max(0, min(1, length - 3)) + max(0, length - 6))
        back: list[str] = []
        if rng.random() < 0.22:
            back.append("delivery -" if stance == "-" and rng.random() < 0.6 else "delivery +")
        if length > 2:
            back.append(f"close {stance}")
        body = aspects + stories
        if len(body) > 2:
            head, *rest = body
            rng.shuffle(rest)
            body = [head, *rest]
        return self._deal_all(author, words, front + body + back)

    def _chat(self, author: Author, topic: str) -> list[str]:
        rng, words = self._rng, load(author.language)[1]
        names = (["hello"] if rng.random() < 0.7 else []) + [topic]
        if topic != "thanks":
            names += [f"detail {topic}"] * min(3, max(0, round(rng.gauss(author.verbosity - 0.4, 0.7))))
            names += ["bye"] if rng.random() < 0.5 else []
        return self._deal_all(author, words, names)

    def _survey(self, author: Author, stance: str) -> list[str]:
        rng, words = self._rng, load(author.language)[1]
        names = [f"survey {stance}"] * (1 + (author.verbosity * rng.random() > 0.6))
        if rng.random() < 0.45:
            names.append("survey more")
        return self._deal_all(author, words, names)

    def _courier(self, author: Author) -> list[str]:
        rng, words = self._rng, load(author.language)[1]
        names = (["courier hello"] if rng.random() < 0.75 else []) + ["courier what"]
        names += ["courier more"] * rng.choice((1, 1, 2, 3)) + ["courier ask"]
        return self._deal_all(author, words, names)

    # --- fragments to text -----------------------------------------------------------------------------------

    def _deal_all(self, author: Author, words: Fragments, names: list[str]) -> list[str]:
        chosen: list[str] = []
        for name in names:
            fragment = self._bag.deal(words.pool(name), author.used | set(chosen))
            group = fragment.split(" ", 1)[0] if fragment.startswith("@") else None
            if fragment not in chosen and (group is None or not any(f.startswith(group) for f in chosen)):
                chosen.append(fragment)
        return chosen

    def _deal(self, author: Author, words: Fragments, name: str) -> str:
        return self._bag.deal(words.pool(name), author.used)

    def _unique(self, author: Author, product: Product, make: Callable[[], list[str]], messages: bool = False) -> str:
        """A text nobody wrote before; only short ones ("Love it!") may come twice."""
        text = ""
        for _ in range(40):
            fragments = make()
            text = self._style(author, self._fill(author.language, product, fragments, messages))
            if text not in self._seen or is_short(text, author.language):
                self._remember(author, fragments)
                break
        self._seen.add(text)
        return text

    def _remember(self, author: Author, fragments: list[str]) -> None:
        """An author who was a nurse in one text is no photographer in the next: one fragment of an @group each."""
        author.used.update(fragments)
        groups = {fragment.split(" ", 1)[0] for fragment in fragments if fragment.startswith("@")}
        if groups:
            words = load(author.language)[0]
            author.used.update(f for pool in words.sections.values() for f in pool if f.split(" ", 1)[0] in groups)

    def _fill(self, language: str, product: Product, fragments: list[str], messages: bool) -> list[str]:
        """Slots hold the same value through one text: "my sister" stays "my sister"."""
        slots = load(language)[1 if messages else 0].slots
        values = {"noun": product.noun_en if language == "en" else product.noun_zh}

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            key = name.lower()
            if key not in values:
                values[key] = self._rng.choice(slots[key])
            filled = values[key]
            return filled[0].upper() + filled[1:] if name != key else filled

        return [_SLOT.sub(value, _GROUP.sub("", fragment)) for fragment in fragments]

    def _style(self, author: Author, sentences: list[str]) -> str:
        if author.language == "zh":
            text = _chinese(self._rng, author.style, sentences)
            return traditional(text) if author.traditional else text
        return _english(self._rng, author.style, sentences)


def is_short(text: str, language: str) -> bool:
    """Whether two people may well write exactly the same."""
    return len(text.split()) < 8 if language == "en" else len(text) < 14


def _english(rng: Random, style: str, sentences: list[str]) -> str:
    # After a greeting ("Hello,") the sentence goes on in lower case; everywhere else it begins with a capital.
    parts: list[str] = []
    for sentence in sentences:
        after_comma = bool(parts) and parts[-1].endswith(",")
        parts.append(sentence if after_comma else sentence[0].upper() + sentence[1:])
    text = " ".join(parts)
    if style == "casual":
        text = text.lower()
        if rng.random() < 0.6:
            text = text.removesuffix(".")
        if rng.random() < 0.15:
            text = text.replace(". ", "... ", 1)
    elif style == "warm" and text.endswith(".") and rng.random() < 0.7:
        text = text[:-1] + rng.choice(("!", "!!", " :)", "! ♥"))
    return text


def _chinese(rng: Random, style: str, sentences: list[str]) -> str:
    text = "".join(sentences)
    if style == "casual":
        if rng.random() < 0.5:
            text = text.replace("。", " ").strip()
        else:
            text = text.removesuffix("。")
    elif style == "warm" and text.endswith("。") and rng.random() < 0.7:
        text = text[:-1] + rng.choice(("～", "！", "！！", "，爱了"))
    return text
