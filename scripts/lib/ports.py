"""Which service listens where: fixed ports for `make run`, free ones for tests, and who holds a taken one."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
FIXED: dict[str, int] = {
    "hosting": 5000,
    "functions": 5001,
    "firestore": 8080,
    "auth": 9099,
    "pubsub": 8085,
    "tasks": 9499,
    "eventarc": 9299,
    "hub": 4400,
    "logging": 4500,
    "websocket": 9150,
    "shops": 9800,
}
"""Service -> default port. `websocket` is the Firestore emulator's, which opens it even without its user interface;
`shops` are the simulated storefronts."""


class PortError(RuntimeError):
    """A port is taken or an override is not a port; the message names the service and the way out."""


@dataclass(frozen=True)
class Taken:
    service: str
    port: int
    holder: str


def fixed_ports(environ: dict[str, str] | None = None) -> dict[str, int]:
    """The default ports with overrides from `PORT_<SERVICE>`.

    Raises:
        PortError: an override is no number between 1024 and 65535, or two services share a port.
    """
    env = dict(os.environ) if environ is None else environ
    ports: dict[str, int] = {}
    for service, default in FIXED.items():
        name = f"PORT_{service.upper()}"
        text = env.get(name, "").strip()
        if text and not (text.isdigit() and 1024 <= int(text) <= 65535):
            raise PortError(f"{name}={text} is not a port: give a number from 1024 to 65535.")
        port = int(text) if text else default
        for other, used in ports.items():
            if used == port:
                raise PortError(f"{service} and {other} would both listen on {port}: give {name} another number.")
        ports[service] = port
    return ports


def free_ports() -> dict[str, int]:
    """A free port for every service. All are held open until all are chosen, so no two are the same."""
    held = []
    try:
        for _ in FIXED:
            sock = socket.socket()
            sock.bind((HOST, 0))
            held.append(sock)
        return {service: sock.getsockname()[1] for service, sock in zip(FIXED, held, strict=True)}
    finally:
        for sock in held:
            sock.close()


def taken(ports: dict[str, int]) -> list[Taken]:
    """The services whose port something already listens on."""
    return [Taken(service, port, holder(port)) for service, port in ports.items() if not is_free(port)]


def is_free(port: int) -> bool:
    # A bind alone misses a listener on another address with SO_REUSEADDR, a connect alone a bound but silent socket.
    with socket.socket() as probe:
        probe.settimeout(0.3)
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def explain(found: list[Taken], command: str) -> str:
    """What a person needs to know and do about taken ports."""
    lines = ["These ports are taken already:"]
    lines += [f"  {item.service:<10} {item.port:<6} by {item.holder}" for item in found]
    ways = " ".join(f"PORT_{item.service.upper()}={suggestion(item.port)}" for item in found)
    # Make takes variables behind the target, a script before its name.
    use = f"{command} {ways}" if command.startswith("make ") else f"{ways} {command}"
    lines += ["Stop what holds them, or use other ports:", f"  {use}"]
    return "\n".join(lines)


def suggestion(port: int) -> int:
    """The next free port above a taken one."""
    for candidate in range(port + 1, min(port + 200, 65535)):
        if candidate not in FIXED.values() and is_free(candidate):
            return candidate
    return port + 1000


def holder(port: int) -> str:
    """The process that listens on a port, as far as this user may see it (Linux: /proc)."""
    inodes = listening_inodes(port)
    if not inodes:
        return "an unknown process"
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            links = [os.readlink(link) for link in (entry / "fd").iterdir()]
            if any(link in inodes for link in links):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                return f"process {entry.name} ({command[:70] or 'unnamed'})"
        except OSError:
            continue  # another user's process, or gone meanwhile
    return "a process of another user"


def listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            listening = fields[3] == "0A"
            if listening and int(fields[1].rsplit(":", 1)[1], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found
