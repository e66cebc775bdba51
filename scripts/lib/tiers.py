"""Runs one tier of the tests and reads what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from scripts.lib.paths import PYTHON, ROOT, STATE

REPORTS = STATE / "reports"
NOTHING_COLLECTED = 5
"""pytest's exit code when no test was chosen."""


@dataclass
class Test:
    name: str
    seconds: float
    slow: bool


@dataclass
class Result:
    """One row of the table; `seconds` is wall time."""

    tier: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""
    tests: list[Test] = field(default_factory=list)


def command(tier: str, words: list[str], folder: Path = ROOT) -> Result:
    """A check that is right or wrong as a whole: counts as one."""
    began = time.monotonic()
    code = subprocess.run(words, cwd=folder, check=False).returncode
    return Result(tier, passed=int(code == 0), failed=int(code != 0), seconds=time.monotonic() - began)


def pytest_words(tier: str, marks: str, workers: int = 0, extra: list[str] | None = None) -> list[str]:
    words = [
        str(PYTHON),
        "-m",
        "pytest",
        "-q",
        "-m",
        marks,
        f"--junitxml={REPORTS / (tier + '.xml')}",
        "-o",
        "junit_family=xunit1",
    ]
    if workers:
        words += ["-n", str(workers), "--dist", "worksteal"]
    return words + (extra or [])


def pytest_tier(tier: str, words: list[str], env: dict[str, str] | None = None) -> Result:
    """Run pytest, alone or behind `scripts/firebase exec`, and count by its report."""
    report = REPORTS / f"{tier}.xml"
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    began = time.monotonic()
    code = subprocess.run(words, cwd=ROOT, env={**os.environ, **(env or {})}, check=False).returncode
    result = read_junit(tier, report)
    result.seconds = time.monotonic() - began
    if code not in (0, NOTHING_COLLECTED) and not result.failed:
        result.failed, result.note = 1, f"ended with code {code}"
    return result


def read_junit(tier: str, report: Path) -> Result:
    result = Result(tier)
    if not report.exists():
        return result
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            result.failed += 1
        elif "skipped" in kinds:
            result.skipped += 1
        else:
            result.passed += 1
        slow = any(item.get("name") == "slow" for item in case.iter("property"))
        name = f"{case.get('classname', '').removeprefix('tests.')}::{case.get('name', '')}"
        result.tests.append(Test(name, float(case.get("time", 0)), slow))
    return result


def vitest_tier(folder: Path) -> Result:
    """The console's unit tests."""
    report = REPORTS / "vitest.json"
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    began = time.monotonic()
    words = ["npx", "vitest", "run", "--reporter=default", "--reporter=json", f"--outputFile.json={report}"]
    code = subprocess.run(words, cwd=folder, check=False).returncode
    result = Result("web unit", seconds=time.monotonic() - began)
    if report.exists():
        found = json.loads(report.read_text())
        result.passed, result.failed = found["numPassedTests"], found["numFailedTests"]
        result.skipped = found["numPendingTests"] + found.get("numTodoTests", 0)
    if code and not result.failed:
        result.failed, result.note = 1, f"ended with code {code}"
    return result
