"""`python -m ml.training evaluate` on files and models that are not what the task wants: a sentence, never a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.training.__main__ import main
from tests.ml.text import tiny

GOOD = {
    "goemotions": "text\tlabel_ids\nthis is great\t0,3\nthis is awful\t2\n",
    "sst2": "text\tlabel\nthis is great\t1\nthis is awful\t0\n",
    "reviews": "title,text,rating\nlovely,this is great,5\n,this is awful,1\n",
    "ocean": "text,cOPN,cCON,cEXT,cAGR,cNEU\nthis is great,1,0,1,0,1\nit was awful,0,1,0,1,0\n",
}
MODELS = {"goemotions": "en", "sst2": "en", "reviews": "en", "ocean": "traits"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.registry_folder(tmp_path_factory.mktemp("models"))


def run(model: Path, file: Path, task: str) -> None:
    main(["evaluate", "--model", str(model), "--data", str(file), "--task", task])


@pytest.mark.parametrize("task", GOOD)
def test_a_good_file_is_measured(models: Path, tmp_path: Path, task: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f"
    file.write_text(GOOD[task])
    run(models / MODELS[task], file, task)
    figures = json.loads(capsys.readouterr().out)
    assert figures["task"] == task and figures["n"] == 2


@pytest.mark.parametrize(
    ("model", "task", "content", "told"),
    [
        ("en", "goemotions", "text\tlabel\nthis is great\t0\n", "no column label_ids"),
        ("en", "goemotions", "text\tlabel_ids\nthis is great\t0\nit was\t28\n", "row 2: label_ids: '28'"),
        ("en", "goemotions", "text\tlabel_ids\nthis is great\n", "row 1: label_ids: None"),
        ("en", "sst2", "text\tlabel\nthis is great\tpositive\n", "row 1: label: 'positive'"),
        ("en", "sst2", "text\tlabel5\nthis is great\t5\n", "row 1: label5: '5'"),
        ("en", "reviews", "title,text,rating\nlovely,great,4.5\n", "row 1: rating: '4.5'"),
        ("en", "reviews", "text,rating\ngreat,4\n", "no column title"),
        ("traits", "ocean", "text,cOPN\ngreat,1\n", "no column cCON, cEXT, cAGR, cNEU"),
        ("en", "sst2", "text\tlabel\n", "no rows"),
        ("en", "sst2", "", "no header row"),
        ("zh", "zh-sentiment", "label,review\n", "no rows"),
        ("zh", "zh-sentiment", "label,text\n1,好\n", "review wanted"),
        ("en", "sst2", "\x1f\x8bnot gzip", "cannot be read"),
        ("en", "ocean", GOOD["ocean"], "en: has no head ocean"),
        ("zh", "goemotions", GOOD["goemotions"], "zh: reads zh"),
        ("en", "zh-sentiment", "label,review\n1,好\n", "en: reads en"),
        ("none", "sst2", GOOD["sst2"], "manifest.json"),
        ("en", "sst2", None, "No such file"),
    ],
)
def test_what_is_wrong_is_a_sentence(
    models: Path, tmp_path: Path, model: str, task: str, content: str | None, told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "f"
    if content is not None:
        file.write_bytes(content.encode("latin-1" if content.startswith("\x1f") else "utf-8"))
    with pytest.raises(SystemExit) as stopped:
        run(models / model, file, task)
    error = capsys.readouterr().err
    assert stopped.value.code == 2 and told in error and len(error.splitlines()) == 1


def test_a_manifest_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f"
    file.write_text(GOOD["sst2"])
    for content, told in (("{", "is not JSON"), ("[]", "name, languages, heads and files wanted")):
        (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(SystemExit):
            run(tmp_path, file, "sst2")
        assert told in capsys.readouterr().err
