"""The one way to write documents: read set in, writes out, one batch guarded by what was read.

Transactions that read, modify and write collapse under contention, so nothing here locks. `settle` reads, lets a pure
plan decide, and commits ONE batch in which every document that decided anything carries a precondition; when another
writer was first, it reads again. `settle_groups` does that for many independent groups with one read and few batches.

Exceptions:
    StoreError
      Conflict      a precondition failed: somebody else wrote first; read again
      Missing       a plan needs documents that were not read; they are read and the plan runs again
      Refused       the database can never hold this; trying again would not help
      Contention    still losing after all attempts; the caller's message is delivered again
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Data = dict[str, Any]
BATCH_WRITES = 400
"""Writes a batch at most: under Firestore's limit of 500, with room for the markers that go along."""


class StoreError(Exception):
    """Base of what a store can report."""


class Conflict(StoreError):
    """A precondition failed; nothing of the batch was written."""


class Refused(StoreError):
    """The database cannot hold what was to be written (a number beyond 64 bits, over 1 MiB); nothing was."""


class Missing(StoreError):
    """A plan asks for further documents or histories before it can decide."""

    def __init__(self, paths: Iterable[str] = (), queries: Iterable[Query] = ()) -> None:
        self.paths = tuple(paths)
        self.queries = tuple(queries)
        super().__init__(f"needs {len(self.paths)} documents and {len(self.queries)} queries more")


class Contention(StoreError):
    """Other writers won every attempt."""


@dataclass(frozen=True)
class Doc:
    """A document as read. `update_time` is the precondition for writing it back."""

    path: str
    data: Data
    update_time: Any

    @property
    def id(self) -> str:
        return self.path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Create:
    """Write a document that must not exist yet."""

    path: str
    data: Data


@dataclass(frozen=True)
class Update:
    """Replace the given fields (dots reach into maps) of a document that must still be as it was read."""

    path: str
    fields: Data
    guard: Any


@dataclass(frozen=True)
class Put:
    """Write a whole document without a precondition: for pure outputs of a decision guarded elsewhere in the batch."""

    path: str
    data: Data


@dataclass(frozen=True)
class Merge:
    """Merge fields into a document that may not exist, without a precondition: for commutative marks."""

    path: str
    data: Data


@dataclass(frozen=True)
class Delete:
    """Delete a document; with `guard`, only if it is still as it was read."""

    path: str
    guard: Any = None


Write = Create | Update | Put | Merge | Delete
Operator = Literal["==", "<", "<=", ">", ">=", "in", "array_contains"]


@dataclass(frozen=True)
class Query:
    """A query over one collection, in the terms that an index is made for."""

    collection: str
    where: tuple[tuple[str, Operator, Any], ...] = ()
    order_by: tuple[tuple[str, Literal["asc", "desc"]], ...] = ()
    limit: int | None = None
    select: tuple[str, ...] | None = None
    after: tuple[Any, ...] | None = None
    """Values of the order_by fields after which to start; `__name__` may be the last."""
    either: tuple[tuple[str, Operator, Any], ...] = ()
    """At least one of these holds as well."""


@dataclass(frozen=True)
class Totals:
    """An aggregation's answer: documents counted, and sums by field."""

    count: int
    sums: dict[str, int | float] = field(default_factory=dict)


class Store(Protocol):
    """What both the Firestore store and the in-memory store of the tests do, and nothing more."""

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        """Read documents in one round trip; absent ones are None."""

    def query(self, query: Query) -> Iterator[Doc]:
        """Stream a query's documents."""

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        """Count and sum on the server; at most 4 sums."""

    def commit(self, writes: Sequence[Write]) -> None:
        """Write all or nothing.

        Raises:
            Conflict: a precondition failed.
            Refused: the database can never hold this.
        """


Docs = Mapping[str, Doc | None]
Plan = Callable[["ReadSet"], Sequence[Write]]


@dataclass
class ReadSet:
    """What a plan may look at. Asking for what was not read raises `Missing`, and the plan runs again with it."""

    docs: dict[str, Doc | None]
    results: dict[Query, tuple[Doc, ...]] = field(default_factory=dict)

    def __getitem__(self, path: str) -> Doc | None:
        if path not in self.docs:
            raise Missing([path])
        return self.docs[path]

    def rows(self, query: Query) -> tuple[Doc, ...]:
        if query not in self.results:
            raise Missing(queries=[query])
        return self.results[query]


@dataclass(frozen=True)
class Group:
    """One unit that is never split over batches: what to read first, and the plan over it."""

    paths: tuple[str, ...]
    plan: Plan


@dataclass
class Patience:
    """How often and how long to retry; tests inject `sleep` and `rng`."""

    attempts: int = 40
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.Random)

    def wait(self, attempt: int) -> None:
        self.sleep(self.rng.uniform(0.005, min(0.5, 0.02 * 1.5**attempt)))


def copied(value: Any) -> Any:
    """A copy of maps and lists; all else in a document cannot change (`deepcopy` takes five times as long)."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def get(store: Store, path: str) -> Doc | None:
    """Read one document."""
    return store.get_many([path])[path]


def pages(store: Store, query: Query) -> Iterator[list[Doc]]:
    """A query of any length, `limit` documents a time; no page is empty.

    Args:
        query: with `limit` and with an `order_by` that ends in `__name__`, whose fields are selected.
    """
    while True:
        page = list(store.query(query))
        if page:
            yield page
        if len(page) < (query.limit or 0):
            return
        query = replace(query, after=tuple(_sorted_by(page[-1], name) for name, _ in query.order_by))


def _sorted_by(doc: Doc, name: str) -> Any:
    value: Any = doc.id if name == "__name__" else doc.data
    for part in name.split(".") if name != "__name__" else ():
        value = value[part]
    return value


def settle(store: Store, paths: Iterable[str], plan: Plan, patience: Patience | None = None) -> Sequence[Write]:
    """Read, plan, commit; again when another writer was first. Returns what was written.

    Raises:
        Contention: every attempt lost.
    """
    calm = patience or Patience()
    wanted = list(dict.fromkeys(paths))
    for attempt in range(calm.attempts):
        try:
            writes = _decide(store, ReadSet(store.get_many(wanted)), plan)
            if writes:
                store.commit(writes)
            return writes
        except Conflict:
            calm.wait(attempt)
    raise Contention(f"{calm.attempts} attempts lost on {wanted[:3]}")


def settle_groups(
    store: Store,
    groups: Sequence[Group],
    marks: Callable[[Sequence[Write]], Sequence[Write]] | None = None,
    patience: Patience | None = None,
) -> list[Exception | None]:
    """Settle many groups with one read and few batches; a batch that conflicts or is refused is settled group by group.

    `marks` adds unguarded writes that must be in the same commit as what they speak of. Returns one entry a group:
    None, or the exception of a plan that failed (its group wrote nothing; the others are not harmed).
    """
    failures: list[Exception | None] = [None] * len(groups)
    read = store.get_many(dict.fromkeys(path for group in groups for path in group.paths))
    batch: list[Write] = []
    members: list[int] = []
    touched: set[str] = set()
    """Written, or about to be, since `read`."""

    def alone(index: int) -> None:
        group = groups[index]

        def planned(docs: ReadSet) -> Sequence[Write]:
            writes = list(group.plan(docs))
            return [*writes, *marks(writes)] if marks and writes else writes

        try:
            touched.update(write.path for write in settle(store, group.paths, planned, patience))
        except Exception as error:
            failures[index] = error

    def flush() -> None:
        if batch:
            try:
                store.commit([*batch, *marks(batch)] if marks else list(batch))
            except (Conflict, Refused):
                for index in members:
                    alone(index)
        batch.clear()
        members.clear()

    waiting: dict[int, tuple[str, ...]] = {index: group.paths for index, group in enumerate(groups)}
    while waiting:
        # What plans turn out to need is read for all of them together, and they run again.
        needed: dict[int, tuple[str, ...]] = {}
        for index, paths in waiting.items():
            if touched.intersection(paths):
                # Two groups over one document: the later one must see what the earlier one wrote.
                flush()
                alone(index)
                continue
            docs = ReadSet({path: read[path] for path in paths})
            try:
                writes = _attempt(store, docs, groups[index].plan)
                if touched.intersection(docs.docs):
                    # The same through a document that was asked for under way: read before the batch is written.
                    raise Conflict
            except Missing as more:
                needed[index] = tuple(dict.fromkeys((*paths, *more.paths)))
                continue
            except Conflict:
                # Also when the plan itself saw two documents that do not belong to one moment.
                flush()
                alone(index)
                continue
            except Exception as error:
                failures[index] = error
                continue
            if not writes:
                continue
            if len(batch) + len(writes) > BATCH_WRITES:
                flush()
            batch.extend(writes)
            members.append(index)
            touched.update(write.path for write in writes)
        unread = dict.fromkeys(path for paths in needed.values() for path in paths if path not in read)
        read.update(store.get_many(unread) if unread else {})
        waiting = needed
    flush()
    return failures


def _attempt(store: Store, docs: ReadSet, plan: Plan) -> Sequence[Write]:
    """Run a plan, reading what it needs where that takes a query.

    Raises:
        Missing: it needs documents, which may be read together with those of others.
    """
    try:
        return plan(docs)
    except Missing as more:
        if not more.queries and not docs.docs.keys() >= set(more.paths):
            raise
        return _decide(store, docs, plan)


def _decide(store: Store, docs: ReadSet, plan: Plan) -> Sequence[Write]:
    """Run a plan, reading what it turns out to need (an order that moves needs its former owner)."""
    for _ in range(20):
        try:
            return plan(docs)
        except Missing as more:
            docs.docs.update(store.get_many(more.paths))
            for query in more.queries:
                docs.results[query] = tuple(store.query(query))
    raise StoreError("a plan kept asking for more documents")
