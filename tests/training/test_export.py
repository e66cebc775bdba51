"""A Hugging Face classifier becomes an artefact that says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from ml.text.artefact import ArtefactError, load
from ml.text.running import run
from ml.training.data import TRAIT_COLUMNS
from ml.training.export import Classifier, export, known_labels, to_onnx
from ml.training.quantise import products
from ml.training.reader import Artefact

TEXTS = ["good kettle", "the kettle broke after two days and i never", "love it", "fast delivery and a kettle again"]
Tiny = Callable[..., Path]


def original(folder: Path, texts: list[str]) -> np.ndarray:
    model: Any = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        return np.stack([model(**tokenizer(text, return_tensors="pt")).logits[0].numpy() for text in texts])


def test_float32_graph_equals_the_model_in_batches_with_padding(tiny: Tiny, tmp_path: Path) -> None:
    folder = tiny(["NEGATIVE", "POSITIVE"])
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    model: Any = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    out = tmp_path / "out"
    export(str(folder), "sentiment", out)
    to_onnx(Classifier(model, inputs, [0, 1]), inputs, ["sentiment"], out / "plain.onnx", model.config.vocab_size)
    wanted = original(folder, TEXTS)
    for batch in (1, len(TEXTS)):
        found = Artefact(out, "plain.onnx").logits(TEXTS, ["sentiment"], batch)["sentiment"]
        assert found == pytest.approx(wanted, abs=1e-4)


def test_every_product_is_int8_and_answers_stay_close(tiny: Tiny, tmp_path: Path) -> None:
    folder = tiny(["NEGATIVE", "POSITIVE"])
    out = tmp_path / "out"
    done = export(str(folder), "sentiment", out)
    # Six in each of two layers, the pooler and the classifier.
    assert products(out / "model.onnx") == {"float": 0, "int8": 14}
    assert done["products"] == 14
    small = Artefact(out).logits(TEXTS, ["sentiment"])["sentiment"]
    wanted = original(folder, TEXTS)
    assert np.abs(small - wanted).mean() < 0.1 * np.abs(wanted).mean() + 0.05
    assert not np.array_equal(small, wanted)


def test_the_run_time_loads_and_reads_it_as_the_trainer_does(tiny: Tiny, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(str(tiny(["NEGATIVE", "POSITIVE"])), "sentiment", out)
    model = load(out)
    assert model.heads["sentiment"].labels == ("negative", "positive")
    assert run(model, TEXTS).heads["sentiment"] == pytest.approx(
        Artefact(out).logits(TEXTS, ["sentiment"])["sentiment"]
    )


def test_a_changed_graph_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(str(tiny(["NEGATIVE", "POSITIVE"])), "sentiment", out)
    content = bytearray((out / "model.onnx").read_bytes())
    content[-1] ^= 1
    (out / "model.onnx").write_bytes(content)
    with pytest.raises(ArtefactError, match="sha256"):
        load(out)
    with pytest.raises(ValueError, match="sha256"):
        Artefact(out)


def test_traits_come_in_our_order_and_with_the_whole_scale_as_interval(tiny: Tiny, tmp_path: Path) -> None:
    theirs = ["Extroversion", "Neuroticism", "Agreeableness", "Conscientiousness", "Openness"]
    folder = tiny(theirs, problem_type="multi_label_classification")
    out = tmp_path / "out"
    export(str(folder), "ocean", out)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["heads"]["ocean"]["labels"] == list(TRAIT_COLUMNS)
    wanted = original(folder, TEXTS)[:, [4, 3, 0, 2, 1]]
    found = Artefact(out).logits(TEXTS, ["ocean"])["ocean"]
    assert np.abs(found - wanted).mean() < 0.3 * np.abs(wanted).mean()
    assert load(out).heads["ocean"].traits[0].error == 1.0


def test_emotions_start_at_one_half(tiny: Tiny, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(str(tiny(["joy", "anger", "neutral"], problem_type="multi_label_classification")), "emotion", out)
    head = load(out).heads["emotion"]
    assert not head.softmax and head.thresholds == {"joy": 0.5, "anger": 0.5, "neutral": 0.5}


@pytest.mark.parametrize(
    ("problem", "asked", "softmax"),
    [
        (None, None, True),
        ("single_label_classification", None, True),
        ("multi_label_classification", None, False),
        (None, "sigmoid", False),
        ("multi_label_classification", "softmax", True),
    ],
)
def test_emotions_exclude_each_other_unless_told(
    tiny: Tiny, tmp_path: Path, problem: str | None, asked: str | None, softmax: bool
) -> None:
    more = {"problem_type": problem} if problem else {}
    out = tmp_path / "out"
    export(str(tiny(["joy", "anger", "neutral"], **more)), "emotion", out, activation=asked)
    head = load(out).heads["emotion"]
    assert head.softmax is softmax and bool(head.thresholds) is not softmax


def test_another_model_is_another_version(tiny: Tiny, tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = tiny(["NEGATIVE", "POSITIVE"])
    export(str(folder), "sentiment", out, languages=["zh", "en"])
    first = load(out)
    assert first.languages == ("zh", "en") and len(first.version) == 12
    export(str(folder), "sentiment", out)
    assert load(out).version == first.version
    model: Any = AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        model.classifier.weight += 1
    model.save_pretrained(folder)
    export(str(folder), "sentiment", out)
    assert load(out).version != first.version
    export(str(folder), "sentiment", out, version="7")
    assert load(out).version == "7"


def test_labels_without_meaning_are_not_guessed(tiny: Tiny, tmp_path: Path) -> None:
    folder = tiny(["LABEL_0", "LABEL_1"])
    with pytest.raises(ValueError, match="--labels"):
        export(str(folder), "sentiment", tmp_path / "out")
    export(str(folder), "sentiment", tmp_path / "out", ["negative", "positive"])
    assert load(tmp_path / "out").heads["sentiment"].labels == ("negative", "positive")


def test_usual_spellings() -> None:
    assert known_labels(["NEG", "Neutral", "pos"], "sentiment") == ["negative", "neutral", "positive"]
    assert known_labels(["LABEL_0", "LABEL_1"], "emotion") == ["label_0", "label_1"]
