"""Reads the fragment files: sections of one fragment a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

Pool = tuple[str, ...]
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Fragments:
    """All pools of one language."""

    sections: dict[str, Pool]
    slots: dict[str, Pool]

    def pool(self, name: str) -> Pool:
        return self.sections[name]


@cache
def load(language: str) -> tuple[Fragments, Fragments]:
    """The fragments of reviews, and those of messages, of `en` or `zh`."""
    return _read(_HERE / f"{language}_reviews.txt"), _read(_HERE / f"{language}_messages.txt")


def _read(path: Path) -> Fragments:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line[1:-1]
            sections[name] = []
        else:
            sections[name].append(line)
    slots = {key[5:]: tuple(pool) for key, pool in sections.items() if key.startswith("slot ")}
    return Fragments({key: tuple(pool) for key, pool in sections.items() if not key.startswith("slot ")}, slots)
