"""`python -m ml.text`: a file of texts in, a file of scores out, in the same order."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from ml.text import __main__ as command
from ml.text.__main__ import main
from schema.minds import GROUPS, TRAITS
from tests.ml.text import tiny


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.registry_folder(tmp_path_factory.mktemp("models"))


def run(models: Path, folder: Path, lines: list[Any], *more: str) -> tuple[int, list[dict[str, Any]]]:
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    code = main(["--in", str(source), "--out", str(out), "--models", str(models), *more])
    return code, [json.loads(line) for line in out.read_text().splitlines()]


def test_every_text_of_a_known_language_has_scores(models: Path, tmp_path: Path) -> None:
    texts = ["This is awful and broken", "质量很差很差", "Très déçue, elle ne marche plus", "love it", "", "qzx great"]
    code, rows = run(models, tmp_path, [{"id": at, "text": text} for at, text in enumerate(texts)])
    assert code == 0 and [row["id"] for row in rows] == list(range(6))
    assert [row["language"] for row in rows[:4]] == ["en", "zh", "fr", "en"]
    assert [row["status"] for row in rows] == [
        "scored", "scored", "not supported", "too short", "no words", "too short",
    ]  # fmt: skip
    assert [row["sentiment"] is None for row in rows] == [False, False, True, False, True, False]
    first, second = rows[0], rows[1]
    assert first["sentiment"]["label"] == "negative" and len(first["emotions"]) == 28
    assert set(first["sentiment"]) == {"label", "negative", "neutral", "positive"}
    assert "anger" in first["emotionLabels"] and second["emotionLabels"] == ["angry"]
    assert set(second["emotions"]) == set(tiny.CLASSES)
    for row in (first, second):
        assert set(row["groups"]) == set(GROUPS) and sum(row["groups"].values()) == pytest.approx(1)
    assert first["ocean"] is None and first["oceanReason"] == "not enough text"
    assert second["oceanReason"] == rows[2]["oceanReason"] == "language not supported"
    assert rows[4]["oceanReason"] == "no text"


def test_lines_of_a_customer_are_pooled_for_personality(models: Path, tmp_path: Path) -> None:
    line = {"text": "this kettle is great " * 50, "customerId": "ann"}
    lines = [
        line | {"id": "a"},
        line | {"id": "b"},
        line | {"id": "c", "customerId": "bob"},
        {"id": "d", "text": "it is so"},
    ]
    _, alone = run(models, tmp_path, lines)
    assert [row["oceanReason"] for row in alone] == ["not enough text"] * 4
    _, rows = run(models, tmp_path, lines, "--by", "customer")
    assert [row["ocean"] is None for row in rows] == [False, False, True, True]
    assert rows[0]["ocean"] == rows[1]["ocean"] and set(rows[0]["ocean"]) == set(TRAITS)
    assert rows[0]["customerId"] == "ann"
    openness = rows[0]["ocean"]["openness"]
    assert openness["low"] < openness["score"] < openness["high"]
    _, [long] = run(models, tmp_path, [{"id": "e", "text": "this kettle is great " * 100}])
    assert long["ocean"]["openness"]["score"] == openness["score"]


def test_bad_lines_are_named_and_the_others_scored(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        '{"id": 1, "text": "broken', {"id": 2}, {"text": "x"}, {"id": 3, "text": 5}, [1], "",
        {"id": 4, "text": "this is great", "language": 3}, {"id": 5, "text": "this is great"},
    ]  # fmt: skip
    code, rows = run(models, tmp_path, lines)
    assert code == 1 and [row["id"] for row in rows] == [5]
    told = capsys.readouterr().err
    for part in (
        "line 1: not JSON", "line 2: text", "line 3: id", "line 4: text", "line 5: an object", "line 7: language",
    ):  # fmt: skip
        assert part in told


def test_one_bad_character_costs_one_line(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = b'{"id": 9, "text": "this is great"}'
    source.write_bytes(
        b"\n".join([
            b'\xef\xbb\xbf{"id": 1, "text": "this is great"}',
            b'{"id": 2, "text": "caf\xe9 is great"}',
            b'{"id": 3, "text": "this is \\ud800 great"}',
            b'{"id": "\\udfff", "text": "this is great"}',
            b'{"id": 5, "text": "this is great", "customerId": "\\ud83d"}',
            b'{"id": 6, "text": "this is \\ud83d\\ude00 great"}',
            b"[" * 100_000,
            good,
        ])
    )  # fmt: skip
    assert main(["--in", str(source), "--out", str(out), "--models", str(models)]) == 1
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [1, 6, 9]
    told = capsys.readouterr().err
    for part in (
        "line 2: not UTF-8 at byte 23", "line 3: text: half", "line 4: id: half", "line 5: customerId: half",
        "line 7: not JSON",
    ):  # fmt: skip
        assert part in told


def test_a_place_that_cannot_be_written_is_told_before_anything_is_scored(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "text": "this is great"}')
    monkeypatch.setattr(command, "Scorer", None)
    out = tmp_path / "missing" / "out.jsonl"
    assert main(["--in", str(source), "--out", str(out), "--models", str(models)]) == 1
    assert str(out) in capsys.readouterr().err


def test_pooled_words_are_told_against_shop_writers_and_single_texts_against_essays(
    models: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    path = folder / "traits" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["heads"]["ocean"]["reference"] = dict.fromkeys(TRAITS, {"logit": 0.1, "error": 0.0})
    path.write_text(json.dumps(manifest))
    text = "this kettle is great " * 100
    lines = [{"id": 1, "text": text, "customerId": "ann"}, {"id": 2, "text": text}]

    def told(*more: str) -> list[Any]:
        _, rows = run(folder, tmp_path, lines, *more)
        return [(row["oceanReference"], row["ocean"]["neuroticism"]["score"]) for row in rows]

    essays, shop = ("essays", 0.5), ("shop", pytest.approx(1 / (1 + math.exp(0.4)), abs=1e-4))
    assert told() == [essays, essays]
    assert told("--by", "customer") == [shop, essays]
    assert told("--by", "customer", "--ocean-reference", "essays") == [essays, essays]
    assert told("--ocean-reference", "shop") == [shop, shop]


def test_evidence_is_given_to_who_asks(models: Path, tmp_path: Path) -> None:
    _, [row] = run(models, tmp_path, [{"id": 1, "text": "this is great"}], "--evidence")
    [span] = [one for one in row["evidence"]["spans"] if one["sentiment"] == 1]
    assert "this is great"[span["start"] : span["end"]] == "great"


def test_missing_models_are_told_and_a_missing_file_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, [row] = run(tmp_path / "none", tmp_path, [{"id": 1, "text": "this is great"}])
    assert code == 0 and row["sentiment"] is None and row["oceanReason"] == "no model"
    assert "no sentiment in en" in capsys.readouterr().err
    assert main(["--in", str(tmp_path / "x"), "--out", str(tmp_path / "y")]) == 1
