"""Sensitivity to discounts before there are randomised offers: from behaviour, shrunk, and said so; pure.

What a customer's history tells is the share of their orders that had a discount. It is shrunk to the shop's mean by a
beta-binomial model: share = (d + mu k) / (n + k), with d of n orders discounted, mu and k by maximum likelihood. That a
customer often buys with discounts does not say that the discount made them buy: the share is multiplied with `FACTOR`,
a tenth, which is chosen to be careful and not measured; the interval runs over `FACTORS`, from
"puts them off a little" to "three tenths", and over the 90 % interval of the share. It is an assumption, and its basis
is always "behaviour with shrinkage". Nothing replaces it yet: the shop keeps no offers given at random, and what
`uplift` measures on a file does not reach the customers' predictions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from ml.behaviour.history import Floats, Ledger
from ml.behaviour.value_model import NO_ORDER, Trained
from schema.base import Localized
from schema.intelligence import ModelCard, ModelVersion
from schema.minds import Uplift

FACTOR = 0.1
FACTORS = (-0.05, 0.3)
LEAST_BUYERS, LEAST_DISCOUNTED = 50, 10
NAME = "discount share, shrunk"
NO_TRIAL = Localized(
    en="Guessed from behaviour: no randomised offers to measure it with yet.",
    zh="根据行为推测：尚无随机优惠可供测量。",
)


def counts(book: Ledger, as_of: datetime) -> tuple[Floats, Floats]:
    """Orders whose discount is known, and those with one, by customer."""
    seen = (book.orders.at <= as_of.timestamp()) & ~np.isnan(book.orders.discount)
    owner = book.orders.owner[seen]
    orders = np.bincount(owner, minlength=len(book)).astype(np.float64)
    with_one = np.bincount(owner, book.orders.discount[seen] > 0, minlength=len(book)).astype(np.float64)
    return orders, with_one


def train_discount(book: Ledger, as_of: datetime, now: datetime) -> Trained:
    """Fit mean and strength of the shrinkage."""
    orders, with_one = counts(book, as_of)
    buyers, discounted = int((orders > 0).sum()), int(with_one.sum())
    unmet = None
    if buyers < LEAST_BUYERS or discounted < LEAST_DISCOUNTED:
        unmet = Localized(
            en=f"Needs {LEAST_BUYERS} buyers and {LEAST_DISCOUNTED} orders with a discount; there are {buyers} and "
            f"{discounted}.",
            zh=f"需要 {LEAST_BUYERS} 位买家和 {LEAST_DISCOUNTED} 笔优惠订单，目前 {buyers} 位、{discounted} 笔。",
        )
    card = ModelCard(
        name="discount", version=0, in_use="none" if unmet else "baseline", estimator="none" if unmet else NAME,
        baseline=NAME, why=unmet or NO_TRIAL, health="yellow", reasons=[NO_TRIAL], unmet=unmet, trained_at=now,
        as_of=as_of, updated_at=now,
    )  # fmt: skip
    if unmet:
        return Trained(card, None)
    mean, strength = shrinkage(orders, with_one)
    card = card.model_copy(update={"fit": {"share": mean, "strength": strength, "factor": FACTOR}})
    version = ModelVersion(
        version=0, trained_at=now, as_of=as_of, estimator=NAME, health="yellow",
        parameters={"inUse": "baseline", "share": mean, "strength": strength},
    )  # fmt: skip
    return Trained(card, version)


def shrinkage(orders: Floats, with_one: Floats) -> tuple[float, float]:
    """Mean and strength (a + b) of the beta-binomial by maximum likelihood; the strength lies in 0.5 .. 200."""
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    pairs, number = np.unique(np.column_stack((orders, with_one))[orders > 0], axis=0, return_counts=True)
    n, d = pairs.T
    # Half an order either way keeps the mean off 0 and 1.
    mean = float((number @ d + 0.5) / (number @ n + 1))

    def loss(log_strength: float) -> float:
        k = np.exp(log_strength)
        a, b = mean * k, (1 - mean) * k
        return -float(number @ (betaln(a + d, b + n - d) - betaln(a, b)))

    found = minimize_scalar(loss, bounds=(np.log(0.5), np.log(200.0)), method="bounded")
    return mean, float(np.exp(found.x))


def discount_of(
    book: Ledger, parameters: Mapping[str, Any] | None, label: str, as_of: datetime, unmet: Localized | None = None
) -> list[Uplift]:
    """What a discount may change in each customer's probability to buy, in the ledger's order.

    Args:
        parameters: of the version in force; None where there is none.
        unmet: why there is no model, from the card.
    """
    from scipy.special import betaincinv

    nothing = Uplift(value=None, basis="behaviour with shrinkage", model=label, unmet=unmet or NO_ORDER)
    if parameters is None:
        return [nothing] * len(book)
    orders, with_one = counts(book, as_of)
    mean, strength = float(parameters["share"]), float(parameters["strength"])
    a, b = mean * strength + with_one, (1 - mean) * strength + orders - with_one
    most = betaincinv(a, b, 0.95)
    return [
        Uplift(
            value=round(float(FACTOR * share), 4), low=round(float(FACTORS[0] * top), 4),
            high=round(float(FACTORS[1] * top), 4), basis="behaviour with shrinkage", model=label,
        )
        if bought
        else Uplift(value=None, basis="behaviour with shrinkage", model=label, unmet=NO_ORDER)
        for share, top, bought in zip(a / (a + b), most, orders > 0, strict=True)
    ]  # fmt: skip
