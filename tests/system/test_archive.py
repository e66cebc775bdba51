"""What firebase-tools packs for production can be loaded where there is no repository."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = """
const { prepareFunctionsUpload } = require("firebase-tools/lib/deploy/functions/prepareFunctionsUpload");
const [root, source, config] = [process.argv[1], process.argv[2], JSON.parse(process.argv[3])];
prepareFunctionsUpload(root, source, config, []).then((packed) => console.log("PACKED " + packed.pathToSource));
"""


def pack(source: str) -> Path:
    """Let firebase-tools' own packer make the archive of a codebase."""
    entry = next(
        one for one in json.loads((ROOT / "firebase.json").read_text())["functions"] if one["source"] == source
    )
    words = ["node", "-e", PACK, str(ROOT), str(ROOT / source), json.dumps({"ignore": entry["ignore"]})]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(ran.stdout.rsplit("PACKED ", 1)[1].strip())


@pytest.mark.parametrize(
    ("source", "functions"),
    [
        (
            "deploy/app",
            {
                "connect",
                "console",
                "ingest",
                "jobs",
                "member_written",
                "nightly",
                "receive",
                "shopwork",
                "survey",
                "sweep",
                "track",
                "webhooks",
            },
        ),
        ("deploy/ml", {"assign", "learn", "recluster", "score", "texts"}),
    ],
)
def test_the_packed_codebase_loads_on_its_own(source: str, functions: set[str], tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(source)) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    assert not [name for name in names if name.startswith(("venv/", ".secret", ".env")) or "__pycache__" in name]
    assert "requirements.txt" in names
    code = "import main; print(*(name for name, one in vars(main).items() if hasattr(one, '__firebase_endpoint__')))"
    ran = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.split()) == functions
    assert (tmp_path / "schema" / "store.py").is_file()
    if source == "deploy/ml":
        # The models go along, how they were made does not.
        assert list((tmp_path / "ml" / "models").glob("*/model.onnx"))
        assert not (tmp_path / "ml" / "training").exists()
