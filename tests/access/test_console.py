"""The console's callable: who may do what, members and owners, edits with their audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.access.console import ACTIONS, Caller, answer
from functions.access.errors import Refused
from functions.access.members import Account
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import OrderRecord, Origin, Person, PlatformEvents
from tests.imports.driver import KEY

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
OWNER_EMAIL = "owner@shop.example"

# Written out here, not derived from the code: a wider role in the code must fail this test.
MAY = {
    "session.language": "owner admin marketer analyst support",
    "import.detect": "owner admin marketer",
    "import.create": "owner admin marketer",
    "import.upload": "owner admin marketer",
    "import.finish": "owner admin marketer",
    "import.cancel": "owner admin marketer",
    "import.report": "owner admin marketer",
    "import.attest": "owner admin",
    "sample.remove": "owner admin",
    "recluster.start": "owner admin marketer",
    "case.open": "owner admin marketer support",
    "case.assign": "owner admin marketer support",
    "case.note": "owner admin marketer support",
    "case.done": "owner admin marketer support",
    "case.reopen": "owner admin marketer support",
    "insight.dismiss": "owner admin marketer",
    "insight.restore": "owner admin marketer",
    "insight.useful": "owner admin marketer analyst support",
    "evidence.ask": "owner admin marketer support",
    "training.save": "owner admin marketer",
    "model.train": "owner admin",
    "model.rollback": "owner admin",
    "model.unpin": "owner admin",
    "run.cancel": "owner admin marketer",
    "customer.edit": "owner admin marketer",
    "customer.lookup": "owner admin marketer support",
    "segment.rename": "owner admin marketer",
    "members.set": "owner admin",
    "members.remove": "owner admin",
    "parked.replay": "owner admin",
    "parked.discard": "owner admin",
    "shop.edit": "owner admin",
    "onboarding.done": "owner admin marketer analyst support",
    "job.tick": "owner admin",
    "people.merge": "owner admin marketer",
    "people.unmerge": "owner admin marketer",
    "people.dismiss": "owner admin marketer",
    "people.note": "owner admin marketer",
    "people.noteEdit": "owner admin marketer",
    "people.noteDelete": "owner admin marketer",
    "people.tag": "owner admin marketer",
    "people.export": "owner admin marketer",
    "people.history": "owner admin marketer support",
    "setAside.letIn": "owner admin marketer",
    "setAside.discard": "owner admin marketer",
    "connection.detect": "owner admin",
    "connection.begin": "owner admin",
    "connection.status": "owner admin",
    "connection.backfill": "owner admin",
    "connection.reconcile": "owner admin",
    "connection.poll": "owner admin",
    "connection.disconnect": "owner admin",
    "connection.rename": "owner admin",
    "key.create": "owner admin",
    "key.disable": "owner admin",
    "segmentation.publish": "owner admin marketer",
    "segmentation.keep": "owner admin marketer",
    "survey.create": "owner admin marketer",
    "survey.edit": "owner admin marketer",
    "survey.close": "owner admin marketer",
    "survey.link": "owner admin marketer",
}


class Accounts:
    """Sign-in accounts in memory."""

    def find_or_create(self, email: str, name: str) -> Account:
        return Account(f"uid-{email.split('@')[0]}", email, name, created=True)


class Console:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.bus = MemoryBus()
        self.world = World(self.store, self.bus, lambda: NOW, KEY)

    def call(self, who: str, action: str, **args: Any) -> Any:
        caller = Caller(Account(f"uid-{who}", f"{who}@shop.example", who.title()), verified=True)
        return answer(self.world, caller, {"action": action, **args}, Accounts(), OWNER_EMAIL)

    def audit(self) -> list[dict[str, Any]]:
        return [data for path, (data, _) in self.store.documents.items() if path.startswith("audit/")]


@pytest.fixture
def console() -> Console:
    made = Console()
    made.call("owner", "session.start")
    for role in ("admin", "marketer", "analyst", "support"):
        made.call("owner", "members.set", email=f"{role}@shop.example", name=role.title(), role=role)
    return made


def test_the_table_of_roles_is_this_one() -> None:
    assert {action: " ".join(roles) for action, (roles, _) in ACTIONS.items()} == MAY


@pytest.mark.parametrize("action", sorted(MAY))
def test_other_roles_are_refused_with_who_may(console: Console, action: str) -> None:
    for role in ("owner", "admin", "marketer", "analyst", "support"):
        if role in MAY[action].split():
            continue
        before = console.store.dump()
        with pytest.raises(Refused) as refused:
            console.call(role, action)
        assert refused.value.status == "permission-denied"
        assert "admin" in refused.value.en
        assert console.store.dump() == before


def test_being_signed_in_grants_nothing(console: Console) -> None:
    assert console.call("stranger", "session.start") == {"member": None}
    with pytest.raises(Refused, match="no access yet"):
        console.call("stranger", "recluster.start")
    with pytest.raises(Refused, match="Sign in"):
        answer(console.world, None, {"action": "session.start"}, Accounts(), OWNER_EMAIL)


@pytest.mark.parametrize(
    ("email", "verified", "owner_email"),
    [("first@shop.example", True, OWNER_EMAIL), (OWNER_EMAIL, False, OWNER_EMAIL), (OWNER_EMAIL, True, "")],
)
def test_the_first_to_come_is_no_owner(email: str, verified: bool, owner_email: str) -> None:
    made = Console()
    caller = Caller(Account("u", email, "X"), verified)
    assert answer(made.world, caller, {"action": "session.start"}, Accounts(), owner_email) == {"member": None}
    assert not made.store.documents


def test_the_deploy_time_address_becomes_owner_once(console: Console) -> None:
    assert console.call("owner", "session.start")["member"]["role"] == "owner"
    other = Caller(Account("another-uid", OWNER_EMAIL, "X"), verified=True)
    again = answer(console.world, other, {"action": "session.start"}, Accounts(), OWNER_EMAIL)
    assert again == {"member": None}


def test_only_an_owner_grants_owner_or_admin(console: Console) -> None:
    for role in ("owner", "admin"):
        with pytest.raises(Refused):
            console.call("admin", "members.set", email="new@shop.example", role=role)
    console.call("admin", "members.set", email="new@shop.example", role="marketer")
    with pytest.raises(Refused):
        console.call("admin", "members.set", email="owner@shop.example", role="support")
    with pytest.raises(Refused):
        console.call("admin", "members.remove", uid="uid-owner")
    console.call("owner", "members.set", email="new@shop.example", role="admin")


def test_the_last_owner_stays(console: Console) -> None:
    with pytest.raises(Refused, match="last owner"):
        console.call("owner", "members.remove", uid="uid-owner")
    with pytest.raises(Refused, match="last owner"):
        console.call("owner", "members.set", email="owner@shop.example", role="admin")
    console.call("owner", "members.set", email="second@shop.example", role="owner")
    console.call("second", "members.remove", uid="uid-owner")
    with pytest.raises(Refused, match="no access"):
        console.call("owner", "recluster.start")


def test_every_change_of_members_names_its_actor(console: Console) -> None:
    console.call("admin", "members.set", email="new@shop.example", role="support")
    last = [one for one in console.audit() if one["target"] == "members/uid-new"]
    assert [(one["action"], one["actor"], one["actorName"]) for one in last] == [
        ("members.invite", "uid-admin", "Admin")
    ]


@pytest.mark.parametrize(
    ("field", "args"),
    [("email", {"email": "nobody", "role": "support"}), ("role", {"email": "a@b.example", "role": "boss"})],
)
def test_a_wrong_invitation_names_its_field(console: Console, field: str, args: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        console.call("owner", "members.set", **args)
    assert refused.value.field == field
    assert refused.value.zh


def with_customer(console: Console) -> str:
    from functions.ingest.intake import take_in

    person = Person(key="c-1", name="Ann Lee", email="ann@example.com", phone="+442079460001", country="GB")
    record = OrderRecord(version=1, id="1001", person=person, placed_at=NOW, currency="USD", total=1000)
    origin = Origin(connection_id="csv", platform="csv", bulk=True)
    take_in(console.world, PlatformEvents(origin=origin, records=[record.to_json()]))
    return next(path.split("/")[1] for path in console.store.documents if path.startswith("customers/"))


def test_an_edit_names_the_person_and_keeps_values_private(console: Console) -> None:
    customer = with_customer(console)
    changed = console.call("marketer", "customer.edit", customerId=customer, phone="020 7946 0002", tags=["vip"])
    assert changed == {"changed": ["phone", "tags"]}
    held = console.store.documents[f"customers/{customer}"][0]
    assert held["maskedPhone"] == "•••• 02"
    assert held["tags"]["manual"] == ["vip"]
    assert console.store.documents[f"customers/{customer}/pii/contact"][0]["phone"] == "+442079460002"
    [entry] = [one for one in console.audit() if one["action"] == "customer.edit"]
    assert (entry["actor"], entry["actorName"], entry["actorRole"]) == ("uid-marketer", "Marketer", "marketer")
    assert "2079460002" not in str(entry)
    assert entry["after"] == {"phone": "changed", "tags": ["vip"]}
    assert console.call("marketer", "customer.edit", customerId=customer, phone="+44 20 7946 0002") == {"changed": []}


def test_an_edit_wins_over_the_source_and_can_be_taken_back(console: Console) -> None:
    customer = with_customer(console)
    console.call("owner", "customer.edit", customerId=customer, name="Anne Leigh")
    assert console.store.documents[f"customers/{customer}"][0]["displayName"] == "Anne Leigh"
    with_customer(console)
    assert console.store.documents[f"customers/{customer}"][0]["displayName"] == "Anne Leigh"
    console.call("owner", "customer.edit", customerId=customer, name="")
    assert console.store.documents[f"customers/{customer}"][0]["displayName"] == "Ann Lee"


@pytest.mark.parametrize(
    ("field", "value"), [("email", "x@"), ("phone", "12"), ("country", "Atlantis"), ("language", "?")]
)
def test_a_wrong_edit_names_its_field_and_writes_nothing(console: Console, field: str, value: str) -> None:
    customer = with_customer(console)
    before = console.store.dump()
    with pytest.raises(Refused) as refused:
        console.call("owner", "customer.edit", customerId=customer, **{field: value})
    assert refused.value.field == field
    assert console.store.dump() == before


@pytest.mark.parametrize("asked", [{"email": " ANN@example.com"}, {"phone": "+44 20 7946 0001"}, {"order": "#1001"}])
def test_an_exact_look_up_finds_the_customer(console: Console, asked: dict[str, str]) -> None:
    customer = with_customer(console)
    assert console.call("support", "customer.lookup", **asked) == {"customerId": customer}


def test_a_look_up_after_an_edit_follows_the_new_address(console: Console) -> None:
    customer = with_customer(console)
    console.call("owner", "customer.edit", customerId=customer, email="new@example.com")
    assert console.call("owner", "customer.lookup", email="new@example.com") == {"customerId": customer}
    assert console.call("owner", "customer.lookup", email="ann@example.com") == {"customerId": None}


def test_a_segment_is_renamed_and_gets_its_computed_name_back(console: Console) -> None:
    name = {"en": "Loyal big spenders", "zh": "忠诚的高消费客户"}
    console.store.documents |= {
        "segments/s1": ({"name": name, "renamedBy": None, "updatedAt": NOW}, 1),
        "config/segmentation": ({"active": 3}, 1),
        "segmentations/3": ({"sizes": [{"segmentId": "s1", "name": name}]}, 1),
    }
    console.call("marketer", "segment.rename", segmentId="s1", en="Best friends", zh="")
    held = console.store.documents["segments/s1"][0]
    assert held["name"] == {"en": "Best friends", "zh": "Best friends"}
    assert held["renamedBy"] == "uid-marketer"
    console.call("marketer", "segment.rename", segmentId="s1", en="", zh="")
    assert console.store.documents["segments/s1"][0]["name"] == name


def test_the_reporting_currency_is_fixed_once_orders_count_in_it(console: Console) -> None:
    console.call("owner", "shop.edit", currency="EUR", name="Shop", zone="Europe/Paris")
    with_customer(console)
    with pytest.raises(Refused) as refused:
        console.call("owner", "shop.edit", currency="USD")
    assert refused.value.code == "currency_fixed"


@pytest.mark.parametrize(
    ("field", "args"),
    [
        ("rates", {"rates": {"USD": -1}}),
        ("rates", {"rates": {"XX": 1}}),
        ("zone", {"zone": "Mars"}),
        ("name", {"name": " "}),
    ],
)
def test_wrong_shop_settings_name_their_field(console: Console, field: str, args: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        console.call("owner", "shop.edit", **args)
    assert refused.value.field == field
