"""The middle of shop texts: the mean reviewer is 0.5 whatever the essays' intercept, and kinds of shops lie apart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from ml.text.artefact import ArtefactError, load
from ml.text.ocean import Part, pooled
from ml.text.running import run
from ml.training import ocean_reference
from schema.minds import TRAITS
from tests.ml.text import tiny

GREAT, PLAIN = "great it is the kettle", "kettle it is the great great great kettle"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tiny.write(tmp_path / "traits", tiny.ocean_heads(), tiny.traits(), ["en"])
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"figures": {"crossValidated": {}}}))
    return folder


def test_the_mean_writer_of_shop_texts_is_the_middle(model: Path) -> None:
    writers = {"one": [[GREAT] * 80, [GREAT] * 90], "two": [[PLAIN] * 60, [PLAIN, PLAIN] * 30, ["too short"]]}
    figures = ocean_reference.measured(model, writers)
    assert [one["writers"] for one in figures.values()] == [2, 2]
    artefact = load(model)
    head = artefact.heads["ocean"]
    means = []
    for text in (GREAT, PLAIN):
        logits = run(artefact, [text])
        means.append(logits.heads["ocean"][0, 0])
        alone = pooled([Part(logits.heads["ocean"][0].tolist(), 400, 400)], head)
        assert alone is not None and alone.neuroticism.score == 0.5
        # Another kind of shop may lie as far from the two as they lie from each other.
        assert alone.openness.low < 0.5 < alone.openness.high
    assert head.reference[0].logit == pytest.approx(np.mean(means), abs=1e-3)
    between = abs(means[0] - means[1]) / math.sqrt(2)
    assert head.reference[0].error == pytest.approx(1.645 * between * math.sqrt(1.5) * 4 / 4, abs=1e-3)
    assert head.reference[1].error == 0


def test_writers_are_customers_or_twelve_nameless_reviews(tmp_path: Path) -> None:
    clothing, instruments = tmp_path / "c.csv", tmp_path / "i.csv"
    rows = [f"{n},word{n}" for n in range(30)]
    clothing.write_text("\n".join(["title,review_text", "empty,", *rows]))
    assert [len(one) for one in ocean_reference.clothing(clothing)] == [12, 12]
    assert ocean_reference.clothing(clothing)[0][0] == "0\nword0"
    instruments.write_text("customer_id,title,text\nann,a,x\nbob,b,y\nann,c,z\n")
    assert ocean_reference.instruments(instruments) == [["a\nx", "c\nz"], ["b\ny"]]


def test_too_few_writers_set_no_middle(model: Path) -> None:
    with pytest.raises(ValueError, match="two: 1 writers"):
        ocean_reference.measured(model, {"one": [[GREAT] * 80] * 2, "two": [[GREAT] * 80]})
    assert load(model).heads["ocean"].reference == ()


def test_a_reference_that_lacks_a_trait_is_refused(model: Path) -> None:
    path = model / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["heads"]["ocean"]["reference"] = dict.fromkeys(TRAITS[1:], {"logit": 0.0, "error": 0.1})
    path.write_text(json.dumps(manifest))
    with pytest.raises(ArtefactError, match="reference.openness"):
        load(model)
