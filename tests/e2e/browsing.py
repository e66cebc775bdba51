"""A real Chromium and what journeys do in it: sign in, go to a page, give a file, look with axe, listen to the wire."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Error, Locator, Page, expect

from scripts.lib.paths import STATE, WEB

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = STATE / "screenshots"
SLOWLY = 90_000
"""Milliseconds for what a cold function or a busy machine may delay."""


def sign_in(page: Page, hosting: str, role: str, path: str = "/") -> None:
    """Open the console at a path and come in through the demo card of a role."""
    page.goto(hosting + path)
    page.locator(f"button[data-role={role}]").click(timeout=SLOWLY)
    expect(page.locator("#main")).to_be_visible(timeout=SLOWLY)


def visit(page: Page, path: str) -> None:
    """Go to another page of the console without loading it anew, as its own links do."""
    page.evaluate(
        "path => { if (new URL(path, location.href).pathname !== location.pathname)"
        " document.querySelector('#main h1')?.setAttribute('data-left', '');"
        " history.pushState({}, '', path);"
        # Two frames: the page that is gone to has drawn what stands for its data.
        " return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))); }",
        path,
    )
    settled(page)


def settled(page: Page) -> None:
    """The page, not the one that was left, has its heading (some only for screen readers) and waits for no data."""
    expect(page.locator("#main h1:not([data-left])").first).to_be_attached(timeout=SLOWLY)
    # The grey line at the end of a long list stays: it stands for the rows that are read when one scrolls there.
    waiting = "#main .shimmer:not(.h-12 > .shimmer):not([data-more] .shimmer)"
    expect(page.locator(waiting)).to_have_count(0, timeout=SLOWLY)


def choose(page: Page, *files: Path) -> None:
    """Choose files for a new import."""
    page.locator("[data-testid=drop] input[type=file]").set_input_files(list(files))


def drag(page: Page, file: Path) -> None:
    """Drop one file on the area, as a mouse from the desktop does."""
    transfer = page.evaluate_handle(
        "([name, text]) => { const t = new DataTransfer(); "
        "t.items.add(new File([text], name, {type: 'text/csv'})); return t; }",
        [file.name, file.read_text()],
    )
    page.dispatch_event("[data-testid=drop]", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("[data-testid=drop]", "drop", {"dataTransfer": transfer})


def card(page: Page, name: str) -> Locator:
    """The card of a chosen file."""
    return page.locator(f"section[aria-label='{name}']")


def fact(page: Page, term: str) -> Locator:
    """The value beside a term of a description list."""
    return page.locator("#main dl > div").filter(has=page.get_by_text(term, exact=True)).locator("dd").first


def start(page: Page, name: str) -> str:
    """Press Start on the only chosen file; returns the import's id once its page is open."""
    button = card(page, name).get_by_role("button", name="Start import")
    button.click(timeout=SLOWLY)
    # While the page moves, a press can land beside the button (seen once on a busy machine): a person presses again.
    try:
        expect(button.and_(page.locator(":enabled"))).to_have_count(0, timeout=5_000)
    except AssertionError:
        button.click(timeout=SLOWLY)
    page.wait_for_url(re.compile(r"/imports/(?!new)[\w-]+$"), timeout=SLOWLY)
    return page.url.rsplit("/", 1)[1]


def picture(page: Page, name: str) -> None:
    """Keep how the page looks, whole: in a window as high as the page.

    Chromium's own pictures of whole pages make the window one pixel wide for a moment, and the page draws anew.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(size)


def troubles(page: Page) -> list[str]:
    """What axe-core calls serious or critical on the page as it is: rule, help and the first places."""
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact))"
        ".map(v => `${v.id} (${v.impact}): ${v.help}: `"
        " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + (n.any[0]?.message ?? '')).join(' | '))"
    )
    return [str(one) for one in found]


class Wire:
    """Everything that comes in for a page, streams of Firestore's web channel included, as text."""

    def __init__(self, page: Page) -> None:
        self._bodies: dict[str, bytearray] = {}
        self.addresses: dict[str, str] = {}
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.on("Network.responseReceived", self._began)
        self._devtools.on("Network.dataReceived", self._more)
        self._devtools.send("Network.enable")

    def _began(self, event: dict[str, Any]) -> None:
        identity = event["requestId"]
        self.addresses[identity] = event["response"]["url"]
        try:
            so_far = self._devtools.send("Network.streamResourceContent", {"requestId": identity})["bufferedData"]
        except Error:
            return  # over already: read in full when asked
        self._keep(identity, so_far)

    def _more(self, event: dict[str, Any]) -> None:
        self._keep(event["requestId"], event.get("data") or "")

    def _keep(self, identity: str, encoded: str) -> None:
        try:
            self._bodies.setdefault(identity, bytearray()).extend(base64.b64decode(encoded))
        except binascii.Error:
            return

    def text(self) -> str:
        """All bodies so far, one after the other."""
        whole = []
        for identity in list(self.addresses):
            body = self._bodies.get(identity)
            if not body:
                try:
                    answer = self._devtools.send("Network.getResponseBody", {"requestId": identity})
                except Error:
                    continue  # a redirect or an empty answer
                raw = answer["body"]
                body = bytearray(base64.b64decode(raw) if answer["base64Encoded"] else raw.encode())
            whole.append(body.decode("utf-8", errors="replace"))
        return "\n".join(whole)
