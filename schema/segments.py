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


class SegmentFeature(Shape):
    """One feature of a segment against the population, in the feature's own unit."""

    name: Literal["recencyDays", "orders", "revenue", "averageOrder", "medianGapDays", "tenureDays"]
    mean: float | None
    population: float | None
    z: float
    """(segment mean - population mean) / population standard deviation, on the clustered scale."""


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
    features: Annotated[list[SegmentFeature], Field(max_length=12)] = []
    traits: Annotated[list[Localized], Field(max_length=5)] = []
    renamed_by: Id | None = None
    updated_at: Time


class SegmentSize(Shape):
    segment_id: Id
    name: Localized
    size: int
    revenue: MinorUnits


class Candidate(Shape):
    """One tried number of clusters and what it earned."""

    k: int
    silhouette: float
    smallest_share: float
    chosen: bool = False


class Movement(Shape):
    from_: Annotated[Id | None, Field(alias="from")]
    to: Id | None
    count: int


class Segmentation(Shape):
    """`segmentations/{version}`: one recluster. Version numbers are never reused."""

    version: int
    run_id: Id
    created_at: Time
    as_of: Time
    algorithm: Literal["kmeans", "rfm", "none"]
    k: int
    silhouette: float | None
    candidates: Annotated[list[Candidate], Field(max_length=16)] = []
    note: Localized | None = None
    """Set when the data did not carry 6 groups, or another gate was not met: says which, and how far it is."""
    customers: int
    eligible: int
    """Customers with at least one counted order and no opt-out of profiling: the ones that were clustered."""
    sizes: Annotated[list[SegmentSize], Field(max_length=16)] = []
    movements: Annotated[list[Movement], Field(max_length=300)] = []
    moved: int = 0
    feature_names: Annotated[list[Short], Field(max_length=32)] = []
    scaler_center: list[float] = []
    scaler_scale: list[float] = []
    prototypes: dict[Id, list[float]] = {}
    """Centroid by segment id, on the scaled feature axes."""
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
