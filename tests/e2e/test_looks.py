"""Every page on a phone, in Chinese and dark, and the main ones wide and light: kept as pictures, looked at by axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import AXE, SLOWLY, picture, settled, sign_in, troubles, visit
from tests.e2e.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.slow


def places(suite: Running) -> dict[str, str]:
    """Every page of the console with something on it, name -> path."""
    segments = suite.where("segments", "retired", False, limit=1)
    buyer = suite.newest("customers", "stats.revenue")
    newest = suite.newest("imports", "createdAt")
    found = {
        "overview": "/",
        "customers": "/customers",
        "segments": "/segments",
        "care": "/care",
        "emotions": "/emotions",
        "behaviour": "/behaviour",
        "predictions": "/predictions",
        "affinity": "/affinity",
        "training": "/training",
        "imports": "/imports",
        "import-new": "/imports/new",
        "runs": "/runs",
        "members": "/members",
        "shop": "/members?tab=shop",
        "audit": "/members?tab=audit",
        "not-found": "/nowhere",
    }
    if segments:
        found["segment"] = f"/segments/{segments[0].id}"
    if buyer:
        found["customer"] = f"/customers/{buyer.id}"
    if newest:
        found["import"] = f"/imports/{newest.id}"
    return found


def walk(page: Page, places: dict[str, str], form: str) -> dict[str, list[str]]:
    """Go everywhere, keep a picture of each place; returns what is wrong by place."""
    wrong: dict[str, list[str]] = {}
    for name, path in places.items():
        if name == "not-found":
            page.evaluate("path => history.pushState({}, '', path)", path)
            expect(page.locator("#main").get_by_role("link")).to_be_visible(timeout=SLOWLY)
        else:
            visit(page, path)
        picture(page, f"{name}-{form}")
        found = troubles(page)
        wide, shown = page.evaluate(
            "() => [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if wide > shown:
            found.append(f"scrolls sideways: {wide} pixels in {shown}")
        if found:
            wrong[name] = found
    return wrong


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{place}: {one}" for place, found in wrong.items() for one in found)


def test_phone_chinese_dark(suite: Running, room: Callable[..., BrowserContext]) -> None:
    """The device says Chinese and dark, and is 390 pixels wide: so is the console, from the sign-in on."""
    assert AXE.exists(), "axe-core is missing: run scripts/install"
    page = room(
        viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark", reduced_motion="reduce"
    ).new_page()
    page.goto(suite.hosting)
    expect(page.locator("button[data-role=owner]")).to_be_visible(timeout=SLOWLY)
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    picture(page, "sign-in-zh-dark-390")
    wrong = {"sign-in": found} if (found := troubles(page)) else {}
    # Not the owner: a chosen language belongs to the member and would turn the owner's other window too.
    sign_in(page, suite.hosting, "admin")
    settled(page)
    page.get_by_role("button", name=re.compile("^(Language|语言)$")).click()
    page.get_by_role("menuitemradio", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh", timeout=SLOWLY)
    expect(page.locator("#main h1")).to_have_text("概览", timeout=SLOWLY)
    wrong |= walk(page, places(suite), "zh-dark-390")
    assert page.locator("html").get_attribute("lang") == "zh"
    page.context.close()
    assert not wrong, told(wrong)


def test_wide_english_light(suite: Running, owner: Page) -> None:
    """The same pages on a desk."""
    assert AXE.exists(), "axe-core is missing: run scripts/install"
    owner.emulate_media(reduced_motion="reduce")
    wrong = walk(owner, places(suite), "en-light-1440")
    owner.emulate_media(reduced_motion="no-preference")
    assert not wrong, told(wrong)
