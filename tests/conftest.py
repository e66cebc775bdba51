"""What every test may use: a Firestore project of its own on the running emulator, and marks by folder."""

from __future__ import annotations

import importlib.util
import os
import urllib.request
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from google.cloud.firestore import Client

# A busy machine is no failure: hypothesis judges what a test finds, not how long it took.
settings.register_profile("timbre", deadline=None)
settings.load_profile("timbre")

HAS_TORCH = importlib.util.find_spec("torch") is not None
# Training is never deployed and its libraries are large: its tests run where ml/training/requirements.txt is installed.
collect_ignore = [] if HAS_TORCH else ["training"]
FOLDER_MARKS = ("rules", "system", "e2e")
EMULATOR_FIXTURES = {"emulator_project", "firestore_client"}


def pytest_report_header() -> str:
    return "" if HAS_TORCH else "NO TORCH: tests/training is left out (pip install -r ml/training/requirements.txt)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder and by what a test uses, so that the runner can put it into its tier."""
    for item in items:
        folder = next((name for name in FOLDER_MARKS if name in item.path.parts), None)
        if folder:
            item.add_marker(folder)
        elif EMULATOR_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("emulator")
        if item.get_closest_marker("slow"):
            item.user_properties.append(("slow", "yes"))


@pytest.fixture
def emulator_project() -> Iterator[str]:
    """The id of an empty project of this test alone; no trigger fires for it. Its documents are removed afterwards."""
    host = os.environ.get("FIRESTORE_EMULATOR_HOST")
    if not host:
        pytest.skip("NO FIRESTORE EMULATOR: run `make test`, or `scripts/firebase exec --only firestore pytest ...`")
    project = f"demo-t-{uuid.uuid4().hex[:16]}"
    yield project
    url = f"http://{host}/emulator/v1/projects/{project}/databases/(default)/documents"
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=30) as answer:
        answer.read()


@pytest.fixture
def firestore_client(emulator_project: str) -> Iterator[Client]:
    """A server client (rules do not apply to it) of this test's own project."""
    from google.cloud import firestore

    client = firestore.Client(project=emulator_project)
    yield client
    client.close()
