"""A taken port is reported by name, with its holder and the way out, before anything starts."""

from __future__ import annotations

import os
import socket

import pytest

from scripts.lib import ports
from tests.system.processes import FIREBASE, Command


def overrides(chosen: dict[str, int]) -> dict[str, str]:
    return {f"PORT_{service.upper()}": str(port) for service, port in chosen.items()}


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        ([FIREBASE, "start"], "PORT_FIRESTORE={free} scripts/firebase start"),
        (["make", "run"], "make run PORT_FIRESTORE={free}"),
    ],
    ids=["start", "run"],
)
def test_a_taken_port_is_named_with_its_holder_and_the_way_out(words: list[str], way_out: str) -> None:
    chosen = ports.free_ports()
    with socket.socket() as held:
        held.bind(("127.0.0.1", chosen["firestore"]))
        held.listen()
        command = Command(words, overrides(chosen))
        assert command.wait(30) != 0
    lines = command.output
    assert f"firestore  {chosen['firestore']}" in lines
    assert f"process {os.getpid()}" in lines
    assert way_out.split("{")[0] in lines
    assert "Starting" not in lines


def test_two_services_on_one_port_are_refused() -> None:
    with pytest.raises(ports.PortError, match="firestore and functions would both listen on 5001"):
        ports.fixed_ports({"PORT_FIRESTORE": "5001"})


@pytest.mark.parametrize("text", ["abc", "80", "70000", "-1"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ports.PortError, match="PORT_AUTH"):
        ports.fixed_ports({"PORT_AUTH": text})


def test_free_ports_differ() -> None:
    assert len(set(ports.free_ports().values())) == len(ports.FIXED)
