"""The codebase's door: it opens without heavy libraries, knows its topics, and turns no neighbour's code on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("sklearn", "scipy", "numpy", "google.cloud.firestore", "google.cloud.pubsub_v1")


def test_main_loads_without_heavy_libraries() -> None:
    code = f"import sys, ml.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_assigning_needs_no_scikit_learn() -> None:
    code = "import sys, ml.segmentation.assign; print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_triggers_and_topics() -> None:
    import ml.main

    topics = {"recluster": "recluster", "assign": "customers-changed", "texts": "texts", "learn": "learn"}
    for name, topic in topics.items():
        endpoint = getattr(ml.main, name).__firebase_endpoint__
        assert endpoint.eventTrigger["eventFilters"]["topic"] == topic
        assert endpoint.eventTrigger["retry"] is True
        assert endpoint.region == ["us-central1"]


def test_ml_imports_only_itself_and_the_schema() -> None:
    for path in (ROOT / "ml").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.split(".")[0] in ("functions", "sandbox", "scripts", "tests") for name in names), path


def test_new_words_wake_the_scorer() -> None:
    import ml.main

    endpoint = ml.main.score.__firebase_endpoint__
    assert endpoint.eventTrigger["eventType"] == "google.cloud.firestore.document.v1.created"
    assert endpoint.eventTrigger["eventFilterPathPatterns"]["document"] == "feedback/{feedbackId}"


def test_at_most_six_functions() -> None:
    import ml.main

    assert sum(hasattr(value, "__firebase_endpoint__") for value in vars(ml.main).values()) <= 6
