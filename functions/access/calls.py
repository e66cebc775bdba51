"""What one call of the console is, and who may do what: the vocabulary of every table of actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from functions.access.audit import Actor
from functions.access.members import Directory
from functions.connect.outside import Outside
from schema.flow import World
from schema.store import Data

OWNER, ADMIN = ("owner",), ("owner", "admin")
EDITOR, ANYONE = ("owner", "admin", "marketer"), ("owner", "admin", "marketer", "analyst", "support")
FRONT = ("owner", "admin", "marketer", "support")


@dataclass(frozen=True)
class Call:
    """One call of the console."""

    world: World
    actor: Actor
    args: Data
    directory: Directory
    outside: Outside | None = None
    """The platforms and providers; None where a test needs none."""


Handler = Callable[[Call], Data]
Actions = dict[str, tuple[tuple[str, ...], Handler]]
"""By name: the roles that may, and what is done. Each area has its own table; `console.ACTIONS` joins them."""
