"""Write keys: made once, shown once, kept as a hash; disabled for good; what the console refuses."""

from __future__ import annotations

from typing import Any

import pytest

from functions.access.audit import Actor
from functions.access.calls import Call
from functions.access.errors import Refused
from functions.api.keys import TOUCH, actions, key_id
from functions.api.people import hash_of
from functions.connect.vault import KeyRing, VaultError, unseal
from schema.connections import WriteKey
from tests.api.driver import IDENTITY_KEY, NOW, RING, Api


@pytest.fixture
def api() -> Api:
    return Api()


def test_nothing_secret_is_stored_in_the_clear(api: Api) -> None:
    made = api.act("key.create", name="Shop", kind="browser", origins=["https://Shop.example/"])
    stored = repr(api.store.documents)
    assert made["key"] not in stored and made["hashSecret"] not in stored
    held = WriteKey.model_validate(api.store.documents[f"writeKeys/{made['id']}"][0])
    assert made["id"] == key_id(IDENTITY_KEY, made["key"])
    assert (held.hint, held.origins, held.connection_id) == (made["key"][:12], ["https://shop.example"], "tracking")
    assert held.sealed_hash_secret and unseal(RING, held.sealed_hash_secret, made["id"]) == made["hashSecret"]
    with pytest.raises(VaultError):
        unseal(RING, held.sealed_hash_secret, "another key")


def test_a_server_key_needs_no_hash_secret(api: Api) -> None:
    made = api.act("key.create", name="Till", kind="server", channel="pos")
    assert made["hashSecret"] is None and made["key"].startswith("tb_srv_")
    assert api.store.documents[f"writeKeys/{made['id']}"][0]["connectionId"] == "pos"


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"name": ""}, "name"), ({"name": None}, "name"), ({"kind": "root"}, "kind"), ({"kind": None}, "kind"),
        ({"channel": "moon"}, "channel"), ({"channel": "pos", "kind": "browser"}, "channel"),
        ({"origins": ["shop.example"]}, "origins"), ({"origins": ["https://shop.example/path"]}, "origins"),
        ({"origins": ["javascript:alert(1)"]}, "origins"), ({"origins": ["https://a@b.example"]}, "origins"),
        ({"origins": [f"https://s{n}.example" for n in range(21)]}, "origins"),
    ],
)  # fmt: skip
def test_refusals(api: Api, args: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        api.act("key.create", **{"name": "n", "kind": "server", **args})
    assert refused.value.field == field and refused.value.zh
    assert api.store.documents == {}


def test_without_a_key_ring_no_browser_key_is_made(api: Api) -> None:
    def none() -> KeyRing:
        return KeyRing.parse("")

    call = Call(api.world, Actor("u1", "Ann", "ann@shop.example", "owner"), {"name": "n", "kind": "browser"}, None)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        actions(none)["key.create"][1](call)
    assert refused.value.code == "key_ring" and api.store.documents == {}


def test_disabling_is_audited_once(api: Api) -> None:
    made = api.act("key.create", name="n", kind="server")
    for _ in range(2):
        api.act("key.disable", id=made["id"])
    audits = [data for path, (data, _) in api.store.documents.items() if path.startswith("audit/")]
    assert sorted(one["action"] for one in audits) == ["key.create", "key.disable"]
    assert made["key"] not in repr(audits)


@pytest.mark.parametrize("identity", ["", "none", "a/b", None])
def test_no_such_key(api: Api, identity: Any) -> None:
    with pytest.raises(Refused):
        api.act("key.disable", id=identity)


def test_use_is_noted_once_an_hour(api: Api) -> None:
    made = api.act("key.create", name="n", kind="server")
    path = f"writeKeys/{made['id']}"
    for _ in range(3):
        api.send(made["key"], "page", {"userId": "u1"})
    assert api.store.documents[path][0]["lastUsedAt"] == NOW
    writes = api.store.writes
    api.send(made["key"], "page", {"userId": "u1"})
    assert api.store.writes == writes
    api.now += TOUCH
    api.send(made["key"], "page", {"userId": "u1"})
    assert api.store.documents[path][0]["lastUsedAt"] == NOW + TOUCH


def test_a_hash_secret_that_does_not_open_signs_nobody_in(api: Api) -> None:
    made = api.act("key.create", name="n", kind="browser")
    other = KeyRing({1: b"x" * 32})
    api.tracker.keys.ring = lambda: other
    body = {"userId": "u7", "context": {"userHash": hash_of(made["hashSecret"], "u7")}, "traits": {"name": "Ann"}}
    assert api.send(made["key"], "identify", body).status == 200
    assert api.records() == []
