"""Documents of the segmentation: segments, their versions, the map, the pointer that flips them all."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import (
    Id,
    Localized,
    MinorUnits,
    Shape,
    Short,
    Time,
)
from schema.minds import EmotionGroups, Ocean, Share


class SegmentFeature(Shape):
    """One feature of a segment against the population, in the feature's own unit."""

    name: Short
    """See `ml/segmentation/features.py`; `emotion.delighted` and `ocean.openness` for the words."""
    block: Literal["behaviour", "emotion", "personality"] = "behaviour"
    mean: float | None
    population: float | None
    z: float
    """(segment mean - population mean) / population standard deviation, on the clustered scale."""


class Basis(Shape):
    """What a card says it is based on: shares of the distance to the population that each block explains."""

    behaviour: Share
    words: Share
    personality: Share
    words_known: Share
    """Members with scored words."""
    ocean_known: Share
    """Members with enough text for a personality score."""


class Segment(Shape):
    """`segments/{segmentId}`: stable across reclusters."""

    kind: Literal["cluster", "rule"] = "cluster"
    name: Localized
    public_name: Short
    """Neutral: safe for links, tags and coupons; states nothing inferred about a person."""
    icon: Short
    version: int
    """The segmentation in which it was last present."""
    retired: bool = False
    size: int = 0
    share: float = 0
    revenue: MinorUnits = 0
    revenue_share: float = 0
    orders: int = 0
    features: Annotated[list[SegmentFeature], Field(max_length=32)] = []
    traits: Annotated[list[Localized], Field(max_length=5)] = []
    persona: Short | None = None
    """Id of the archetype in `ml/segmentation/archetypes.toml`; null where the match is too weak for its name."""
    strength: Share | None = None
    """How well the profile fits the archetype."""
    basis: Basis | None = None
    mood: EmotionGroups | None = None
    """Mean over the members with scored words; null where nobody has any."""
    mood_customers: int = 0
    sentiment: float | None = None
    ocean: Ocean | None = None
    renamed_by: Id | None = None
    updated_at: Time


class SegmentSize(Shape):
    segment_id: Id
    name: Localized
    size: int
    revenue: MinorUnits


class Candidate(Shape):
    """One tried grouping and what it earned."""

    algorithm: Literal["kmeans", "dbscan", "hdbscan"] = "kmeans"
    k: int
    silhouette: float
    """Noise counts against it."""
    smallest_share: float
    stability: float | None = None
    """Mean adjusted Rand index of refits on bootstrap samples."""
    balance: float | None = None
    """Entropy of the sizes over its maximum."""
    noise: float = 0
    score: float | None = None
    out: Localized | None = None
    """Why it could not be chosen."""
    chosen: bool = False


class Movement(Shape):
    from_: Annotated[Id | None, Field(alias="from")]
    to: Id | None
    count: int


class Drift(Shape):
    """How far a segment that lived on is from where it was in the version before."""

    segment_id: Id
    shift: float
    """Distance of the two centres on the weighted axes: about how many standard deviations a feature moved."""
    before: int
    after: int
    """Members."""


class Segmentation(Shape):
    """`segmentations/{version}`: one recluster. Version numbers are never reused."""

    version: int
    run_id: Id
    created_at: Time
    as_of: Time
    algorithm: Literal["kmeans", "dbscan", "hdbscan", "rfm", "none"]
    k: int
    silhouette: float | None
    stability: float | None = None
    candidates: Annotated[list[Candidate], Field(max_length=24)] = []
    mode: Literal["search", "warm"] = "search"
    """A search tries algorithms and numbers of groups; a warm run keeps them and only moves people."""
    status: Literal["fitting", "proposed", "published", "kept"] = "published"
    """A proposal waits for Publish or Keep; `kept` means that the one before it stayed in force."""
    proposal: Localized | None = None
    """Why it is a proposal and not in force."""
    words_gate: float | None = None
    """Adjusted mutual information between cluster and has-words."""
    words_bound: float | None = None
    """What that had to stay under for the mood to count: 0.05, or a little over what behaviour alone has; null where
    the mood is out, and in versions that did not keep it."""
    words_share: float = 0
    ocean_share: float = 0
    blocks: dict[Short, float] = {}
    """Weight of each block that took part."""
    searched_at: Time | None = None
    note: Localized | None = None
    """Set when the data did not carry 6 groups, or another gate was not met: says which, and how far it is."""
    customers: int
    eligible: int
    """Customers with at least one counted order and no opt-out of profiling: the ones that were clustered."""
    sizes: Annotated[list[SegmentSize], Field(max_length=16)] = []
    movements: Annotated[list[Movement], Field(max_length=300)] = []
    moved: int = 0
    drift: Annotated[list[Drift], Field(max_length=16)] = []
    feature_names: Annotated[list[Short], Field(max_length=32)] = []
    scaler_center: list[float] = []
    scaler_scale: list[float] = []
    prototypes: dict[Id, list[float]] = {}
    """Centroid by segment id, on the scaled and weighted feature axes."""
    cores: list[float] = []
    """Core samples of a density grouping (at most 500), row by row; empty where the centroids decide."""
    core_segments: list[Id] = []
    """The segment of each core sample."""
    typical: list[float] = []
    """The population's median of each feature in its own unit."""
    feature_version: int = 1
    rfm_edges: dict[Literal["recency", "frequency", "monetary"], list[float]] = {}


class MapPoint(Shape):
    """A customer on the 2-D map: first two principal components of the scaled features."""

    c: Id
    s: Id
    x: float
    y: float


class SegmentMap(Shape):
    """`segmentations/{version}/map/points`: a sample of at most 2,000 customers, no names."""

    explained: Annotated[list[float], Field(max_length=2)]
    """Share of variance on each axis."""
    sampled: int
    of: int
    points: Annotated[list[MapPoint], Field(max_length=2000)]


class ActiveSegmentation(Shape):
    """`config/segmentation`: the pointer whose one write flips the whole segmentation."""

    active: int
    next_version: int
    updated_at: Time
