"""What the two mains may and may not do when they are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from functions.config import ConfigError, read_config

ROOT = Path(__file__).parents[2]
HEAVY = ("sklearn", "scipy", "onnxruntime", "transformers", "torch", "tokenizers", "pandas", "numpy")


def loaded_by(statement: str) -> set[str]:
    """Top-level modules loaded in a fresh interpreter, without any emulator variable."""
    code = f"import sys; {statement}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


def test_the_light_codebase_loads_no_heavy_library() -> None:
    modules = loaded_by("import functions.main")
    assert not modules.intersection(HEAVY)
    assert "ml" not in modules
    assert "sandbox" not in modules


def test_the_ml_codebase_loads_heavy_libraries_on_first_use_only() -> None:
    modules = loaded_by("import ml.main")
    assert not modules.intersection(HEAVY)
    assert "functions" not in modules


@pytest.mark.parametrize("variable", ["FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"])
def test_production_refuses_to_start_with_an_emulator_variable(variable: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        read_config({"K_SERVICE": "ingest", "IDENTITY_KEY": "k" * 40, variable: "127.0.0.1:9099"})


def test_the_emulator_itself_is_no_production() -> None:
    config = read_config(
        {"K_SERVICE": "ingest", "FUNCTIONS_EMULATOR": "true", "IDENTITY_KEY": "k" * 40, "FIRESTORE_EMULATOR_HOST": "x"}
    )
    assert config.emulated


def test_a_missing_key_names_the_way_out() -> None:
    with pytest.raises(ConfigError, match="firebase functions:secrets:set IDENTITY_KEY"):
        read_config({"IDENTITY_KEY": "short"})
