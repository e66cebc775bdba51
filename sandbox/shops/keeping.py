"""The shops over a restart: what happened in them, who may call them and whom they tell, in one file.

Each part says for itself what it must not forget (`SimulatedShop.keep`). The file is this process's own and is read
back by it alone.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from sandbox.shops.shop import SimulatedShop

TRIES = 5


def save(shop: SimulatedShop, file: Path) -> None:
    """Write everything at once: a reader finds the former file or the new one, never half of one."""
    for last in range(TRIES - 1, -1, -1):
        try:
            with shop.lock:
                said = {
                    name: {one: getattr(holder, one) for one in names} for name, (holder, names) in shop.kept.items()
                }
                text = pickle.dumps(said)
            break
        except RuntimeError:
            # A platform's own list grew while it was written down.
            if not last:
                raise
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(text)
    fresh.replace(file)


def load(shop: SimulatedShop, file: Path) -> bool:
    """Take the shops up where they were; False when there is nothing to take up, or it is of another make."""
    try:
        said: dict[str, dict[str, Any]] = pickle.loads(file.read_bytes())
    except (OSError, pickle.UnpicklingError, AttributeError, ImportError, EOFError):
        return False
    if {name: set(one) for name, one in said.items()} != {name: set(names) for name, (_, names) in shop.kept.items()}:
        return False
    with shop.lock:
        for name, values in said.items():
            holder, _ = shop.kept[name]
            for one, value in values.items():
                setattr(holder, one, value)
        shop.rebuild()
    return True
