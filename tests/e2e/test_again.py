"""The same file once more changes nothing; one row changed moves the totals by that row."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import SLOWLY, card, choose, fact, start, visit
from tests.e2e.files import CHANGED_AMOUNT, one_row_changed, write
from tests.e2e.running import LONG, Running, eventually
from tests.imports.files import cdnow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def bring(suite: Running, page: Page, file: Path) -> dict[str, int]:
    """Import a file through the console; returns the import's counts when it is done."""
    # Files that were chosen and not started are forgotten with their page.
    visit(page, "/imports")
    visit(page, "/imports/new")
    choose(page, file)
    expect(card(page, file.name).get_by_text("Ready to start.")).to_be_visible(timeout=SLOWLY)
    import_id = start(page, file.name)
    path = f"imports/{import_id}"
    eventually(f"{file.name} is in", lambda: suite.get(path)["status"] not in ("uploading", "numbering", "importing",
                                                                              "finishing"), LONG)  # fmt: skip
    held = suite.get(path)
    assert held["status"] == "done", held["error"]
    expect(page.get_by_text("Done", exact=True).first).to_be_visible(timeout=SLOWLY)
    return dict(held["counts"])


def test_same_file_changes_nothing(
    suite: Running, owner: Page, imported: None, tmp_path: Path, measured: Callable[[str, float], None]
) -> None:
    """0 changes: not in the counts, not in the totals, not in one order's time of change."""
    newest = suite.newest("orders", "updatedAt").get("updatedAt")
    began = time.monotonic()
    counts = bring(suite, owner, write(tmp_path, "cdnow-again.csv", cdnow()))
    measured("CDNOW imported again", time.monotonic() - began)
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 6919)
    expect(owner.get_by_text("Everything in this file was here already: nothing changed.")).to_be_visible()
    expect(fact(owner, "Unchanged")).to_have_text("6,919")
    assert suite.newest("orders", "updatedAt").get("updatedAt") == newest
    overview = suite.get("metrics/overview")
    assert (overview["orders"], overview["revenue"], overview["customers"]) == (6919, 24_409_194, 2357)


def test_one_row_moves_the_totals(suite: Running, owner: Page, imported: None, tmp_path: Path) -> None:
    """A row with another amount is another order: exactly that much more."""
    counts = bring(suite, owner, write(tmp_path, "one-row-changed.csv", one_row_changed()))
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (1, 0, 299)
    visit(owner, "/")
    total = Decimal("244091.94") + CHANGED_AMOUNT
    expect(owner.locator("[data-total=orders]")).to_have_text("6,920", timeout=SLOWLY)
    expect(owner.locator("[data-total=revenue]")).to_have_text(f"${total:,.2f}", timeout=SLOWLY)
