"""A model's folder is checked before it reads a word; a broken one takes only its own heads away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.text.artefact import ArtefactError, load
from ml.text.ngrams import Ngrams
from ml.text.registry import Registry
from ml.text.running import run
from ml.text.scoring import Scorer
from tests.ml.text import tiny

Manifest = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write(
        tmp_path / "en", tiny.english_heads(), tiny.tables(tiny.LABELS, "joy", "anger", "neutral"), ["en"]
    )


def test_a_whole_artefact_loads(folder: Path) -> None:
    artefact = load(folder)
    assert artefact.id == "en@1" and artefact.inputs == ("input_ids", "attention_mask")
    assert set(artefact.heads) == {"sentiment", "emotion"}


def edit(**fields: Any) -> Callable[[Manifest], None]:
    return lambda manifest: manifest.update(fields)


def in_head(head: str, **fields: Any) -> Callable[[Manifest], None]:
    return lambda manifest: manifest["heads"][head].update(fields)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (edit(format=2), r"manifest\.json: format"),
        (edit(heads={}), r"manifest\.json: heads"),
        (edit(inputs=["input_ids"]), r"manifest\.json: inputs: the model has attention_mask, input_ids"),
        (edit(inputs=["words"]), r"manifest\.json: inputs"),
        (edit(window={"tokens": 4, "overlap": 0}), r"manifest\.json: window"),
        (edit(languages=[]), r"languages"),
        (in_head("sentiment", output="mood"), r"model\.onnx: heads\.sentiment\.output: .* 'mood'"),
        (in_head("sentiment", labels=["negative", "positive"]), r"heads\.sentiment\.labels: 2 labels.* has 3"),
        (in_head("sentiment", labels=["bad", "so-so", "good"]), r"heads\.sentiment\.labels"),
        (in_head("sentiment", activation="tanh"), r"heads\.sentiment\.activation"),
        (in_head("sentiment", bias=[0.0]), r"heads\.sentiment\.bias: 3 numbers"),
        (in_head("sentiment", temperature=0), r"heads\.sentiment\.temperature"),
        (in_head("emotion", thresholds={"joy": 0.5}), r"heads\.emotion\.thresholds\."),
        (edit(groups={"joy": "Bored"}), r"manifest\.json: groups\.joy"),
        (edit(groups={"glee": "Delighted"}), r"manifest\.json: groups\.glee"),
        (in_head("sentiment", ngrams={"file": "ngrams.npz", "weight": 1}), r"heads\.sentiment\.ngrams"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(folder: Path, change: Callable[[Manifest], None], told: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtefactError, match=told):
        load(folder)


def test_a_file_that_is_not_the_one_promised_is_refused(folder: Path) -> None:
    model = folder / "model.onnx"
    content = model.read_bytes()
    model.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ArtefactError, match=r"model\.onnx: sha256"):
        load(folder)
    model.write_bytes(content[:-1])
    with pytest.raises(ArtefactError, match=r"model\.onnx: bytes"):
        load(folder)
    model.unlink()
    with pytest.raises(ArtefactError, match=r"model\.onnx: named in files"):
        load(folder)


def test_a_missing_calibration_is_named(tmp_path: Path) -> None:
    heads = tiny.ocean_heads()
    del heads["ocean"]["calibration"]["openness"]["perWord"]
    tiny.write(tmp_path / "t", heads, tiny.traits(), ["en"])
    with pytest.raises(ArtefactError, match=r"heads\.ocean\.calibration\.openness\.perWord"):
        load(tmp_path / "t")


def test_ngrams_are_added_to_a_head_s_logits(folder: Path) -> None:
    text = "The kettle is great"
    plain = run(load(folder), [text]).heads["sentiment"][0]
    weights = np.zeros((64, 3), np.float16)
    weights[:, 0] = 1
    config = {"n": [1, 2], "hash": "crc32", "buckets": 64, "scaling": "l2", "bias": [0.5, 0.0, 0.0]}
    np.savez_compressed(
        folder / "ngrams.npz", weights=weights, squares=np.ones(64, np.float16), config=np.array(json.dumps(config))
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["heads"]["sentiment"]["ngrams"] = {"file": "ngrams.npz", "weight": 2.0}
    tiny.seal(folder, manifest)
    added = run(load(folder), [text]).heads["sentiment"][0] - plain
    n = 19 + 18  # at most; equal n-grams and equal buckets count once
    assert added[1:] == pytest.approx([0, 0]) and 2 * (0.5 + 1) < added[0] <= 2 * (0.5 + n**0.5)
    assert Ngrams.load(folder / "ngrams.npz").logits("") == pytest.approx([0.5, 0, 0])


def test_a_broken_artefact_takes_only_its_own_heads_away(tmp_path: Path) -> None:
    root = tiny.registry_folder(tmp_path / "models")
    (root / "traits" / "model.onnx").write_bytes(b"x")
    shutil.rmtree(root / "zh")
    registry = Registry(root)
    assert registry.serving("en", "sentiment") is not None and registry.serving("en", "ocean") is None
    assert "traits/model.onnx" in str(registry.why_not("en", "ocean"))
    assert registry.why_not("en", "sentiment") is None
    assert "not served" in str(registry.why_not("fr", "sentiment"))
    scored = Scorer(registry).score(["The kettle is great", "质量很差很差"])
    assert scored[0].label == "positive" and scored[0].ocean is None
    assert scored[1].status == "not supported" and scored[1].sentiment is None
    assert registry.model("zh") is None
