"""Who is one person: each rule by itself, and that nothing but the accounts decides."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ingest.claims import Account, plain
from functions.ingest.partition import ACCOUNTS, ADDRESSES, SHARED, Decided, Pair, partition, same_name

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def one(name: str, *claims: str, **fields: Any) -> Account:
    """An account; a claim is `kind:value`. Accounts whose names come later are younger."""
    split = frozenset((claim.split(":")[0], claim.split(":")[1]) for claim in claims)
    called = fields.pop("called", None)
    return Account(id=name, created=DAY + timedelta(days=ord(name[0])), claims=split, name=plain(called), **fields)


def groups(*accounts: Account, **decisions: bool) -> list[str]:
    """Profiles as words of account ids; `a_b=True` joins a and b, False keeps them apart."""
    held: dict[Pair, Decided] = {frozenset(pair.split("_")): Decided(join, "u1") for pair, join in decisions.items()}
    found = partition(accounts, held)
    return sorted("".join(members) for members in found.members.values())


def suggested(*accounts: Account) -> dict[str, set[str]]:
    found = partition(accounts, {}).suggestions
    return {"".join(sorted(pair)): set(kinds) for pair, kinds in found.items()}


@pytest.mark.parametrize("kind", ["unionid", "openid", "member", "email"])
def test_an_identity_belongs_to_one_customer(kind: str) -> None:
    assert groups(one("a", f"{kind}:x"), one("b", f"{kind}:x"), one("c", f"{kind}:y")) == ["ab", "c"]


def test_chains_of_strong_evidence() -> None:
    assert groups(one("a", "email:x"), one("b", "email:x", "member:m"), one("c", "member:m")) == ["abc"]


def test_the_root_is_the_first_account_and_no_guest() -> None:
    guest = one("a", "email:x", guest=True)
    found = partition([guest, one("c", "email:x"), one("b", "email:x")], {})
    assert found.members == {"b": ("b", "a", "c")}


# --- phones ---


def test_a_phone_joins_where_nothing_speaks_against_it() -> None:
    assert groups(one("a", "phone:1", "email:x"), one("b", "phone:1")) == ["ab"]
    assert groups(one("a", "phone:1", called="Ann Lee"), one("b", "phone:1", called="ann  LEE")) == ["ab"]


def test_a_family_phone_joins_nobody() -> None:
    ann, bo = one("a", "phone:1", "email:x"), one("b", "phone:1", "email:y")
    assert groups(ann, bo) == ["a", "b"]
    assert groups(ann, bo, one("c", "phone:1")) == ["a", "b", "c"]
    assert groups(one("a", "phone:1", called="Ann Lee"), one("b", "phone:1", called="Bo Lee")) == ["a", "b"]
    assert suggested(ann, bo) == {"ab": {"phone"}}


def test_family_phones_do_not_chain() -> None:
    """Each two share a phone, and nobody shares anything else."""
    people = [one(name, f"phone:{index}", f"phone:{index + 1}", f"email:{name}") for index, name in enumerate("abcdef")]
    assert groups(*people) == list("abcdef")


def test_a_phone_of_many_profiles_is_a_shops() -> None:
    assert groups(*(one(name, "phone:1") for name in "abc")) == ["abc"]
    assert groups(*(one(name, "phone:1") for name in "abcd")) == list("abcd")


def test_one_person_with_many_accounts_is_not_many() -> None:
    shops = [one(name, "phone:1", "email:x") for name in "abcde"]
    assert groups(*shops, one("f", "phone:1")) == ["abcdef"]


# --- guests, tills, devices, platforms that forbid it ---


def test_a_guest_attaches_to_the_one_customer_who_has_the_address_and_connects_no_two() -> None:
    guest = one("g", "email:x", "phone:1", guest=True)
    assert groups(one("a", "email:x"), guest) == ["ag"]
    assert groups(one("a", "email:x"), one("b", "phone:1", "email:y"), guest) == ["ag", "b"]
    assert groups(guest, one("h", "email:x", guest=True)) == ["g", "h"]


def test_a_guest_between_two_customers_stays_alone() -> None:
    guest = one("g", "email:x", guest=True)
    people = one("a", "email:x"), one("b", "email:x")
    assert groups(*people, guest, a_b=False) == ["a", "b", "g"]
    assert set(
        suggested(one("a", "phone:1", "email:x"), one("b", "phone:1", "email:y"), one("g", "phone:1", guest=True))
    ) == {
        "ab",
        "ag",
        "bg",
    }


def test_what_a_guest_typed_joins_nobody_else() -> None:
    typed = one("g", "email:x", "phone:1", guest=True)
    assert groups(one("a", "email:x"), typed, one("h", "phone:1", guest=True)) == ["ag", "h"]


def test_a_guest_with_another_name_at_a_known_phone_stays_alone() -> None:
    ann = one("a", "phone:1", called="Ann Lee")
    assert groups(ann, one("g", "phone:1", guest=True, called="Bo Lee")) == ["a", "g"]
    assert groups(ann, one("g", "phone:1", guest=True, called="Ann")) == ["ag"]
    assert groups(one("a", "phone:1", "email:x"), one("g", "phone:1", "email:y", guest=True)) == ["a", "g"]


def test_a_browser_is_with_the_one_customer_who_signed_in_on_it() -> None:
    device = one("d", "anonymous:1", device=True)
    assert groups(device, one("a", "anonymous:1")) == ["ad"]
    assert groups(device, one("a", "anonymous:1"), one("b", "anonymous:1")) == ["a", "b", "d"]
    assert groups(device, one("a", "anonymous:1", "email:x"), one("b", "anonymous:1", "email:x")) == ["abd"]
    assert suggested(one("a", "anonymous:1"), one("b", "anonymous:1")) == {}


def test_who_may_not_be_identified_never_is() -> None:
    relay = one("r", "email:x", relay=True)
    assert groups(one("a", "email:x"), relay) == ["a", "r"]
    assert groups(one("a", "email:x"), relay, a_r=True) == ["a", "r"]


def test_the_sample_shop_stays_by_itself() -> None:
    assert groups(one("a", "email:x"), one("b", "email:x", sample=True)) == ["a", "b"]
    assert groups(one("a", "email:x"), one("b", "email:x", sample=True), a_b=True) == ["a", "b"]
    assert suggested(one("a", "phone:1", "email:x"), one("b", "phone:1", "email:y", sample=True)) == {}


# --- decisions ---


def test_decisions_come_first_and_apart_always_wins() -> None:
    assert groups(one("a"), one("b"), a_b=True) == ["ab"]
    assert groups(one("a", "email:x", "unionid:u"), one("b", "email:x", "unionid:u"), a_b=False) == ["a", "b"]
    assert groups(one("a", "email:x"), one("b", "email:x", "phone:1"), one("c", "phone:1"), a_b=False) == ["a", "bc"]
    assert groups(one("a"), one("b"), one("c"), a_b=True, b_c=True, a_c=False) == ["ab", "c"]
    assert suggested(one("a", "phone:1", "email:x"), one("b", "phone:1", "email:y")) != {}


def test_a_member_may_join_a_guest() -> None:
    assert groups(one("a", "email:x"), one("g", "email:y", guest=True), a_g=True) == ["ag"]


# --- caps ---


def test_a_profile_has_at_most_thirty_accounts() -> None:
    names = [f"{chr(97 + index // 10)}{index % 10}" for index in range(SHARED)]
    found = partition([one(name, "email:x") for name in names], {})
    assert sorted(map(len, found.members.values())) == [SHARED - ACCOUNTS, ACCOUNTS]


def test_what_too_many_carry_is_nobodys() -> None:
    names = [f"{chr(97 + index // 10)}{index % 10}" for index in range(SHARED + 1)]
    assert len(groups(*(one(name, "email:x") for name in names))) == SHARED + 1


def test_a_profile_has_at_most_five_addresses() -> None:
    people = [one(name, f"email:{name}", "unionid:u") for name in "abcdefg"]
    found = partition(people, {})
    assert max(map(len, found.members.values())) == ADDRESSES
    assert "ag" in {"".join(sorted(pair)) for pair in found.suggestions} or found.suggestions


def test_names() -> None:
    assert same_name("ann lee", "ann") and same_name("lee ann", "ann lee") and not same_name("ann lee", "bo lee")
    assert plain("  Ännchen  O'Neil ") == "annchen o neil" and plain("王小明") == "王小明" and plain("--") is None


# --- nothing but the accounts decides ---

KINDS = ("email:x", "email:y", "email:z", "phone:1", "phone:2", "member:m", "unionid:u", "anonymous:d", "address:s")
ACCOUNT = st.builds(
    lambda claims, guest, device, relay, called: (claims, guest, device, relay, called),
    st.sets(st.sampled_from(KINDS), max_size=4),
    st.booleans(),
    st.sampled_from((False, False, False, True)),
    st.sampled_from((False, False, False, False, True)),
    st.sampled_from((None, "Ann Lee", "Bo Lee")),
)


@given(st.lists(ACCOUNT, max_size=9), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_order_of_accounts_does_not_matter_and_every_rule_holds(made: list[Any], rng: random.Random) -> None:
    accounts = [
        one(chr(97 + index), *claims, guest=guest, device=device, relay=relay, called=called)
        for index, (claims, guest, device, relay, called) in enumerate(made)
    ]
    decisions: dict[Pair, Decided] = {
        frozenset(rng.sample([account.id for account in accounts], 2)): Decided(rng.random() < 0.4, "u1")
        for _ in range(rng.randrange(3))
        if len(accounts) > 1
    }
    found = partition(accounts, decisions)
    shuffled = rng.sample(accounts, len(accounts))
    assert partition(shuffled, dict(reversed(decisions.items()))) == found
    root_of = found.root_of()
    assert root_of.keys() == {account.id for account in accounts}
    known = {account.id: account for account in accounts}
    for pair, decided in decisions.items():
        low, high = sorted(pair)
        assert decided.join or root_of[low] != root_of[high]
    for members in found.members.values():
        held = [known[member] for member in members]
        assert len(held) == 1 or not any(account.relay for account in held)
    free = [account for account in accounts if not (account.guest or account.device or account.relay)]
    if not decisions:
        for first in free:
            for second in free:
                strong = {claim for claim in first.claims & second.claims if claim[0] in ("email", "member", "unionid")}
                assert not strong or root_of[first.id] == root_of[second.id]
        # Without its guests and devices nothing else is one customer.
        alone = partition(free, {})
        for first in free:
            for second in free:
                together = alone.root_of()[first.id] == alone.root_of()[second.id]
                assert together == (root_of[first.id] == root_of[second.id])
