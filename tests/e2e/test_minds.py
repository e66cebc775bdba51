"""Words that a server hears are read within seconds, each as far as it can be; the pages of insight stand on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from functions.ingest.identity import record_id
from schema.clock import milliseconds, system_clock
from schema.records import FeedbackRecord, Origin, Person, PlatformEvents
from tests.e2e.browsing import SLOWLY, settled, visit
from tests.e2e.running import LONG, Running, eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
CONNECTION = "csv"
WORDS = {
    "sarcastic": "Oh great, it broke on the very first day. Exactly what I paid for. Thanks a lot for nothing!",
    "chinese": "质量很差，用了两天就坏了，客服也不理人，太失望了",
    "french": "Le colis est arrivé en retard et la qualité est vraiment décevante, je ne recommande pas.",
    "two words": "Love it!",
}
STATUS = {"sarcastic": "scored", "chinese": "scored", "french": "not supported", "two words": "too short"}


def path_of(name: str) -> str:
    return f"emotions/{record_id(CONNECTION, 'feedback', f'word-{name}')}"


def test_words_are_read_as_far_as_they_can_be(
    suite: Running, owner: Page, imported: None, measured: Callable[[str, float], None]
) -> None:
    """Four texts of one customer: two scored with evidence, one in a language that is not read, one too short."""
    buyer = suite.newest("customers", "stats.revenue")
    now = system_clock()
    records = [
        FeedbackRecord(
            version=milliseconds(now),
            id=f"word-{name}",
            person=Person(key=buyer.get("externalId")),
            at=datetime(1998, 6, 29, 10, number, tzinfo=UTC),
            text=text,
        ).to_json()
        for number, (name, text) in enumerate(WORDS.items())
    ]
    began = time.monotonic()
    suite.publish(
        "platform-events",
        PlatformEvents(origin=Origin(connection_id=CONNECTION, platform="csv"), records=records).to_json(),
    )
    held: dict[str, dict[str, Any]] = {}
    for name in WORDS:
        held[name] = eventually(f"the {name} text was looked at", lambda name=name: suite.get(path_of(name)))
    measured("four texts, from publishing to their scores (cold or warm workers)", time.monotonic() - began)
    assert {name: one["status"] for name, one in held.items()} == STATUS
    assert held["sarcastic"]["language"] == "en" and held["chinese"]["language"] == "zh"
    assert held["french"]["language"] == "fr" and held["french"]["sentiment"] is None
    assert held["chinese"]["sentiment"]["label"] == "negative"
    for name in ("sarcastic", "chinese"):
        assert sum(held[name]["groups"].values()) == pytest.approx(1, abs=1e-3)
    psyche = eventually("their mood is on the customer", lambda: suite.get(f"customers/{buyer.id}").get("psyche"))
    assert psyche["ocean"] is None and psyche["oceanReason"] == "not enough text"

    visit(owner, f"/customers/{buyer.id}?tab=words")
    settled(owner)
    main = owner.locator("#main")
    expect(main.get_by_text(WORDS["two words"]).first).to_be_visible(timeout=SLOWLY)
    expect(main.get_by_text("French", exact=False).first).to_be_visible(timeout=SLOWLY)
    item = main.get_by_role("listitem").filter(has_text="质量很差").first
    asked = time.monotonic()
    item.get_by_role("button", name="Which words?").click(timeout=SLOWLY)
    expect(main.locator("mark").first).to_be_visible(timeout=SLOWLY)
    measured("evidence, from the press to the marks on the page", time.monotonic() - asked)
    spans = suite.get(path_of("chinese"))["evidence"]["spans"]
    text = WORDS["chinese"]
    assert all(0 <= span["start"] < span["end"] <= len(text) for span in spans)


def test_a_frustrated_customer_opens_a_case_that_is_done(suite: Running, owner: Page, imported: None) -> None:
    """Negative, angry words within the last thirty days of the data: a case, taken and closed in the browser."""
    case = eventually("a case was opened", lambda: suite.where("cases", "kind", "frustrated"), LONG)[0]
    customer = suite.get(f"customers/{case.get('customerId')}")
    assert any(tag["tag"] == "frustrated" for tag in customer["modelTags"])
    visit(owner, "/care")
    settled(owner)
    expect(owner.locator("#main").get_by_text(customer["displayName"]).first).to_be_visible(timeout=SLOWLY)


def test_the_learning_job_fills_every_page(suite: Running, owner: Page, imported: None) -> None:
    """After words came in, "Retrain now" leaves no page of insight empty; the models say what they earned."""
    visit(owner, "/training")
    before = {run.id for run in suite.where("runs", "kind", "learn")}
    owner.get_by_role("button", name="Retrain now").click(timeout=SLOWLY)

    def learnt() -> bool:
        return any(run.get("status") == "done" for run in suite.where("runs", "kind", "learn") if run.id not in before)

    eventually("the job that was asked for is done", learnt, 2 * LONG, every=1.0)
    for name in ("behaviour", "predictions", "emotions", "groupings", "affinity"):
        eventually(f"metrics/{name} is there", lambda name=name: suite.get(f"metrics/{name}"), LONG, every=1.0)
    value = eventually("the value model was fitted", lambda: suite.get("models/value"), LONG)
    assert value["version"] >= 1 and value["fit"]
    churn = suite.get("models/churn")
    assert churn["metrics"]["auc"] > 0.5 and churn["inUse"] in ("model", "baseline")
    for path in ("/behaviour", "/predictions", "/emotions"):
        visit(owner, path)
        expect(owner.locator("#main canvas, #main svg[role=img], #main table").first).to_be_visible(timeout=SLOWLY)
