"""The cleaning rules one by one: what each changes, what it sets aside, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.ingest.cleaning import RULES
from functions.ingest.cleaning.codes import country_code
from functions.ingest.cleaning.people import tidy_name
from functions.ingest.cleaning.pipeline import Sieved, masked, sieve
from functions.ingest.cleaning.rule import Surroundings
from functions.ingest.cleaning.sources import twins
from functions.ingest.cleaning.texts import plain, repaired, words_only
from schema.records import RECORD

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AROUND = Surroundings(now=NOW, staff_domains=frozenset(("shop.example",)))
AT = "2026-02-01T10:00:00Z"
LINE: dict[str, Any] = {"productId": "p1", "title": "Tea", "quantity": 1, "price": 1000}


def order(**said: Any) -> dict[str, Any]:
    plain_order = {"kind": "order", "version": 1, "id": "o1", "placedAt": AT, "currency": "USD", "total": 1000}
    return plain_order | {"person": {"key": "c1"}} | said


def words(text: str, **said: Any) -> dict[str, Any]:
    return {"kind": "feedback", "version": 1, "id": "f1", "person": {"key": "c1"}, "at": AT, "text": text} | said


def person(**said: Any) -> dict[str, Any]:
    return {"kind": "customer", "version": 1, "person": {"key": "c1"} | said}


def event(**said: Any) -> dict[str, Any]:
    return {
        "kind": "event",
        "version": 1,
        "id": "e1",
        "person": {"key": "c1"},
        "event": "page",
        "at": AT,
        "properties": said,
    }


def run(raw: dict[str, Any], around: Surroundings = AROUND) -> Sieved:
    return sieve(raw, around)


def rules_of(one: Sieved) -> list[str]:
    return [touch.rule for touch in one.touched]


# --- texts ---


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("cafÃ© au lait", "café au lait"),
        ("Itâ€™s great", "It’s great"),
        ("ä¸\xadå›½èŒ¶å¾ˆå¥½", "中国茶很好"),
        ("Plain text", "Plain text"),
        ("不错，很喜欢", "不错，很喜欢"),
        ("“Quoted” and ½ price — naïve", "“Quoted” and ½ price — naïve"),
    ],
)
def test_encodings(broken: str, right: str) -> None:
    assert repaired(broken) == right


def test_broken_words_of_a_record_are_repaired_and_told() -> None:
    one = run(words("Le cafÃ© est bon"))
    assert one.record.text == "Le café est bon"  # type: ignore[union-attr]
    [touch] = one.touched
    assert (touch.rule, touch.action, touch.field) == ("encodings", "changed", "text")
    assert touch.before is not None and "café" not in touch.before


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        ("<p>Good <b>tea</b>&amp; cups</p>", "Good tea& cups"),
        ("one<br/>two", "one\ntwo"),
        ("<script>alert(1)</script>茶很好&nbsp;！", "茶很好 ！"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 it", "I <3 it"),
        ("A&B", "A&B"),
    ],
)
def test_markup(marked: str, right: str) -> None:
    assert plain(marked) == right


@pytest.mark.parametrize(
    ("mail", "kept"),
    [
        ("The lid broke.\n\nBest regards,\nAnn Lee\n+44 7700 900123", "The lid broke."),
        ("The lid broke.\n-- \nAnn", "The lid broke."),
        ("Still broken.\n\nOn Mon, 2 Feb 2026 at 10:00, Shop wrote:\n> Is it?", "Still broken."),
        ("还是坏的。\n\n在 2026年2月1日，店铺 <a@shop.example> 写道：\n> 您好", "还是坏的。"),
        ("盖子坏了。\n发自我的iPhone", "盖子坏了。"),
        ("Broken!\nSent from my iPhone", "Broken!"),
        ("Thanks, great tea", "Thanks, great tea"),
        ("> only a quote", "> only a quote"),
    ],
)
def test_signatures(mail: str, kept: str) -> None:
    assert words_only(mail) == kept


# --- codes ---


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("China", "CN"),
        ("中国", "CN"),
        ("gb", "GB"),
        ("UK", "GB"),
        ("Deutschland", "DE"),
        ("Narnia", None),
        ("香港", "HK"),
    ],
)
def test_countries(name: str, code: str | None) -> None:
    assert country_code(name) == code
    held = run(person(country=name)).record.person  # type: ignore[union-attr]
    assert held is not None and held.country == code


def test_times_without_a_zone_are_utc() -> None:
    one = run(order(placedAt="2026-02-01 10:00:00"))
    assert one.record.placed_at == datetime(2026, 2, 1, 10, tzinfo=UTC)  # type: ignore[union-attr]
    assert rules_of(one) == ["zones"]


def test_currency_codes_are_written_in_capitals() -> None:
    assert run(order(currency=" usd ")).record.currency == "USD"  # type: ignore[union-attr]
    assert run(order(currency="rmb")).record.currency == "CNY"  # type: ignore[union-attr]


def test_a_record_without_shape_is_refused_not_cleaned() -> None:
    with pytest.raises(ValidationError):
        run({"kind": "order"})


# --- facts ---


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (order(placedAt="1970-01-01T00:00:00Z"), "dates"),
        (order(placedAt="2027-01-01T00:00:00Z"), "dates"),
        (order(currency="ZZZ"), "currencies"),
        (order(currency="JPY", total=100_000, lines=[LINE]), "currencies"),
        (order(total=10**10), "amounts"),
        (order(discount=5000, lines=[LINE]), "amounts"),
        (order(status="test"), "test orders"),
        (order(staff=True), "staff orders"),
        (order(person={"key": "c9", "email": "bo@Shop.Example"}), "staff orders"),
        (event(userAgent="Mozilla/5.0 (compatible; Googlebot/2.1)"), "bots"),
        (event(eventsPerMinute="400"), "bots"),
    ],
)
def test_what_cannot_be_is_set_aside_with_its_reason(raw: dict[str, Any], rule: str) -> None:
    one = run(raw)
    assert one.aside is not None and one.rule == rule
    assert one.aside.reason.en.endswith(".") and one.aside.reason.zh.endswith("。")
    assert [touch.action for touch in one.touched] == ["set aside"]
    assert sieve(raw, AROUND, [rule]).aside is None


@pytest.mark.parametrize(
    "raw",
    [
        order(),
        order(total=0, discount=3000, lines=[LINE | {"quantity": 3}]),
        order(currency="JPY", total=1000, lines=[LINE]),
        order(placedAt=(NOW + timedelta(hours=10)).isoformat()),
        order(person=None, lines=[LINE]),
        words("茶很好"),
        event(userAgent="Mozilla/5.0 (iPhone)", eventsPerMinute="many"),
        person(name="Ann Lee", email="ann@example.com", phone="+447700900123", address="1 High Street, London"),
    ],
)
def test_what_is_fine_is_not_touched(raw: dict[str, Any]) -> None:
    one = run(raw)
    assert one.touched == [] and one.aside is None
    assert one.record == RECORD.validate_python(raw)


def test_words_with_an_impossible_date_are_words_without_one() -> None:
    assert run(words("Good", at="1970-01-01T00:00:00Z")).record.at is None  # type: ignore[union-attr]


def test_a_refund_counts_up_to_the_total() -> None:
    one = run(order(status="refunded", refunded=5000))
    assert one.record.refunded == 1000  # type: ignore[union-attr]
    assert (one.touched[0].before, one.touched[0].after) == ("5000", "1000")


def test_an_impossible_birth_date_is_left_out() -> None:
    for born in ("1850-01-01", "2040-01-01", "2001-02-31"):
        held = run(person(birthDate=born)).record.person  # type: ignore[union-attr]
        assert held is not None and held.birth_date is None


def test_a_shop_may_have_larger_orders() -> None:
    around = Surroundings(now=NOW, largest_order={"USD": 10**11})
    assert run(order(total=10**10), around).aside is None


# --- people ---


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ANN LEE", "Ann Lee"),
        ("ann  lee", "Ann Lee"),
        ("MARY MCDONALD-O'BRIEN", "Mary McDonald-O'Brien"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("Mr. Bo Chen 🎉", "Bo Chen"),
        ("王小明先生", "王小明"),
        ("  王小明 ", "王小明"),
        ("JJ", "JJ"),
        ("van der Berg", "van der Berg"),
        ("Test Test", None),
        ("测试用户", None),
        ("12345", None),
    ],
)
def test_names(written: str, name: str | None) -> None:
    assert tidy_name(written) == name


def test_phones_take_their_countrys_code() -> None:
    held = run(person(phone="020 7946 0018", country="United Kingdom", address=" 1  High St ,, London ")).record
    assert held.person.phone == "+442079460018"  # type: ignore[union-attr]
    assert held.person.address == "1 High St, London"  # type: ignore[union-attr]
    assert run(person(phone="7946 0018")).record.person.phone == "7946 0018"  # type: ignore[union-attr]


@pytest.mark.parametrize("twice", ["a@b.coma@b.com", "a@b.com, a@b.com", "a@b.com; A@B.com", "Ann <a@b.com> a@b.com"])
def test_an_address_written_twice(twice: str) -> None:
    assert run(person(email=twice)).record.person.email == "a@b.com"  # type: ignore[union-attr]


def test_two_addresses_are_not_one() -> None:
    assert run(person(email="a@b.com, c@d.com")).record.person.email == "a@b.com, c@d.com"  # type: ignore[union-attr]


# --- the same words twice ---


def test_the_first_of_two_equal_texts_stays() -> None:
    second = "2026-02-01T10:00:30Z"
    raws = [
        words("很好", id="f2", at=second),
        words("很好 ", id="f1"),
        words("很好", id="f3", at="2026-02-01T10:02:00Z"),
        words("很好", id="f4", person={"key": "c2"}),
        words("不好", id="f5", at=second),
        words("很好", id="f1"),
        words("很好", id="row", generatedId=True),
    ]
    assert twins([(number, RECORD.validate_python(raw)) for number, raw in enumerate(raws)]) == {0: "f1"}


# --- the table ---


def test_every_rule_has_a_name_of_its_own_and_a_title_in_both_languages() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.title.en and any("\u4e00" <= sign <= "\u9fff" for sign in rule.title.zh)


def test_a_rule_that_is_switched_off_does_nothing() -> None:
    for name in ("test orders", "staff orders"):
        raw = order(status="test") if name == "test orders" else order(staff=True)
        assert run(raw).rule == name
        assert run(raw, Surroundings(now=NOW, off=frozenset((name,)))).aside is None


def test_test_orders_of_a_file_stay_what_they_are() -> None:
    assert run(order(status="test"), Surroundings(now=NOW, file=True)).touched == []


def test_examples_show_nothing_personal() -> None:
    assert masked("Ann Lee, ann@example.com", "person.name") == "A•• L••, a••@e•••.c••"
    assert masked("王小明", "person.name") == "王••"
    assert masked("+447700900123", "person.phone") == "+4•••"
    assert masked(5000, "refunded") == "5000"
