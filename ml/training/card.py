"""MODEL_CARD.md of an English model from its manifest.

    python -m ml.training card --model DIR

Every figure in a card is one of the manifest's, which the command named beside it wrote there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ENGLISH_DATA = """\
| texts | used for | source and licence as stated there |
| --- | --- | --- |
| GoEmotions, 43,410 Reddit comments (train), 5,426 (dev) | emotions; dev: thresholds | monologg/GoEmotions-pytorch \
(Apache-2.0), a copy of google-research/google-research goemotions (data CC BY 4.0) |
| Stanford Sentiment Treebank training trees: all of their 76,408 phrases with an opinion, 5,000 of the 78,523 without \
| sentiment | munikarmanish/RNTN, no licence stated |
| 6,920 SST-2 training sentences, one in eleven held out with every phrase that is part of it | sentiment, held out: \
bias | clairett/pytorch-sentiment-classification, no licence stated |
| women's clothing shop reviews: all of 1-3 stars, 4,200 of 4-5; a tenth held out | sentiment, \
held out: bias | \
Python-Big-Data-Science-NYC/PythonDataScienceBootcampNYC, no licence stated there (commonly given as CC0: \
not verified) |
| reviews of musical instruments: all of 1-3 stars, 700 of 4-5 stars | sentiment | ShubhamGupta505/hadoop, half of the \
Amazon 5-core set of J. McAuley, no licence stated |"""

ENGLISH_LIMITS = """\
- It has read Reddit comments of 2005-2019, film reviews and reviews of clothes and instruments, all English. Other
  trades and other kinds of writing are likely to be read worse; nothing here measures how much.
- The 28 emotions are what three raters said of a comment without its context, and raters disagree. Labels with few
  examples (grief, pride, relief, nervousness) are weak: see their own figures. Say the six groups first.
- Short neutral remarks ("Does what it says", "Could be better, could be worse") are often read wrongly, and complaints
  without a word of feeling ("Still waiting for my refund") as neutral.
- Irony, quotations, comparisons with other shops and mixed reviews are read by their words.
- Reddit's raters and writers are no sample of mankind; words of and about groups of people may carry their bias. A
  score is no ground to treat anybody worse.
- Sentiment in three classes was set to the shares of stars among clothing reviews; three stars are often written
  like four."""

OCEAN_LIMITS = """\
- Learned from stream-of-consciousness essays by students in the United States in the 1990s, who answered a
  questionnaire about themselves. Reviews of goods are another kind of text: nothing here shows that the scores
  hold for them. Telling them against other reviewers takes away what is common to reviews; it does not make what is
  left personality, and no review here comes with its writer's traits to measure that by.
- The accuracy above is little better than tossing a coin, for a single person: of ten statements about somebody's
  side of the middle about four are wrong. Means over many people are what it is good for, if anything.
- Never a label, never shown without its interval, never below 350 words of a person's own text, off for everybody
  who refused profiling, never used to make terms worse or to decide about a person.
- The interval says how far the score moves with other words of the same person and with other writers to learn
  from. It does not say that the person lies within it.
- Names are masked in the essays (PROPNAME). English only."""


def _rows(figures: Mapping[str, Any]) -> str:
    small, plain = figures["int8"], figures["float32"]
    names = (
        ("emotionF1Crossed", "28 emotions, macro-F1, thresholds from the other half of dev"),
        ("emotionF1AtHalf", "28 emotions, macro-F1, at 0.5"),
        ("filmAccuracy", f"film sentences held out ({small['filmTexts']}), positive against negative, accuracy"),
        (
            "clothingF1Crossed",
            f"clothing reviews held out ({small['clothingTexts']}), macro-F1, bias from the other half",
        ),
        ("clothingF1Untuned", "the same without bias"),
    )
    lines = [f"| {what} | {small[name]:.3f} | {plain[name]:.3f} |" for name, what in names]
    return "\n".join(["| figure | int8 (shipped) | float32 |", "| --- | ---: | ---: |", *lines])


def english(manifest: Mapping[str, Any]) -> str:
    """The card of a model with sentiment and emotion."""
    figures = manifest["figures"]
    cuts = manifest["heads"]["emotion"]["thresholds"]
    each = figures["int8"]["emotionF1PerLabel"]
    labels = "\n".join(f"| {label} | {each[label]:.3f} | {cuts[label]:.2f} |" for label in each)
    done = figures["quantised"]
    return f"""\
# {manifest["name"]} {manifest["version"]}: sentiment and emotion of English texts

One encoder (all-MiniLM-L6-v2, 6 layers of 384; embeddings and lowest two layers as they were), vector = mean of
the tokens beside a learned weighted mean, two linear heads. Licence of the encoder: Apache-2.0.

Made by `{manifest["trained"]["command"]}`, where FILE holds the weights of an earlier run of 74 minutes with fewer
phrases; the log of both is `{manifest["trained"].get("log", "train.log")}`. The schedule ends by the clock, so a
second run gives other weights of the same kind.

## Texts learned from

{ENGLISH_DATA}

## Figures

Printed by `python -m ml.training english --data DIR --out DIR --weights FILE`, on texts that were not learned
from. Bias and thresholds were chosen on dev; "from the other half" means that each half was judged by what was
chosen on the other. The film sentences (one standard error of their accuracy is about 1 point) had a part in choosing
the bias; the run that ships never saw them nor any phrase of theirs, but the run before it had learned from most of
them (`--weights` with its weights prints the figure that learning gives); of 299 texts that it held out itself it had
0.83 right, says its log. What a new film sentence gets lies between, and only a file that neither run has seen shows
it. Aimed at were 0.53 for
emotions, 0.91 for SST-2 and 0.72 for clothing reviews; shown is the first, not the two others.

{_rows(figures)}

int8 has {done["products"]} of {done["products"]} products with stored matrices in 8 bits, {done["bytes"]:,} bytes
against {done["bytesFloat"]:,}; what it costs is the difference of the two columns.

`python -m ml.training evaluate --model {manifest["name"]} --data FILE --task goemotions|sst2|reviews` prints the
same kinds of figures for any file; `--shuffle-labels` shows what chance gives.

| emotion | F1, other half of dev | threshold |
| --- | ---: | ---: |
{labels}

## Limits

{ENGLISH_LIMITS}
"""


def ocean(manifest: Mapping[str, Any]) -> str:
    """The card of a personality model."""
    found = manifest["figures"]["crossValidated"]
    chance = manifest["figures"].get("shuffled")
    scale = manifest["heads"]["ocean"]["calibration"]
    lines = "\n".join(
        f"| {trait} | {found['perTrait'][trait]:.3f} | {one['slope']:.2f} | {one['error']:.3f} | "
        f"{one['perWord']:.2f} | {one['error'] + one['perWord'] / 350**0.5:.2f} | "
        f"{one['error'] + one['perWord'] / 2000**0.5:.2f} |"
        for trait, one in scale.items()
    )
    held = manifest["heads"]["ocean"].get("reference")
    shop = f"\n\n{_reference(manifest, held)}" if held else ""
    mixed = f" With `--shuffle-labels`: {chance['accuracy']:.3f}." if chance else ""
    return f"""\
# {manifest["name"]} {manifest["version"]}: five traits from a person's English texts

A ridge regression over shares of tokens and of neighbouring pairs of tokens; its formula is in `ml/models/FORMAT.md`.

Made by `{manifest["trained"]["command"]}` from {found["n"]:,} essays (Pennebaker & King 1999;
hjian42/automatic-personality-prediction, no licence stated for the data). Tokenizer of all-MiniLM-L6-v2, Apache-2.0.

## Figures

Ten-fold cross-validation over writers, columns, scaling and weights from the other nine folds: accuracy
{found["accuracy"]:.3f}, standard error {found["standardError"]:.3f}.{mixed} Printed by the same command. The mean
of five traits that was aimed at, 0.60, is not reached. What was tried is in `ml/training/logs/ocean.txt`.

`python -m ml.training evaluate --model {manifest["name"]} --data FILE --task ocean` measures it on any file.

| trait | accuracy | slope | error | perWord | half-width at 350 words | at 2,000 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{lines}{shop}

## Limits

{OCEAN_LIMITS}
"""


def _reference(manifest: Mapping[str, Any], held: Mapping[str, Mapping[str, float]]) -> str:
    sources = manifest["figures"]["reference"]
    scale = manifest["heads"]["ocean"]["calibration"]
    writers = ", ".join(f"{one['writers']:,} of {name}" for name, one in sources.items())
    head = "".join(f" {name} |" for name in sources)
    lines = "\n".join(
        f"| {trait} | {held[trait]['logit']:.3f} |"
        + "".join(f" {one['mean'][trait]:.3f} (sd {one['sd'][trait]:.3f}) |" for one in sources.values())
        + f" {held[trait]['error']:.3f} |"
        + f" {scale[trait]['error'] + held[trait]['error'] + scale[trait]['perWord'] / 350**0.5:.2f} |"
        for trait in held
    )
    return f"""\
Essays have their middle at a logit near 0; reviews do not, and by the essays' intercept nearly all reviewers are on the
same side. So a shop's scores are told against writers of shop reviews ({writers}; twelve
nameless clothing reviews are taken for one writer): the logit of the mean writer is 0.5, and the interval is wider by
what the sources lie apart. Written by `python -m ml.training ocean-reference --data DIR --model DIR`.

| trait | logit that is 0.5 |{head} added to the interval | half-width at 350 words |
| --- | ---: |{" ---: |" * len(sources)} ---: | ---: |
{lines}"""


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.training card", description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, type=Path, help="folder of en-minilm or ocean-en")
    folder = parser.parse_args(argv).model
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    text = ocean(manifest) if "ocean" in manifest["heads"] else english(manifest)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    print(folder / "MODEL_CARD.md")
