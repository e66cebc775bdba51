"""Scores of an artefact on a labelled file it has never seen, as JSON; through onnxruntime, without torch.

    python -m ml.training evaluate --model DIR --data FILE --task TASK [--shuffle-labels]

TASK and the columns that FILE (csv or tsv, plain or gzip) must have:

    goemotions   text, label_ids (places in the label list, separated by commas): 28 labels at the manifest's thresholds
    sst2         text, label (1 = positive): positive against negative; or text, label5 (0..4, grade 2 left out)
    reviews      title, review_text (or text), rating: negative 1-2, neutral 3, positive 4-5
    ocean        text and the five of cOPN, cCON, cEXT, cAGR, cNEU (1 or 0): score above 0.5 against the answer
    zh-sentiment, zh-emotion   see ml/training/chinese.py

What a file or a model lacks for its task is said in a sentence, with the row, and the exit code is 2.

`--shuffle-labels` gives every text the labels of another one, drawn with a seed: whatever is left then is what chance
and the labels' shares give.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.training import data
from ml.training.artefact import read_manifest, rewrite
from ml.training.chinese_data import table
from ml.training.metrics import Floats, f1_per_label, one_hot, sigmoid, thresholds
from ml.training.reader import Artefact

TASK_HEADS = {
    "goemotions": "emotion",
    "sst2": "sentiment",
    "reviews": "sentiment",
    "ocean": "ocean",
    "zh-sentiment": "sentiment",
    "zh-emotion": "emotion",
}
TASKS = tuple(TASK_HEADS)
COMMENT_LABELS = 28
_UNREADABLE = (gzip.BadGzipFile, EOFError, zlib.error, csv.Error, UnicodeDecodeError)
"""What a file that is cut off or of another kind raises."""
Order = Callable[[int], npt.NDArray[np.int64]]


def straight(count: int) -> npt.NDArray[np.int64]:
    """Every text keeps its own labels."""
    return np.arange(count)


def shuffled(count: int) -> npt.NDArray[np.int64]:
    """Every text gets another one's labels."""
    return np.random.default_rng(0).permutation(count)


def _figures(gold: Any, said: Any, labels: Sequence[str], exact: float, **more: Any) -> dict[str, Any]:
    each = f1_per_label(gold, said)
    return {
        "macroF1": round(float(each.mean()), 4),
        "accuracy": round(exact, 4),
        "n": len(gold),
        "perLabel": {name: round(float(value), 4) for name, value in zip(labels, each, strict=True)},
        **more,
    }


def _goemotions(model: Artefact, path: Path, order: Order) -> dict[str, Any]:
    head = model.manifest["heads"]["emotion"]
    rows = data.comments(path)
    gold = data.emotion_matrix(rows, len(head["labels"]))[order(len(rows))]
    shares = model.shares("emotion", model.logits([one.text for one in rows], ["emotion"])["emotion"])
    said = shares >= np.array([head["thresholds"][label] for label in head["labels"]])
    half = round(float(f1_per_label(gold, shares >= 0.5).mean()), 4)
    exact = float((said == (gold > 0)).all(1).mean())
    return _figures(gold, said, head["labels"], exact, macroF1AtHalf=half)


def _sentiment(model: Artefact, texts: Sequence[str]) -> Floats:
    return model.shares("sentiment", model.logits(texts, ["sentiment"])["sentiment"])


def _sst2(model: Artefact, path: Path, order: Order) -> dict[str, Any]:
    rows = table(path)
    if rows and "label5" in rows[0]:
        rows = [row for row in rows if row["label5"] != "2"]
        gold = np.array([int(row["label5"]) > 2 for row in rows])
    else:
        gold = np.array([row["label"] == "1" for row in rows])
    gold = gold[order(len(rows))]
    labels = model.manifest["heads"]["sentiment"]["labels"]
    shares = _sentiment(model, [row["text"] for row in rows])
    said = shares[:, labels.index("positive")] > shares[:, labels.index("negative")]
    exact = float((said == gold).mean())
    return _figures(one_hot(gold, 2), one_hot(said, 2), ("negative", "positive"), exact)


def _reviews(model: Artefact, path: Path, order: Order) -> dict[str, Any]:
    rows = table(path)
    body = "review_text" if rows and "review_text" in rows[0] else "text"
    kept = data.reviews(path, "clothing", body)
    gold = np.array([one.sentiment for one in kept])[order(len(kept))]
    labels = model.manifest["heads"]["sentiment"]["labels"]
    said = np.array([data.SENTIMENT.index(labels[at]) for at in _sentiment(model, [o.text for o in kept]).argmax(1)])
    return _figures(one_hot(gold, 3), one_hot(said, 3), data.SENTIMENT, float((said == gold).mean()))


def ocean_scores(model: Artefact, texts: Sequence[str]) -> Floats:
    """Scores 0..1 of the texts' writers: [texts, traits]."""
    head = model.manifest["heads"]["ocean"]
    logits = model.logits(texts, ["ocean"])["ocean"]
    scale = [head["calibration"][trait] for trait in head["labels"]]
    return sigmoid(logits * [one["slope"] for one in scale] + np.array([one["intercept"] for one in scale]))


def _ocean(model: Artefact, path: Path, order: Order) -> dict[str, Any]:
    rows = data.essays(path)
    gold = np.array([one.traits for one in rows])[order(len(rows))]
    said = ocean_scores(model, [one.text for one in rows]) > 0.5
    right = said == (gold > 0)
    each = right.mean(0)
    traits = model.manifest["heads"]["ocean"]["labels"]
    return {
        "accuracy": round(float(each.mean()), 4),
        # Traits of one essay are not independent draws: the essay is the unit.
        "standardError": round(float(right.mean(1).std(ddof=1) / np.sqrt(len(rows))), 4),
        "n": len(rows),
        "perTrait": {name: round(float(value), 4) for name, value in zip(traits, each, strict=True)},
        "macroF1": round(float(f1_per_label(gold, said).mean()), 4),
    }


def _fits(manifest: Mapping[str, Any], task: str) -> None:
    """Raises ValueError when the model has not what the task asks for."""
    name, wanted = manifest["name"], TASK_HEADS[task]
    head = manifest["heads"].get(wanted)
    language = "zh" if task.startswith("zh-") else "en"
    if head is None:
        raise ValueError(f"{name}: has no head {wanted}, which the task {task} measures")
    if language not in manifest["languages"]:
        raise ValueError(f"{name}: reads {', '.join(manifest['languages'])}, the task {task} has texts in {language}")
    if task == "goemotions" and not (len(head["labels"]) == len(head.get("thresholds") or {}) == COMMENT_LABELS):
        raise ValueError(f"{name}: {COMMENT_LABELS} emotions with thresholds wanted, found {len(head['labels'])}")


def _wanted(task: str, columns: Sequence[str]) -> dict[str, str]:
    """Columns of an English task's file, each with the pattern that its cells match."""
    if task == "goemotions":
        place = f"(?:{'|'.join(map(str, range(COMMENT_LABELS)))})"
        return {"text": ".*", "label_ids": rf"{place}(?:\s*,\s*{place})*"}
    if task == "sst2":
        return {"text": ".*"} | ({"label5": "[0-4]"} if "label5" in columns else {"label": "[01]"})
    if task == "reviews":
        return {"title": ".*", "review_text" if "review_text" in columns else "text": ".*", "rating": "[1-5]"}
    return {"text": ".*", **dict.fromkeys(data.TRAIT_COLUMNS.values(), "[01]")}


def _check(path: Path, task: str) -> None:
    """Raises ValueError naming the column or the row when the file is not what the task reads."""
    try:
        rows = table(path)
    except _UNREADABLE as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error
    if not rows:
        raise ValueError(f"{path}: no rows")
    if task.startswith("zh-"):
        return  # Its own reader names what is missing.
    columns = [str(name) for name in rows[0]]
    wanted = _wanted(task, columns)
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}; the task {task} wants {', '.join(wanted)}")
    for number, row in enumerate(rows, 1):
        for name, pattern in wanted.items():
            if not re.fullmatch(pattern, row[name] or "", re.DOTALL):
                raise ValueError(f"{path}: row {number}: {name}: {row[name]!r} is none that the task {task} knows")


def evaluate(folder: Path, path: Path, task: str, shuffle: bool = False, graph: str = "model.onnx") -> dict[str, Any]:
    """Figures of the artefact in `folder` on `path`; `graph`: another graph of the same folder, such as float32.

    Raises ValueError or OSError when the model or the file is not what the task wants.
    """
    _fits(read_manifest(folder), task)
    _check(path, task)
    if task.startswith("zh-"):
        from ml.training import chinese

        figures: dict[str, Any] = chinese.evaluate(folder, path, task, shuffle)
        return figures
    run = {"goemotions": _goemotions, "sst2": _sst2, "reviews": _reviews, "ocean": _ocean}[task]
    return {"task": task, **run(Artefact(folder, graph), path, shuffled if shuffle else straight)}


def tune_thresholds(folder: Path, path: Path) -> None:
    """Choose the emotion thresholds of an artefact on a GoEmotions file and write them into its manifest."""
    model = Artefact(folder)
    head = model.manifest["heads"]["emotion"]
    rows = data.comments(path)
    shares = model.shares("emotion", model.logits([one.text for one in rows], ["emotion"])["emotion"])
    cuts = thresholds(data.emotion_matrix(rows, len(head["labels"])), shares)
    head["thresholds"] = {name: round(float(cut), 3) for name, cut in zip(head["labels"], cuts, strict=True)}
    rewrite(folder, heads=model.manifest["heads"])


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m ml.training evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", required=True, type=Path, help="folder of an artefact")
    parser.add_argument("--data", required=True, type=Path, help="labelled file")
    parser.add_argument("--task", required=True, choices=TASKS)
    parser.add_argument("--shuffle-labels", action="store_true")
    given = parser.parse_args(argv)
    try:
        figures = evaluate(given.model, given.data, given.task, given.shuffle_labels)
    except (OSError, ValueError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    print(json.dumps(figures, ensure_ascii=False, indent=1))
