"""The store over Firestore through the official client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from google.api_core import exceptions
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter, Or

from schema.store import Conflict, Create, Delete, Doc, Merge, Put, Query, Refused, Totals, Update, Write

_LOST = (
    exceptions.FailedPrecondition,
    exceptions.AlreadyExists,
    exceptions.Aborted,
    exceptions.NotFound,
    # Whether it was written is not known: reading again tells, and a plan over what is there is right either way.
    exceptions.DeadlineExceeded,
    exceptions.RetryError,
)
COMMIT_TIMEOUT = 20.0
"""Seconds to wait for one commit."""
_REFUSED = (exceptions.InvalidArgument, ValueError, TypeError)
"""The database's own refusal, and the client's when a value has no form on the wire."""


def _plain(value: Any) -> Any:
    """Moments as ordinary datetimes: the client's own kind cannot be written any more once it was moved or rounded."""
    if isinstance(value, DatetimeWithNanoseconds):
        held = value.astimezone(UTC)
        return datetime.combine(held.date(), held.time(), UTC)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


class FirestoreStore:
    """`Store` on a `google.cloud.firestore.Client`.

    `on_query`, when given, sees every query before it runs: the tests hold each against the index file.
    """

    def __init__(
        self, client: firestore.Client, on_query: Callable[[Query, Sequence[str]], None] | None = None
    ) -> None:
        self.client = client
        self.on_query = on_query

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        wanted = list(dict.fromkeys(paths))
        found: dict[str, Doc | None] = dict.fromkeys(wanted)
        for start in range(0, len(wanted), 500):
            references = [self.client.document(path) for path in wanted[start : start + 500]]
            for snapshot in self.client.get_all(references):
                if snapshot.exists:
                    path = snapshot.reference.path
                    found[path] = Doc(path, _plain(snapshot.to_dict() or {}), snapshot.update_time)
        return found

    def query(self, query: Query) -> Iterator[Doc]:
        if self.on_query:
            self.on_query(query, ())
        built = self._build(query)
        if query.select is not None:
            built = built.select(list(query.select))
        for snapshot in built.stream():
            yield Doc(snapshot.reference.path, _plain(snapshot.to_dict() or {}), snapshot.update_time)

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        if self.on_query:
            self.on_query(query, tuple(sums))
        aggregation = self._build(query).count(alias="count")
        for index, name in enumerate(sums):
            aggregation = aggregation.sum(name, alias=f"sum{index}")
        answers = {answer.alias: answer.value for row in aggregation.get() for answer in row}
        return Totals(int(answers["count"]), {name: answers[f"sum{index}"] for index, name in enumerate(sums)})

    def commit(self, writes: Sequence[Write]) -> None:
        try:
            self._batch(writes).commit(timeout=COMMIT_TIMEOUT)
        except _LOST as error:
            raise Conflict(str(error)) from error
        except _REFUSED as error:
            raise Refused(type(error).__name__) from error

    def _batch(self, writes: Sequence[Write]) -> firestore.WriteBatch:
        batch = self.client.batch()
        # In one order everywhere: two batches over the same documents in opposite orders wait for each other's locks
        # (seen in the emulator, where it ended only with the client's patience of five minutes).
        for write in sorted(writes, key=lambda one: one.path):
            reference = self.client.document(write.path)
            match write:
                case Create():
                    batch.create(reference, write.data)
                case Update():
                    batch.update(reference, write.fields, option=self.client.write_option(last_update_time=write.guard))
                case Put():
                    batch.set(reference, write.data)
                case Merge():
                    batch.set(reference, write.data, merge=True)
                case Delete():
                    option = self.client.write_option(last_update_time=write.guard) if write.guard else None
                    batch.delete(reference, option=option)
        return batch

    def _build(self, query: Query) -> Any:
        built: Any = self.client.collection(query.collection)
        for name, operator, value in query.where:
            built = built.where(filter=FieldFilter(name, operator, value))
        if query.either:
            either: list[Any] = [FieldFilter(name, operator, value) for name, operator, value in query.either]
            built = built.where(filter=Or(either))
        for name, direction in query.order_by:
            built = built.order_by(
                name, direction=firestore.Query.ASCENDING if direction == "asc" else firestore.Query.DESCENDING
            )
        if query.after is not None:
            values = {name: value for (name, _), value in zip(query.order_by, query.after, strict=True)}
            if "__name__" in values:
                values["__name__"] = self.client.collection(query.collection).document(values["__name__"])
            built = built.start_after(values)
        return built.limit(query.limit) if query.limit is not None else built
