"""Bad input: a clear sentence for each, nothing half-written; bad rows come back with line and reason."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sandbox.samples import BAD
from scripts.lib.paths import ROOT
from tests.e2e.browsing import SLOWLY, card, choose, fact, visit
from tests.e2e.files import unusable
from tests.e2e.running import Running
from tests.e2e.test_again import bring

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def test_no_table_of_orders(suite: Running, owner: Page, tmp_path: Path) -> None:
    """An empty file, a PDF, a spreadsheet and a table without dates: each says what to do; nothing is stored."""
    imports = suite.count("imports")
    files = unusable(tmp_path)
    visit(owner, "/imports/new")
    choose(owner, *files.values())
    for what, sentence in (
        ("empty", "The file is empty. Choose one with a header line and rows below it."),
        ("pdf", "This is a PDF. Export the table as CSV where it comes from."),
        ("spreadsheet", "This is a spreadsheet file. Save the sheet as CSV (UTF-8) and choose that file."),
    ):
        chosen = card(owner, files[what].name)
        expect(chosen.get_by_role("alert")).to_have_text(sentence, timeout=SLOWLY)
        expect(chosen.get_by_role("button", name="Start import")).to_have_count(0)
    dateless = card(owner, files["no date"].name)
    expect(dateless.get_by_text("No date column: choose the one with the order’s date.")).to_be_visible(timeout=SLOWLY)
    expect(dateless.get_by_role("button", name="Start import")).to_be_disabled()
    assert suite.count("imports") == imports


def test_bad_rows_come_back(suite: Running, owner: Page, imported: None, tmp_path: Path) -> None:
    """The project's own small file: good rows are in, the six bad ones are counted and in the report."""
    bad = [reason for reason, _ in BAD["orders.csv"]]
    counts = bring(suite, owner, ROOT / "samples" / "orders.csv")
    assert counts["rejected"] == len(bad)
    assert counts["created"] > 50
    expect(fact(owner, "Rejected")).to_have_text(str(len(bad)))
    with owner.expect_download(timeout=SLOWLY) as waiting:
        owner.get_by_role("button", name="Download report").click()
    kept = tmp_path / "report.csv"
    waiting.value.save_as(kept)
    assert waiting.value.suggested_filename == "orders-rejected.csv"
    rows = list(csv.DictReader(io.StringIO(kept.read_text(encoding="utf-8-sig"))))
    refused = [row for row in rows if row["row taken"] == "no"]
    assert [row["reason"] for row in refused] == bad
    lines = (ROOT / "samples" / "orders.csv").read_text(encoding="utf-8-sig").splitlines()
    for row in refused:
        assert row["detail"]
        assert row["row"].lstrip("'").split(",")[:2] == lines[int(row["line"]) - 1].split(",")[:2]
