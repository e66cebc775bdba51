"""Documents of work in progress: runs and schedules, imports with their chunks, what could not be digested."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schema.base import (
    Channel,
    Currency,
    Id,
    Localized,
    Platform,
    Shape,
    Short,
    Text,
    Time,
)

RunKind = Literal[
    "import", "recluster", "sample", "remove_sample", "nightly", "refresh", "backfill", "reconcile", "learn"
]


class Run(Shape):
    """`runs/{runId}`: a long job with its progress; written by one coordinator, at most once a second."""

    kind: RunKind
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    title: Short
    done: int = 0
    total: int | None = None
    """Null while unknown; the bar is then indeterminate."""
    step: Localized | None = None
    result: dict[Short, int | float | str | None] = {}
    error: Localized | None = None
    """What happened, what is safe, and the way out."""
    started_at: Time
    updated_at: Time
    finished_at: Time | None = None
    started_by: Id | None = None
    ref: Short | None = None


class Schedule(Shape):
    """`config/schedules/jobs/{job}`: the next and last run of one scheduled job."""

    job: Literal["sweep", "nightly"]
    every: Short
    next_at: Time
    last_at: Time | None = None
    last_ok: bool | None = None


class ColumnMatch(Shape):
    column: Short
    field: Short | None
    """Null: the column is ignored."""
    sure: bool = True
    example: Short | None = None


class ImportCounts(Shape):
    rows: int = 0
    rejected: int = 0
    repeated: int = 0
    """Identical rows in the file: kept as separate orders and reported."""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    parked: int = 0
    customers: int = 0
    """Customers created."""
    orders: int = 0
    feedback: int = 0
    without_customer: int = 0
    """Texts that belong to a product only."""
    set_aside: int = 0
    """Records that a cleaning rule kept out; they wait in `setAside`."""


class Attestation(Shape):
    """A signed statement that the people in a file agreed to be contacted."""

    by: Id
    by_name: Short
    at: Time
    channels: Annotated[list[Channel], Field(min_length=1, max_length=6)]
    source: Annotated[str, Field(min_length=10, max_length=500)]


class Import(Shape):
    """`imports/{importId}`: one uploaded file, from the first byte to the last write."""

    kind: Literal["orders", "customers", "reviews"]
    file_name: Short
    file_bytes: int | None = None
    connection_id: Id
    platform: Platform
    version: int
    """Milliseconds since 1970 at creation: the source version of every record in it."""
    status: Literal["uploading", "numbering", "importing", "finishing", "done", "cancelled", "failed"]
    header: Annotated[list[Short], Field(max_length=200)]
    delimiter: Annotated[str, Field(max_length=1)] = ","
    mapping: Annotated[list[ColumnMatch], Field(max_length=200)]
    currency: Currency
    zone: Short
    date_order: Literal["ymd", "mdy", "dmy"]
    consent_column: bool = False
    attestation: Attestation | None = None
    attesting: bool = False
    attested_chunks: int = 0
    chunks: int | None = None
    """Known when the upload is complete."""
    chunks_done: int = 0
    counts: ImportCounts = ImportCounts()
    reachable: dict[Channel, int] = {}
    contactable: int | None = None
    run_id: Id
    sample: bool = False
    created_by: Id
    created_by_name: Short
    created_at: Time
    updated_at: Time
    finished_at: Time | None = None
    error: Localized | None = None


class RejectedRow(Shape):
    """A row that was not taken, in its chunk's `rejected`."""

    line: int
    """Line in the file, the header being line 1."""
    column: Short | None
    reason: Short
    """Code of the reason; the console has a sentence for each."""
    detail: Short
    raw: Text
    taken: bool = False
    """True when the row was taken without the cell that could not be used."""


class EdgeRows(Shape):
    """The rows of the first or last order of a part: an order whose rows the upload cut in two is put together
    again.
    """

    order_id: Short
    line: int
    raw: str


class ImportChunk(Shape):
    """`imports/{importId}/chunks/{part}-{n}`: up to 200 records of an upload, kept before the upload is
    acknowledged.
    """

    part: int
    seq: int | None = None
    """Place in the file among the chunks, given when the upload is complete."""
    next: Id | None = None
    """The chunk that is published when this one is done: two places on, since two are in flight."""
    rows: int
    first_line: int
    records: bytes
    """zlib-compressed JSON list of records."""
    keys: bytes
    """16 bytes a record: 8 of what identifies it, 8 of what it says; for numbering repeated rows."""
    rejected: list[RejectedRow] = []
    head: EdgeRows | None = None
    tail: EdgeRows | None = None
    done: bool = False
    done_at: Time | None = None
    attested_at: Time | None = None


class Parked(Shape):
    """`parked/{id}`: a record that failed; retried until attempt 5, then waits for a person."""

    topic: Short
    status: Literal["retrying", "parked", "replayed", "discarded"]
    record: dict[str, str]
    """`json`: the message that carries this record alone."""
    error: Short
    attempt: int
    due_at: Time | None
    created_at: Time
    updated_at: Time
