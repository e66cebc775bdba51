"""Parts of a customer that a model inferred: mood and personality from their own words, habits, predictions.

They live on `customers/{customerId}` as `psyche`, `habits` and `predictions`; null until their gate passes, and for
everybody who refused profiling.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import Id, Localized, MinorUnits, Shape, Short, Time

GroupName = Literal["delighted", "surprised", "worried", "disappointed", "frustrated", "neutral"]
GROUPS: tuple[GroupName, ...] = ("delighted", "surprised", "worried", "disappointed", "frustrated", "neutral")
"""The one axis of feeling for every language."""
SentimentName = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[SentimentName, ...] = ("negative", "neutral", "positive")
TraitName = Literal["openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"]
TRAITS: tuple[TraitName, ...] = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
OCEAN_WORDS = 350
"""Words of a customer's own text below which nothing is said about personality."""
OceanReason = Literal["not enough text", "language not supported", "opted out", "no text"]

Share = Annotated[float, Field(ge=0, le=1)]


class EmotionGroups(Shape):
    """A distribution over the six groups; sums to 1."""

    delighted: Share = 0
    surprised: Share = 0
    worried: Share = 0
    disappointed: Share = 0
    frustrated: Share = 0
    neutral: Share = 0


class Trait(Shape):
    """A score between 0 and 1 (0.5 = the mean writer of shop reviews) with its 90 % interval: a hint, never a label."""

    score: Share
    low: Share
    high: Share


class Ocean(Shape):
    """Five traits, never a label."""

    openness: Trait
    conscientiousness: Trait
    extraversion: Trait
    agreeableness: Trait
    neuroticism: Trait


class Frustration(Shape):
    """The newest text that is negative and angry, annoyed, disappointed, disapproving or disgusted."""

    feedback_id: Id
    at: Time
    settled: Literal["positive text", "closed case"] | None = None


class Psyche(Shape):
    """Folded anew from the newest 200 scored texts sorted by id, decayed as of `as_of`; never incrementally."""

    as_of: Time
    texts: int
    """Scored texts that it rests on."""
    words: int
    weight: float
    """Sum of the decayed weights: what the means rest on."""
    sentiment: Annotated[float, Field(ge=-1, le=1)] | None
    """Decayed mean of P(positive) - P(negative)."""
    sentiment_low: float | None
    sentiment_high: float | None
    groups: EmotionGroups | None
    mood: GroupName | None
    """The strongest group; null without scored words."""
    frustration: Frustration | None = None
    ocean: Ocean | None = None
    ocean_reason: OceanReason | None = None
    ocean_words: int = 0
    models: Annotated[list[Short], Field(max_length=4)] = []


class Affinity(Shape):
    category: Short
    share: Share
    """Of what the customer bought and looked at, decayed."""


class Habits(Shape):
    """Behaviour that needs the timeline beside `stats`; what each is stands in `docs/features.md`."""

    as_of: Time
    visits30: int = 0
    visits90: int = 0
    views90: int = 0
    """Products looked at."""
    carts90: int = 0
    cart_abandonment: Share | None = None
    discount_share: Share | None = None
    """Orders with any discount."""
    discount_depth: Share | None = None
    """Discount money over full price."""
    return_share: Share | None = None
    """Orders refunded in whole or part."""
    items_per_order: float | None = None
    rhythm: float | None = None
    """Coefficient of variation of the gaps between order days; null below four order days."""
    price_tier: Share | None = None
    """Mean percentile of the prices bought at within their category: 0 cheapest, 1 dearest."""
    spend365: MinorUnits | None = None
    channels: dict[Short, float] = {}
    """Share of orders by channel."""
    best_hour: Annotated[int, Field(ge=0, le=23)] | None = None
    """Hour of the shop's clock at which they are most active; null below five moments."""
    best_weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    """0 = Monday."""
    affinity: Annotated[list[Affinity], Field(max_length=8)] = []


class Driver(Shape):
    """What moved a prediction, in words."""

    name: Short
    text: Localized
    effect: float
    """Signed, on the scale of log odds (or of the value)."""


class Probability(Shape):
    """A calibrated probability with its 90 % interval, or why there is none."""

    value: Share | None
    low: Share | None = None
    high: Share | None = None
    basis: Literal["model", "baseline"] | None = None
    """What gave it: the trained model, or the named baseline that it had to beat."""
    model: Short
    """`churn@3`: a document of `models` and its version."""
    unmet: Localized | None = None
    """Which condition is not met; then there is no value."""
    drivers: Annotated[list[Driver], Field(max_length=5)] = []


class LifetimeValue(Shape):
    """The next twelve months by BG/NBD and Gamma-Gamma, each with its 90 % predictive interval."""

    expected: MinorUnits | None
    low: MinorUnits | None = None
    high: MinorUnits | None = None
    purchases: float | None = None
    purchases_low: float | None = None
    purchases_high: float | None = None
    alive: Share | None = None
    next_order_at: Time | None = None
    next_order_low: Time | None = None
    next_order_high: Time | None = None
    model: Short
    unmet: Localized | None = None


class Uplift(Shape):
    """What a discount changes in the probability to buy: from randomised offers, or guessed from behaviour."""

    value: Annotated[float, Field(ge=-1, le=1)] | None
    low: float | None = None
    high: float | None = None
    basis: Literal["randomised offers", "behaviour with shrinkage"]
    model: Short
    unmet: Localized | None = None


ValueTier = Literal["top", "high", "middle", "low"]
RiskTier = Literal["high", "medium", "low"]


class Predictions(Shape):
    """Everything predicted about a customer as of one moment."""

    as_of: Time
    value: LifetimeValue
    churn: Probability
    """No order within the shop's own churn horizon."""
    intent: Probability
    """An order within 30 days."""
    engagement: Probability
    """A click, visit or order within 30 days. Opens do not count: mail privacy proxies inflate them."""
    campaign: Probability
    """An order within 14 days of a message."""
    discount: Uplift
    value_tier: ValueTier | None = None
    churn_tier: RiskTier | None = None
    crossed_at: Time | None = None
    """When the risk last crossed the threshold upwards."""
