"""The suite, the browser and the owner's page, each made once; the journeys' order; the figures they took."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from scripts.lib.installing import find_browser
from scripts.lib.paths import STATE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.e2e.running import Running

ORDER = ("test_import", "test_again", "test_segments", "test_minds", "test_killed", "test_bad_input",
         "test_roles", "test_shops", "test_looks", "test_logs")  # fmt: skip
"""Later journeys stand on what the earlier ones brought in, as a shop's days do."""
FIGURES: dict[str, float] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only this folder's tests, in the journeys' order, behind all others."""

    def place(item: pytest.Item) -> int:
        return ORDER.index(item.path.stem) if item.path.parent.name == "e2e" else -1

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures that the journeys measured, and the same as a file."""
    if not FIGURES:
        return
    terminalreporter.section("measured")
    for name, seconds in FIGURES.items():
        terminalreporter.write_line(f"{seconds:8.2f} s  {name}")
    target = STATE / "reports" / "journeys.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(FIGURES, indent=1))


@pytest.fixture(scope="session")
def measured() -> Callable[[str, float], None]:
    """Notes a figure in seconds under a name; a name given twice keeps the newer figure."""
    return FIGURES.__setitem__


@pytest.fixture(scope="session")
def suite() -> Iterator[Running]:
    """The running suite with its members, its clock ticking."""
    from tests.e2e.running import NEEDED, Running

    if any(not os.environ.get(name) for name in NEEDED):
        pytest.skip("NO SUITE: run `make test`, or `scripts/firebase exec pytest tests/e2e`")
    began = time.monotonic()
    running = Running()
    running.accounts.seed()
    FIGURES["demo accounts made, console warm"] = time.monotonic() - began
    running.ticker.start()
    yield running
    running.ticker.stop()
    running.db.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for every journey."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.browsing import FLAGS

    path = find_browser()
    if not path:
        pytest.skip("NO CHROMIUM: install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=90_000)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def room(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a person's own browser window; options as Playwright's `new_context`. All are closed in the end."""
    from tests.e2e.browsing import AXE

    rooms: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        chosen = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "color_scheme": "light", **options}
        context = browser.new_context(**chosen)
        context.set_default_timeout(30_000)
        if AXE.exists():
            # As an init script it is there on every page, whatever the page's content security policy says.
            context.add_init_script(path=AXE)
        rooms.append(context)
        return context

    yield make
    for context in rooms:
        context.close()


@pytest.fixture(scope="session")
def owner(suite: Running, room: Callable[..., BrowserContext]) -> Page:
    """The owner's window, signed in once for all journeys."""
    from tests.e2e.browsing import settled, sign_in

    page = room(accept_downloads=True).new_page()
    sign_in(page, suite.hosting, "owner")
    settled(page)
    return page


@pytest.fixture
def imported(suite: Running) -> None:
    """The CDNOW orders are in; without them there is nothing to walk through."""
    found = suite.get("metrics/overview").get("orders", 0)
    assert found >= 6919, f"the first journey brought {found} of its 6,919 orders in"
