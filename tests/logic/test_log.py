"""Log lines: one JSON object each, by execution, without addresses and without the text of exceptions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schema import log


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    caught = capsys.readouterr()
    return [json.loads(line) for line in (caught.out + caught.err).splitlines()]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail ann.li+x@example.co.uk now", "mail [e-mail] now"),
        ("<李@例子.测试>", "<[e-mail]>"),
        ('"email:ann@example.com"', '"[e-mail]"'),
        ("call +44 7700 900123.", "call [phone]."),
        ("+447700900123: busy, or +447700900124", "[phone]: busy, or [phone]"),
        ("call (212) 555-0123", "call ([phone]"),
        ("13800138000", "[phone]"),
        ("orders 12345678 of 99", "orders 12345678 of 99"),
        ("9f86d081884c7d659a2f", "9f86d081884c7d659a2f"),
        ("took 1.234567890123 s", "took 1.234567890123 s"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert log.mask(text) == masked


def test_a_line_is_json_with_its_execution(capsys: pytest.CaptureFixture[str]) -> None:
    log.begin("run-1")
    log.write("INFO", "imported", orders=3, to="ann@example.com")
    log.write("WARNING", "late")
    log.begin("run-2")
    log.write("INFO", "again")
    assert lines(capsys) == [
        {"severity": "INFO", "message": "imported", "execution_id": "run-1", "orders": 3, "to": "[e-mail]"},
        {"severity": "WARNING", "message": "late", "execution_id": "run-1"},
        {"severity": "INFO", "message": "again", "execution_id": "run-2"},
    ]


def test_a_failure_names_type_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise KeyError("Ann Li, ann@example.com, 1 High Street")

    try:
        broken()
    except KeyError as error:
        log.failure("failed", error, kind="order")
    [line] = lines(capsys)
    assert line["severity"] == "ERROR" and line["error"] == "KeyError" and line["kind"] == "order"
    assert line["at"][-1].startswith("test_log.py:") and line["at"][-1].endswith(" broken")
    assert "Ann" not in json.dumps(line) and "High Street" not in json.dumps(line)


def test_errors_go_to_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    log.write("ERROR", "bad")
    log.write("INFO", "good")
    caught = capsys.readouterr()
    assert "bad" in caught.err and "good" in caught.out


def test_a_large_number_stays_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    """A version in milliseconds looks like a phone number; masking it must not break the line."""
    log.write("INFO", "imported", version=1_780_000_000_000, of=[12345678901, {"to": "a@example.com"}])
    [line] = lines(capsys)
    assert line["version"] == 1_780_000_000_000 and line["of"] == [12345678901, {"to": "[e-mail]"}]
