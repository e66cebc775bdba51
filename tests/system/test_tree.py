"""What must not be in the committed tree, and what the commands refuse."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.system.processes import ROOT, Command

FORBIDDEN = {
    "an absolute path of one machine": r"(?<![\w.])/(?:home|Users|root|work)/[A-Za-z0-9_.-]+",
    "a folder beside the checkout": r"\.\./shared\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Google access token": r"\bya29\.[0-9A-Za-z_-]{20,}",
    "a Stripe, SendGrid, Slack, GitHub or AWS key": (
        r"\b(?:sk_live_[0-9A-Za-z]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|xox[bap]-[\w-]{10,}|gh[pousr]_[0-9A-Za-z]{30,}|AKIA[0-9A-Z]{16})\b"
    ),
    "a secret with its value": r"\bIDENTITY_KEY\s*=\s*[0-9a-fA-F]{32,}",
    "a package registry in a lock file": r"\"resolved\": \"https?://",
}


def tracked() -> list[Path]:
    shown = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in shown.split("\0") if name]
    return [path for path in paths if path.is_file() and path != Path(__file__).resolve()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_tree_has_no(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # an image or a model
        found += [f"{path.relative_to(ROOT)}: {match.group(0)[:60]}" for match in pattern.finditer(text)]
    assert found == []


def test_generated_and_secret_files_are_ignored() -> None:
    names = [
        ".timbre/x",
        ".venv/x",
        "deploy/app/venv",
        "deploy/app/.secret.local",
        "firebase.local-1.json",
        "web/dist/x",
    ]
    ignored = subprocess.run(
        ["git", "check-ignore", *names], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert ignored.split() == names


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("", "make deploy PROJECT=your-project-id"),
        ("demo-timbre", "only in the emulators"),
        ("No Project!", "is not the id of a Firebase project"),
        ("a-real-looking-project", "The first owner is not known"),
    ],
)
def test_deploy_refuses_politely(project: str, said: str) -> None:
    command = Command(["make", "deploy"], {"PROJECT": project})
    assert command.wait(30) != 0
    assert said in command.output
    assert "Traceback" not in command.output


def test_tick_says_what_it_can_run() -> None:
    command = Command(["make", "tick"])
    assert command.wait(30) != 0
    assert "JOB=sweep or JOB=nightly" in command.output


def test_tick_says_when_nothing_runs() -> None:
    command = Command(["make", "tick", "JOB=sweep"], {"PORT_FUNCTIONS": "6553"})
    assert command.wait(30) != 0
    assert "is `make run` running?" in command.output
