"""Pre-aggregated figures behind the pages of insight: one document a page, no customers and no words in them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schema.base import Currency, Id, Localized, MinorUnits, Shape, Short, Time
from schema.intelligence import InsightPeriod
from schema.minds import EmotionGroups, GroupName, Ocean, Share


class MoodRow(Shape):
    """Mood of some texts: `n` of them, their mean distribution, and the mean of P(positive) - P(negative)."""

    n: int
    groups: EmotionGroups
    sentiment: float
    low: float
    high: float
    """90 % interval of the sentiment."""


class SegmentMood(MoodRow):
    segment_id: Id
    name: Localized
    customers: int
    """Members with scored words."""
    size: int


class WeekMood(MoodRow):
    week: Annotated[str, Field(pattern=r"^\d{4}-W\d\d$")]
    start: Time


class ProductMood(MoodRow):
    product_id: Id
    title: Short
    before: float | None = None
    """Sentiment in the 90 days before the last 30; null without texts then."""
    recent: float | None = None
    """Sentiment in the last 30 days."""


class SegmentOcean(Shape):
    segment_id: Id | None
    """Null: everybody."""
    name: Localized
    customers: int
    """Members with enough text."""
    size: int
    ocean: Ocean | None
    """Mean of their scores with the 90 % interval of the mean; null where nobody has enough text."""


class MoodShares(Shape):
    """Some texts by their strongest mood: `n` of them, and the share of each mood."""

    n: int
    groups: EmotionGroups


class MoodMove(Shape):
    """The share of texts with one strongest mood, in two sets of texts; `low`..`high` is the 90 % interval of `by`."""

    mood: GroupName
    n: int
    share: Share
    n_before: int
    before: Share
    by: float
    low: float
    high: float
    product_id: Id | None = None
    """Null: of all texts."""
    product_title: Short | None = None


class MoodChange(Shape):
    """The last seven days against the 28 before them, whole days of the shop's zone."""

    period: InsightPeriod
    now: MoodShares
    before: MoodShares | None
    """Null where nobody wrote anything then."""
    biggest: MoodMove | None = None
    """What moved most; null where no mood moved more than by chance."""
    behind: Annotated[list[Id], Field(max_length=3)] = []
    """The three texts behind it."""


class TopicMood(Shape):
    """The mood that is more frequent where a topic is named than in the other texts, most clearly of all moods."""

    topic: Short
    name: Localized
    mood: GroupName
    n: int
    """Texts that name it."""
    share: Share
    others: Share
    low: float
    high: float
    """90 % interval of `share - others`."""
    languages: dict[Short, int]
    feedback: Annotated[list[Id], Field(max_length=24)]
    """The newest texts that name it in this mood."""


class EmotionFigures(Shape):
    """`metrics/emotions`: mood by segment, week, product and topic, and personality by segment."""

    as_of: Time
    texts: int
    scored: int
    not_supported: int
    too_short: int
    opted_out: int
    languages: dict[Short, int] = {}
    overall: MoodRow | None = None
    segments: Annotated[list[SegmentMood], Field(max_length=16)] = []
    weeks: Annotated[list[WeekMood], Field(max_length=26)] = []
    """Weeks of the shop's zone, oldest first; a week without texts is left out."""
    products: Annotated[list[ProductMood], Field(max_length=40)] = []
    ocean: Annotated[list[SegmentOcean], Field(max_length=17)] = []
    change: MoodChange | None = None
    """Null where the last seven days have no texts."""
    topics: Annotated[list[TopicMood], Field(max_length=8)] = []
    """Those that move a mood beyond the noise, the strongest first."""
    computed_at: Time


class RfmCell(Shape):
    recency: int
    worth: int
    """Mean of frequency and monetary, halves up: the usual two-dimensional grid."""
    name: Localized
    customers: int
    before: int
    """Customers in the cell 30 days before, by the history known then."""
    revenue: MinorUnits


class RfmMove(Shape):
    from_: Annotated[Short | None, Field(alias="from")]
    from_name: Localized
    to: Short
    to_name: Localized
    customers: int


class Cohort(Shape):
    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")]
    size: int
    """Customers with their first order in the month."""
    retained: Annotated[list[float], Field(max_length=24)]
    """Share that ordered again in the n-th month after; complete months only."""


class Bin(Shape):
    low: float
    high: float | None
    """Null: and more."""
    n: int


class SecondOrder(Shape):
    """Whether buyers whose first order held this product came back within 180 days."""

    product_id: Id
    title: Short
    buyers: int
    returned: int
    share: float
    low: float
    high: float


class Funnel(Shape):
    days: int
    visitors: int
    viewers: int
    carted: int
    bought: int
    """Customers with each step in the period; each step counts those who also did the steps before it."""


class WeekTrend(Shape):
    week: Annotated[str, Field(pattern=r"^\d{4}-W\d\d$")]
    start: Time
    orders: int
    customers: int
    new_customers: int
    revenue: MinorUnits
    discounted: int
    refunded: int


class BehaviourFigures(Shape):
    """`metrics/behaviour`: how customers buy."""

    as_of: Time
    currency: Currency
    customers: int
    grid: Annotated[list[RfmCell], Field(max_length=25)] = []
    moves: Annotated[list[RfmMove], Field(max_length=60)] = []
    cohorts: Annotated[list[Cohort], Field(max_length=24)] = []
    gaps: Annotated[list[Bin], Field(max_length=20)] = []
    """Days between two orders of a customer."""
    median_gap: float | None = None
    second_orders: Annotated[list[SecondOrder], Field(max_length=15)] = []
    second_order_overall: float | None = None
    funnel: Funnel | None = None
    """Null where the shop sends no visits."""
    trends: Annotated[list[WeekTrend], Field(max_length=53)] = []
    clock: Annotated[list[int], Field(max_length=168)] = []
    """Orders by hour of the week in the shop's zone, Monday 0:00 first; empty where moments have no hour."""
    unmet: Localized | None = None
    computed_at: Time


class TierLine(Shape):
    name: Short
    label: Localized
    customers: int
    revenue: MinorUnits


class SegmentPrediction(Shape):
    segment_id: Id
    name: Localized
    customers: int
    value: MinorUnits | None
    """Sum of the expected values of the next twelve months."""
    churn: float | None
    intent: float | None


class PredictionFigures(Shape):
    """`metrics/predictions`: distributions over customers."""

    as_of: Time
    currency: Currency
    customers: int
    predicted: int
    value: Annotated[list[Bin], Field(max_length=20)] = []
    value_total: MinorUnits | None = None
    value_low: MinorUnits | None = None
    value_high: MinorUnits | None = None
    churn: Annotated[list[Bin], Field(max_length=20)] = []
    intent: Annotated[list[Bin], Field(max_length=20)] = []
    engagement: Annotated[list[Bin], Field(max_length=20)] = []
    discount: Annotated[list[Bin], Field(max_length=20)] = []
    churn_days: int | None = None
    at_risk: int = 0
    crossed: int = 0
    """Crossed the threshold in the last seven days."""
    value_tiers: Annotated[list[TierLine], Field(max_length=4)] = []
    churn_tiers: Annotated[list[TierLine], Field(max_length=3)] = []
    segments: Annotated[list[SegmentPrediction], Field(max_length=16)] = []
    computed_at: Time


class AffinityRow(Shape):
    category: Short
    buyers: int
    share: Share
    segments: dict[Id, float] = {}
    """Lift by segment: the share of members who bought it over the share of all buyers."""


class ProductPair(Shape):
    """Two products in one customer's history; lift over what independence would give."""

    a: Id
    a_title: Short
    b: Id
    b_title: Short
    customers: int
    lift: float
    low: float
    high: float


class AffinityFigures(Shape):
    """`metrics/affinity`: who buys what, and what goes together."""

    as_of: Time
    buyers: int
    categories: Annotated[list[AffinityRow], Field(max_length=30)] = []
    pairs: Annotated[list[ProductPair], Field(max_length=40)] = []
    unmet: Localized | None = None
    computed_at: Time


class Grouping(Shape):
    """Another way to cut the same customers: by RFM, mood, personality, value or risk."""

    name: Short
    label: Localized
    note: Localized | None = None
    groups: Annotated[list[TierLine], Field(max_length=16)]


class Groupings(Shape):
    """`metrics/groupings`."""

    as_of: Time
    currency: Currency
    groupings: Annotated[list[Grouping], Field(max_length=6)]
    computed_at: Time
