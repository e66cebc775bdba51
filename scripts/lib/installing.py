"""Brings everything into the checkout: Python packages, node modules, Chromium for the tests. Fast when done before."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.lib.paths import CODEBASES, LOGS, PYTHON, ROOT, VENV, WEB
from scripts.lib.show import Step
from scripts.lib.suite import link_environment

REQUIREMENTS = ("requirements.txt", "constraints.txt", "functions/requirements.txt", "ml/requirements.txt")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLE_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class InstallError(RuntimeError):
    """Something could not be installed; the message says what and what to do."""


def install_all() -> None:
    """Everything but the browser.

    Raises:
        InstallError: Python, Node or a package is missing.
    """
    check_node()
    if not environment_current():
        with Step("Python packages", expected=90):
            install_environment()
    for folder in CODEBASES.values():
        link_environment(folder)
    for title, folder, expected in (("Firebase tools", ROOT, 60), ("Packages of the console", WEB, 40)):
        if (folder / "package-lock.json").exists() and not modules_current(folder):
            with Step(title, expected=expected):
                # Without install scripts: the only one that matters compiles an optional library of firebase-tools for
                # minutes where its binary cannot be downloaded.
                run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, "npm")


def check_node() -> None:
    node = shutil.which("node")
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    if not shown or int(shown.strip().lstrip("v").split(".")[0]) < 20:
        raise InstallError(f"Node 20 or newer is needed (found: {shown.strip() or 'none'}): https://nodejs.org")
    if not shutil.which("npm"):
        raise InstallError("npm is needed; it comes with Node.")


# ---- Python ----------------------------------------------------------------------------------------------------------


def find_python() -> str:
    """A Python 3.11, which is what the functions run on in production.

    Raises:
        InstallError: there is none.
    """
    for name in (sys.executable, "python3.11", "python3", "python"):
        found = shutil.which(name)
        if found:
            asked = subprocess.run(
                [found, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=False
            )
            if asked.stdout.strip() == "(3, 11)":
                return found
    raise InstallError(
        "Python 3.11 is needed (the functions run on 3.11 in production): install it and make `python3.11` available."
    )


def environment_stamp() -> str:
    """Changes when the wanted packages change, or the checkout moves (an environment has its own path inside)."""
    digest = hashlib.sha256(str(VENV).encode())
    for name in REQUIREMENTS:
        path = ROOT / name
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def environment_current() -> bool:
    stamp = VENV / "timbre-stamp"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == environment_stamp()


def install_environment() -> None:
    activate = VENV / "bin" / "activate"
    moved = activate.exists() and str(VENV) not in activate.read_text()
    if moved or not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run([find_python(), "-m", "venv", str(VENV)], ROOT, "venv")
    run([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-r", "requirements.txt"], ROOT, "pip")
    (VENV / "timbre-stamp").write_text(environment_stamp())


# ---- Node ------------------------------------------------------------------------------------------------------------


def modules_current(folder: Path) -> bool:
    """Whether node_modules has what package-lock.json says: npm notes what it installed in a lock file of its own."""
    try:
        wanted = json.loads((folder / "package-lock.json").read_text())["packages"]
        present = json.loads((folder / "node_modules" / ".package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    for name, package in wanted.items():
        if not name or package.get("optional") or package.get("link") or package.get("extraneous"):
            continue  # optional ones are for other systems
        if present.get(name, {}).get("version") != package.get("version"):
            return False
    return True


# ---- the browser -----------------------------------------------------------------------------------------------------


def find_browser() -> str | None:
    """A Chromium for the end-to-end tests: CHROMIUM, PATH, or Chrome on a Mac."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (APPLE_CHROME if Path(APPLE_CHROME).exists() else None)


def install_browser() -> str | None:
    """Chromium from the system's packages where this user may install them. None, with a loud word, when not."""
    found = find_browser()
    if found:
        return found
    may_install = platform.system() == "Linux" and os.geteuid() == 0 and shutil.which("apt-get")
    if may_install:
        try:
            with Step("Chromium", expected=60):
                run(
                    ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
                    ROOT,
                    "apt",
                    DEBIAN_FRONTEND="noninteractive",
                )
        except InstallError as error:
            print(error, file=sys.stderr)
    found = find_browser()
    if not found:
        print(
            "\n  !!! No Chromium: the browser tests will be SKIPPED.\n"
            "  !!! Install it (Debian, Ubuntu: sudo apt-get install chromium) or set CHROMIUM=/path/to/chrome.\n",
            file=sys.stderr,
        )
    return found


def run(words: list[str], folder: Path, name: str, **extra: str) -> None:
    """Run an installer with its output in a log.

    Raises:
        InstallError: it failed; the message has its last lines.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"install-{name}.log"
    with log.open("w") as out:
        code = subprocess.run(
            words, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **extra}, check=False
        ).returncode
    if code:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip() not in ("", "npm error")]
        shown = lines if len(lines) <= 16 else [*lines[:8], "...", *lines[-8:]]
        last = "\n".join("  " + line for line in shown)
        raise InstallError(f"`{' '.join(words)}` failed ({log.relative_to(ROOT)}):\n{last}")
