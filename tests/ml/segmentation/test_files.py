"""The command for files: planted groups found, the order of rows nothing, the former output carried on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.segmentation.__main__ import main
from ml.segmentation.files import read_table
from schema.minds import GROUPS


def planted(k: int = 7, count: int = 350, width: int = 5, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % k
    return rng.normal(0, 4, (k, width))[labels] + rng.normal(0, 0.5, (count, width)), labels


def write(path: Path, values: np.ndarray, names: list[str], order: list[int] | None = None) -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["customer", *names])
        for row in order or range(len(values)):
            out.writerow([f"u{row}", *("" if np.isnan(one) else f"{one:.6f}" for one in values[row])])
    return path


def grouped(tmp: Path, features: Path, *more: str) -> dict[str, Any]:
    out = tmp / f"{features.stem}{len(list(tmp.iterdir()))}.json"
    assert main(["--features", str(features), "--out", str(out), *more]) == 0
    made: dict[str, Any] = json.loads(out.read_text())
    return made | {"path": str(out)}


def labels_of(made: dict[str, Any], count: int) -> list[str]:
    return [made["assignments"][f"u{row}"] for row in range(count)]


def test_planted_groups_in_any_order_and_again(tmp_path: Path) -> None:
    from ml.segmentation.quality import adjusted_rand

    values, truth = planted()
    names = [f"column {index}" for index in range(5)]
    made = grouped(tmp_path, write(tmp_path / "a.csv", values, names))
    codes = np.unique(labels_of(made, 350), return_inverse=True)[1]
    assert made["k"] == 7 and adjusted_rand(codes, truth) > 0.95 and made["silhouette"] > 0.5
    assert sum(one["size"] for one in made["segments"]) == 350
    assert all("column" in one["name"]["en"] and one["persona"] is None for one in made["segments"])
    order = np.random.default_rng(1).permutation(350).tolist()
    other = grouped(tmp_path, write(tmp_path / "b.csv", values, names, order))
    assert {**other, "path": ""} == {**made, "path": ""}
    again = grouped(tmp_path, tmp_path / "a.csv", "--previous", made["path"])
    assert again["mode"] == "warm" and again["moved"] == 0 and again["assignments"] == made["assignments"]
    assert [one["name"] for one in again["segments"]] == [one["name"] for one in made["segments"]]


def test_other_customers_are_searched_anew_and_lost_ids_are_not_given_again(tmp_path: Path) -> None:
    values, _ = planted()
    names = [f"f{index}" for index in range(5)]
    made = grouped(tmp_path, write(tmp_path / "a.csv", values, names))
    fewer = values[np.arange(350) % 7 != 2]
    after = grouped(tmp_path, write(tmp_path / "b.csv", fewer + 30, names), "--previous", made["path"])
    assert after["mode"] == "search" and after["k"] == 6
    fresh = {one["id"] for one in after["segments"]} - {one["id"] for one in made["segments"]}
    assert all(int(one[1:]) > 7 for one in fresh)


def test_known_columns_give_archetypes_and_permuted_columns_other_figures(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    names = ["recencyDays", "orders", "tenureDays", "discountShare", "priceTier", "averageOrder"]
    kinds = np.array([
        [400, 1, 600, 0.1, 0.5, 5_000], [10, 1, 15, 0.1, 0.5, 9_000], [60, 4, 300, 0.95, 0.1, 1_500],
        [50, 5, 400, 0.0, 0.95, 40_000], [20, 14, 700, 0.1, 0.5, 6_000], [150, 2, 350, 0.2, 0.5, 4_000],
    ])  # fmt: skip
    values = kinds[np.arange(360) % 6] * rng.uniform(0.85, 1.15, (360, 6))
    made = grouped(tmp_path, write(tmp_path / "a.csv", values, names))
    personas = {one["persona"] for one in made["segments"]}
    assert {"dormant", "promising", "bargain", "luxury"} <= personas
    shuffled = values.copy()
    shuffled[:, 3] = rng.permutation(shuffled[:, 3])
    shuffled[:, 4] = rng.permutation(shuffled[:, 4])
    other = grouped(tmp_path, write(tmp_path / "b.csv", shuffled, names))
    assert {top["z"] for one in other["segments"] for top in one["topFeatures"]} != {
        top["z"] for one in made["segments"] for top in one["topFeatures"]
    }
    for one in [*made["segments"], *other["segments"]]:
        z = {top["name"]: top["z"] for top in one["topFeatures"]}
        assert one["persona"] != "bargain" or z.get("discountShare", 0) >= 0.6
        assert one["persona"] != "luxury" or z.get("priceTier", 0) >= 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id\n", "at least one feature"),
        ("id,a\nx,1\nx,2\n", "twice"),
        ("id,a\nx,one\n", "no number"),
        ("id,a,a\nx,1,2\n", "name of its own"),
        ("id,a\nx,1,2\n", "cells"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "bad.csv").write_text(text)
    assert main(["--features", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "o.json")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,a\nJosé,1\n".encode("latin-1"), "UTF-8"),
        ("id,a\nx,1\n".encode("utf-16"), "UTF-8"),
        (f"id,a\n{'x' * 200_000},1\n".encode(), "field"),
        (b"id,texts\nx,1\n", "at least one feature"),
        (b"id,a,texts\nx,1,-2\n", "negative"),
        (b"id,a,frustration\nx,1,0.4\n", "unsettled"),
    ],
)
def test_other_bytes_are_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    assert main(["--features", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "o.json")]) == 2
    assert said in capsys.readouterr().err


def test_a_previous_file_or_an_out_that_do_not_serve_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values, _ = planted(count=140)
    features = write(tmp_path / "a.csv", values, list("abcde"))
    made = grouped(tmp_path, features)
    broken = [
        {name: held for name, held in made.items() if name != "retired"}, made | {"segments": [{}]}, [],
        made | {"segments": []}, {name: held for name, held in made.items() if name != "algorithm"},
    ]  # fmt: skip
    for number, held in enumerate(broken):
        (tmp_path / "p.json").write_text(json.dumps(held))
        given = ["--features", str(features), "--out", str(tmp_path / "o.json"), "--previous", str(tmp_path / "p.json")]
        assert main(given) == 2, number
        assert "no output of this command" in capsys.readouterr().err
    (tmp_path / "p.json").write_bytes("é".encode("latin-1"))
    assert main(given) == 2 and "no JSON" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["--features", str(features), "--out", str(tmp_path / "none" / "o.json")])
    assert stopped.value.code == 2 and "there is no folder" in capsys.readouterr().err
    assert main(["--features", str(features), "--out", str(tmp_path)]) == 2


def test_other_columns_than_before_are_said(tmp_path: Path) -> None:
    values, _ = planted(count=210)
    made = grouped(tmp_path, write(tmp_path / "a.csv", values, list("abcde")))
    other = grouped(tmp_path, write(tmp_path / "b.csv", values, list("abcdz")), "--previous", made["path"])
    assert other["mode"] == "search" and "gone: e" in other["note"]["en"] and "new: z" in other["note"]["en"]
    assert {one["id"] for one in other["segments"]} == {one["id"] for one in made["segments"]}


def test_few_texts_are_believed_less_and_frustration_is_no_feature(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    values, kinds = planted(6, 240, 3)
    mood = rng.dirichlet([1.0] * 6, 240)
    mood[kinds == 0] = [0.02, 0.02, 0.02, 0.12, 0.8, 0.02]
    names = ["recencyDays", "orders", "averageOrder", *(f"emotion.{one}" for one in GROUPS)]
    words = np.hstack([np.abs(values) + 1, mood])
    angry = (kinds == 0).astype(float)[:, None]
    many, few = np.full((240, 1), 400.0), np.full((240, 1), 1.0)
    heard = grouped(
        tmp_path, write(tmp_path / "a.csv", np.hstack([words, many, angry]), [*names, "texts", "frustration"])
    )
    assert not {"texts", "frustration"} & set(heard["model"]["features"])
    assert "frustrated" in {one["persona"] for one in heard["segments"]}
    # One text in a hundred rows, four hundred in the others: the scale is that of the shrunk deviations.
    mixed = np.where(np.arange(240)[:, None] % 2 == 0, many, few)
    believed = read_table(write(tmp_path / "b.csv", np.hstack([words, mixed]), [*names, "texts"]))
    assert believed.trusts is not None and believed.trusts[:2] == pytest.approx([400 / 405, 1 / 6])
    plain = grouped(tmp_path, write(tmp_path / "c.csv", words, names))
    spread = [made["model"]["scale"][made["model"]["features"].index("emotion.frustrated")] for made in (
        plain, grouped(tmp_path, tmp_path / "b.csv"))]  # fmt: skip
    assert spread[1] < spread[0]


def test_too_few_or_too_like_rows_are_said_without_a_word_of_scores(tmp_path: Path) -> None:
    values, _ = planted(count=12, k=3)
    made = grouped(tmp_path, write(tmp_path / "a.csv", values, ["a", "b", "c", "d", "e"]))
    assert made["k"] == 0 and set(made["assignments"].values()) == {None}
    assert made["note"]["en"] == "Groups need at least 20 rows; there are 12."
    for constant in (np.full((60, 2), 3.0), np.full((60, 2), np.nan)):
        flat = grouped(tmp_path, write(tmp_path / "b.csv", constant, ["a", "b"]))
        assert flat["k"] == 0 and "1 different behaviour;" in flat["note"]["en"] and "RFM" not in flat["note"]["en"]
