"""Tags in bulk: exactly the wanted tags, an audit entry in the commit, and the undo restores what was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.access.errors import Refused
from functions.people import tags as module
from functions.people.listing import Filter, Pointer, page
from schema.store import Conflict
from schema.store import Refused as StoreRefused
from tests.people.conftest import Desk


def held(desk: Desk) -> dict[str, list[str]]:
    return {
        path.split("/")[1]: data["tags"]["manual"]
        for path, data in desk.store.dump().items()
        if path.startswith("customers/") and path.count("/") == 1
    }


def test_tags_come_and_go_with_the_members_own_source(desk: Desk) -> None:
    desk.customer("ann", tags=("vip",))
    desk.customer("bob")
    done = desk.call("marketer", "people.tag", customerIds=["ann", "bob", "nobody"], add=["call", "vip"], remove=[])
    assert (done["changed"], done["next"]) == (2, None)
    assert held(desk) == {"ann": ["call", "vip"], "bob": ["call", "vip"]}
    assert desk.get("customers/bob/sources/manual")["tags"] == ["call", "vip"]
    assert [(one["action"], one["after"]["added"]) for one in desk.audit()] == [("people.tag", ["call", "vip"])]
    assert sorted(desk.bus.take()[0][1].ids) == ["ann", "bob"]  # type: ignore[attr-defined]
    lines = [data["title"] for path, data in desk.store.dump().items() if path.startswith("events/")]
    assert lines == ["tags", "tags"]
    for inverse in done["undo"]:
        desk.call("marketer", "people.tag", **inverse)
    assert held(desk) == {"ann": ["vip"], "bob": []}


def test_a_tag_leaves_the_accounts_that_were_joined_too(desk: Desk) -> None:
    desk.customer("old", tags=("vip",), mergedInto="ann")
    desk.customer("ann", tags=("vip",), aliases=["old"])
    desk.call("owner", "people.tag", customerIds=["ann", "old"], remove=["vip"])
    assert desk.get("customers/old/sources/manual")["tags"] == []
    assert desk.get("customers/ann")["tags"]["manual"] == []


def test_a_filter_is_worked_off_in_pages_with_an_entry_each(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    for number in range(10):
        desk.customer(f"c{number}", country="GB" if number % 2 else "CN")
    desk.customer("gone", country="GB", mergedInto="c1")
    after: str | None = None
    undo: list[dict[str, Any]] = []
    changed = 0
    while True:
        extra: dict[str, Any] = {"after": after} if after else {}
        done = desk.call("owner", "people.tag", filter={"country": "GB"}, add=["uk"], **extra)
        changed, undo, after = changed + done["changed"], [*undo, *done["undo"]], done["next"]
        if after is None:
            break
    assert changed == 5
    assert {one for one, tags in held(desk).items() if tags} == {"c1", "c3", "c5", "c7", "c9"}
    said = {"filter": {"country": "GB"}, "added": ["uk"], "removed": []}
    entries = [one["after"] for one in desk.audit()]
    assert len(entries) == 2 and {**said, "matching": 5} in entries and {**said, "from": "c7"} in entries
    for inverse in undo:
        desk.call("owner", "people.tag", **inverse)
    assert not any(held(desk).values())


def test_a_tag_filter_may_take_its_own_tag_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for number in range(5):
        desk.customer(f"c{number}", tags=("old",))
    after = None
    for _ in range(9):
        done = desk.call("owner", "people.tag", filter={"tag": "old"}, remove=["old"], after=after)
        after = done["next"]
        if after is None:
            break
    assert not any(held(desk).values())


def test_a_page_that_is_asked_for_by_itself_has_its_entry_in_the_same_commit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for number in range(4):
        desk.customer(f"c{number}")
    cursor = page(desk.world, Filter(), Pointer(), None, None, 2)[1]
    commits: list[list[str]] = []
    inner = desk.store.commit

    def watched(writes: Any) -> None:
        commits.append([one.path for one in writes])
        inner(writes)

    desk.store.commit = watched
    desk.call("owner", "people.tag", filter={}, add=["x"], after=cursor)
    assert {one for one, tags in held(desk).items() if tags} == {"c2", "c3"}
    tagging = [paths for paths in commits if any(path.startswith("customers/") for path in paths)]
    assert tagging and all(any(path.startswith("audit/") for path in paths) for paths in tagging)
    assert [one["after"]["from"] for one in desk.audit()] == ["c2"]


def test_a_customer_of_thirty_accounts_is_tagged_also_when_others_write_at_once(desk: Desk) -> None:
    aliases = [f"a{number}" for number in range(29)]
    for one in aliases:
        desk.customer(one, tags=("old",), mergedInto="ann")
    desk.customer("ann", tags=("old",), aliases=aliases)
    inner, left = desk.store.commit, [1]

    def busy(writes: Any) -> None:
        if left and any(one.path == "customers/ann" for one in writes):
            left.pop()
            raise Conflict("another was first")
        inner(writes)

    desk.store.commit = busy
    done = desk.call("owner", "people.tag", customerIds=["ann"], remove=["old"])
    assert (done["changed"], done["failed"]) == (1, 0)
    assert not any(desk.get(f"customers/{one}/sources/manual")["tags"] for one in ("ann", *aliases))


def test_what_could_not_be_written_is_told(desk: Desk) -> None:
    desk.customer("ann")
    desk.customer("bob")
    inner = desk.store.commit

    def broken(writes: Any) -> None:
        if any(one.path == "customers/bob" for one in writes):
            raise StoreRefused("too large")
        inner(writes)

    desk.store.commit = broken
    done = desk.call("owner", "people.tag", customerIds=["ann", "bob"], add=["x"])
    assert (done["changed"], done["failed"], held(desk)) == (1, 1, {"ann": ["x"], "bob": []})


def test_who_has_too_many_tags_stays_as_they_were(desk: Desk) -> None:
    desk.customer("ann", tags=tuple(f"t{number:02}" for number in range(50)))
    done = desk.call("owner", "people.tag", customerIds=["ann"], add=["more"])
    assert (done["changed"], done["full"]) == (0, 1)


@pytest.mark.parametrize(
    "args",
    [
        {"customerIds": ["a"]},
        {"customerIds": [], "add": ["x"]},
        {"customerIds": ["a"] * 501, "add": ["x"]},
        {"customerIds": ["a/b"], "add": ["x"]},
        {"customerIds": ["a"], "add": "x"},
        {"customerIds": ["a"], "add": ["x"], "remove": ["x"]},
        {"filter": {"shoe": "42"}, "add": ["x"]},
        {"filter": {"tag": 5}, "add": ["x"]},
        {"filter": {}, "add": ["x"], "after": "nonsense"},
        {"filter": {}, "add": ["x"], "after": 5},
    ],
)
def test_what_cannot_be_understood_is_refused(desk: Desk, args: dict[str, Any]) -> None:
    before = desk.store.dump()
    with pytest.raises(Refused):
        desk.call("owner", "people.tag", **args)
    assert desk.store.dump() == before


TAGS = st.sets(st.sampled_from("abcde"), max_size=4)


@settings(max_examples=30, deadline=None)
@given(st.lists(TAGS, min_size=1, max_size=5), TAGS, TAGS)
def test_the_undo_restores_what_was(before: list[set[str]], add: set[str], remove: set[str]) -> None:
    desk = Desk()
    for number, tags in enumerate(before):
        desk.customer(f"c{number}", tags=tuple(sorted(tags)))
    was, add = held(desk), add - remove
    if not add and not remove:
        return
    done = desk.call("owner", "people.tag", customerIds=list(was), add=sorted(add), remove=sorted(remove))
    assert held(desk) == {one: sorted((set(tags) | add) - remove) for one, tags in was.items()}
    for inverse in done["undo"]:
        desk.call("owner", "people.tag", **inverse)
    assert held(desk) == was
