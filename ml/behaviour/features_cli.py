"""`python -m ml.behaviour features`: the table of features as markdown, `docs/features.md`."""

from __future__ import annotations

from collections.abc import Sequence

from ml.behaviour.feature_table import document


def main(argv: Sequence[str]) -> int:
    """Print the document."""
    print(document(), end="")
    return 0
