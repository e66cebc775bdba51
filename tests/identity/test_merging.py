"""People decide: merge, un-merge, edit, look up; everything stays with its owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.access.audit import Actor
from functions.access.edits import edit_customer, look_up
from functions.access.errors import Refused
from functions.figures.overview import refresh_overview
from functions.ingest.reading import customer, roots
from functions.people import merging
from functions.sample import removal_step, start_removal
from schema.connections import MergeDecision, MergeTrail, Suggestion
from schema.documents import Customer, Event, Identity, IdentityClaim, Source
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import (
    ConsentChange,
    DeletedRecord,
    EventRecord,
    FeedbackRecord,
    Job,
    LinkRecord,
    Person,
)
from schema.store import Merge
from tests.identity.shops import (
    NOW,
    SHOPIFY,
    START,
    TILL,
    WEB,
    WOO,
    account,
    dump,
    ordered,
    person,
    profiles,
    shop,
    signed_up,
    tell,
)
from tests.logic.recount import assert_counted

ACTOR = Actor("u1", "Mia", "mia@example.com", "marketer")
ANN, ALSO_ANN = account(SHOPIFY, "1"), account(WOO, "7")


def stored(here: World, path: str) -> dict[str, Any]:
    assert isinstance(here.store, MemoryStore)
    return here.store.dump()[path]


def two_shops(email: str | None = "ann@example.com", other: str | None = "ann@example.com") -> World:
    """Ann at Shopify (two orders) and at Woo (one order, a text); with one address she is one customer."""
    here = shop()
    ann, also = (
        person("1", email=email, name="Ann Lee"),
        person("7", email=other, name="Ann Lee", phone="+447700900123"),
    )
    consent = ConsentChange(channel="email", status="granted", at=NOW - timedelta(days=50), source="shopify")
    tell(here, SHOPIFY, signed_up(ann, days=300).model_copy(update={"consent": [consent]}))
    tell(here, SHOPIFY, ordered(ann, 1, days=90), ordered(ann, 2, days=30, total=3000))
    tell(here, WOO, signed_up(also, days=200), ordered(also, 1, days=60, total=500))
    tell(here, WOO, FeedbackRecord(version=START, id="f1", person=also, at=NOW, text="Good.", rating=5))
    return here


def settled(here: World) -> dict[str, Any]:
    """The state without what a decision leaves behind: decisions, times of writing."""
    kept = {
        path: dict(data) for path, data in dump(here).items() if "/links/" not in path and not path.startswith("audit/")
    }
    for data in kept.values():
        data.pop("updatedAt", None)
    return kept


# --- merging by evidence ---


def test_one_address_at_two_shops_is_one_customer_with_the_figures_of_both() -> None:
    here = two_shops()
    found = dump(here)
    assert profiles(found) == {ANN: [ANN, ALSO_ANN]}
    assert_counted(found)
    root, alias = found[f"customers/{ANN}"], found[f"customers/{ALSO_ANN}"]
    assert (root["stats"]["orders"], root["stats"]["revenue"], root["stats"]["feedback"]) == (3, 4500, 1)
    assert root["stats"]["medianGapDays"] == 30 and root["maskedPhone"] == "•••• 23" and root["reach"]["email"]
    assert "7" in root["searchTokens"] and root["externalId"] == "1"
    assert alias["mergedInto"] == ANN and alias["stats"]["orders"] == 0 and alias["displayName"] is None
    assert {data["customerId"] for path, data in found.items() if path.startswith("orders/")} == {ANN, ALSO_ANN}
    overview = refresh_overview(here)
    assert (overview["customers"], overview["orders"], overview["buyers"], overview["revenue"]) == (1, 3, 1, 4500)


def test_why_is_written_down_in_both_languages_without_an_address() -> None:
    here = two_shops()
    assert isinstance(here.store, MemoryStore)
    [trail] = [data for path, data in here.store.dump().items() if path.startswith(f"customers/{ANN}/trail/")]
    entry = MergeTrail.model_validate(trail)
    assert (entry.action, entry.account, entry.kinds, entry.by) == ("joined", ALSO_ANN, ["email"], None)
    assert entry.evidence[0].en == "Same e-mail address a•••@example.com (shopify, woocommerce)"
    assert entry.evidence[0].zh.startswith("相同的邮箱") and "ann@" not in str(trail)
    [line] = [data for path, data in here.store.dump().items() if path.startswith("events/m-")]
    assert Event.model_validate(line).kind == "merge" and line["customerId"] == ANN


def test_news_of_an_alias_reach_the_root_and_are_announced() -> None:
    here = two_shops()
    here.bus.take()  # type: ignore[attr-defined]
    tell(here, WOO, ordered(person("7", email="ann@example.com", name="Anna Lee"), 2, START + 1, days=0))
    root = stored(here, f"customers/{ANN}")
    assert (root["stats"]["orders"], root["displayName"]) == (4, "Anna Lee")
    assert stored(here, f"customers/{ALSO_ANN}")["stats"]["orders"] == 0
    announced = {one for _, told in here.bus.take() for one in told.ids}  # type: ignore[attr-defined]
    assert {ANN, ALSO_ANN} <= announced


def test_an_account_that_came_earlier_takes_the_root() -> None:
    here = two_shops()
    tell(here, WOO, ordered(person("7", email="ann@example.com", name="Ann Lee"), 9, days=900, total=100))
    found = dump(here)
    assert profiles(found) == {ALSO_ANN: [ALSO_ANN, ANN]}
    assert_counted(found)
    assert found[f"customers/{ALSO_ANN}"]["stats"]["orders"] == 4 and found[f"customers/{ANN}"]["aliases"] == []


def test_a_new_address_parts_and_an_old_one_joins_who_was_kept_out() -> None:
    here = shop()
    for index, key in enumerate("1234"):
        tell(here, SHOPIFY, signed_up(person(key, phone="+447700900123"), days=100 - index))
    assert len(profiles(dump(here))) == 4
    tell(here, SHOPIFY, signed_up(person("4", phone="+447700900199"), version=START + 1))
    assert sorted(map(len, profiles(dump(here)).values())) == [1, 3]


def test_a_guests_address_is_no_way_to_a_customer() -> None:
    """Whoever types Ann's address at a checkout changes neither where she is reached nor what she agreed to."""
    here = two_shops()
    typed = Person(key="email:ann@example.com", email="ann@example.com", phone="+447700900666", guest=True, name="Eve")
    agreed = [
        ConsentChange(channel="sms", status="granted", at=NOW, source="checkout"),
        ConsentChange(channel="email", status="denied", at=NOW, source="checkout"),
    ]
    tell(here, WOO, ordered(typed, 9, days=1).model_copy(update={"consent": agreed}))
    guest = account(WOO, "email:ann@example.com")
    assert roots(here.store, [guest]) == {guest: ANN}
    root, contact = stored(here, f"customers/{ANN}"), stored(here, f"customers/{ANN}/pii/contact")
    assert contact["phone"] == "+447700900123" and root["displayName"] == "Ann Lee" and root["stats"]["orders"] == 4
    assert root["consent"]["email"]["status"] == "denied" and "sms" not in root["consent"]
    assert not root["reach"]["any"]


def test_a_browser_goes_with_who_signed_in_and_leaves_when_a_second_does() -> None:
    here = two_shops()
    device = IdentityClaim(kind="anonymous", value="d1")
    visit = EventRecord(
        version=START, id="e1", person=Person(key="anonymous:d1", identities=[device]), event="page", at=NOW
    )
    tell(here, WEB, visit)
    browser = account(WEB, "anonymous:d1")
    assert roots(here.store, [browser])[browser] == browser
    tell(here, WEB, signed_up(Person(key="u1", email="ann@example.com", identities=[device])))
    assert roots(here.store, [browser])[browser] == ANN and stored(here, f"customers/{ANN}")["stats"]["events"] == 1
    tell(here, WEB, signed_up(Person(key="u2", email="bo@example.com", identities=[device])))
    assert roots(here.store, [browser])[browser] == browser and stored(here, f"customers/{ANN}")["stats"]["events"] == 0


def test_the_platform_joins_its_own_accounts_whichever_comes_first() -> None:
    for first in (True, False):
        here = shop()
        link = LinkRecord(version=START + 5, person=person("1"), other="2")
        if first:
            tell(here, SHOPIFY, link)
        tell(here, SHOPIFY, signed_up(person("1", email="a@example.com"), days=9), signed_up(person("2"), days=5))
        if not first:
            tell(here, SHOPIFY, link)
        assert profiles(dump(here)) == {ANN: [ANN, account(SHOPIFY, "2")]}, first


# --- by decision ---


def test_a_merge_by_hand_and_a_true_unmerge() -> None:
    here = two_shops(other="other@example.com")
    before = settled(here)
    assert len(profiles(before)) == 2
    assert merging.merge(here, ACTOR, {"customerId": ALSO_ANN, "otherId": ANN, "reason": "She called"}) == {
        "customerId": ANN
    }
    assert profiles(dump(here)) == {ANN: [ANN, ALSO_ANN]} and stored(here, f"customers/{ANN}")["stats"]["orders"] == 3
    assert merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": ALSO_ANN}) == {"customerId": ALSO_ANN}
    assert settled(here) == before
    actions = [doc["action"] for path, doc in here.store.dump().items() if path.startswith("audit/")]  # type: ignore[attr-defined]
    assert sorted(actions) == ["people.merge", "people.unmerge"]


def test_after_an_unmerge_the_same_evidence_does_not_merge_again() -> None:
    here = two_shops()
    merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": ALSO_ANN})
    found = dump(here)
    assert profiles(found) == {ANN: [ANN], ALSO_ANN: [ALSO_ANN]}
    assert_counted(found)
    ann, also = found[f"customers/{ANN}"], found[f"customers/{ALSO_ANN}"]
    assert (ann["stats"]["orders"], also["stats"]["orders"], also["stats"]["feedback"]) == (2, 1, 1)
    assert "email" in ann["consent"] and also["consent"] == {} and also["displayName"] == "Ann Lee"
    assert also["maskedPhone"] and not ann["maskedPhone"] and ann["segment"] is None
    assert found[f"customers/{ALSO_ANN}/pii/contact"]["email"] == "ann@example.com"
    tell(here, WOO, signed_up(person("7", email="ann@example.com", phone="+447700900124"), version=START + 9))
    tell(here, SHOPIFY, ordered(person("1", email="ann@example.com", phone="+447700900124"), 5, version=START + 9))
    assert len(profiles(dump(here))) == 2
    assert not [path for path in dump(here) if "/suggestions/" in path], "who was put apart is not suggested"
    assert merging.merge(here, ACTOR, {"customerId": ANN, "otherId": ALSO_ANN}) == {"customerId": ANN}
    assert len(profiles(dump(here))) == 1


def test_the_root_itself_can_leave() -> None:
    here = two_shops()
    tell(here, WEB, signed_up(Person(key="u1", email="ann@example.com"), days=5))
    assert len(profiles(dump(here))[ANN]) == 3
    merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": ANN})
    found = dump(here)
    assert profiles(found) == {ANN: [ANN], ALSO_ANN: [ALSO_ANN, account(WEB, "u1")]}
    assert_counted(found)


def test_one_pair_told_twice_in_one_message_is_decided_once() -> None:
    here = shop()
    links = [LinkRecord(version=START + n, person=person("1"), other="2") for n in range(3)]
    commits: list[list[str]] = []
    inner = here.store.commit
    here.store.commit = lambda writes: (commits.append([write.path for write in writes]), inner(writes))  # type: ignore
    tell(here, SHOPIFY, *links, signed_up(person("2"), days=5))
    told = [path for paths in commits for path in paths if "/links/" in path]
    assert len(told) == 1 and len(profiles(dump(here))) == 1
    assert stored(here, told[0])["at"].timestamp() * 1000 == START + 2


def test_a_late_word_of_the_platform_does_not_undo_a_later_decision() -> None:
    here = shop()
    link = LinkRecord(version=START, person=person("1"), other="2")
    tell(here, SHOPIFY, signed_up(person("1"), days=9), signed_up(person("2"), days=5), link)
    merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": account(SHOPIFY, "2")})
    tell(here, SHOPIFY, link)
    assert len(profiles(dump(here))) == 2


@pytest.mark.parametrize(
    ("action", "args", "code"),
    [
        ("merge", {"customerId": "nobody", "otherId": ANN}, "not_found"),
        ("merge", {"customerId": ANN}, "otherId"),
        ("merge", {"customerId": ANN, "otherId": "a/b"}, "otherId"),
        ("unmerge", {"customerId": ANN, "accountId": "nobody"}, "not_merged"),
        ("dismiss", {"customerId": ANN, "otherId": ALSO_ANN}, "not_found"),
    ],
)
def test_what_cannot_be_decided_says_why(action: str, args: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        getattr(merging, action)(two_shops(), ACTOR, args)
    assert refused.value.code == code and refused.value.zh


def test_the_only_account_cannot_leave_and_a_relay_cannot_be_merged() -> None:
    here = two_shops(other="other@example.com")
    with pytest.raises(Refused, match="only account"):
        merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": ANN})
    tell(here, WOO, signed_up(Person(key="r", email="x@marketplace.example", relay=True)))
    relay = account(WOO, "r")
    with pytest.raises(Refused, match="identification"):
        merging.merge(here, ACTOR, {"customerId": ANN, "otherId": relay})
    assert not stored(here, f"customers/{relay}")["reach"]["any"]


# --- suggestions ---


def family() -> World:
    here = shop()
    tell(here, SHOPIFY, signed_up(person("1", email="ann@example.com", phone="+447700900123", name="Ann Lee"), days=9))
    tell(here, WOO, signed_up(person("7", email="bo@example.com", phone="+447700900123", name="Bo Lee"), days=5))
    return here


def test_what_may_not_join_is_suggested_on_both_sides_until_it_is_dismissed() -> None:
    here = family()
    there = f"customers/{ANN}/suggestions/{ALSO_ANN}"
    back = f"customers/{ALSO_ANN}/suggestions/{ANN}"
    held = Suggestion.model_validate(stored(here, there))
    assert (held.other, held.kinds, held.dismissed) == (ALSO_ANN, ["phone"], False)
    assert held.reason.zh == "相同的手机号" and stored(here, back)["other"] == ANN
    merging.dismiss(here, ACTOR, {"customerId": ALSO_ANN, "otherId": ANN})
    tell(here, WOO, signed_up(person("7", phone="+447700900123", name="Bob Lee"), version=START + 1))
    assert stored(here, there)["dismissed"] and stored(here, back)["dismissed"]


def test_a_suggestion_goes_with_its_evidence_and_with_the_merge() -> None:
    here = family()
    tell(here, WOO, signed_up(person("7", phone="+447700900199"), version=START + 1))
    assert not [path for path in dump(here) if "/suggestions/" in path]
    here = family()
    merging.merge(here, ACTOR, {"customerId": ANN, "otherId": ALSO_ANN})
    assert not [path for path in dump(here) if "/suggestions/" in path]


def test_one_name_at_one_address_is_suggested() -> None:
    here = shop()
    tell(here, SHOPIFY, signed_up(person("1", name="Ann Lee", address="1 High St.")))
    tell(here, WOO, signed_up(person("7", name="ann lee", address="1 high st")))
    assert stored(here, f"customers/{ANN}/suggestions/{ALSO_ANN}")["kinds"] == ["address"]
    assert len(profiles(dump(here))) == 2


# --- edits, look-ups ---


def test_an_edit_goes_to_the_root_and_holds_over_every_account() -> None:
    here = two_shops()
    edit_customer(here, ACTOR, {"customerId": ALSO_ANN, "name": "Anne", "tags": ["vip"], "phone": "+44 7700 900555"})
    root = stored(here, f"customers/{ANN}")
    assert (root["displayName"], root["tags"]["manual"], root["maskedPhone"]) == ("Anne", ["vip"], "•••• 55")
    tell(here, WOO, ordered(person("7", name="Ann Other"), 3, days=0))
    assert stored(here, f"customers/{ANN}")["displayName"] == "Anne"
    assert stored(here, f"customers/{ALSO_ANN}")["displayName"] is None
    assert look_up(here, {"phone": "+447700900555"}) == {"customerId": ANN}


def test_what_was_typed_before_a_merge_goes_along_and_can_be_taken_back() -> None:
    here = two_shops(other="other@example.com")
    edit_customer(here, ACTOR, {"customerId": ALSO_ANN, "name": "Anne", "tags": ["vip", "old"]})
    merging.merge(here, ACTOR, {"customerId": ANN, "otherId": ALSO_ANN})
    root = stored(here, f"customers/{ANN}")
    assert (root["displayName"], root["tags"]["manual"]) == ("Anne", ["old", "vip"])
    edit_customer(here, ACTOR, {"customerId": ANN, "name": "", "tags": ["vip"]})
    root = stored(here, f"customers/{ANN}")
    assert (root["displayName"], root["tags"]["manual"]) == ("Ann Lee", ["vip"])


def test_look_ups_answer_the_customer_and_know_every_connection() -> None:
    here = two_shops()
    here.store.commit(
        [
            Merge("connections/woo-1", {"platform": "woocommerce"}),
            Merge("connections/shopify-1", {"platform": "shopify"}),
        ]
    )
    assert look_up(here, {"email": "Ann@Example.com"}) == {"customerId": ANN}
    assert look_up(here, {"phone": "+447700900123"}) == {"customerId": ANN}
    assert look_up(here, {"order": "#o1"}) == {"customerId": ANN}
    assert look_up(here, {"order": "o2"}) == {"customerId": ANN}
    assert look_up(here, {"order": "none"}) == {"customerId": None}


def test_reading() -> None:
    here = two_shops()
    found = customer(here.store, ALSO_ANN)
    assert found is not None and found[0].id == ANN and found[1] == [ANN, ALSO_ANN]
    assert customer(here.store, "nobody") is None and roots(here.store, ["nobody"]) == {}


# --- shapes and costs ---


def test_every_document_has_its_shape() -> None:
    here = two_shops()
    merging.unmerge(here, ACTOR, {"customerId": ANN, "accountId": ALSO_ANN})
    tell(here, TILL, ordered(Person(key="phone:+447700900123", phone="+447700900123", guest=True), 1))
    shapes: dict[str, Any] = {
        "customers": Customer,
        "customers/sources": Source,
        "customers/links": MergeDecision,
        "customers/trail": MergeTrail,
        "customers/suggestions": Suggestion,
        "identities": Identity,
        "events": Event,
    }
    seen = set()
    assert isinstance(here.store, MemoryStore)
    for path, data in here.store.dump().items():
        collection = "/".join(path.split("/")[::2])
        if collection in shapes and not path.endswith("/manual"):
            seen.add(collection)
            assert shapes[collection].model_validate(data).to_doc().keys() == data.keys(), path
    assert seen >= shapes.keys() - {"customers/suggestions"}


def test_what_it_costs() -> None:
    """An order of a known customer: 4 reads and 4 writes; of a customer with two accounts a few reads more."""
    here = two_shops()
    store = here.store
    assert isinstance(store, MemoryStore)
    tell(here, SHOPIFY, signed_up(person("5", email="solo@example.com")))
    reads, writes = store.reads, store.writes
    tell(here, SHOPIFY, ordered(person("5", email="solo@example.com"), 50))
    alone = store.reads - reads, store.writes - writes
    reads, writes = store.reads, store.writes
    tell(here, WOO, ordered(person("7", email="ann@example.com", name="Ann Lee", phone="+447700900123"), 51))
    merged = store.reads - reads, store.writes - writes
    assert alone[0] <= 4 + 2 and alone[1] <= 4 + 2, alone
    assert merged[0] <= 4 + 3 + 2 and merged[1] <= 4 + 2, merged


def test_the_sample_shop_goes_with_its_merged_customers_and_leaves_the_real_ones() -> None:
    here = shop()
    here.store.commit(
        [Merge("settings/shop", {"sample": True}), Merge("runs/sample", {"status": "done", "title": "Tea"})]
    )
    sample = SHOPIFY.model_copy(update={"connection_id": "sample", "platform": "sample", "sample": True})
    for key in ("1", "2"):
        tell(here, sample, signed_up(person(key, email="ann@example.com", name="Ann")), ordered(person(key), int(key)))
    tell(here, WOO, signed_up(person("7", email="ann@example.com", name="Ann Lee")))
    assert len(profiles(dump(here))) == 2, "sample and real data never mix"
    start_removal(here, "u1")
    assert isinstance(here.bus, MemoryBus) and isinstance(here.store, MemoryStore)
    while jobs := [told for topic, told in here.bus.take() if topic == "jobs" and isinstance(told, Job)]:
        for job in jobs:
            removal_step(here, job)
    kept = here.store.dump()
    assert {path.split("/")[1] for path in kept if path.startswith("customers/")} == {ALSO_ANN}
    assert not [path for path, data in kept.items() if path.startswith("identities/") and len(data["claims"]) > 3]
    assert stored(here, f"customers/{ALSO_ANN}")["displayName"] == "Ann Lee"


def test_who_is_forgotten_leaves_no_trace_in_trail_and_decisions() -> None:
    here = two_shops()
    tell(here, WOO, signed_up(person("8", name="Bo"), days=3))
    told = {"customerId": ANN, "otherId": account(WOO, "8"), "reason": "Ann said so"}
    merging.merge(here, ACTOR, told)
    later = int(NOW.timestamp() * 1000) + 1
    tell(here, SHOPIFY, DeletedRecord(version=later, what="customer", id="1", redact=True))
    tell(here, WOO, DeletedRecord(version=later, what="customer", id="7", redact=True))
    assert isinstance(here.store, MemoryStore)
    assert "ann" not in str(list(here.store.dump().items())).lower().replace("channel", "")
    assert_counted(dump(here))


def test_documents_from_before_profiles_of_several_accounts() -> None:
    """A source without figures and flags of its own: the customer's are the account's, before and after a merge."""
    here = shop()
    tell(here, SHOPIFY, signed_up(person("1", email="ann@example.com")), ordered(person("1"), 1))
    assert isinstance(here.store, MemoryStore)
    source = here.store.documents[f"customers/{ANN}/sources/account"][0]
    for name in ("guest", "relay", "identities", "stats", "erasedVersion", "redactedVersion"):
        del source[name]
    tell(here, WOO, signed_up(person("7", email="ann@example.com"), days=5), ordered(person("7"), 1))
    found = dump(here)
    assert profiles(found) == {ANN: [ANN, ALSO_ANN]} and found[f"customers/{ANN}"]["stats"]["orders"] == 2
    tell(here, SHOPIFY, ordered(person("1"), 2))
    assert_counted(dump(here))
    assert Source.model_validate(stored(here, f"customers/{ANN}/sources/account")).guest is False
