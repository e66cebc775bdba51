"""Where one record of a file ends and the next begins, and what its cells are: rows of a table, or JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from functions.imports.conversations import JSON_LINES, NotALine, lines, read


@dataclass(frozen=True)
class Row:
    """One record of the file."""

    line: int
    cells: list[str]
    raw: str
    words: Literal["review", "message", "chat"] = "review"
    """What kind of words it holds, where it holds words."""
    refused: tuple[str, str] | None = None
    """Why there are no cells: code and sentence."""


def rows(text: str, first_line: int, delimiter: str, header: Sequence[str]) -> Iterator[Row]:
    """Every record that is not an empty line.

    Args:
        first_line: the file's line number of the first one.
    """
    if delimiter == JSON_LINES:
        return _json_rows(text, first_line, header)
    return _csv_rows(text, first_line, delimiter)


def _csv_rows(text: str, first_line: int, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_kept := _Tee(io.StringIO(text, newline="")), delimiter=delimiter)
    before = 0
    csv.field_size_limit(2_000_000)
    for cells in reader:
        line, before = first_line + before, reader.line_num
        raw = _kept.take().rstrip("\r\n")
        if cells and any(cell.strip() for cell in cells):
            yield Row(line, cells, raw)


def _json_rows(text: str, first_line: int, header: Sequence[str]) -> Iterator[Row]:
    for line, raw in lines(text, first_line):
        try:
            told = read(raw)
        except NotALine as error:
            yield Row(line, [], raw, refused=("json", f"{error}: one JSON object a line is expected"))
            continue
        for values, words in told.messages:
            yield Row(line, [values.get(name, "") for name in header], raw, words)
        if not told.messages:
            yield Row(line, [], raw, refused=("agent", "nothing in it was written by the customer"))


class _Tee:
    """Hands lines to the csv reader and remembers them until the record is complete."""

    def __init__(self, lines: io.StringIO) -> None:
        self.lines, self.seen = lines, [""]

    def __iter__(self) -> _Tee:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.seen.append(line)
        return line

    def take(self) -> str:
        raw, self.seen = "".join(self.seen), []
        return raw
