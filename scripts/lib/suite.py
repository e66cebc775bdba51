"""One running Firebase Emulator Suite: made from firebase.json, started, watched, saved and ended without a trace."""

from __future__ import annotations

import base64
import collections
import json
import os
import queue
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from scripts.lib import data, reaper
from scripts.lib.demo import DEMO, OWNER_EMAIL
from scripts.lib.paths import CODEBASES, DIST, FIREBASE_TOOLS, LOGS, PROJECT, REGION, ROOT, SECRETS, STATE, VENV
from scripts.lib.ports import HOST
from scripts.lib.shops import SANDBOX_APPS, Shops
from scripts.lib.tools import emulator_environment, find_java, how_to_get

EMULATORS = ("auth", "functions", "firestore", "hosting", "pubsub", "tasks", "eventarc")
PARALLEL = "4"
"""Requests that the functions emulator works on at once: more than this only makes two cores slower."""
READY = "All emulators ready"
DENY_ALL = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents { match /{any=**} { allow read, write: if false; } }
}
"""
NOT_BUILT = "<!doctype html><title>Timbre</title><p>The console is not built yet: run <code>scripts/build</code>.</p>\n"


class SuiteError(RuntimeError):
    """The suite did not start or did not do what was asked; the message is for a person."""


class Suite:
    """Runs on the given ports between `start()` and `stop()`; `stop()` is always called, also after a failed start."""

    def __init__(
        self,
        ports: dict[str, int],
        only: set[str] | None = None,
        load: Path | None = None,
        shops_state: Path | None = None,
    ) -> None:
        """Args:
        shops_state: the file that the simulated shops outlast a restart in; None: they begin anew.
        """
        self._shops_words = ("--state", str(shops_state)) if shops_state else ()
        self.ports = ports
        self.only = set(only) if only else set(EMULATORS)
        self.load = load
        self.process: subprocess.Popen[str] | None = None
        self.shops: Shops | None = None
        self.errors: queue.Queue[str] = queue.Queue()
        """Lines in which a function failed, for whoever shows them."""
        self.tail: collections.deque[str] = collections.deque(maxlen=40)
        self.unloaded: list[str] = []
        """What firebase-tools said about codebases that it could not load."""
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._missing: list[str] = []
        name = str(os.getpid())
        self.config = ROOT / f"firebase.local-{name}.json"
        self.hosting = STATE / f"hosting-{name}"
        self.work = STATE / f"suite-{name}"
        self.log = LOGS / f"suite-{name}.log"
        self.functions_log = LOGS / f"functions-{name}.jsonl"

    # ---- starting -------------------------------------------------------------------------------------------------

    def start(self, stopped: Callable[[], bool] = lambda: False, timeout: float = 180.0) -> None:
        """Start and wait until every emulator answers and every function is known.

        Raises:
            SuiteError: it ended or did not get ready in time; the message has its last words. Or `stopped` said so.
        """
        if not (FIREBASE_TOOLS / "lib" / "bin" / "firebase.js").exists():
            raise SuiteError("firebase-tools is not installed: run `scripts/install`.")
        found, self._missing = emulator_environment(self.only)
        self.work.mkdir(parents=True, exist_ok=True)
        LOGS.mkdir(parents=True, exist_ok=True)
        self.config.write_text(json.dumps(self.local_config(), indent=1))
        self.prepare_codebases()
        self.prepare_hosting()
        self.process = subprocess.Popen(
            self.command(),
            cwd=self.work,  # the emulators write their debug logs and unfinished exports where they run
            env=self.tool_environment(found),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches only this process: a second one would abort the clean shutdown
            preexec_fn=reaper.die_with_parent,
        )
        if "functions" in self.only:
            self.shops = Shops(self.ports["shops"], self._shops_words)
            self.shops.start()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._tidy, daemon=True).start()
        deadline = time.monotonic() + timeout
        while not self._ready.wait(0.1):
            if stopped():
                raise SuiteError("Stopped while starting.")
            if self.process.poll() is not None:
                time.sleep(0.3)  # the reader may still be behind
                raise SuiteError(self.why_not("The emulator suite ended while it started"))
            if time.monotonic() > deadline:
                raise SuiteError(self.why_not(f"The emulator suite was not ready after {timeout:.0f} s"))

        if self.unloaded:
            print(self.why_not("Functions could not be loaded"), file=sys.stderr)

    def command(self) -> list[str]:
        node = shutil.which("node")
        if not node:
            raise SuiteError("Node is not installed: install Node 20 or newer.")
        words = [node, str(FIREBASE_TOOLS / "lib" / "bin" / "firebase.js"), "emulators:start"]
        words += ["--project", PROJECT, "--config", str(self.config), "--only", ",".join(sorted(self.only))]
        if self.load:
            words += ["--import", str(self.load)]
        return words

    def tool_environment(self, found: dict[str, str]) -> dict[str, str]:
        java = find_java()
        preload = str(ROOT / "scripts" / "lib" / "unique-ports.js").replace("\\", "\\\\").replace('"', '\\"')
        env = {**os.environ, **found, **self.environment_of_functions()}
        for name in (
            "FIRESTORE_EMULATOR_HOST",
            "FIREBASE_AUTH_EMULATOR_HOST",
            "PUBSUB_EMULATOR_HOST",
            "CLOUD_TASKS_EMULATOR_HOST",
        ):
            env.pop(name, None)  # another suite's: the emulators set their own
        env.update(
            {
                "PATH": f"{java / 'bin'}{os.pathsep}{env.get('PATH', '')}",
                "JAVA_HOME": str(java),
                "NODE_OPTIONS": f'--no-deprecation --require "{preload}"',
                "FUNCTIONS_EMULATOR_PARALLEL": env.get("FUNCTIONS_EMULATOR_PARALLEL", PARALLEL),
                "FUNCTIONS_DISCOVERY_TIMEOUT": "90",
                "FIREBASE_CLI_DISABLE_UPDATE_CHECK": "1",
                "NO_UPDATE_NOTIFIER": "1",
                "NO_COLOR": "1",
                "CI": "1",
                reaper.TAG: f"{ROOT}:{os.getpid()}",
            }
        )
        return env

    def environment_of_functions(self) -> dict[str, str]:
        """What scripts and functions know besides the emulators' addresses."""
        return {
            "GCLOUD_PROJECT": PROJECT,
            "IDENTITY_KEY": identity_key(),
            "LOCAL_PUBLIC_URL": f"http://{HOST}:{self.ports['hosting']}",
            "LOCAL_SHOPS_URL": f"http://{HOST}:{self.ports['shops']}",
        }

    def local_config(self) -> dict[str, Any]:
        """firebase.json with this suite's ports, hosting folder and only what exists in this checkout."""
        config: dict[str, Any] = json.loads((ROOT / "firebase.json").read_text())
        config["emulators"] = {
            name: {"host": HOST, "port": self.ports[name]} for name in (*EMULATORS, "hub", "logging")
        }
        config["emulators"]["firestore"]["websocketPort"] = self.ports["websocket"]
        config["emulators"].update({"ui": {"enabled": False}, "singleProjectMode": False})
        rules = ROOT / config["firestore"]["rules"]
        if not rules.exists():
            closed = STATE / "deny-all.rules"
            closed.write_text(DENY_ALL)
            config["firestore"]["rules"] = str(closed.relative_to(ROOT))
        if not (ROOT / config["firestore"].get("indexes", "-")).exists():
            config["firestore"].pop("indexes", None)
        config["hosting"]["public"] = str(self.hosting.relative_to(ROOT))
        open_to_loopback(config["hosting"])
        return config

    def prepare_codebases(self) -> None:
        """The environment link and the secrets that the functions emulator expects inside each source folder."""
        for folder in CODEBASES.values():
            folder.mkdir(parents=True, exist_ok=True)
            link_environment(folder)
            lines = {
                "IDENTITY_KEY": identity_key(),
                "CREDENTIALS_KEYS": f"1:{credentials_key()}",
                "STOREFRONT_APPS": json.dumps(SANDBOX_APPS, separators=(",", ":")),
            }
            secret = "".join(f"{name}={value}\n" for name, value in lines.items())
            write_if_changed(folder / ".secret.local", secret, mode=0o600)
            if not (folder / f".env.{PROJECT}").exists():
                write_if_changed(folder / ".env.local", f"OWNER_EMAIL={OWNER_EMAIL}\n")

    def prepare_hosting(self) -> None:
        """A copy of the console's emulator build that knows where this suite listens."""
        shutil.rmtree(self.hosting, ignore_errors=True)
        if (DIST / "index.html").exists():
            shutil.copytree(DIST, self.hosting)
        else:
            self.hosting.mkdir(parents=True)
            (self.hosting / "index.html").write_text(NOT_BUILT)
        addresses = {
            "projectId": PROJECT,
            "region": REGION,
            "auth": f"http://{HOST}:{self.ports['auth']}",
            "firestore": {"host": HOST, "port": self.ports["firestore"]},
            "functions": {"host": HOST, "port": self.ports["functions"]},
            "demo": DEMO,
        }
        (self.hosting / "emulators.json").write_text(json.dumps(addresses, indent=1))

    def environment(self) -> dict[str, str]:
        """The variables that let a program speak to this suite."""
        variables = {
            "firestore": ("FIRESTORE_EMULATOR_HOST", "{}"),
            "auth": ("FIREBASE_AUTH_EMULATOR_HOST", "{}"),
            "pubsub": ("PUBSUB_EMULATOR_HOST", "{}"),
            "tasks": ("CLOUD_TASKS_EMULATOR_HOST", "{}"),
            "functions": ("TIMBRE_FUNCTIONS_URL", f"http://{{}}/{PROJECT}/{REGION}"),
            "hosting": ("TIMBRE_HOSTING_URL", "http://{}"),
        }
        env = self.environment_of_functions()
        for emulator, (name, form) in variables.items():
            if emulator in self.only or (emulator in ("tasks", "eventarc") and "functions" in self.only):
                env[name] = form.format(f"{HOST}:{self.ports[emulator]}")
        env["TIMBRE_SHOPS_URL"] = env["LOCAL_SHOPS_URL"]
        env["TIMBRE_HUB_URL"] = f"http://{HOST}:{self.ports['hub']}"
        env["TIMBRE_FUNCTIONS_LOG"] = str(self.functions_log)
        return env

    # ---- watching -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Write the suite's output to its log, the functions' structured lines to theirs, and note what matters."""
        assert self.process and self.process.stdout
        with self.log.open("w") as log, self.functions_log.open("w") as functions:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                self.tail.append(line.rstrip())
                if "Failed to load function definition" in line:
                    self.unloaded.append(line.strip())
                if READY in line:
                    self._ready.set()
                said = re.match(r"^>\s+(\{.*\})\s*$", line)
                if said:
                    functions.write(said.group(1) + "\n")
                    functions.flush()
                    if re.search(r'"severity":\s*"(ERROR|CRITICAL)"', line):
                        self.errors.put(said.group(1))
                elif "Traceback (most recent call last)" in line:
                    self.errors.put("A function raised an exception: see " + self.log.name)

    def _tidy(self) -> None:
        """While the suite runs: end the workers that it has given up."""
        while not self._stopping.wait(5.0):
            reaper.end_forgotten()

    def ready(self) -> bool:
        """Started and not ended since."""
        return self._ready.is_set() and self.alive()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def why_not(self, what: str) -> str:
        last = "\n".join(f"  {line}" for line in self.tail if line.strip())
        text = f"{what}. Its last lines ({self.log.relative_to(ROOT)} has all):\n{last}"
        if self._missing and re.search("ownload|ENOTFOUND|EAI_AGAIN|fetch failed|network", last):
            text += "\n\n" + how_to_get(self._missing)
        return text

    # ---- saving and ending ----------------------------------------------------------------------------------------

    def save(self, folder: Path, timeout: float = 240.0) -> Path:
        """Save Firestore and Auth as a new complete folder of `folder` and make it the latest.

        Raises:
            SuiteError: the export failed; what was saved before stays.
        """
        target = data.new_folder(folder)
        target.mkdir(parents=True)  # the hub replaces it; it cannot replace what is not there
        try:
            self.hub("POST", "/_admin/export", {"path": str(target), "initiatedBy": "timbre"}, timeout)
            data.publish(folder, target)
        except (OSError, ValueError) as error:
            shutil.rmtree(target, ignore_errors=True)
            raise SuiteError(f"The data could not be saved ({error}); the last good save stays.") from error
        return target

    def pause_background(self) -> None:
        """Let no message or trigger start new work, so that what is saved stands still."""
        # Without functions there is nothing to pause.
        with suppress(OSError):
            self.hub("PUT", "/functions/disableBackgroundTriggers", {}, 10)

    def hub(self, method: str, path: str, body: dict[str, Any], timeout: float) -> None:
        request = urllib.request.Request(
            f"http://{HOST}:{self.ports['hub']}{path}",
            method=method,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            raise OSError(error.read().decode(errors="replace")[:300]) from error

    def forget_hub(self) -> None:
        """Remove the hub's address from the temporary folder when it is this suite's."""
        try:
            if f":{self.ports['hub']}" in hub_locator().read_text():
                hub_locator().unlink()
        except OSError:
            pass

    def stop(self, save_to: Path | None = None) -> str | None:
        """Save if asked, end everything, remove what was generated. Returns why the saving failed, if it did."""
        problem = None
        if save_to and self.ready():
            self.pause_background()
            try:
                self.save(save_to)
            except SuiteError as error:
                problem = str(error)
        self._stopping.set()
        if self.process:
            # Everything worth keeping is saved. firebase-tools' own clean shutdown leaves its Python workers behind,
            # and when its Pub/Sub emulator is slow to end it kills every one of the machine: so it goes first.
            known = reaper.descendants(self.process.pid)
            reaper.send(self.process.pid, signal.SIGKILL)
            self.process.wait()
            reaper.end_all(known)
            self.forget_hub()
        if self.shops:
            self.shops.stop()
        self.config.unlink(missing_ok=True)
        shutil.rmtree(self.hosting, ignore_errors=True)
        shutil.rmtree(self.work, ignore_errors=True)
        return problem


def hub_locator() -> Path:
    """Where firebase-tools notes the address of a project's hub for its other commands."""
    return Path(tempfile.gettempdir()) / f"hub-{PROJECT}.json"


def identity_key() -> str:
    """The random key of this checkout behind every customer id: kept, since saved data depend on it."""
    given = os.environ.get("IDENTITY_KEY")
    if given:
        return given
    path = SECRETS / "identity-key"
    SECRETS.mkdir(parents=True, exist_ok=True)
    SECRETS.chmod(0o700)
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as fresh:
            fresh.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def credentials_key() -> str:
    """The random key of this checkout that seals credentials, base64: kept like the identity key."""
    path = SECRETS / "credentials-key"
    SECRETS.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as fresh:
            fresh.write(base64.b64encode(secrets.token_bytes(32)).decode())
    except FileExistsError:
        pass
    return path.read_text().strip()


def link_environment(folder: Path) -> None:
    link = folder / "venv"
    target = os.path.relpath(VENV, folder)
    if link.is_symlink() and os.readlink(link) == target:
        return
    if link.is_symlink():
        link.unlink()
    if not link.exists():
        link.symlink_to(target)


def open_to_loopback(hosting: dict[str, Any]) -> None:
    """Let the console reach the emulators: production's content security policy knows only Google's hosts.

    And not HSTS: a browser would demand https of the whole loopback address from then on.
    """
    for rule in hosting["headers"]:
        rule["headers"] = [header for header in rule["headers"] if header["key"] != "Strict-Transport-Security"]
        for header in rule["headers"]:
            if header["key"] == "Content-Security-Policy":
                local = f"connect-src 'self' http://{HOST}:* ws://{HOST}:*"
                header["value"] = header["value"].replace("connect-src 'self'", local)


def write_if_changed(path: Path, text: str, mode: int = 0o644) -> None:
    """Writing unchanged text would make the functions emulator of another suite reload."""
    if path.exists() and path.read_text() == text:
        return
    path.write_text(text)
    path.chmod(mode)


def clean_leftovers() -> None:
    """Remove what killed suites of this checkout left: processes, configurations, folders, old logs."""
    reaper.end_leftovers(ROOT)
    for path in [*ROOT.glob("firebase.local-*.json"), *STATE.glob("hosting-*"), *STATE.glob("suite-*")]:
        number = re.search(r"-(\d+)(\.json)?$", path.name)
        if number and not reaper.exists(int(number.group(1))):
            path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    logs = sorted(LOGS.glob("*-*.*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in logs[40:]:
        path.unlink(missing_ok=True)
