"""What members do with people in the console, joined: merging, notes, tags, exports, the history of stages."""

from __future__ import annotations

from functions.access.calls import Actions
from functions.people import export, history, merging, notes, tags

ACTIONS: Actions = {**merging.ACTIONS, **notes.ACTIONS, **tags.ACTIONS, **export.ACTIONS, **history.ACTIONS}
