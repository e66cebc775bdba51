"""What each role may: an edit carries its author's name, support sees no address, an analyst sees no people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import SLOWLY, Wire, settled, sign_in, visit
from tests.e2e.running import Running, eventually

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.slow
NAME, PHONE = "Ottoline Fernsby", "+44 20 7946 0958"
SHAPES = ("+442079460958", "+44 20 7946 0958", "020 7946 0958", "02079460958", "7946 0958", "79460958")
"""How the number could be written."""


@pytest.fixture(scope="module")
def person(suite: Running) -> Any:
    """A customer of samples/orders.csv with an e-mail address: a snapshot of the contact document."""
    found = next((one for one in suite.db.collection_group("pii").stream() if one.to_dict().get("email")), None)
    if found is None:
        pytest.fail("no customer with an address came in")
    return found


def identity(person: Any) -> str:
    return str(person.reference.parent.parent.id)


def test_marketer_edits_in_own_name(
    suite: Running, owner: Page, room: Callable[..., BrowserContext], person: Any
) -> None:
    """The audit names who edited, for a server and for the owner; it names personal values without quoting them."""
    page = room().new_page()
    wire = Wire(page)
    sign_in(page, suite.hosting, "marketer", f"/customers/{identity(person)}")
    settled(page)
    email = person.get("email")
    expect(page.get_by_role("link", name=email)).to_be_visible(timeout=SLOWLY)
    page.get_by_role("button", name="Edit").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(NAME)
    dialog.get_by_label("Phone").fill(PHONE)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden(timeout=SLOWLY)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME, timeout=SLOWLY)
    # What a marketer may see is on the wire: so the search in support's traffic below does look where it should.
    wire_text = eventually("the address on the wire", lambda: wire.text() if email in wire.text() else "")
    assert SHAPES[0] in wire_text
    page.context.close()

    target = f"customers/{identity(person)}"
    entries = [one.to_dict() for one in suite.where("audit", "target", target)]
    assert [one["action"] for one in entries] == ["customer.edit"]
    assert (entries[0]["actorName"], entries[0]["actor"]) == ("Mia Marketer", "demo-marketer")
    assert set(entries[0]["after"]) == {"name", "phone"}
    assert not any(secret in str(entries[0]) for secret in (NAME, *SHAPES))

    visit(owner, "/members?tab=audit")
    line = owner.locator("#main li").filter(has_text="Mia Marketer").filter(has_text="edited a customer")
    expect(line).to_be_visible(timeout=SLOWLY)
    expect(line).to_contain_text(identity(person)[:12])
    expect(line).to_contain_text("changed")
    expect(line).not_to_contain_text(NAME)


def test_support_gets_no_address(suite: Running, room: Callable[..., BrowserContext], person: Any) -> None:
    """Neither on the page nor in anything that came over the wire, from the first byte on."""
    contact = person.reference.get().to_dict()
    assert contact["phone"] and contact["email"]
    page = room().new_page()
    wire = Wire(page)
    sign_in(page, suite.hosting, "support", "/customers")
    settled(page)
    expect(page.get_by_role("table", name="Customers").get_by_role("row").nth(3)).to_be_visible(timeout=SLOWLY)
    visit(page, f"/customers/{identity(person)}")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME, timeout=SLOWLY)
    for tab in ("Orders", "Words", "Timeline"):
        page.get_by_role("tab", name=tab).click()
        settled(page)
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    came = wire.text()
    assert NAME in came, "the recorder missed Firestore's stream"
    everybody = {
        value
        for one in suite.db.collection_group("pii").stream()
        for value in (one.to_dict().get("email"), one.to_dict().get("phone"))
        if value
    }
    assert len(everybody) > 20
    for where, text in (("page", page.content()), ("wire", came)):
        found = [value for value in {*everybody, *SHAPES} if value in text]
        assert found == [], where
    page.context.close()


def test_analyst_sees_no_people(suite: Running, room: Callable[..., BrowserContext]) -> None:
    """No way to people in the navigation, and by hand the page says that the role may not."""
    page = room().new_page()
    sign_in(page, suite.hosting, "analyst")
    settled(page)
    navigation = page.get_by_role("navigation", name="Main navigation").first
    expect(navigation.get_by_role("link", name="Segments")).to_be_visible(timeout=SLOWLY)
    for hidden in ("People", "Care", "Imports", "Settings"):
        expect(navigation.get_by_role("link", name=hidden, exact=True)).to_have_count(0)
    visit(page, "/customers")
    expect(page.get_by_text("Your role cannot open this")).to_be_visible(timeout=SLOWLY)
    page.context.close()
