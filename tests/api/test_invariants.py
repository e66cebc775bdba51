"""What must hold whatever is sent: a public key says nothing of a person, and order and repetition change nothing."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.api.people import hash_of
from functions.ingest.intake import take_in
from schema.flow import World
from schema.memory_store import MemoryStore
from schema.records import EventRecord, FeedbackRecord, PlatformEvents, Record
from tests.api.driver import IDENTITY_KEY, NOW, Api

MODEST = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

USERS = ("u1", "u2", "email:ann@example.com", "phone:+442079460958", "anonymous:a1", "member:M-1", "ann@example.com")
EVENTS = (
    "Order Completed", "Order Refunded", "Product Viewed", "Signed Up", "feedback", "Product Reviewed", "custom",
    "Checkout Started", "", "order_completed",
)  # fmt: skip
PERSONAL = {
    "email": "ann@example.com", "phone": "+44 20 7946 0958", "name": "Ann", "firstName": "Ann", "member": "M-1",
    "consent": {"email": True, "sms": False}, "profiling": True, "birthday": "1990-05-01", "tags": ["vip"],
    "address": {"country": "GB"}, "order_id": "7", "total": 9.5, "currency": "EUR", "text": "Good", "rating": 5,
    "review_id": "r1",
}  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
personal = st.dictionaries(st.sampled_from(sorted(PERSONAL)), st.none(), max_size=8).map(
    lambda names: {name: PERSONAL[name] for name in names}
)
maps = st.one_of(personal, st.dictionaries(st.text(max_size=8), json_values, max_size=4), json_values)
ids = st.one_of(st.sampled_from((*USERS, "a1", "a2", "till-1")), json_values)
times = st.one_of(
    st.integers(0, 4000).map(
        lambda minute: f"2026-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
    ),
    json_values,
)
contexts = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "traits": maps, "consent": st.one_of(st.just({"channels": {"email": True}}), maps), "locale": json_values,
            "userHash": st.one_of(st.just("0" * 64), st.just(hash_of("guess", "u1")), json_values),
            "page": maps, "sessionId": json_values, "timezone": json_values,
        },
    ),
    json_values,
)  # fmt: skip
messages = st.fixed_dictionaries(
    {},
    optional={
        "type": st.one_of(st.sampled_from(("identify", "track", "page", "screen", "group", "alias", "t")), json_values),
        "userId": ids, "anonymousId": ids, "previousId": ids, "groupId": ids, "userHash": json_values,
        "event": st.one_of(st.sampled_from(EVENTS), json_values), "traits": maps, "properties": maps,
        "context": contexts,
        "messageId": st.one_of(st.sampled_from(("m1", "m2", "m3")), json_values), "timestamp": times, "sentAt": times,
        "originalTimestamp": times, "name": json_values,
    },
)  # fmt: skip


def is_nobodys(record: Record) -> None:
    """A record that a public key may have caused."""
    assert isinstance(record, (EventRecord, FeedbackRecord)), record.kind
    person = record.person
    if person is not None:
        assert person.key.startswith("anonymous:") and not person.guest
        assert [claim.kind for claim in person.identities] == ["anonymous"]
        said = person.model_dump(exclude={"key", "identities"}, exclude_defaults=True)
        assert said == {}, said
    if isinstance(record, EventRecord):
        held = json.dumps(record.properties) + (record.title or "") + (record.url or "")
        assert "ann@example.com" not in held and "7946" not in held


@MODEST
@given(st.lists(messages, max_size=8), st.sampled_from(("batch", "identify", "track", "alias", "group", "page")))
def test_a_browser_key_says_nothing_of_a_person(batch: list[Any], route: str) -> None:
    api = Api()
    key = api.key("browser")
    bodies = [{"batch": batch}] if route == "batch" else batch
    for body in bodies:
        assert api.send(key, route, body).status == 200
    for record in api.records():
        is_nobodys(record)


@MODEST
@given(st.lists(messages, max_size=8))
def test_any_batch_of_a_server_gives_records_that_can_be_read(batch: list[Any]) -> None:
    api = Api()
    # `records` validates each against the schema, as `ingest` will.
    assert api.send(api.key(), "batch", {"batch": batch}).status == 200
    api.records()


names = st.text("publicsigner:m1", min_size=1, max_size=30) | st.sampled_from(
    ("1234", "public:1234", "public:public:1234", "signed:1234", "server:public:1234", "x" * 200, "public:" + "x" * 193)
)


@st.composite
def told_ids(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Who calls (server, vouched, anybody), and words or an event with ids of the caller's choice."""
    event = draw(st.sampled_from(("Product Reviewed", "Product Viewed")))
    properties = {"text": "Good", **({"review_id": draw(names)} if draw(st.booleans()) else {})}
    message = {"event": event, "userId": draw(st.sampled_from(("u1", "u2"))), "anonymousId": "a1"}
    return draw(st.sampled_from(("server", "vouched", "anybody"))), {
        **message, "messageId": draw(names), "properties": properties,
    }  # fmt: skip


@MODEST
@given(st.lists(told_ids(), min_size=2, max_size=12))
def test_nobody_writes_over_what_a_higher_rank_told(calls: list[tuple[str, dict[str, Any]]]) -> None:
    api = Api()
    made, server = api.act("key.create", name="n", kind="browser"), api.key()
    given: dict[tuple[str, str], set[str]] = {}
    for who, message in calls:
        user = message["userId"]
        body = {**message, "userHash": hash_of(made["hashSecret"], user)} if who == "vouched" else message
        assert api.send(server if who == "server" else made["key"], "track", body).status == 200
        [record] = api.records()
        assert isinstance(record, (EventRecord, FeedbackRecord))
        given.setdefault((record.kind, record.id), set()).add(f"vouched {user}" if who == "vouched" else who)
    assert all(len(callers) == 1 for callers in given.values()), given


@MODEST
@given(st.lists(json_values, max_size=5), json_values)
def test_any_json_is_answered(batch: list[Any], body: Any) -> None:
    api = Api()
    key = api.key()
    assert api.send(key, "batch", {"batch": batch, "sentAt": body, "context": body}).status == 200
    assert api.send(key, "track", body).status in (200, 400)


def conversation() -> list[dict[str, Any]]:
    """A visitor who becomes a customer, as a shop's server tells it: with orders in parts and words."""

    def one(kind: str, minute: int, **fields: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "messageId": f"m{minute}",
            "timestamp": f"2026-03-02T0{minute // 60}:{minute % 60:02}:00Z",
            **fields,
        }

    order = {"order_id": "1", "total": 40, "currency": "USD", "products": [{"product_id": "p1", "price": 20}]}
    opted_in, first = {"email": "ann@example.com", "consent": {"email": True}}, {"review_id": "r1", "text": "Fine"}
    second = {"review_id": "r1", "text": "Good", "rating": 5}
    return [
        one("page", 1, anonymousId="a1", properties={"title": "Tea"}),
        one("track", 2, anonymousId="a1", event="Product Viewed", properties={"product_id": "p1", "name": "Tea"}),
        one("identify", 5, userId="u1", anonymousId="a1", traits=opted_in),
        one("track", 6, userId="u1", anonymousId="a1", event="Order Completed", properties=order),
        one("identify", 9, userId="u1", traits={"name": "Ann Lee", "consent": {"email": False}}),
        one("track", 70, userId="u1", event="Order Refunded", properties={"order_id": "1", "total": 15}),
        one("track", 75, userId="u1", event="Order Refunded", properties={"order_id": "1", "total": 5}),
        one("track", 80, userId="u1", event="Product Reviewed", properties=first),
        one("track", 85, userId="u1", event="Product Reviewed", properties=second),
        one("group", 90, userId="u1", groupId="g1", traits={"name": "Acme"}),
    ]


def final_state(seed: int | None) -> dict[str, Any]:
    """What ingest makes of the conversation; with a seed repeated, shuffled, cut into batches and sent late."""
    api, events = Api(), conversation()
    key = api.key()
    rng = random.Random(seed)
    if seed is not None:
        events = [event for event in events for _ in range(rng.randint(1, 3))]
        rng.shuffle(events)
    sent: list[Any] = []
    while events:
        size = len(events) if seed is None else rng.randint(1, 4)
        body = {"batch": events[:size], "sentAt": NOW.isoformat()}
        assert api.send(key, "batch", body).status == 200
        sent += [message for _, message in api.bus.take()]
        events = events[size:]
    if seed is not None:
        sent = [message for message in sent for _ in range(rng.randint(1, 2))]
        rng.shuffle(sent)
    digest = World(MemoryStore(), api.bus, lambda: NOW, IDENTITY_KEY)
    for message in sent:
        assert isinstance(message, PlatformEvents)
        assert take_in(digest, message).failed == []
    ours = ("customers/", "orders/", "events/", "feedback/", "identities/")
    return {path: data for path, data in digest.store.dump().items() if path.startswith(ours)}  # type: ignore[attr-defined]


def test_duplicates_and_disorder_end_in_one_state() -> None:
    expected = final_state(None)
    [order] = [data for path, data in expected.items() if path.startswith("orders/")]
    assert (order["total"], order["refunded"], order["status"]) == (4000, 2000, "paid")
    [words] = [data for path, data in expected.items() if path.startswith("feedback/")]
    assert (words["text"], words["rating"]) == ("Good", 5)
    for seed in range(12):
        assert final_state(seed) == expected, seed


@MODEST
@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_sessions_are_the_same_in_any_order_and_never_split_a_part(minutes: list[int], rng: random.Random) -> None:
    from functions.api.times import SESSION_GAP, session_part, sessions

    events = [(at := NOW + timedelta(minutes=minute), session_part("tracking", "a1", at, None)) for minute in minutes]
    shuffled = events[:]
    rng.shuffle(shuffled)
    found = sessions(events)
    assert found == sessions(shuffled)
    ends = [(group[0][0], group[-1][0]) for group in found]
    # The gap rule itself: a new session exactly where more than 30 minutes were silent.
    times_ = sorted(at for at, _ in events)
    gaps = sum(later - earlier > SESSION_GAP for earlier, later in zip(times_, times_[1:], strict=False))
    assert len(ends) == gaps + 1
