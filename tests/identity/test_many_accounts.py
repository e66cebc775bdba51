"""Customers with as many accounts as a customer may have: decisions about them fit a plan's rounds and one batch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.access.audit import Actor
from functions.ingest.links import decide, link_path, once
from functions.people import merging
from schema.connections import MergeDecision
from schema.memory_store import MemoryStore
from schema.records import Person
from schema.store import BATCH_WRITES, ReadSet, Write
from tests.identity.shops import NOW, SHOPIFY, account, dump, profiles, shop, signed_up, tell
from tests.logic.histories import KEY

ACTOR = Actor("u1", "Mia", "mia@example.com", "marketer")


@pytest.mark.parametrize("accounts", [21, 26, 30])
def test_a_customer_of_many_accounts_can_be_parted_and_merged_again(accounts: int) -> None:
    here = shop()
    keys = [f"k{number}" for number in range(accounts)]
    told = [signed_up(Person(key=key, email="ann@example.com"), days=100 - n) for n, key in enumerate(keys)]
    tell(here, SHOPIFY, *told)
    ids = [account(SHOPIFY, key) for key in keys]
    assert sorted(profiles(dump(here))[ids[0]]) == sorted(ids)
    # Two leave; each is then apart from all the others.
    for gone in ids[-2:]:
        assert merging.unmerge(here, ACTOR, {"customerId": ids[0], "accountId": gone}) == {"customerId": gone}
    assert len(profiles(dump(here))[ids[0]]) == accounts - 2
    for gone in ids[-2:]:
        assert merging.merge(here, ACTOR, {"customerId": gone, "otherId": ids[0]}) == {"customerId": ids[0]}
    assert sorted(profiles(dump(here))[ids[0]]) == sorted(ids)


def test_two_halves_that_were_parted_account_by_account_are_merged_in_one_batch() -> None:
    """The most that a merge can have to take back: 15 times 15 decisions."""
    here = shop()
    for half, start in (("a", 0), ("b", 15)):
        people = [Person(key=f"{half}{n}", email=f"{half}@example.com") for n in range(15)]
        tell(here, SHOPIFY, *(signed_up(one, days=100 - start - n) for n, one in enumerate(people)))
    one, other = ([account(SHOPIFY, f"{half}{n}") for n in range(15)] for half in "ab")
    apart = MergeDecision(decision="apart", by="u1", at=NOW - timedelta(days=1))
    writes: list[Write] = []
    for first in one:
        for second in other:
            writes += decide(ReadSet({link_path(first, second): None}), KEY, first, second, apart, NOW)
    for write in once(writes):
        here.store.commit([write])
    assert isinstance(here.store, MemoryStore)
    sizes: list[int] = []
    inner = here.store.commit
    here.store.commit = lambda writes: (sizes.append(len(writes)), inner(writes))  # type: ignore
    assert merging.merge(here, ACTOR, {"customerId": one[0], "otherId": other[0]}) == {"customerId": one[0]}
    assert len(profiles(dump(here))[one[0]]) == 30
    assert max(sizes) <= BATCH_WRITES
