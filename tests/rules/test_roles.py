"""The role is looked up at every request: a token that is an hour old opens what its owner may see now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.emulator import Project, token


@pytest.fixture
def shop(rules: str, project: Project) -> Iterator[Project]:
    """A project of the test's own, since roles change in it."""
    made = Project()
    made.load(rules)
    made.seed(
        {
            "members/ana": {"role": "marketer"},
            "customers/c1": {"note": "x"},
            "customers/c1/pii/contact": {"email": "x@example.test"},
            "metrics/overview": {"customers": 1},
            "audit/a1": {"action": "x"},
        }
    )
    yield made
    made.clear()


def reads(shop: Project, bearer: str) -> dict[str, int]:
    paths = ("metrics/overview", "customers/c1", "customers/c1/pii/contact", "audit/a1", "members/ana")
    return {path: shop.get(path, bearer) for path in paths}


def test_a_changed_role_takes_effect_at_once_with_the_same_token(shop: Project) -> None:
    ana = token("ana")
    assert list(reads(shop, ana).values()) == [200, 200, 200, 403, 200]
    for role, expected in {
        "support": [200, 200, 403, 403, 200],
        "analyst": [200, 403, 403, 403, 200],
        "admin": [200, 200, 200, 200, 200],
        "guest": [403, 403, 403, 403, 403],
    }.items():
        shop.seed({"members/ana": {"role": role}})
        assert list(reads(shop, ana).values()) == expected, role


def test_a_removed_member_is_a_stranger_with_the_same_token(shop: Project) -> None:
    ana = token("ana")
    view = "members/ana/views/v1"
    shop.seed({view: {"note": "x"}})
    assert shop.get(view, ana) == 200
    shop.remove("members/ana")
    assert set(reads(shop, ana).values()) == {403}
    assert shop.get(view, ana) == 403
    assert shop.query("customers", ana, limit=50) == 403


def test_a_claim_in_the_token_neither_gives_nor_takes(shop: Project) -> None:
    assert set(reads(shop, token("eve", {"role": "owner"})).values()) == {403}
    assert list(reads(shop, token("ana", {"role": "owner"})).values()) == [200, 200, 200, 403, 200]
    assert list(reads(shop, token("ana", {"role": "analyst"})).values()) == [200, 200, 200, 403, 200]


@pytest.mark.parametrize("role", [None, 1, True, ["owner"], {"owner": True}, "Owner", "owner ", ""])
def test_a_role_of_another_form_opens_nothing(shop: Project, role: object) -> None:
    shop.seed({"members/ana": {"role": role}})
    assert set(reads(shop, token("ana")).values()) == {403}


def test_a_member_document_without_a_role_opens_nothing(shop: Project) -> None:
    shop.seed({"members/ana": {"name": "Ana"}})
    assert set(reads(shop, token("ana")).values()) == {403}


def test_a_batch_with_one_forbidden_write_writes_nothing(shop: Project) -> None:
    ana = token("ana")
    good = {**shop.put("members/ana/state/inbox", {}), "updateTransforms": [SEEN]}
    status, _ = shop.commit([good, shop.put("members/ana", {"role": "owner"})], ana)
    assert status == 403
    assert shop.get("members/ana/state/inbox", ana) == 404
    assert shop.commit([good], ana)[0] == 200


SEEN = {"fieldPath": "seenAt", "setToServerValue": "REQUEST_TIME"}
