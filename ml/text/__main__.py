"""Score a file of texts: python -m ml.text --in FILE.jsonl --out FILE.jsonl [--by customer] [--evidence]
        [--ocean-reference essays|shop]

A line in is `{"id", "text"}`, with `customerId` where `--by customer` pools personality over all lines of a customer,
and `title` and `language` (a hint) where they are known. A line out, in the order of the lines in:

    id, language, status          scored | not supported | too short | no words
    words                         two Chinese characters count as one
    sentiment                     {label, negative, neutral, positive} or null
    emotions, emotionLabels       probabilities, and the labels over their thresholds: 28 in English, six in Chinese
    groups                        {delighted, surprised, worried, disappointed, frustrated, neutral}, sums to 1, or null
    ocean, oceanReason            five traits with 90 % interval from 350 words on, else null and why
    oceanReference                whose middle is 0.5: essays, shop (writers of shop reviews), or null without traits
    evidence                      with --evidence: spans [start, end) in title + line feed + text, and their effects

Unlike the product, which shows no judgement of one or two words, this gives scores to every text of a known language
and says `too short` beside them, and reads a text of no recognised language (`und`) as English.

A text by itself may be any text and is told against the essays that the personality model learned from; pooled words
of a customer are a shop's and are told against writers of shop reviews, as in the product; `--ocean-reference` chooses
one for all lines. A line that cannot be read is named on stderr, the others are scored, the exit code is 1.
"""

from __future__ import annotations

import argparse
import codecs
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from ml.text.evidence import explain
from ml.text.groups import rounded
from ml.text.ocean import Part, Reference, pooled
from ml.text.registry import MODELS, Registry
from ml.text.scoring import Scored, Scorer
from ml.text.words import spoken

CHUNK = 500
SERVED = (("en", "sentiment"), ("en", "emotion"), ("en", "ocean"), ("zh", "sentiment"), ("zh", "emotion"))
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    id: Any
    text: str
    customer: str | None
    hint: str | None


class LineError(ValueError):
    """A line that cannot be read: which, which field, and what is wanted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        prog="python -m ml.text", description=first, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in", dest="source", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--by", choices=["customer"], help="pool personality over the lines of a customer")
    parser.add_argument("--evidence", action="store_true", help="also find the words that moved the scores (slow)")
    parser.add_argument(
        "--ocean-reference", choices=["essays", "shop"], help="whose middle is 0.5 (default: shop for pooled lines)"
    )
    parser.add_argument("--models", type=Path, default=MODELS, help="folder with active.json and the artefacts")
    given = parser.parse_args(argv)
    registry = Registry(given.models)
    try:
        with given.source.open("rb") as file:
            lines, bad = read(file)
        # Before the scoring, which may take an hour.
        out = given.out.open("w", encoding="utf-8")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    for problem in bad:
        print(f"{given.source}: {problem}", file=sys.stderr)
    for language, head in SERVED:
        missing = registry.why_not(language, head)
        if missing:
            print(f"no {head} in {language}: {missing}", file=sys.stderr)
    by_customer = given.by == "customer"
    with out:
        scored = _scores(Scorer(registry), lines)
        pools = _pools(lines, scored, by_customer)
        for at, (line, one) in enumerate(zip(lines, scored, strict=True)):
            usual: Reference = "shop" if by_customer and line.customer is not None else "essays"
            answer = told(line, one, pools[at], registry, given.ocean_reference or usual)
            if given.evidence:
                found = explain(registry, line.text, one, datetime.now(UTC))
                answer["evidence"] = found.to_json() if found else None
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if bad else 0


def read(file: Iterable[bytes]) -> tuple[list[Line], list[LineError]]:
    """Lines that can be read, and what is wrong with the others. Empty lines are nothing."""
    lines: list[Line] = []
    bad: list[LineError] = []
    for number, raw in enumerate(file, 1):
        if raw.strip():
            try:
                lines.append(_line(number, raw.removeprefix(codecs.BOM_UTF8)))
            except LineError as error:
                bad.append(error)
    return lines, bad


def _line(number: int, raw: bytes) -> Line:
    try:
        held = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise LineError(f"line {number}: not UTF-8 at byte {error.start + 1}") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"line {number}: not JSON: {error}") from error
    if not isinstance(held, dict):
        raise LineError(f"line {number}: an object wanted")
    if not isinstance(held.get("id"), (str, int)) or isinstance(held.get("id"), bool):
        raise LineError(f"line {number}: id: a text or a whole number wanted")
    if not isinstance(held.get("text"), str):
        raise LineError(f"line {number}: text: a text wanted")
    for name in ("title", "language"):
        if held.get(name) is not None and not isinstance(held[name], str):
            raise LineError(f"line {number}: {name}: a text wanted")
    customer = held.get("customerId")
    if customer is not None and not isinstance(customer, (str, int)):
        raise LineError(f"line {number}: customerId: a text wanted")
    for name in ("id", "text", "title", "language", "customerId"):
        # JSON can write half of a surrogate pair, which no file can hold.
        if isinstance(held.get(name), str) and _HALF.search(held[name]):
            raise LineError(f"line {number}: {name}: half a character (a lone surrogate)")
    text = spoken(held.get("title"), held["text"])
    return Line(held["id"], text, None if customer is None else str(customer), held.get("language"))


def _scores(scorer: Scorer, lines: Sequence[Line], shown: TextIO = sys.stderr) -> list[Scored]:
    scored: list[Scored] = []
    began = time.monotonic()
    for at in range(0, len(lines), CHUNK):
        part = lines[at : at + CHUNK]
        scored += scorer.score([line.text for line in part], [line.hint for line in part], short=True)
        if len(lines) > CHUNK:
            print(f"{len(scored)} of {len(lines)} texts, {time.monotonic() - began:.0f} s", file=shown)
    return scored


def _pools(lines: Sequence[Line], scored: Sequence[Scored], by_customer: bool) -> list[list[Part]]:
    """For each line the texts that its personality rests on: those of its customer, or itself."""
    shared: defaultdict[str, list[Part]] = defaultdict(list)
    pools = []
    for line, one in zip(lines, scored, strict=True):
        pool = shared[line.customer] if by_customer and line.customer is not None else []
        if one.ocean is not None:
            pool.append(Part(one.ocean, one.ocean_tokens, one.words))
        pools.append(pool)
    return pools


def told(line: Line, one: Scored, pool: Sequence[Part], registry: Registry, against: Reference) -> dict[str, Any]:
    """One line out."""
    answer: dict[str, Any] = {
        "id": line.id,
        "language": one.language,
        "status": one.status,
        "words": one.words,
        "sentiment": None,
        "emotions": {label: round(value, 4) for label, value in one.emotions.items()},
        "emotionLabels": list(one.labels),
        "groups": rounded(one.groups).to_json() if one.groups else None,
        "ocean": None,
        "oceanReason": None,
        "oceanReference": None,
        "model": one.model,
    }
    if line.customer is not None:
        answer["customerId"] = line.customer
    if one.sentiment is not None:
        answer["sentiment"] = {
            "label": one.label,
            **{name: round(value, 5) for name, value in one.sentiment.items()},
        }
    serving = registry.serving("en", "ocean")
    ocean = pooled(pool, serving[1], against) if serving else None
    if ocean is not None:
        answer["ocean"] = ocean.to_json()
        answer["oceanReference"] = against if serving and serving[1].reference else "essays"
    elif serving is None:
        answer["oceanReason"] = "no model"
    elif pool:
        answer["oceanReason"] = "not enough text"
    else:
        answer["oceanReason"] = "language not supported" if one.words else "no text"
    return answer


if __name__ == "__main__":
    sys.exit(main())
