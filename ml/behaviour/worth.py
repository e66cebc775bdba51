"""The models `value` and `discount` in the database: trained on the same histories, served beside the probabilities.

What they compute is in `value_model` and `discount_model`. Here is only where the numbers live, and the tiers: a
customer's expected value against that of the customers trained on, top tenth, next fifth, next three tenths, the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ml.behaviour.history import Ledger
from ml.behaviour.registry import Served, load
from schema.base import Localized
from schema.intelligence import ModelVersion
from schema.minds import LifetimeValue, Uplift, ValueTier
from schema.store import Store

EDGES = (40.0, 70.0, 90.0)
"""Percentiles of expected value where `middle`, `high` and `top` begin."""
TIERS: tuple[ValueTier, ...] = ("low", "middle", "high", "top")
NOT_TRAINED = Localized(en="The model has not been trained yet.", zh="模型尚未训练。")


@dataclass(frozen=True)
class Worth:
    """Both models in force; None where one was never trained."""

    value: Served | None = None
    discount: Served | None = None


def load_worth(store: Store) -> Worth:
    """What is in force."""
    served = load(store, ("value", "discount"))
    return Worth(served.get("value"), served.get("discount"))


def values(worth: Worth, book: Ledger, as_of: datetime, currency: str) -> list[LifetimeValue]:
    """The next twelve months of each customer of a ledger."""
    from ml.behaviour.value_model import value_of

    return value_of(book, *_asked(worth.value, "value", as_of))


def uplifts(worth: Worth, book: Ledger, as_of: datetime) -> list[Uplift]:
    """What a discount may change for each customer of a ledger."""
    from ml.behaviour.discount_model import discount_of

    return discount_of(book, *_asked(worth.discount, "discount", as_of))


def _asked(served: Served | None, name: str, as_of: datetime) -> tuple[dict[str, Any] | None, str, datetime, Localized]:
    if served is None:
        return None, f"{name}@0", as_of, NOT_TRAINED
    told = served.card.unmet or served.card.why
    if served.card.in_use == "none" or "inUse" not in served.parameters:
        return None, served.label, as_of, told
    # The card has the last word on what is used: a later look may have fallen back.
    return {**served.parameters, "inUse": served.card.in_use}, served.label, as_of, told


def tier(worth: Worth, expected: int | None) -> ValueTier | None:
    """Where an expected value stands among those of the customers trained on."""
    edges = worth.value.parameters.get("tierEdges") if worth.value else None
    if expected is None or not edges:
        return None
    return TIERS[int(np.searchsorted(edges, expected, side="right"))]


def with_edges(version: ModelVersion, book: Ledger, as_of: datetime) -> ModelVersion:
    """The version with the values where tiers begin."""
    from ml.behaviour.value_model import value_of

    told = value_of(book, version.parameters, "value@0", as_of)
    expected = [one.expected for one in told if one.expected is not None]
    edges = [float(one) for one in np.percentile(expected, EDGES)] if expected else []
    return version.model_copy(update={"parameters": {**version.parameters, "tierEdges": edges}})
