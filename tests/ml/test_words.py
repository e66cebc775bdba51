"""Names, traits and reasons: unique, in both languages, from the figures alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.segmentation.features import FEATURES
from ml.segmentation.membership import assign, assigned, effective, propose, proposed
from ml.segmentation.naming import RULES, names, public_name
from ml.segmentation.words import MOST_REASONS, ORDINARY, Profile, gist, money, reasons, traits
from schema.segments import Segment

zs = st.lists(st.floats(-3, 3, allow_nan=False), min_size=6, max_size=6)
LUCIDE = {"crown", "sprout", "moon", "repeat", "gem", "tag", "clock", "user"}


def profile(z: list[float], orders: float = 2.0) -> Profile:
    means = np.array([50.0, orders, 20_000.0, 10_000.0, 30.0, 300.0])
    population = np.array([100.0, 2.5, 10_000.0, 5_000.0, 60.0, 350.0])
    return Profile(100, 0.1, 10, 0.2, 200, means, population, np.array(z), orders_each=orders)


@given(st.lists(st.tuples(zs, st.floats(1, 20)), min_size=1, max_size=10))
def test_names_are_unique_in_both_languages(rows: list[tuple[list[float], float]]) -> None:
    found = names([profile(z, orders) for z, orders in rows])
    assert len({one.name.en for one in found}) == len({one.name.zh for one in found}) == len(rows)
    assert all(one.icon in LUCIDE for one in found)


def test_alike_groups_are_told_apart() -> None:
    found = names([profile([0.0] * 6)] * 10)
    assert len({one.name.en for one in found}) == 10


def test_a_name_says_what_the_figures_say() -> None:
    big = profile([-1.0, 2.0, 2.0, 0.5, -0.5, 0.0], orders=10)
    once = profile([0.8, -0.7, -0.5, 1.2, 0.0, 0.0], orders=1.0)
    assert [one.name.en for one in names([big, once])] == ["Loyal big spenders", "One-time big baskets"]


def test_one_time_buyers_are_told_apart_where_orders_take_no_part() -> None:
    """A shop in which everybody has one order: the orders are constant and leave the space, but they are known."""
    rows = [0, 2, 3, 5]
    whole = profile([0.0, 0.0, 0.0, 0.5, 0.0, -0.9])
    new = replace(
        whole,
        means=np.array([40.0, 9_000.0, 9_000.0, 300.0]),
        population=whole.population[rows],
        z=np.array([-0.5, 0.0, 0.0, -0.9]),
        names=tuple(FEATURES[row] for row in rows),
    )
    taken = ["New and Promising"]
    named = {each: names([replace(new, orders_each=each)], None, taken)[0].name.en for each in (1.0, 4.0, math.nan)}
    assert named[1.0] == "New one-time buyers" and named[4.0] == "New repeat buyers"
    assert not {"repeat", "one-time"} & set(named[math.nan].lower().split())


def test_a_name_does_not_contradict_its_own_mean() -> None:
    """A few away for years: on the log axis the group bought lately, by its plain mean it did not."""
    base = profile([-1.0, 0.5, 0.1, 0.0, 0.0, 0.0], orders=4)
    assert names([base])[0].name.en == "Active regulars"
    away = replace(base, means=np.array([140.0, 4.0, 20_000.0, 10_000.0, 30.0, 300.0]))
    found = names([away])[0].name.en
    assert found != "Active regulars" and "recently" not in found.lower()


@given(zs, st.floats(1, 20))
def test_a_named_rule_holds_for_its_group(z: list[float], orders: float) -> None:
    [found] = names([profile(z, orders)])
    rule = next((one for one in RULES if one.name == found.name), None)
    if rule:
        assert all(z[FEATURES.index(name)] >= bound for name, bound in rule.least.items())
        assert all(z[FEATURES.index(name)] <= bound for name, bound in rule.most.items())


def test_a_name_given_by_a_person_is_not_used_twice() -> None:
    [found] = names([profile([-1.0, 2.0, 2.0, 0.5, -0.5, 0.0], orders=10)], taken=["Loyal big spenders"])
    assert found.name.en != "Loyal big spenders"


def test_a_group_keeps_the_name_it_bears_while_it_fits() -> None:
    z = [-1.0, 1.2, 1.2, 0.5, -0.6, 0.0]
    assert names([profile(z, 5)])[0].name.en == "Loyal big spenders"
    assert names([profile(z, 5)], held=["Active regulars"])[0].name.en == "Active regulars"


def test_rules_are_unique_and_speak_of_no_feeling() -> None:
    assert len({rule.name.en for rule in RULES}) == len({rule.name.zh for rule in RULES}) == len(RULES)
    for word in ("happy", "angry", "anxious", "emotional", "impulsive", "frustrated"):
        assert not any(word in rule.name.en.lower() for rule in RULES)


def test_public_names_are_neutral_and_go_on_after_z() -> None:
    assert [public_name(index) for index in (0, 25, 26, 27)] == ["Group A", "Group Z", "Group AA", "Group AB"]


def test_traits_have_figures_in_both_languages() -> None:
    told = traits(profile([-1.0, 2.0, 2.0, 0.5, -0.5, 0.1]), "EUR")
    assert told[0].en == "10% of customers bring 20% of revenue"
    assert any("€200" in one.en and "€200" in one.zh for one in told)
    assert len(told) <= 5 and all(any(letter.isdigit() for letter in one.zh) for one in told)


@given(zs, st.sampled_from(["USD", "JPY", "KWD", "CHF"]))
def test_traits_fit_the_document(z: list[float], currency: str) -> None:
    held = profile(z)
    told = traits(held, currency)
    Segment.model_validate(
        {
            "name": told[0],
            "public_name": "Group A",
            "icon": "user",
            "version": 1,
            "traits": told,
            "updated_at": "2024-01-01T00:00:00Z",
        }
    )


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (124_000, "USD", "$1,240"),
        (1_999, "EUR", "€19.99"),
        (500, "JPY", "JP¥500"),
        (12_500, "KWD", "KWD 12.50"),
        (-250, "GBP", "-£2.50"),
    ],
)
def test_money(minor: int, currency: str, text: str) -> None:
    assert money(minor, currency) == text


WHEN = {"last": date(2024, 3, 12), "since": date(2022, 1, 5)}
TYPICAL = np.array([95.0, 1.0, 4_000.0, 3_000.0, 50.0, 300.0])


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("3 orders; the typical customer has 1", "3 orders; the typical customer has 1", True),
        ("3 orders; the typical customer has 1", "4 orders; the typical customer has 1", False),
        ("$1,240 spent in all; $400 is typical", "$1,250 spent in all; $400 is typical", True),
        ("$1,240 spent in all; $400 is typical", "$2,480 spent in all; $400 is typical", False),
        ("Last order on 2024-03-01, 12 days before", "Last order on 2024-03-01, 90 days before", True),
        ("Last order on 2024-03-01, 12 days before", "Last order on 2024-03-02, 12 days before", False),
        ("Visits in 90 days: 5; 9 is typical", "Carts left behind: 5; 9 is typical", False),
    ],
)
def test_sentences_are_compared_coarsely(before: str, after: str, same: bool) -> None:
    assert (gist([before], "c1-2") == gist([after], "c1-2")) == same
    assert gist([before], "c1-2") != gist([before], None) and gist([before, after], None) == gist([after, before], None)


def test_reasons_name_the_strongest_pulls_first() -> None:
    own = [12.0, 9.0, 90_000.0, 10_000.0, math.nan, 300.0]
    told = reasons(
        own,
        np.array([-2.0, 2.5, 2.8, 1.0, 0.0, 0.0]),
        np.array([-1.5, 2.5, 1.5, 0.2, 0.0, 0.1]),
        TYPICAL,
        "USD",
        **WHEN,
    )
    assert [one.en for one in told] == [
        "9 orders; the typical customer has 1",
        "$900 spent in all; $40.00 is typical",
        "Last order on 2024-03-12, 12 days before this grouping; 95 are typical",
    ]
    assert all(one.zh for one in told)


@given(zs, zs)
def test_reasons_are_few_and_never_contradict_the_group(scaled: list[float], prototype: list[float]) -> None:
    told = reasons([1.0] * 6, np.array(scaled), np.array(prototype), TYPICAL, "USD", **WHEN)
    assert 1 <= len(told) <= MOST_REASONS
    if all(a * b <= 0 for a, b in zip(scaled, prototype, strict=True)):
        assert told == [ORDINARY]


# --- the effective segment ---------------------------------------------------------------------------------------

segment = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
states = st.one_of(
    st.none(),
    st.fixed_dictionaries({"id": segment, "from": st.integers(1, 6), "before": segment, "reasons": st.just([])}),
)


@given(states, st.integers(0, 6))
def test_effective_is_id_from_its_version_on_and_before_until_then(
    state: dict[str, object] | None, active: int
) -> None:
    expected = None if state is None else state["id"] if state["from"] <= active else state["before"]  # type: ignore[operator]
    assert effective(state, active) == expected


@given(states, st.integers(0, 5), segment)
def test_a_proposal_changes_nothing_until_its_version_is_in_force(
    state: dict[str, object] | None, active: int, target: str | None
) -> None:
    version = max(active, int(str(state["from"])) if state else 0) + 1
    if proposed(state, version, target):
        after: object = state
    else:
        after = propose(state, active, version, target, [])
    assert effective(after, active) == effective(state, active)  # type: ignore[arg-type]
    assert effective(after, version) == target  # type: ignore[arg-type]


@given(states, st.integers(1, 5), segment)
def test_an_assignment_acts_at_once_and_leaves_a_proposal(
    state: dict[str, object] | None, active: int, target: str | None
) -> None:
    if assigned(state, active, target):
        return
    fields = assign(state, active, target, [])
    after = fields["segment"] if "segment" in fields else {**(state or {}), "before": fields["segment.before"]}
    assert effective(after, active) == target
    if state and int(str(state["from"])) > active:
        assert effective(after, 6) == state["id"]
