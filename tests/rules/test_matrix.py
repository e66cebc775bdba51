"""Role x collection x operation, every sentence of the comments in firestore.rules, and the console's own queries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.rules.conftest import Refute
from tests.rules.policy import CLAIMS, CONSOLE, KEPT, OPERATIONS, ROWS, TABLE, Operation, Row, all_cases, row_cases

HABIT = "Every line of comment in this file is a claim, and tests/rules checks each of them."


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)
def test_role_by_collection_by_operation(refute: Refute, row: Row, operation: Operation) -> None:
    assert refute(row_cases(row, operation)) == []


@pytest.mark.parametrize("claim", CLAIMS)
def test_claim(refute: Refute, claim: str) -> None:
    cases = CLAIMS[claim]
    assert cases
    assert refute(cases) == []


@pytest.mark.parametrize("screen", CONSOLE)
def test_the_console_may_ask_what_it_asks(refute: Refute, screen: str) -> None:
    assert refute(CONSOLE[screen]) == []


def comments(rules: str) -> Iterator[str]:
    for line in rules.splitlines():
        if "//" in line:
            before, _, text = line.partition("//")
            assert not before.strip(), f"a comment stands on a line of its own: {line}"
            yield text.strip()


def table_lines(row: Row) -> dict[str, str]:
    """The line of a comment table -> what it must say, for one row."""
    if row.get == row.list:
        return {"get, list": order(row.get)}
    return {name: order(roles) for name, roles in (("get", row.get), ("list", row.list)) if roles}


def order(roles: frozenset[str]) -> str:
    return " ".join(role for role in ("owner", "admin", "marketer", "analyst", "support") if role in roles)


def test_every_comment_is_a_claim_with_cases_and_every_claim_is_a_comment(rules: str) -> None:
    patterns = {row.pattern: row for row in ROWS}
    said: list[str] = []
    tables: dict[str, dict[str, str]] = {}
    block = ""
    for text in comments(rules):
        if re.fullmatch(r"\S+/\S+", text):
            block = text
            tables[block] = {}
        elif re.fullmatch(r"(get|list|get, list): [a-z ]+", text):
            name, _, roles = text.partition(": ")
            tables[block][name] = roles
        else:
            said.append(text)
    assert sorted(said) == sorted([HABIT, *CLAIMS])
    assert tables == {name: table_lines(row) for name, row in patterns.items()} | {name: {} for name in KEPT}


def test_the_comment_above_a_match_names_its_path(rules: str) -> None:
    """The path in a comment is the nested path of the match that follows it."""
    stack: list[tuple[int, str]] = []
    named = ""
    seen = []
    for line in rules.splitlines():
        depth = len(line) - len(line.lstrip())
        while stack and line.strip() and stack[-1][0] >= depth:
            stack.pop()
        comment = re.fullmatch(r"\s*// (\S+/\S+)", line)
        if comment:
            named = comment[1]
        match = re.fullmatch(r"\s*match /(\S+) \{", line)
        if match and "documents" not in match[1]:
            stack.append((depth, match[1]))
            assert "/".join(part for _, part in stack) == named
            seen.append(named)
    assert sorted(seen) == sorted([*(row.pattern for row in ROWS), *KEPT])


def test_the_matrix_is_complete() -> None:
    """Nine actors, five operations, every row: nothing is skipped by a slip in the making of cases."""
    met = {(case.row, case.actor, case.operation) for case in all_cases()}
    wanted = {(row.pattern, actor, op) for row in TABLE for op in OPERATIONS for actor in EXPECTED_ACTORS}
    assert wanted <= met


EXPECTED_ACTORS = (
    "owner",
    "admin",
    "marketer",
    "analyst",
    "support",
    "unknown role",
    "stranger",
    "claimed owner",
    "anonymous",
)
