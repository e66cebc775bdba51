"""What is missing is named together with what to install."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts.lib import tools


def fake_java(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    return folder


@pytest.mark.parametrize(("text", "major"), [("21.0.4", 21), ("1.8.0_392", 8), ("25", 25)])
def test_the_major_version_of_java(tmp_path: Path, text: str, major: int) -> None:
    assert tools.java_version(fake_java(tmp_path / "jdk", text) / "bin" / "java") == major


def test_an_old_java_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = fake_java(tmp_path / "old", "17.0.1"), fake_java(tmp_path / "new", "22.0.1")
    monkeypatch.setenv("JAVA_HOME", str(old))
    monkeypatch.setenv("PATH", f"{new / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert tools.find_java() == new


def test_without_a_new_enough_java_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "old", "17.0.1")))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(tools, "VENV", tmp_path / "no-environment")
    with pytest.raises(tools.ToolError, match="(?s)Java 21 or newer.*Java 17.*scripts/install"):
        tools.find_java()


def test_a_callers_own_emulator_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_BINARY_PATH", "/mine.jar")
    monkeypatch.setenv("PUBSUB_EMULATOR_BINARY_PATH", "/mine")
    assert tools.emulator_environment({"firestore", "pubsub"}) == ({}, [])


def test_the_cloud_clis_emulators_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = tmp_path / "a google sdk"
    for inside in (tools.FIRESTORE_IN_SDK, tools.PUBSUB_IN_SDK):
        (sdk / inside).parent.mkdir(parents=True)
        (sdk / inside).write_text("")
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(tools, "in_cache", lambda name: False)
    monkeypatch.setenv("CLOUDSDK_ROOT_DIR", str(sdk))
    monkeypatch.delenv("FIRESTORE_EMULATOR_BINARY_PATH", raising=False)
    monkeypatch.delenv("PUBSUB_EMULATOR_BINARY_PATH", raising=False)
    found, missing = tools.emulator_environment({"firestore", "pubsub"})
    assert missing == []
    manifest = zipfile.ZipFile(found["FIRESTORE_EMULATOR_BINARY_PATH"]).read("META-INF/MANIFEST.MF").decode()
    assert max(len(line) for line in manifest.splitlines()) <= 70
    assert manifest.replace("\r\n ", "").splitlines()[2] == f"Class-Path: {(sdk / tools.FIRESTORE_IN_SDK).as_uri()}"
    assert str(sdk) in Path(found["PUBSUB_EMULATOR_BINARY_PATH"]).read_text()


def test_what_is_nowhere_is_named_with_every_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "in_cache", lambda name: False)
    monkeypatch.setattr(tools, "sdk_roots", list)
    monkeypatch.delenv("FIRESTORE_EMULATOR_BINARY_PATH", raising=False)
    monkeypatch.delenv("PUBSUB_EMULATOR_BINARY_PATH", raising=False)
    found, missing = tools.emulator_environment({"firestore", "pubsub"})
    assert (found, missing) == ({}, ["firestore", "pubsub"])
    words = tools.how_to_get(missing)
    assert "google-cloud-cli-firestore-emulator google-cloud-cli-pubsub-emulator" in words
    assert "gcloud components install cloud-firestore-emulator pubsub-emulator" in words


def test_every_command_explains_itself() -> None:
    root = Path(tools.__file__).resolve().parents[1]
    for name in ("firebase", "install", "build", "run", "test", "bench"):
        shown = subprocess.run([str(root / name), "--help"], capture_output=True, text=True, timeout=60, check=True)
        assert len(shown.stdout) > 80, name
