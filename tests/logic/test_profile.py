"""The profile as a fold: in any order the same, and each rule of precedence by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest

from functions.ingest import profile
from schema.records import ConsentChange, Person

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def at(days: float) -> datetime:
    return DAY + timedelta(days=days)


def folded(*steps: Callable[[profile.Doc], None]) -> profile.Doc:
    """The source after the steps; the same in every order and with each step twice."""
    outcomes = []
    for order in itertools.permutations(steps):
        source = profile.empty_source("shop", "c1")
        for step in (*order, *order):
            step(source)
        outcomes.append(source)
    assert all(one == outcomes[0] for one in outcomes)
    return outcomes[0]


def says(days: float, version: int, **fields: Any) -> Callable[[profile.Doc], None]:
    return lambda source: profile.fold_person(source, Person(key="c1", **fields), at(days), version)


def consents(
    channel: Any, status: Literal["granted", "denied"], days: float, source: str
) -> Callable[[profile.Doc], None]:
    change = ConsentChange(channel=channel, status=status, at=at(days), source=source)
    return lambda held: profile.fold_consent(held, [change])


# --- fields ---


def test_the_latest_effective_value_wins() -> None:
    source = folded(says(3, 1, name="Newest"), says(1, 9, name="Oldest"), says(2, 5, name="Middle"))
    assert source["name"] == "Newest"


def test_at_one_moment_the_newer_version_wins_and_in_one_version_one_rule_decides() -> None:
    assert folded(says(1, 1, email="z@example.con"), says(1, 2, email="a@example.com"))["email"] == "a@example.com"
    assert folded(says(1, 1, country="CN"), says(1, 1, country="GB"))["country"] == "GB"


def test_what_a_record_does_not_say_stays() -> None:
    source = folded(says(1, 1, name="Ann", phone="+441", tags=["b", "a", "b"]), says(2, 2, name="Ann Li"))
    assert (source["name"], source["phone"], source["tags"]) == ("Ann Li", "+441", ["a", "b"])


def test_fields_are_settled_one_by_one() -> None:
    source = folded(says(1, 1, name="Ann", country="GB"), says(2, 2, name="Ann Li"), says(3, 3, country="CN"))
    assert (source["name"], source["country"]) == ("Ann Li", "CN")


def test_a_value_said_again_later_holds_against_what_came_between() -> None:
    assert folded(says(1, 1, name="Ann"), says(2, 2, name="Bea"), says(3, 3, name="Ann"))["name"] == "Ann"


def test_profiling() -> None:
    def chooses(days: float, choice: str | None) -> Callable[[profile.Doc], None]:
        return lambda source: profile.fold_profiling(source, choice, at(days), 1)

    assert folded(chooses(1, "allowed"), chooses(2, "opted out"), chooses(3, None))["profiling"] == "opted out"
    assert folded(chooses(2, "allowed"), chooses(1, "opted out"))["profiling"] == "allowed"


# --- consent ---


@pytest.mark.parametrize(
    ("one", "other", "winner"),
    [
        (("granted", 1, "file column"), ("denied", 2, "file column"), "denied"),
        (("denied", 1, "file column"), ("granted", 2, "checkout"), "granted"),
        (("denied", 1, "file column"), ("granted", 2, "attestation i1"), "denied"),
        (("granted", 1, "checkout"), ("denied", 2, "attestation i1"), "granted"),
        (("granted", 1, "attestation i1"), ("denied", 2, "attestation i2"), "denied"),
        (("granted", 1, "checkout"), ("denied", 1, "checkout"), "denied"),
        (("denied", 1, "a"), ("granted", 1, "z"), "denied"),
    ],
)
def test_consent(one: Any, other: Any, winner: str) -> None:
    source = folded(consents("email", *one), consents("email", *other))
    assert source["consent"]["email"]["status"] == winner


def test_consent_is_by_channel_and_an_attestation_is_marked() -> None:
    consent = folded(
        consents("email", "granted", 1, "attestation i1"),
        consents("sms", "denied", 2, "file column"),
        consents("sms", "granted", 3, "attestation i1"),
    )["consent"]
    assert consent == {
        "email": {"status": "granted", "at": at(1), "source": "attestation i1", "attested": True},
        "sms": {"status": "denied", "at": at(2), "source": "file column", "attested": False},
    }


# --- the folded profile ---


def test_a_members_edit_wins_over_every_source() -> None:
    source = folded(says(9, 9, name="Ann", email="ann@example.com", country="GB", tags=["vip"]))
    manual = {"name": "王小明", "email": None, "country": "CN", "tags": ["friend"], "note": "x", "updatedBy": "u"}
    both = profile.fold(source, manual)
    assert (both["name"], both["email"], both["country"]) == ("王小明", "ann@example.com", "CN")
    assert (both["manualTags"], both["sourceTags"]) == (["friend"], ["vip"])


def test_nothing_known() -> None:
    nothing = profile.fold(None, None)
    assert nothing["profiling"] == "allowed" and nothing["consent"] == {} and nothing["name"] is None
    shown = profile.project_customer(nothing, "c1", date(2026, 3, 1))
    assert shown["displayName"] == "c1" and shown["ageBand"] is None and not any(shown["reach"].values())


@pytest.mark.parametrize(
    ("fields", "account", "name", "external"),
    [
        ({"name": "Ann"}, "c1", "Ann", "c1"),
        ({"email": "ann@example.com"}, "c1", "a•••@example.com", "c1"),
        ({}, "email:ann@example.com", "a•••@example.com", None),
        ({}, "phone:+447700900123", "•••• 23", None),
        ({}, "c1", "c1", "c1"),
    ],
)
def test_a_customer_shows_no_address(fields: Any, account: str, name: str, external: str | None) -> None:
    source = folded(says(1, 1, **fields))
    shown = profile.project_customer(profile.fold(source, None), account, date(2026, 3, 1))
    assert (shown["displayName"], shown["externalId"]) == (name, external)
    text = str(shown)
    assert "ann@example.com" not in text and "7700900123" not in text


@pytest.mark.parametrize(
    ("email", "status", "reached"),
    [("a@example.com", "granted", True), (None, "granted", False), ("a@example.com", "denied", False)],
)
def test_reach_needs_an_address_and_consent(email: str | None, status: Any, reached: bool) -> None:
    source = folded(says(1, 1, email=email), consents("email", status, 1, "checkout"))
    shown = profile.project_customer(profile.fold(source, None), "c1", date(2026, 3, 1))
    assert (shown["reach"]["email"], shown["reach"]["sms"]) == (reached, False)


def test_contact_holds_the_addresses() -> None:
    said = {"name": "Ann", "email": "a@example.com", "phone": "+441", "address": "1 St", "birth_date": "1990-01-02"}
    source = folded(says(1, 1, **said))
    said["birthDate"] = said.pop("birth_date")
    assert profile.contact(profile.fold(source, None)) == said


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (None, None),
        ("2008-03-02", "under 18"),
        ("2008-03-01", "18-24"),
        ("2001-03-02", "18-24"),
        ("2001-03-01", "25-34"),
        ("1991-03-01", "35-44"),
        ("1981-03-01", "45-54"),
        ("1971-03-01", "55-64"),
        ("1961-03-02", "55-64"),
        ("1961-03-01", "65+"),
        ("1900-01-01", "65+"),
        ("2008-02-29", "18-24"),
        ("2026-02-01", "under 18"),
    ],
)
def test_age_bands(birth: str | None, band: str | None) -> None:
    assert profile.age_band(birth, date(2026, 3, 1)) == band


def test_a_birthday_has_no_year() -> None:
    source = folded(says(1, 1, birth_date="1992-02-29"))
    assert profile.project_customer(profile.fold(source, None), "c1", date(2026, 3, 1))["birthMonthDay"] == "02-29"


# --- search ---


@pytest.mark.parametrize(
    ("name", "account", "tokens"),
    [
        ("Ann Li", "C-9", ["c-9", "an", "ann", "li"]),
        ("王小明", "c1", ["c1", "王", "小", "王小", "明", "小明", "王小明"]),
        ("𠮷野", "", ["𠮷", "野", "𠮷野"]),
        ("𠮷", "", ["𠮷"]),
        ("김민수", "", ["김", "민", "김민", "수", "민수", "김민수"]),
        ("ＡＢＣ", "", ["ab", "abc"]),
        ("O'Neil", "", ["ne", "nei", "neil"]),
        ("A", "", []),
        (None, "email:ann@example.com", []),
        (None, "phone:+447700900123", []),
    ],
)
def test_search_tokens(name: str | None, account: str, tokens: list[str]) -> None:
    assert profile.search_tokens(name, account) == tokens


def test_search_tokens_are_bounded() -> None:
    assert profile.search_tokens("Wolfeschlegelsteinhausen", "")[-1] == "wolfeschlege"
    assert len(profile.search_tokens(" ".join(f"word{n}x" for n in range(99)), "id")) == 60
