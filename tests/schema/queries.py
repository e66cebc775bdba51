"""Finds the queries in the source code, to hold them against firestore.indexes.json without running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schema.store import Query

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("functions", "ml", "schema", "scripts")
"""The sandbox asks only the emulator, which demands no index."""
OPERATORS = {"==": "==", "in": "in", "array-contains": "array_contains", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True)
class Found:
    """A query as it stands in a file; `query` is None where a part of it is computed."""

    where: str
    query: Query | None
    sums: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return self.where.split(":")[0]


def python_files() -> Iterator[Path]:
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*")):
            is_script = folder == "scripts" and path.is_file() and path.read_bytes()[:22] == b"#!/usr/bin/env python3"
            if (path.suffix == ".py" or is_script) and "venv" not in path.parts:
                yield path


def python_queries(path: Path) -> Iterator[Found]:
    """Every `Query(...)` of a Python file, with the sums where it stands in `totals(Query(...), (...))`."""
    tree = ast.parse(path.read_text())
    sums = {
        id(node.args[0]): tuple(text_of(name) for name in node.args[1].elts)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "totals"
        and len(node.args) == 2
        and isinstance(node.args[1], ast.Tuple)
        and all(isinstance(name, ast.Constant) for name in node.args[1].elts)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Query":
            yield Found(f"{path.relative_to(ROOT)}:{node.lineno}", read_call(node), sums.get(id(node), ()))


def read_call(node: ast.Call) -> Query | None:
    """The query of a call whose collection, fields, operators and directions are written out."""
    names = ("collection", "where", "order_by")
    given = dict(zip(names, node.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    try:
        return Query(
            text_of(given["collection"]),
            tuple((text_of(field), text_of(operator), None) for field, operator, _ in rows(given.get("where"))),  # type: ignore[misc]
            tuple((text_of(field), text_of(to)) for field, to in rows(given.get("order_by"))),  # type: ignore[misc]
        )
    except (Computed, ValueError):
        return None


class Computed(Exception):
    """A part of a query that is not written out."""


def text_of(node: ast.expr) -> str:
    """A text; of a path that is put together the fixed end counts, which names the collection."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and isinstance(end := node.values[-1], ast.Constant):
        name = str(end.value).rsplit("/", 1)
        if len(name) == 2:
            return name[1]
    raise Computed


def rows(node: ast.expr | None) -> list[list[Any]]:
    if node is None:
        return []
    if not isinstance(node, ast.Tuple) or not all(isinstance(row, ast.Tuple) for row in node.elts):
        raise Computed
    return [row.elts for row in node.elts if isinstance(row, ast.Tuple)]


def web_files() -> Iterator[Path]:
    for path in sorted((ROOT / "web" / "src").rglob("*.ts*")):
        if "generated" not in path.parts and ".test." not in path.name:
            yield path


def web_queries(path: Path) -> Iterator[Found]:
    """Every object of a TypeScript file that says `collection:` as a QuerySpec does."""
    text = path.read_text()
    for match in re.finditer(r"\bcollection: *(?=[\"'`])", text):
        place = f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        yield Found(place, read_spec(around(text, match.start())))


def around(text: str, position: int) -> str:
    """The braces that a position is in, with what they hold."""
    start, depth = position, 0
    while start > 0 and not (text[start] == "{" and depth == 0):
        depth += {"}": 1, "{": -1}.get(text[start], 0)
        start -= 1
    end, depth = start, 0
    while end < len(text):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
        if depth == 0:
            break
    return text[start:end]


def read_spec(spec: str) -> Query | None:
    """The query of an object literal whose fields, operators and directions are written out."""
    collection = re.search(r"collection: *([\"'`])(.*?)\1", spec)
    name = collection[2].rsplit("/", 1)[-1] if collection else ""
    if not re.fullmatch(r"\w+", name):
        return None
    tests = re.findall(r"\[ *[\"']([\w.]+)[\"'], *[\"']([^\"']+)[\"'], *[^\]]", bracket(spec, "where"))
    orders = re.findall(r"\[ *[\"']([\w.]+)[\"'], *[\"'](asc|desc)[\"'] *\]", bracket(spec, "orderBy"))
    if len(tests) != entries(spec, "where") or len(orders) != entries(spec, "orderBy"):
        return None
    return Query(name, tuple((field, OPERATORS[operator], None) for field, operator in tests), tuple(orders))  # type: ignore[misc]


def bracket(spec: str, key: str) -> str:
    """What stands in the brackets behind a key, as `["a", "asc"], ["b", "desc"]`."""
    match = re.search(rf"\b{key}: *\[", spec)
    if not match:
        return ""
    depth, at = 1, match.end()
    while depth and at < len(spec):
        depth += {"[": 1, "]": -1}.get(spec[at], 0)
        at += 1
    return spec[match.end() : at - 1]


def entries(spec: str, key: str) -> int:
    """How many entries a key has; -1 where it is not a list that is written out."""
    if not re.search(rf"\b{key}\b(?!\??:? *readonly)", spec):
        return 0
    if not re.search(rf"\b{key}: *\[", spec):
        return -1
    inside, depth, count = bracket(spec, key), 0, 0
    for char in inside:
        count += char == "[" and depth == 0
        depth += {"[": 1, "]": -1}.get(char, 0)
    return count
