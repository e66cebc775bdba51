"""Runs last: the functions' logs of all journeys hold no name, no e-mail address and no phone number."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from scripts.lib.demo import DEMO
from scripts.lib.paths import ROOT
from tests.e2e.running import Running
from tests.e2e.test_roles import NAME, SHAPES

pytestmark = pytest.mark.slow
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def test_no_personal_data(suite: Running) -> None:
    """Neither in the functions' structured lines nor in anything that their processes printed."""
    lines = suite.functions_log.read_text().splitlines()
    assert len(lines) > 100, "there are no logs to look into"
    for line in lines:
        entry = json.loads(line)
        assert entry["execution_id"], line
    whole = suite.functions_log.parent / suite.functions_log.name.replace("functions-", "suite-").replace(
        ".jsonl", ".log"
    )
    with (ROOT / "samples" / "orders.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    people = {row["Customer Name"] for row in rows} | {row["Mail"] for row in rows} | {NAME, *SHAPES}
    people |= {person[key] for person in DEMO for key in ("email", "name")}
    people.discard("")
    for log in (suite.functions_log, whole):
        look_into(log, people)


def look_into(log: Path, people: set[str]) -> None:
    """Fails at the first line that names somebody."""
    for number, line in enumerate(log.read_text(errors="replace").splitlines(), 1):
        found = [one for one in people if one in line]
        assert not found, f"{log.name}:{number}: {found}"
        # The emulators themselves print one address of theirs, of no person.
        address = next((one for one in EMAIL.findall(line) if not one.startswith("fake-auth-id@")), None)
        assert address is None, f"{log.name}:{number}: an e-mail address"
