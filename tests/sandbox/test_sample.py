"""The sample shop's records: how many, how varied, valid, repeatable, and nobody who could exist."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from sandbox.sample.files import write_files
from sandbox.sample.people import make_people
from sandbox.sample.records import RECORDS_A_MESSAGE
from sandbox.sample.words.compose import is_short
from schema.records import RECORD
from tests.sandbox.facts import of_kind
from tests.sandbox.shops import AUTUMN, WINTER, messages_of, records_of, shop_of

MAIL = re.compile(r"^[a-z0-9.]+@(example\.com|example\.org)$")
PHONE = re.compile(r"^(\+1[2-9]\d{2}55501\d{2}|\+447700900\d{3})$")


def test_counts_are_those_of_the_documentation() -> None:
    for until in (WINTER, AUTUMN):
        kinds = Counter(record["kind"] for record in records_of(until))
        assert kinds["customer"] == 2000
        assert 7400 <= kinds["order"] <= 9000
        assert 2200 <= kinds["feedback"] <= 2900
        assert 3500 <= kinds["event"] <= 4500
        assert kinds["product"] == 42


@pytest.mark.slow
def test_another_process_writes_the_same_bytes_in_under_ten_seconds(tmp_path: Path) -> None:
    write_files(shop_of(WINTER), tmp_path / "here")
    root = Path(__file__).resolve().parents[2]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "sandbox.sample", "--until", WINTER.isoformat(), "--out", str(tmp_path / "there")]
    done = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONHASHSEED": "77"}, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 10, "seconds of the processor: the machine may be busy with other tests"
    assert done.returncode == 0 and "customers.csv 2000" in done.stdout
    names = ["customers.csv", "orders.csv", "reviews.csv", "visits.ndjson"]
    assert sorted(file.name for file in (tmp_path / "here").iterdir()) == names
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_another_seed_gives_other_people() -> None:
    first, second = (make_people(Random(seed), WINTER) for seed in (1, 2))
    assert first[0].identity != second[0].identity


def test_every_record_is_valid_and_keeps_its_form() -> None:
    for record in records_of(WINTER):
        assert RECORD.validate_python(record).to_json() == record


def test_the_data_end_on_the_day_before() -> None:
    end = datetime(WINTER.year, WINTER.month, WINTER.day, tzinfo=UTC)
    times = [datetime.fromisoformat(record.get("placedAt") or record["at"]) for record in records_of(WINTER)
             if record["kind"] != "product"]  # fmt: skip
    assert max(times) < end
    assert end - max(times) < timedelta(days=1)
    assert timedelta(days=725) < end - min(times) <= timedelta(days=731)
    for record in of_kind(records_of(WINTER), "customer"):
        assert all(datetime.fromisoformat(change["at"]) <= end for change in record["consent"])


def test_nothing_happens_before_the_account_exists() -> None:
    joined = {record["person"]["key"]: record["at"] for record in of_kind(records_of(WINTER), "customer")}
    for record in records_of(WINTER):
        if record["kind"] in ("order", "feedback", "event"):
            assert (record.get("placedAt") or record["at"]) >= joined[record["person"]["key"]]


def test_money_adds_up() -> None:
    for order in of_kind(records_of(WINTER), "order"):
        goods = sum(line["price"] * line["quantity"] for line in order["lines"])
        assert order["total"] == goods - order["discount"] > 0
        assert 0 <= order["refunded"] <= order["total"]
        assert order["items"] == sum(line["quantity"] for line in order["lines"])
        assert order["currency"] in ("USD", "CNY")
        assert (order["status"] == "refunded") == (order["refunded"] == order["total"])


def test_countries_languages_and_currencies() -> None:
    customers = of_kind(records_of(WINTER), "customer")
    countries = Counter(record["person"]["country"] for record in customers)
    assert {"US", "GB", "SG", "CN", "HK", "TW"} <= set(countries)
    languages = Counter(record["person"]["language"] for record in customers)
    assert set(languages) == {"en", "zh"} and min(languages.values()) > 500
    currencies = Counter(order["currency"] for order in of_kind(records_of(WINTER), "order"))
    assert currencies["USD"] > currencies["CNY"] > 500


def test_the_peaks_of_the_year() -> None:
    """Black Friday weekend, and the weeks before Chinese New Year in China, are busier than the weeks around them."""
    days: Counter[date] = Counter()
    china: Counter[date] = Counter()
    for order in of_kind(records_of(WINTER), "order"):
        day = datetime.fromisoformat(order["placedAt"]).date()
        days[day] += 1
        china[day] += order["person"]["country"] == "CN"

    def total(counter: Counter[date], first: date, length: int) -> float:
        return sum(counter[first + timedelta(days=day)] for day in range(length)) / length

    friday = date(2025, 11, 28)
    assert total(days, friday, 4) > 1.7 * total(days, friday - timedelta(days=21), 14)
    feast = date(2026, 2, 17)
    assert total(china, feast - timedelta(days=24), 20) > 1.5 * total(china, feast - timedelta(days=80), 40)
    assert total(china, feast, 6) < total(china, feast - timedelta(days=24), 20) / 2


def test_consent_is_missing_for_a_tenth_and_profiling_refused_by_a_twentieth() -> None:
    customers = of_kind(records_of(WINTER), "customer")
    assert sum(not record["consent"] for record in customers) == 200
    assert sum(record["profiling"] == "opted out" for record in customers) == 100
    channels = {change["channel"] for record in customers for change in record["consent"]}
    assert channels == {"email", "sms", "wechat", "push"}
    for record in customers:
        if any(change["channel"] == "sms" for change in record["consent"]):
            assert record["person"]["phone"]


def test_nobody_could_exist() -> None:
    people = [record["person"] for record in of_kind(records_of(WINTER), "customer")]
    assert all(MAIL.match(person["email"]) for person in people)
    assert len({person["email"] for person in people}) == len(people)
    phones = [person["phone"] for person in people if person["phone"]]
    assert len(phones) > 500 and all(PHONE.match(phone) for phone in phones)
    assert len(set(phones)) == len(phones), "a shared number would join two customers"
    assert {p["country"] for p in people if p["phone"]} == {"US", "GB", "CA"}


def test_customers_differ_without_being_typed() -> None:
    """Purchases spread widely and without gaps; no field of a record carries a label."""
    counts = Counter(record["person"]["key"] for record in of_kind(records_of(WINTER), "order"))
    spread = Counter(counts.values())
    assert all(spread[orders] for orders in range(1, 25))
    assert 150 < 2000 - len(counts) < 400, "some only ever looked"
    tags = {tag for record in of_kind(records_of(WINTER), "customer") for tag in record["person"]["tags"]}
    assert tags == {"newsletter", "gift buyer", "trade"}


def test_texts_are_many_and_different() -> None:
    for until in (WINTER, AUTUMN):
        by_language: dict[str, Counter[str]] = defaultdict(Counter)
        for said in of_kind(records_of(until), "feedback"):
            by_language[said["language"]][said["text"]] += 1
        for language, texts in by_language.items():
            assert len(texts) >= 300
            assert all(is_short(text, language) for text, times in texts.items() if times > 1)
            assert not any("{" in text or "@" in text for text in texts)
        kinds = {said["words"] for said in of_kind(records_of(until), "feedback")}
        assert kinds == {"review", "chat", "message", "survey"}


def test_forty_customers_wrote_over_350_words() -> None:
    """A word is what spaces separate in English; in Chinese, two characters count as one."""
    for until in (WINTER, AUTUMN):
        words: Counter[str] = Counter()
        for said in of_kind(records_of(until), "feedback"):
            text = said["text"]
            words[said["person"]["key"]] += len(text.split()) if said["language"] == "en" else len(text) // 2
        assert sum(count > 350 for count in words.values()) >= 40


def test_ratings_match_their_words() -> None:
    reviews = [said for said in of_kind(records_of(WINTER), "feedback") if said["words"] == "review"]
    stars = Counter(said["rating"] for said in reviews)
    assert stars[5] > stars[3] > stars[1] > 20
    for said in reviews:
        if "Worth every cent" in said["text"] or "每一分钱都值" in said["text"]:
            assert said["rating"] >= 4
        if "my money back" in said["text"] or "麻烦给我退款" in said["text"]:
            assert said["rating"] <= 2


def test_taiwan_and_hong_kong_write_traditional_characters() -> None:
    simplified = re.compile(r"[这里还没个们买说话样东西时为对给过觉讲]")
    plain = {"里", "個", "東", "西", "樣"}
    for said in of_kind(records_of(WINTER), "feedback"):
        if said["person"]["country"] in ("HK", "TW") and said["language"] == "zh":
            assert not set(simplified.findall(said["text"])) - plain - {"西"}


def test_messages_hold_whole_customers() -> None:
    bunches = messages_of(WINTER)
    assert all(0 < len(bunch) <= RECORDS_A_MESSAGE for bunch in bunches)
    assert sum(len(bunch) for bunch in bunches) == len(records_of(WINTER))
    homes: dict[str, set[int]] = defaultdict(set)
    for position, bunch in enumerate(bunches):
        for record in bunch:
            if record["kind"] != "product":
                homes[record["person"]["key"]].add(position)
    assert all(len(found) == 1 for found in homes.values())
