"""A newcomer's first day: the sample shop is there, the own file is dragged in, the sample is sent away."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sandbox.sample.records import messages
from sandbox.sample.shop import CONNECTION, NAME, PLATFORM, settings
from sandbox.sample.world import build
from tests.e2e.browsing import SLOWLY, card, drag, fact, picture, settled, start, visit
from tests.e2e.files import write
from tests.e2e.running import LONG, Running, eventually, pages
from tests.imports.files import cdnow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
FILE = "cdnow.csv"
SAMPLE_MESSAGES = 2
EMPTIED = ("customers", "orders", "events", "feedback", "products", "imports")


def sample_left(suite: Running) -> dict[str, int]:
    """Documents that are marked as sample, by collection, in every collection there is."""
    left = {each.id: len(suite.where(each.id, "sample", True)) for each in suite.db.collections()}
    return {name: count for name, count in left.items() if count}


def test_own_file_in(
    suite: Running, request: pytest.FixtureRequest, tmp_path: Path, measured: Callable[[str, float], None]
) -> None:
    """Dragging the CDNOW file in: columns are matched, the bar moves, 6,919 orders are new."""
    # Before anybody looks: the emulator (not Firestore) may tell a listener that just began of a moment in which a
    # document did not exist yet after that very moment, and the browser then takes the document for outdated.
    open_sample_shop(suite)
    owner: Page = request.getfixturevalue("owner")
    expect(owner.get_by_text("Sample data: this shop, its customers and their words are made up.")).to_be_visible(
        timeout=SLOWLY
    )
    visit(owner, "/imports/new")
    drag(owner, write(tmp_path, FILE, cdnow()))
    chosen = card(owner, FILE)
    for column, meaning in (("customer_id", "Customer id"), ("date", "Date"), ("amount", "Amount")):
        select = chosen.get_by_label(f"What {column} becomes")
        expect(select).to_contain_text(meaning, ignore_case=True, timeout=SLOWLY)
    expect(chosen.get_by_text("Ready to start.")).to_be_visible()
    began = time.monotonic()
    import_id = start(owner, FILE)
    bar = owner.get_by_role("progressbar", name="Import", exact=True)
    shown = watch(suite, owner, import_id, bar)
    measured("CDNOW imported, from Start to Done on the screen", time.monotonic() - began)
    assert any(0 < value < 100 for value in shown), f"the bar was only ever at {sorted(shown)}"
    expect(fact(owner, "Rows")).to_have_text("6,919")
    expect(fact(owner, "New orders")).to_have_text("6,919")
    expect(fact(owner, "New customers")).to_have_text("2,357")
    expect(fact(owner, "Rejected")).to_have_text("0")


def test_sample_sent_away(suite: Running, owner: Page, measured: Callable[[str, float], None]) -> None:
    """The offer to remove the sample is accepted: nothing of it is left, not even in sub-documents and look-ups."""
    customers = suite.where("customers", "sample", True)
    assert customers, "the sample never arrived"
    paths = [f"customers/{one.id}/{part}" for one in customers for part in ("sources/account", "pii/contact")]
    expect(owner.get_by_text("Your own data are here.")).to_be_visible(timeout=SLOWLY)
    began = time.monotonic()
    owner.get_by_role("button", name="Remove the sample shop").click()
    dialog = owner.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Remove the sample shop")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("Type “remove” to confirm").fill("remove")
    confirm.click()
    expect(dialog).to_be_hidden(timeout=SLOWLY)
    eventually("the removal is done", lambda: suite.get("runs/remove-sample").get("status") == "done", LONG)
    measured("sample removed", time.monotonic() - began)
    assert sample_left(suite) == {}
    for some in pages(paths):
        left = [one.reference.path for one in suite.db.get_all(map(suite.db.document, some)) if one.exists]
        assert left == []
    gone = {one.id for one in customers}
    for identity in suite.db.collection("identities").stream():
        claimed = {key for key, value in identity.get("claims").items() if value}
        assert not claimed & gone, identity.reference.path
    assert suite.get("settings/shop")["name"] == "My shop", "the sample's name stayed"
    expect(owner.get_by_text("Your own data are here.")).to_be_hidden(timeout=SLOWLY)
    expect(owner.get_by_text("Sample customers are still mixed with your own data.")).to_be_hidden()


def test_overview_is_the_files(suite: Running, owner: Page, imported: None) -> None:
    """The Overview has the file's own totals and says in amber when its data end."""
    visit(owner, "/")
    expect(owner.locator("[data-total=orders]")).to_have_text("6,919", timeout=SLOWLY)
    expect(owner.locator("[data-total=revenue]")).to_have_text("$244,091.94", timeout=SLOWLY)
    expect(owner.locator("[data-total=customers]")).to_have_text("2,357")
    amber = owner.get_by_role("status").filter(has_text="Your data end on 30 Jun 1998")
    expect(amber).to_be_visible()
    red, green, blue = amber.evaluate(
        "e => { const c = document.createElement('canvas').getContext('2d'); "
        "c.fillStyle = getComputedStyle(e).backgroundColor; c.fillRect(0, 0, 1, 1); "
        "return [...c.getImageData(0, 0, 1, 1).data].slice(0, 3); }"
    )
    assert red >= green > blue, "the line is not amber"
    assert suite.get("metrics/overview")["revenue"] == 24_409_194
    eventually("the months are the file's", lambda: orders_by_month(suite) == in_file(), LONG, every=1.0)
    expect(owner.locator("[data-figure=orders]")).to_have_text(f"{in_file()['1998-06']}", timeout=SLOWLY)
    settled(owner)
    picture(owner, "overview-en-light-1440")


def orders_by_month(suite: Running) -> dict[str, int]:
    """Orders a month as the console reads them."""
    return {
        one.get("month"): one.get("orders") for one in suite.db.collection("metrics").stream() if one.id != "overview"
    }


def in_file() -> dict[str, int]:
    """Orders a month as counted in the CDNOW file itself."""
    return dict(Counter(row["date"][:7] for row in csv.DictReader(io.StringIO(cdnow()))))


def open_sample_shop(suite: Running) -> None:
    """A corner of the sample shop, loaded as `make run` loads the whole of it."""
    from schema.clock import system_clock
    from schema.jobs import Run
    from schema.records import Origin, PlatformEvents
    from schema.shop import Shop

    now = system_clock()
    shop = Shop.model_validate({**settings(), "updatedAt": now})
    suite.db.document("settings/shop").set(shop.to_doc())
    run = Run(kind="sample", status="done", title=NAME, started_at=now, updated_at=now, finished_at=now)
    suite.db.document("runs/sample").set(run.to_doc())
    wanted = 0
    bunches = messages(build(date(2026, 3, 1)))
    for _, body in zip(range(SAMPLE_MESSAGES), bunches, strict=False):
        origin = Origin(connection_id=CONNECTION, platform=PLATFORM, bulk=True, sample=True)
        suite.publish("platform-events", PlatformEvents(origin=origin, records=body).to_json())
        wanted += sum(record["kind"] == "order" for record in body)
    assert wanted > 20
    eventually("the sample arrived", lambda: len(suite.where("orders", "sample", True)) == wanted, LONG, every=1.0)


def watch(suite: Running, page: Page, import_id: str, bar: object) -> set[int]:
    """Look at the bar until the import is done; returns every percentage that was seen."""
    from playwright.sync_api import Locator

    assert isinstance(bar, Locator)
    seen: set[int] = set()

    def done() -> bool:
        now = bar.get_attribute("aria-valuenow", timeout=SLOWLY)
        if now is not None:
            seen.add(int(now))
        return str(suite.get(f"imports/{import_id}").get("status")) in ("done", "failed", "cancelled")

    eventually(f"import {import_id} is done", done, LONG)
    assert suite.get(f"imports/{import_id}")["status"] == "done"
    expect(page.get_by_text("Done", exact=True).first).to_be_visible(timeout=SLOWLY)
    return seen
