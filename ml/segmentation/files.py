"""Grouping a table from a file: reading it, a warm or fresh fit, and the result as plain JSON."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.segmentation.cluster import MINIMUM, Choice, Fit, Gate, fit
from ml.segmentation.features import TABLE, Bools, Floats, Ints, Measure, Singles
from ml.segmentation.fitting import DROP, WARM_ROUNDS, gate_notes, joined, narrowed
from ml.segmentation.identity import match
from ml.segmentation.model import stay
from ml.segmentation.naming import names
from ml.segmentation.profiling import of_rows
from ml.segmentation.quality import lloyd, silhouettes, squares
from ml.segmentation.scale import Scaler
from ml.segmentation.space import Space, make
from ml.segmentation.words import Profile
from schema.base import Localized
from schema.intelligence import Blocks

TEXTS, FRUSTRATION = "texts", "frustration"
"""Columns about the words that are no features: how many texts they come from, and whether the newest angry one is
unsettled."""
SKEWED = 2.0
"""Skewness from which a column without negative values is taken on the log axis."""
TOP = 5
SAMPLE = 10_000


class TableError(ValueError):
    """The file is not a table of ids and numbers; the message says where."""


@dataclass(frozen=True)
class Table:
    """Ids and values (NaN: unknown), one column a measure."""

    ids: list[str]
    measures: tuple[Measure, ...]
    values: Floats
    trusts: Floats | None = None
    """n/(n+5) of the number of texts a row; None where the file has no such column: words are then believed in full."""
    angry: Floats | None = None
    """1 where the newest angry text is unsettled, 0 where not."""

    @property
    def columns(self) -> list[str]:
        """What the file has, in order of name."""
        also = [name for name, held in ((TEXTS, self.trusts), (FRUSTRATION, self.angry)) if held is not None]
        return sorted([*(one.name for one in self.measures), *also])


def read_table(path: Path) -> Table:
    """Read a CSV file whose first column is the id.

    Raises:
        TableError: not UTF-8, no header, a repeated id or column, a cell that is no number, or a line that is no CSV.
        OSError: the file cannot be read.
    """
    try:
        return _table(path)
    except UnicodeDecodeError as error:
        raise TableError(f"the file is not UTF-8 (byte {error.start} cannot be read): save it as UTF-8") from error
    except csv.Error as error:
        raise TableError(f"the file cannot be read as CSV: {error}") from error


def _table(path: Path) -> Table:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        header = [name.strip() for name in next(rows, [])]
        if len(header) < 2:
            raise TableError("the first line must name the id and at least one feature")
        if len(set(header[1:])) != len(header) - 1 or not all(header[1:]):
            raise TableError("every column needs a name of its own")
        ids: list[str] = []
        values: list[list[float]] = []
        for number, row in enumerate(rows, start=2):
            if not row:
                continue
            if len(row) != len(header):
                raise TableError(f"line {number} has {len(row)} cells instead of {len(header)}")
            ids.append(row[0])
            values.append([_number(cell, number, name) for cell, name in zip(row[1:], header[1:], strict=True)])
    if len(set(ids)) != len(ids):
        raise TableError("an id occurs twice")
    held = np.array(values, dtype=np.float64).reshape(-1, len(header) - 1)
    beside = {name: held[:, row] for row, name in enumerate(header[1:]) if name in (TEXTS, FRUSTRATION)}
    kept = [row for row, name in enumerate(header[1:]) if name not in beside]
    if not kept:
        raise TableError("the first line must name the id and at least one feature")
    texts, angry = beside.get(TEXTS), beside.get(FRUSTRATION)
    if texts is not None and (texts < 0).any():
        raise TableError(f"column {TEXTS}: a number of texts is not negative")
    if angry is not None and not np.isin(angry[~np.isnan(angry)], (0.0, 1.0)).all():
        raise TableError(f"column {FRUSTRATION}: 1 (unsettled), 0 or empty")
    trusts = None if texts is None else np.nan_to_num(texts / (texts + 5.0), nan=0.0)
    return Table(ids, tuple(_measure(header[row + 1], held[:, row]) for row in kept), held[:, kept], trusts, angry)


def group(table: Table, previous: Mapping[str, Any] | None = None, choice: Choice | None = None) -> dict[str, Any]:
    """Groups of the table's rows, as JSON.

    A former output with the same columns is carried on: same space, same algorithm, prototypes moved from where they
    are, and a row changes its group only for one clearly nearer. Where that no longer serves, or the columns are others
    (the note says which), the groups are searched anew and matched with the former ones.
    """
    # Columns in order of name: the order in which a file has them must not matter to the last bit either.
    order = sorted(range(len(table.measures)), key=lambda row: table.measures[row].name)
    table = replace(table, measures=tuple(table.measures[row] for row in order), values=table.values[:, order])
    held = _previous(previous)
    other = _other_columns(held, table) if held else None
    if held is not None and previous is not None and other is None and _same(previous, choice):
        carried = _warm(table, held)
        if carried is not None:
            return carried
    return _search(table, held, choice or Choice(), other)


@dataclass(frozen=True)
class _Held:
    """A former output: its space, groups in order of id, and everybody's group."""

    space: Space
    ids: list[str]
    prototypes: Floats
    cores: Floats
    core_groups: Ints
    assigned: dict[str, str]
    names: dict[str, str]
    """English names by id."""
    found: float
    """The silhouette when the groups were found."""
    columns: list[str]
    doc: Mapping[str, Any]


def _search(table: Table, held: _Held | None, choice: Choice, other: Localized | None) -> dict[str, Any]:
    made = make(table.values, table.measures, table.trusts, Blocks())
    space = made.space
    raw = _columns(table, space)
    carried = held.space.carry(held.prototypes, space) if held else None
    marks = _worded(table)
    gate = Gate(marks, space.of_block("emotion")) if marks.any() else None
    found = fit(space.axes(raw, table.trusts), carried if held and held.ids else None, choice, gate)
    space, found = narrowed(space, found)
    raw = _columns(table, space)
    prototypes = found.prototypes.round(6)
    identity = match(
        prototypes,
        found.labels,
        dict(zip(held.ids, held.space.carry(held.prototypes, space), strict=True)) if held else {},
        [held.assigned.get(one) if held else None for one in table.ids],
        _fresh(held),
    )
    turn = sorted(range(found.k), key=lambda row: identity.ids[row])
    place = np.argsort(turn) if turn else np.empty(0, dtype=np.int64)
    labels = place[found.labels] if turn else found.labels
    ids = [identity.ids[row] for row in turn]
    cores = found.cores if len(found.cores) else np.empty((0, len(space.names)))
    core_groups = place[found.core_groups] if len(found.cores) else found.core_groups
    return _output(
        table, space, raw, labels, ids, prototypes[turn], cores.round(6), core_groups, held,
        {
            "algorithm": found.algorithm if found.k else "none",
            "silhouette": found.silhouette,
            "stability": found.stability,
            "mode": "search",
            "note": joined(
                [*([other] if other else []), *_found_note(table, found), *gate_notes(found), *made.notes]
            ),
            "wordsGate": found.words_gate,
            "candidates": [one.to_doc() for one in found.candidates],
            "retired": [*(held.doc["retired"] if held else []), *identity.retired],
        },
        found,
    )  # fmt: skip


def _warm(table: Table, held: _Held) -> dict[str, Any] | None:
    """The former groups with these rows; None when one is empty or they are much less clear than when found."""
    raw = _columns(table, held.space)
    axes = held.space.axes(raw, table.trusts)
    order = np.lexsort(axes.T[::-1])
    prototypes = held.prototypes
    if len(held.cores):
        away = _core_distances(held, axes)
    else:
        prototypes = lloyd(axes[order], held.prototypes, WARM_ROUNDS)[0].round(6)
        away = np.sqrt(squares(prototypes, axes))
    index = {one: row for row, one in enumerate(held.ids)}
    codes = np.array([index.get(held.assigned.get(one, ""), -1) for one in table.ids], dtype=np.int64)
    labels = stay(away, away.argmin(axis=1), codes)
    if len(labels) == 0 or np.bincount(labels, minlength=len(held.ids)).min() == 0:
        return None
    silhouette = _silhouette(axes[order], labels[order])
    if silhouette < (1 - DROP) * held.found:
        return None
    note = held.doc.get("note")
    return _output(
        table, held.space, raw, labels, held.ids, prototypes, held.cores, held.core_groups, held,
        {
            "algorithm": held.doc["algorithm"],
            "silhouette": round(silhouette, 4),
            "stability": held.doc["stability"],
            "mode": "warm",
            "note": Localized.model_validate(note) if note else None,
            "wordsGate": held.doc.get("wordsGate"),
            "candidates": held.doc["candidates"],
            "retired": held.doc["retired"],
        },
    )  # fmt: skip


def _output(
    table: Table,
    space: Space,
    raw: Floats,
    labels: Ints,
    ids: list[str],
    prototypes: Floats,
    cores: Floats,
    core_groups: Ints,
    held: _Held | None,
    said: dict[str, Any],
    found: Fit | None = None,
) -> dict[str, Any]:
    scaled = space.scaled(raw, table.trusts)
    figures = of_rows(space, raw, scaled, labels, len(ids), bought=_of(table, "orders"), angry=table.angry)
    before = held.names if held else {}
    named = names(figures, [before.get(one) for one in ids])
    note = said.pop("note")
    segments = [
        {
            "id": one,
            "name": name.name.to_doc(),
            "persona": name.persona,
            "strength": name.strength,
            "size": profile.size,
            "share": round(profile.share, 6),
            "topFeatures": _top(profile),
        }
        for one, name, profile in zip(ids, named, figures, strict=True)
    ]
    assigned = {one: ids[label] if label >= 0 else None for one, label in zip(table.ids, labels.tolist(), strict=True)}
    was = held.assigned if held else {}
    moved = sum(one in was and was[one] != now for one, now in assigned.items())
    return {
        "k": len(ids),
        **{name: said[name] for name in ("algorithm", "silhouette", "stability", "mode")},
        "note": note.to_doc() if note else None,
        "segments": segments,
        "retired": said["retired"],
        "moved": moved,
        "wordsGate": said["wordsGate"],
        "candidates": said["candidates"],
        "assignments": assigned,
        "model": {
            "columns": table.columns,
            "features": list(space.names),
            "logged": [bool(one) for one in space.scaler.logged],
            "center": space.scaler.center.tolist(),
            "scale": space.scaler.scale.tolist(),
            "blocks": dict(space.blocks),
            "prototypes": {one: point.tolist() for one, point in zip(ids, prototypes, strict=True)},
            "cores": cores.tolist(),
            "coreSegments": [ids[row] for row in core_groups],
        },
    }


def _previous(doc: Mapping[str, Any] | None) -> _Held | None:
    if doc is None:
        return None
    try:
        for needed in ("algorithm", "k", "stability"):
            doc[needed]
        model = doc["model"]
        logged = np.array(model["logged"], dtype=bool)
        measures = tuple(
            TABLE.get(name) or _unknown(name, bool(log)) for name, log in zip(model["features"], logged, strict=True)
        )
        space = Space(measures, Scaler(np.array(model["center"]), np.array(model["scale"]), logged), model["blocks"])
        ids = sorted(model["prototypes"])
        width = len(measures)
        index = {one: row for row, one in enumerate(ids)}
        names = {str(one["id"]): str(one["name"]["en"]) for one in doc["segments"]}
        if set(names) != set(ids) or not all(isinstance(one, str) for one in doc["retired"]):
            raise ValueError("segments and prototypes are not the same")
        chosen = next((one["silhouette"] for one in doc["candidates"] if one["chosen"]), doc["silhouette"])
        return _Held(
            space,
            ids,
            np.array([model["prototypes"][one] for one in ids], dtype=float).reshape(-1, width),
            np.array(model["cores"], dtype=float).reshape(-1, width),
            np.array([index[one] for one in model["coreSegments"]], dtype=np.int64),
            {one: segment for one, segment in doc["assignments"].items() if segment},
            names,
            float(chosen or 0.0),
            sorted(str(one) for one in model.get("columns", model["features"])),
            doc,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise TableError(f"the previous file is no output of this command ({what})") from error


def _other_columns(held: _Held, table: Table) -> Localized | None:
    """Which columns the former file had and this one has not, or the other way round; None when they are the same."""
    gone, new = ([*one] for one in (set(held.columns) - set(table.columns), set(table.columns) - set(held.columns)))
    if not gone and not new:
        return None
    said = [(_few(gone), "gone", "缺少"), (_few(new), "new", "新增")]
    en = "; ".join(f"{word}: {names}" for names, word, _ in said if names)
    zh = "；".join(f"{word}：{names}" for names, _, word in said if names)
    return Localized(en=f"Other columns than before, searched anew ({en}).", zh=f"列与之前不同，已重新搜索（{zh}）。")


def _few(names: list[str]) -> str:
    shown = [name if len(name) <= 20 else f"{name[:19]}…" for name in sorted(names)[:3]]
    return ", ".join(shown) + (" …" if len(names) > 3 else "")


def _found_note(table: Table, found: Fit) -> list[Localized]:
    """What the search says; of a file with few rows in the words of files, which have no orders and no scores."""
    count = len(table.ids)
    if count < MINIMUM:
        return [Localized(en=f"Groups need at least {MINIMUM} rows; there are {count}.",
                          zh=f"分群至少需要 {MINIMUM} 行，目前有 {count} 行。")]  # fmt: skip
    return [found.note] if found.note else []


def _same(previous: Mapping[str, Any], choice: Choice | None) -> bool:
    """Whether the former output is what the pinned algorithm and number ask for."""
    if not previous["segments"]:
        return False
    wanted = choice or Choice()
    return wanted.pinned_k in (None, previous["k"]) and wanted.pinned_algorithm in (None, previous["algorithm"])


def _fresh(held: _Held | None) -> Any:
    """Ids s1, s2, ...; those that a former output used are not given again."""
    used = [*(held.ids if held else []), *(held.doc["retired"] if held else [])]
    last = max((int(one[1:]) for one in used if one[1:].isdigit()), default=0)
    return lambda row: f"s{last + row + 1}"


def _core_distances(held: _Held, axes: Singles) -> Singles:
    away = np.empty((len(axes), len(held.ids)), dtype=np.float32)
    for start in range(0, len(axes), 20_000):
        part = squares(held.cores, axes[start : start + 20_000])
        for row in range(len(held.ids)):
            away[start : start + 20_000, row] = part[:, held.core_groups == row].min(axis=1)
    return np.sqrt(away)


def _silhouette(rows: Singles, labels: Ints) -> float:
    if len(rows) > SAMPLE:
        picked = np.sort(np.random.default_rng(1).choice(len(rows), SAMPLE, replace=False))
        rows, labels = rows[picked], labels[picked]
    return silhouettes(rows, [labels])[0]


def _columns(table: Table, space: Space) -> Floats:
    where = {one.name: row for row, one in enumerate(table.measures)}
    return table.values[:, [where[name] for name in space.names]]


def _of(table: Table, name: str) -> Floats | None:
    """One column of the table, whether it takes part in the space or not; None when the table has none."""
    return next((table.values[:, row] for row, one in enumerate(table.measures) if one.name == name), None)


def _worded(table: Table) -> Bools:
    columns = [row for row, one in enumerate(table.measures) if one.block == "emotion"]
    found = np.zeros(len(table.ids), dtype=bool)
    for column in columns:
        found |= ~np.isnan(table.values[:, column])
    return found


def _top(profile: Profile) -> list[dict[str, Any]]:
    order = sorted(range(len(profile.names)), key=lambda row: -abs(float(np.nan_to_num(profile.z[row]))))
    return [
        {
            "name": profile.names[row],
            "mean": None if math.isnan(profile.means[row]) else round(float(profile.means[row]), 4),
            "population": None if math.isnan(profile.population[row]) else round(float(profile.population[row]), 4),
            "z": round(float(profile.z[row]), 4),
        }
        for row in order[:TOP]
        if not math.isnan(profile.z[row])
    ]


def _measure(name: str, column: Floats) -> Measure:
    known = TABLE.get(name)
    if known is not None:
        return known
    values = column[~np.isnan(column)]
    spread = float(values.std()) if values.size else 0.0
    skewed = False
    if spread > 0 and float(values.min()) >= 0:
        skewed = float((((values - values.mean()) / spread) ** 3).mean()) > SKEWED
    return _unknown(name, skewed)


def _unknown(name: str, logged: bool) -> Measure:
    text = Localized(en=name[:200], zh=name[:200])
    return Measure(name, "behaviour", "number", logged, text, text, text)


def _number(cell: str, line: int, column: str) -> float:
    text = cell.strip()
    if not text or text.lower() in ("nan", "null", "none", "na"):
        return math.nan
    try:
        value = float(text)
    except ValueError as error:
        raise TableError(f"line {line}, column {column}: {text[:40]!r} is no number") from error
    if not math.isfinite(value):
        raise TableError(f"line {line}, column {column}: {text[:40]!r} is not finite")
    return value
