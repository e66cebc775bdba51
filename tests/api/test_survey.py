"""The hosted survey: signed and open links, one answer a link, both languages, closed and expired, and the console."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from functions.access.errors import Refused
from functions.api import survey_page, survey_token
from functions.api.http import Request, Response
from functions.api.limits import Limits
from functions.api.survey import handle
from functions.api.survey_actions import actions
from functions.ingest.identity import customer_id
from functions.ingest.intake import take_in
from schema.flow import World
from schema.records import CustomerRecord, FeedbackRecord, Origin, Person, PlatformEvents
from tests.api.driver import IDENTITY_KEY, NOW, Api
from tests.faults import Crash, CrashingStore

ANN = customer_id(IDENTITY_KEY, "shop-1", "42")
TEXTS = {
    "question": {"en": "How was <your> order?", "zh": "您的订单怎么样？"},
    "thanks": {"en": "Thank you!", "zh": "谢谢！"},
}


class Surveys(Api):
    """A survey, a customer of a shop, and a browser that knows nothing but HTML."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.limits = Limits()
        self.survey = self.do("survey.create", name="After delivery", **TEXTS)["surveyId"]
        person = Person(key="42", name="Ann", email="ann@example.com")
        record = CustomerRecord(version=1, person=person)
        origin = Origin(connection_id="shop-1", platform="shopify")
        take_in(self.world, PlatformEvents(origin=origin, records=[record.to_json()]))
        self.bus.take()

    def do(self, action: str, **args: Any) -> dict[str, Any]:
        from functions.access.audit import Actor
        from functions.access.calls import Call

        call = Call(self.world, Actor("u1", "Ann", "ann@shop.example", "marketer"), args, None)  # type: ignore[arg-type]
        return actions(lambda: "https://shop.example")[action][1](call)

    def link(self, customer: str | None = ANN) -> str:
        return str(self.do("survey.link", surveyId=self.survey, customerId=customer)["url"])

    def ask(
        self, url: str, form: dict[str, str] | None = None, accept: str = "en", address: str = "203.0.113.7"
    ) -> Response:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = urlencode(form).encode() if form is not None else b""
        request = Request(
            "POST" if form is not None else "GET", parts.path, {"accept-language": accept}, body, address, query
        )
        return handle(self.world, request, self.limits)

    def answers(self) -> list[FeedbackRecord]:
        found = self.records()
        assert all(isinstance(record, FeedbackRecord) for record in found)
        return found  # type: ignore[return-value]

    def digest(self) -> None:
        for _, message in self.bus.take():
            take_in(self.world, message)  # type: ignore[arg-type]
        self.bus.take()


class Fields(HTMLParser):
    """Hidden fields and buttons of a page; fails on what the page must not have."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.buttons: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.feed(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        assert tag not in ("script", "img", "link", "iframe") and not any(name.startswith("on") for name in given)
        assert "src" not in given and not str(given.get("href", "?")).startswith("http")
        if tag == "input" and given.get("name"):
            self.hidden[str(given["name"])] = str(given["value"])
        if tag == "button":
            self.buttons.append(given)


@pytest.fixture
def shop() -> Surveys:
    return Surveys()


def test_looking_changes_nothing(shop: Surveys) -> None:
    before = shop.store.dump()
    for url in (shop.link(), shop.link() + "&a=5", shop.link(None)):
        assert shop.ask(url).status == 200
    assert (shop.store.dump(), shop.records()) == (before, [])


def test_one_tap_and_words(shop: Surveys) -> None:
    url = shop.link()
    page = Fields(shop.ask(url))
    assert [button["value"] for button in page.buttons] == ["1", "2", "3", "4", "5"]
    assert all(button["aria-label"] for button in page.buttons)
    thanks = shop.ask(url, {**page.hidden, "rating": "4"})
    more = Fields(thanks)
    assert "textarea" in more.tags and "label" in more.tags and more.hidden["rating"] == "4"
    [first] = shop.answers()
    assert first.person and (first.person.key, first.rating, first.text, first.words) == ("42", 4, "", "survey")
    done = Fields(shop.ask(url, {**more.hidden, "text": "Fast, thank you — 很好"}))
    assert "textarea" not in done.tags
    [second] = shop.answers()
    assert (second.id, second.text, second.rating) == (first.id, "Fast, thank you — 很好", 4)
    assert second.version > first.version
    assert shop.store.documents[f"surveys/{shop.survey}"][0]["answers"] == 1


def test_the_answer_is_the_customers(shop: Surveys) -> None:
    shop.ask(shop.link(), {"rating": "2", "text": "slow"})
    [(_, message)] = shop.bus.sent
    assert isinstance(message, PlatformEvents)
    assert (message.origin.connection_id, message.origin.platform) == ("shop-1", "shopify")
    shop.digest()
    [feedback] = [data for path, (data, _) in shop.store.documents.items() if path.startswith("feedback/")]
    assert (feedback["customerId"], feedback["kind"], feedback["rating"]) == (ANN, "survey", 2)
    source = shop.store.documents[f"customers/{ANN}/sources/account"][0]
    assert (source["email"], source["name"]) == ("ann@example.com", "Ann")


def test_another_tap_changes_the_mark_and_keeps_the_words(shop: Surveys) -> None:
    url = shop.link()
    shop.ask(url, {"rating": "2", "text": "slow"})
    shop.digest()
    shop.now += timedelta(days=1)
    shop.ask(url, {"rating": "5"})
    [record] = shop.answers()
    assert (record.rating, record.text) == (5, "slow")


def test_two_customers_two_answers(shop: Surveys) -> None:
    record = CustomerRecord(version=1, person=Person(key="43"))
    origin = Origin(connection_id="shop-1", platform="shopify")
    take_in(shop.world, PlatformEvents(origin=origin, records=[record.to_json()]))
    shop.bus.take()
    for customer in (ANN, customer_id(IDENTITY_KEY, "shop-1", "43"), ANN):
        shop.ask(shop.link(customer), {"rating": "5"})
    assert len({record.id for record in shop.answers()}) == 2
    assert shop.store.documents[f"surveys/{shop.survey}"][0]["answers"] == 2


def test_an_open_link_is_nobodys(shop: Surveys) -> None:
    url = shop.link(None)
    page = Fields(shop.ask(url))
    shop.ask(url, {**page.hidden, "rating": "3"})
    shop.ask(url, {**page.hidden, "rating": "4"})
    shop.ask(url, {**Fields(shop.ask(url)).hidden, "rating": "1"})
    first, second, third = shop.answers()
    assert first.person is second.person is third.person is None
    assert first.id == second.id != third.id


@pytest.mark.parametrize("change", ["customer", "expiry", "survey", "mark", "cut", "unicode"])
def test_a_changed_link_is_refused(shop: Surveys, change: str) -> None:
    base, token = shop.link().split("?t=")
    customer, until, mark = token.split(".")
    other = shop.do("survey.create", name="Other", **TEXTS)["surveyId"]
    url = {
        "customer": f"{base}?t={'0' * 20}.{until}.{mark}",
        "expiry": f"{base}?t={customer}.{int(until) + 1}.{mark}",
        "survey": f"{base.replace(shop.survey, other)}?t={token}",
        "mark": f"{base}?t={customer}.{until}.{'A' * len(mark)}",
        "cut": f"{base}?t={token[:-3]}",
        "unicode": f"{base}?t={quote('é.²²².x')}",
    }[change]
    assert shop.ask(url).status == 403
    assert shop.ask(url, {"rating": "5"}).status == 403
    assert shop.records() == []


def test_an_expired_link(shop: Surveys) -> None:
    url = shop.link()
    shop.now = NOW + survey_token.VALID
    assert shop.ask(url).status == 410 and shop.ask(url, {"rating": "5"}).status == 410
    assert b"expired" in shop.ask(url).body and shop.records() == []


def test_a_closed_survey(shop: Surveys) -> None:
    url = shop.link()
    shop.do("survey.close", surveyId=shop.survey)
    for link in (url, shop.link(None)):
        assert shop.ask(link).status == 410 and shop.ask(link, {"rating": "5"}).status == 410
    assert "已结束" in shop.ask(url, accept="zh-CN").body.decode() and shop.records() == []


def test_a_survey_that_is_not(shop: Surveys) -> None:
    for path in ("/s/none", "/s/", "/", "/s/a/b", "/s/..%2f"):
        assert shop.ask(f"https://shop.example{path}").status == 404


@pytest.mark.parametrize(
    ("accept", "extra", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh"), ("en-GB,zh;q=0.5", "", "en"), ("fr, zh;q=0.3, en;q=0.2", "", "zh"),
        ("", "", "en"), ("de", "", "en"), ("en", "&lang=zh", "zh"), ("zh", "&lang=en", "en"), ("zh;q=0, en", "", "en"),
        (";;q=x,,zh;q=nonsense", "", "en"),
    ],
)  # fmt: skip
def test_language(shop: Surveys, accept: str, extra: str, language: str) -> None:
    page = shop.ask(shop.link() + extra, accept=accept).body.decode()
    assert ("您的订单怎么样" in page) == (language == "zh")
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in page
    # The switch keeps the token.
    assert re.search(r'href="\?t=[^"]+&amp;lang=' + ("en" if language == "zh" else "zh"), page)


def test_both_languages_say_the_same_things() -> None:
    assert survey_page._WORDS["en"].keys() == survey_page._WORDS["zh"].keys()


def test_the_page_is_closed_to_the_outside(shop: Surveys) -> None:
    answer = shop.ask(shop.link())
    policy = answer.headers["content-security-policy"]
    style = re.search(r"<style>(.*?)</style>", answer.body.decode(), re.DOTALL)
    assert style and base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
    assert len(answer.body) < 8_000
    assert "How was &lt;your&gt; order?" in answer.body.decode() and "<your>" not in answer.body.decode()
    assert "Ann" not in answer.body.decode() and "ann@example.com" not in answer.body.decode()


@pytest.mark.parametrize("rating", ["0", "6", "", "-1", "5.0", "five", "٣", "99999999999"])
def test_no_such_answer(shop: Surveys, rating: str) -> None:
    assert shop.ask(shop.link(), {"rating": rating}).status == 400
    assert shop.records() == []


def test_words_have_a_limit(shop: Surveys) -> None:
    url = shop.link()
    long = shop.ask(url, {"rating": "5", "text": "好" * 10_001})
    assert long.status == 400 and "好" * 10_000 in long.body.decode() and shop.records() == []
    assert shop.ask(url, {"rating": "5", "text": "好" * 10_000}).status == 200
    assert len(shop.answers()[0].text) == 10_000


def test_nonsense_is_answered(shop: Surveys) -> None:
    for body in (b"\xff\xfe", b"&" * 50, b"rating=5&rating=1&n=<script>", b"a=1&" * 5000):
        parts = urlsplit(shop.link())
        request = Request("POST", parts.path, {}, body, "1.2.3.4", {"t": parse_qs(parts.query)["t"][0]})
        answer = handle(shop.world, request, shop.limits)
        assert answer.status in (200, 400) and b"<script>" not in answer.body


def test_too_many_answers(shop: Surveys) -> None:
    statuses = [shop.ask(shop.link(None), {"rating": "5"}).status for _ in range(200)]
    assert statuses[0] == 200 and statuses[-1] == 429
    assert shop.ask(shop.link(None), {"rating": "5"}, address="198.51.100.1").status == 200
    assert shop.ask(shop.link(), {"rating": "5"}).status == 200


@pytest.mark.parametrize(("kind", "sent", "stored"), [
    ("nps", "0", 1), ("nps", "5", 3), ("nps", "9", 5), ("nps", "10", 5), ("stars", "3", 3), ("smileys", "1", 1),
])  # fmt: skip
def test_kinds(shop: Surveys, kind: str, sent: str, stored: int) -> None:
    shop.do("survey.edit", surveyId=shop.survey, kind=kind)
    page = Fields(shop.ask(shop.link()))
    assert len(page.buttons) == (11 if kind == "nps" else 5)
    shop.ask(shop.link(), {"rating": sent})
    [record] = shop.answers()
    assert record.rating == stored and (kind == "nps") == (f"(NPS {sent})" in str(record.title))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_with_an_answer_loses_nothing(shop: Surveys, when: Any) -> None:
    url, whole = shop.link(), shop.world
    shop.world = World(CrashingStore(shop.store, 1, when), shop.bus, lambda: shop.now, IDENTITY_KEY)
    with pytest.raises(Crash):
        shop.ask(url, {"rating": "4"})
    shop.world = whole
    assert shop.records() == []
    shop.ask(url, {"rating": "4"})
    assert [record.rating for record in shop.answers()] == [4]
    assert shop.store.documents[f"surveys/{shop.survey}"][0]["answers"] == 1


def test_an_erased_customer_answers_as_nobody(shop: Surveys) -> None:
    url = shop.link()
    shop.store.documents[f"customers/{ANN}/sources/account"][0]["erasedVersion"] = 5
    shop.ask(url, {"rating": "5"})
    assert shop.answers()[0].person is None


def test_a_survey_may_ask_for_no_words(shop: Surveys) -> None:
    shop.do("survey.edit", surveyId=shop.survey, askText=False)
    answer = shop.ask(shop.link(), {"rating": "5", "text": "words"})
    assert "textarea" not in Fields(answer).tags and shop.answers()[0].text == ""


# --- console ---


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 201}, "name"), ({"question": {"en": "", "zh": ""}}, "question"),
        ({"question": "How?"}, "question"), ({"thanks": None}, "thanks"), ({"kind": "hearts"}, "kind"),
    ],
)  # fmt: skip
def test_what_a_survey_needs(shop: Surveys, args: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        shop.do("survey.create", **{"name": "n", **TEXTS, **args})
    assert refused.value.field == field and refused.value.zh


def test_one_language_stands_for_both(shop: Surveys) -> None:
    made = shop.do("survey.create", name="n", question={"zh": "好吗？"}, thanks={"en": "Thanks"})
    held = shop.store.documents[f"surveys/{made['surveyId']}"][0]
    assert held["question"] == {"en": "好吗？", "zh": "好吗？"}


def test_edits_are_audited_and_the_kind_is_kept_once_answered(shop: Surveys) -> None:
    shop.do("survey.edit", surveyId=shop.survey, name="New name")
    shop.do("survey.edit", surveyId=shop.survey, name="New name")
    audits = [data["action"] for path, (data, _) in shop.store.documents.items() if path.startswith("audit/")]
    assert sorted(audits) == ["survey.create", "survey.edit"]
    shop.ask(shop.link(), {"rating": "5"})
    with pytest.raises(Refused):
        shop.do("survey.edit", surveyId=shop.survey, kind="nps")


@pytest.mark.parametrize("args", [{"surveyId": "none"}, {"surveyId": ""}, {"surveyId": "a/b"}, {}])
@pytest.mark.parametrize("action", ["survey.edit", "survey.close", "survey.link"])
def test_no_such_survey(shop: Surveys, action: str, args: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        shop.do(action, **args)


@pytest.mark.parametrize("customer", ["nobody", "", "a/b", 7])
def test_no_such_customer(shop: Surveys, customer: Any) -> None:
    with pytest.raises(Refused):
        shop.do("survey.link", surveyId=shop.survey, customerId=customer)
