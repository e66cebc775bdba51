"""Documents of what models found: scored texts, the models themselves, care cases, insights, training settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import Id, Localized, Shape, Short, Text, Time
from schema.minds import EmotionGroups, GroupName, SentimentName, Share

# --- words ---------------------------------------------------------------------------------------------------------


class SentimentScore(Shape):
    label: SentimentName
    negative: Share
    neutral: Share
    positive: Share


class OceanPart(Shape):
    """One text's contribution to its writer's traits: logits in the order of TRAITS and the tokens they rest on."""

    logits: Annotated[list[float], Field(max_length=5)]
    tokens: int
    model: Short


class EvidenceSpan(Shape):
    """A word and what leaving it out changes: positive numbers spoke for the label."""

    start: int
    """Characters from the beginning of title + line feed + text (or of the text where there is no title)."""
    end: int
    sentiment: float
    emotion: float


class Evidence(Shape):
    """The words that moved the labels, by occlusion."""

    sentiment: SentimentName
    emotion: Short | None
    """Label of the 28 in English, a group elsewhere."""
    spans: Annotated[list[EvidenceSpan], Field(max_length=200)]
    method: Literal["occlusion"] = "occlusion"
    at: Time


class Emotion(Shape):
    """`emotions/{feedbackId}`: what a model read in one text; a text that cannot be scored says why."""

    customer_id: Id | None
    product_id: Id | None
    at: Time | None
    kind: Short
    rating: int | None = None
    language: Short
    """BCP 47 primary tag as detected; `und` where it cannot be told."""
    status: Literal["scored", "not supported", "too short", "opted out", "no words"]
    words: int
    """Words; two Chinese characters count as one."""
    sentiment: SentimentScore | None = None
    groups: EmotionGroups | None = None
    top: GroupName | None = None
    emotions: dict[Short, Share] = {}
    """Probabilities of the 28 labels; English only."""
    emotion_labels: Annotated[list[Short], Field(max_length=28)] = []
    """Labels over their thresholds."""
    frustrated: bool = False
    """Negative, and anger, annoyance, disappointment, disapproval or disgust over the threshold."""
    ocean: OceanPart | None = None
    model: Short | None = None
    """Name and version of the artefact."""
    text_hash: Short
    """Of title and text: a text that was changed is scored anew, the same text is not."""
    evidence: Evidence | None = None
    sample: bool = False
    scored_at: Time


# --- models --------------------------------------------------------------------------------------------------------

ModelName = Literal["churn", "intent", "engagement", "campaign", "value", "discount", "segmentation", "text"]
Health = Literal["green", "yellow", "red"]


class Metrics(Shape):
    """How predictions before T met what happened after T. Null where the outcome had one class only."""

    rows: int
    positives: int
    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    pr_auc: float | None = None
    brier: float | None = None
    log_loss: float | None = None
    coverage: float | None = None
    """Share of outcomes inside their 90 % interval (value)."""
    error: float | None = None
    """Mean absolute error over the mean outcome (value); Qini coefficient (discount)."""
    error_low: float | None = None
    error_high: float | None = None


class CalibrationBin(Shape):
    predicted: float
    observed: float
    low: float
    high: float
    rows: int


class Drift(Shape):
    """Population stability index of one feature between training and now: under 0.1 calm, over 0.25 changed."""

    feature: Short
    text: Localized | None = None
    psi: float


class Importance(Shape):
    """What the AUC loses when the feature is permuted in the test rows."""

    feature: Short
    text: Localized
    value: float


class Slice(Shape):
    """One time slice of the backtest."""

    trained_to: Time
    tested_to: Time
    model: Metrics
    baseline: Metrics


class ModelVersion(Shape):
    """`models/{name}/versions/{n}`: everything that serving needs, kept for roll-back."""

    version: int
    trained_at: Time
    as_of: Time
    estimator: Short
    features: Annotated[list[Short], Field(max_length=64)] = []
    parameters: dict[Short, object] = {}
    metrics: Metrics | None = None
    baseline: Metrics | None = None
    health: Health
    trained_by: Id | None = None


class VersionLine(Shape):
    version: int
    trained_at: Time
    estimator: Short
    auc: float | None = None
    brier: float | None = None
    error: float | None = None
    health: Health


class ModelCard(Shape):
    """`models/{name}`: the model in force, what earned it its place, and its health."""

    name: ModelName
    version: int
    """The version in force; 0 before the first training."""
    pinned: bool = False
    """A member rolled back to it: training makes new versions but puts none in force."""
    in_use: Literal["model", "baseline", "none"]
    estimator: Short
    baseline: Short
    why: Localized
    """Why the model, or the baseline, is in use."""
    health: Health
    reasons: Annotated[list[Localized], Field(max_length=6)] = []
    unmet: Localized | None = None
    horizon_days: int | None = None
    trained_at: Time | None = None
    as_of: Time | None = None
    metrics: Metrics | None = None
    baseline_metrics: Metrics | None = None
    slices: Annotated[list[Slice], Field(max_length=8)] = []
    calibration: Annotated[list[CalibrationBin], Field(max_length=10)] = []
    drift: Annotated[list[Drift], Field(max_length=64)] = []
    importance: Annotated[list[Importance], Field(max_length=64)] = []
    fit: dict[Short, float | None] = {}
    """Named parameters of the fit that a reader knows (r, alpha, a, b, p, q, v, log likelihoods; Qini)."""
    history: Annotated[list[VersionLine], Field(max_length=20)] = []
    updated_at: Time


# --- what people do with it ----------------------------------------------------------------------------------------


class Case(Shape):
    """`cases/{caseId}`: a customer who needs a person; one a cause, however often it is told."""

    customer_id: Id
    kind: Literal["frustrated", "risk", "manual"]
    reason: Localized
    feedback_id: Id | None = None
    status: Literal["open", "done"] = "open"
    assignee: Id | None = None
    assignee_name: Short | None = None
    note: Text | None = None
    opened_at: Time
    done_at: Time | None = None
    done_by: Id | None = None
    done_by_name: Short | None = None
    sample: bool = False
    updated_at: Time


class InsightAction(Shape):
    label: Localized
    to: Short
    """A path of the console."""


class InsightPeriod(Shape):
    start: Time
    end: Time
    before_start: Time | None = None
    before_end: Time | None = None


class Finding(Shape):
    """One sentence about the data in both languages, longer than a label."""

    en: Text
    zh: Text


class Insight(Shape):
    """`insights/{insightId}`: a thing worth knowing, one document a subject, with what it rests on.

    Ids only: words are read by who may.
    """

    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    kind: Literal["segment", "mood", "product", "risk", "revenue", "habit"]
    title: Localized
    body: Finding
    value: float
    before: float | None
    low: float
    """90 % interval of the change."""
    high: float
    unit: Literal["share", "points", "count", "money", "rating", "days"]
    strength: float
    """How far above the noise: the change over its standard error."""
    good: bool | None = None
    """Whether the shop would be glad; null where it is neither."""
    period: InsightPeriod
    customers: Annotated[list[Id], Field(max_length=50)] = []
    customers_count: int = 0
    feedback: Annotated[list[Id], Field(max_length=20)] = []
    segment_id: Id | None = None
    product_id: Id | None = None
    action: InsightAction
    status: Literal["new", "dismissed", "past"] = "new"
    """`past`: not beyond the noise any more, kept for what was said of it."""
    useful: bool | None = None
    decided_by: Id | None = None
    sample: bool = False
    created_at: Time
    updated_at: Time


class RiskNight(Shape):
    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    customers: int
    """Whose risk rose over the threshold in the seven days to this one."""


class RiskLog(Shape):
    """`metrics/risk`: how many customers' risk rose, night by night: what a week is compared with."""

    since: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    """The first night that was counted."""
    threshold: float
    nights: Annotated[list[RiskNight], Field(min_length=1, max_length=40)]


# --- settings ------------------------------------------------------------------------------------------------------


class Block(Shape):
    on: bool = True
    weight: Annotated[float, Field(ge=0, le=5)] = 1.0


class Blocks(Shape):
    behaviour: Block = Block()
    emotion: Block = Block()
    personality: Block = Block()


class Training(Shape):
    """`settings/training`: what advanced administrators decide; every field has a default that works."""

    history_days: Annotated[int, Field(ge=90, le=3650)] | None = None
    """History that training looks at; null = all."""
    blocks: Blocks = Blocks()
    k_min: Annotated[int, Field(ge=2, le=12)] = 6
    k_max: Annotated[int, Field(ge=2, le=12)] = 10
    pinned_k: Annotated[int, Field(ge=2, le=12)] | None = None
    pinned_algorithm: Literal["kmeans", "dbscan", "hdbscan"] | None = None
    schedule: Literal["nightly", "weekly", "off"] = "nightly"
    search_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Days between two searches for a better grouping; in between the nightly run only moves people."""
    churn_days: Annotated[int, Field(ge=14, le=365)] | None = None
    """Days without an order that count as churned; null = from the shop's own rhythm."""
    risk_threshold: Annotated[float, Field(ge=0.3, le=0.95)] = 0.7
    gain: Annotated[float, Field(ge=0, le=0.2)] = 0.01
    """AUC that a model must gain over its baseline to be used."""
    most_brier: Annotated[float, Field(ge=0.05, le=0.3)] = 0.25
    updated_at: Time | None = None
    updated_by: Id | None = None


class SettingEffect(Shape):
    setting: Short
    value: Short
    effect: Finding


class TrainingEffects(Shape):
    """`metrics/training`: what each setting did in the last run."""

    run_id: Id
    at: Time
    effects: Annotated[list[SettingEffect], Field(max_length=20)]
