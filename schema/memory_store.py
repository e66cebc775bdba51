"""A store in memory for tests of pure logic, held to the same conformance suite as the Firestore store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schema.store import Conflict, Create, Data, Delete, Doc, Merge, Put, Query, Refused, Totals, Update, Write, copied


class _Documents(dict[str, tuple[Data, int]]):
    """Documents by path that also know their collections: a query costs its collection, not the whole database."""

    def __init__(self) -> None:
        super().__init__()
        self.collections: dict[str, set[str]] = {}

    def __setitem__(self, path: str, held: tuple[Data, int]) -> None:
        if path not in self:
            self.collections.setdefault(path.rpartition("/")[0], set()).add(path)
        super().__setitem__(path, held)

    def __delitem__(self, path: str) -> None:
        super().__delitem__(path)
        self.collections[path.rpartition("/")[0]].discard(path)

    def pop(self, path: str) -> tuple[Data, int]:  # type: ignore[override]
        held = self[path]
        del self[path]
        return held


class MemoryStore:
    """`Store` on a dict. Update times are a counter; reads and writes are counted for cost tests."""

    def __init__(self) -> None:
        self.documents = _Documents()
        self.clock = 0
        self.reads = 0
        self.writes = 0
        self.commits = 0
        self._lock = threading.RLock()

    def get_many(self, paths: Iterable[str]) -> dict[str, Doc | None]:
        wanted = list(dict.fromkeys(paths))
        self.reads += len(wanted)
        with self._lock:
            return {path: self._doc(path) for path in wanted}

    def query(self, query: Query) -> Iterator[Doc]:
        rows = self._matching(query)
        for name, direction in reversed(_full_order(query)):
            rows.sort(key=lambda doc: _sort_key(_value(doc, name)), reverse=direction == "desc")
        if query.after is not None:
            rows = [doc for doc in rows if _is_after(doc, query)]
        if query.limit is not None:
            rows = rows[: query.limit]
        self.reads += len(rows)
        for doc in rows:
            yield doc if query.select is None else Doc(doc.path, _select(doc.data, query.select), doc.update_time)

    def totals(self, query: Query, sums: Sequence[str] = ()) -> Totals:
        rows = self._matching(query)
        self.reads += 1
        numbers = {name: [_value(doc, name) for doc in rows] for name in sums}
        # An aggregation runs over the index, which holds only documents that have every field.
        return Totals(
            len(rows), {name: sum(v for v in values if isinstance(v, (int, float))) for name, values in numbers.items()}
        )

    def commit(self, writes: Sequence[Write]) -> None:
        with self._lock:
            for write in writes:
                self._check(write)
            self.clock += 1
            self.commits += 1
            self.writes += len(writes)
            for write in writes:
                self._apply(write)

    def dump(self) -> dict[str, Data]:
        """Every document by path, for comparing states."""
        return {path: copied(data) for path, (data, _) in sorted(self.documents.items())}

    def _check(self, write: Write) -> None:
        held = self.documents.get(write.path)
        if isinstance(write, Create) and held is not None:
            raise Conflict(f"{write.path} exists")
        if isinstance(write, Update) and (held is None or held[1] != write.guard):
            raise Conflict(f"{write.path} changed")
        if isinstance(write, Delete):
            if write.guard is not None and (held is None or held[1] != write.guard):
                raise Conflict(f"{write.path} changed")
        elif not _fits(write.fields if isinstance(write, Update) else write.data):
            raise Refused("a number beyond 64 bits")

    def _apply(self, write: Write) -> None:
        match write:
            case Create() | Put():
                self.documents[write.path] = (copied(write.data), self.clock)
            case Update():
                data = self.documents[write.path][0]
                for name, value in write.fields.items():
                    _assign(data, name.split("."), copied(value))
                self.documents[write.path] = (data, self.clock)
            case Merge():
                data = self.documents.get(write.path, ({}, 0))[0]
                _deep_merge(data, copied(write.data))
                self.documents[write.path] = (data, self.clock)
            case Delete():
                if write.path in self.documents:
                    self.documents.pop(write.path)

    def _doc(self, path: str) -> Doc | None:
        held = self.documents.get(path)
        return None if held is None else Doc(path, copied(held[0]), held[1])

    def _matching(self, query: Query) -> list[Doc]:
        # Firestore leaves out documents that lack a filtered or sorted field.
        needed = [name for name, *_ in (*query.where, *query.order_by) if name != "__name__"]
        found = []
        with self._lock:
            for path in sorted(self.documents.collections.get(query.collection, ())):
                held = Doc(path, *self.documents[path])
                if (
                    all(_has(held.data, name) for name in needed)
                    and all(_holds(_value(held, name), operator, value) for name, operator, value in query.where)
                    and (
                        not query.either
                        or any(
                            _has(held.data, name) and _holds(_value(held, name), operator, value)
                            for name, operator, value in query.either
                        )
                    )
                ):
                    found.append(Doc(path, copied(held.data), held.update_time))
        return found


def _full_order(query: Query) -> list[tuple[str, str]]:
    """The order that Firestore keeps: an inequality sorts by its field, and ties by name in the last direction."""
    order: list[tuple[str, str]] = list(query.order_by)
    named = {name for name, _ in order}
    direction = order[-1][1] if order else "asc"
    for name, operator, _ in query.where:
        if operator in ("<", "<=", ">", ">=") and name not in named:
            order.append((name, direction))
            named.add(name)
    return order if "__name__" in named else [*order, ("__name__", direction)]


def _fits(value: Any) -> bool:
    """Whether Firestore has a form for every number in it."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return all(map(_fits, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _has(data: Data, name: str) -> bool:
    current: Any = data
    for part in name.split("."):
        if not isinstance(current, dict) or part not in current:
            return False
        current = current[part]
    return True


def _value(doc: Doc, name: str) -> Any:
    if name == "__name__":
        return doc.id
    current: Any = doc.data
    for part in name.split("."):
        current = current.get(part) if isinstance(current, dict) else None
    return current


def _sort_key(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, (int, float)):
        return (2, value)
    if hasattr(value, "timestamp"):
        return (3, value.timestamp())
    return (4, value if isinstance(value, str) else repr(value))


def _holds(held: Any, operator: str, value: Any) -> bool:
    if operator == "==":
        return bool(held == value)
    if operator == "in":
        return held in value
    if operator == "array_contains":
        return isinstance(held, list) and value in held
    if held is None or _sort_key(held)[0] != _sort_key(value)[0]:
        return False
    left, right = _sort_key(held)[1], _sort_key(value)[1]
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def _is_after(doc: Doc, query: Query) -> bool:
    for (name, direction), bound in zip(query.order_by, query.after or (), strict=True):
        left, right = _sort_key(_value(doc, name)), _sort_key(bound)
        if left != right:
            return left > right if direction == "asc" else left < right
    return False


def _select(data: Data, names: tuple[str, ...]) -> Data:
    kept: Data = {}
    for name in names:
        if _has(data, name):
            current: Any = data
            for part in name.split("."):
                current = current[part]
            _assign(kept, name.split("."), current)
    return kept


def _assign(data: Data, parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        data = data.setdefault(part, {})
    data[parts[-1]] = value


def _deep_merge(data: Data, more: Data) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(data.get(name), dict):
            _deep_merge(data[name], value)
        else:
            data[name] = value
