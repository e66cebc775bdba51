"""The actions of this area, joined."""

from __future__ import annotations

from functions.access.calls import Actions
from functions.intelligence import cases, findings, training

ACTIONS: Actions = {**cases.ACTIONS, **findings.ACTIONS, **training.ACTIONS}
