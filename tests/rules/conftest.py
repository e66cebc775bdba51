"""One project with the rules and the seeds, shared by the tests of this folder; four threads that keep it busy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.rules.emulator import Project
from tests.rules.policy import Case, documents

ROOT = Path(__file__).resolve().parents[2]
THREADS = 4
Refute = Callable[[Sequence[Case]], list[str]]


@pytest.fixture(scope="session")
def rules() -> str:
    return (ROOT / "firestore.rules").read_text()


@pytest.fixture(scope="session")
def project(rules: str) -> Iterator[Project]:
    """A fresh project under the rules, seeded."""
    if "FIRESTORE_EMULATOR_HOST" not in os.environ:
        pytest.fail("no Firestore emulator: run scripts/firebase exec --only firestore pytest tests/rules")
    made = Project()
    made.load(rules)
    made.seed(documents())
    yield made
    made.clear()


@pytest.fixture(scope="session")
def refute(project: Project) -> Iterator[Refute]:
    """Runs cases and answers with what came out differently than written down.

    A case that belongs to two claims is run once: most are denied and change nothing, the others count only once.
    """
    answers: dict[str, int] = {}

    def check(case: Case) -> str | None:
        key = repr(case)
        if key not in answers:
            answers[key] = case.run(project)
        return None if answers[key] == case.expected else f"{case}, but the answer was {answers[key]}"

    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda cases: [found for found in pool.map(check, cases) if found]
