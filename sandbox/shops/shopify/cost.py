"""Shopify's query cost: an object costs 1, a connection 2 and its things, a mutation 10, scalars nothing.

Computed twice: before (`requested`, by the `first` asked for) and after (`actual`, by what came).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

MAX_COST = 1000
"""Of one query."""
RATES = {"standard": 100.0, "advanced": 200.0, "plus": 1000.0, "enterprise": 2000.0}
"""Points a second."""
GUESS = 10
"""Things in a plain list without `first`."""


class Costs:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._schema, self._variables = schema, variables
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        root = schema.get_root_type(self._operation.operation)
        assert root is not None
        self._root = root

    def requested(self) -> int:
        return max(1, self._fields(self._root, self._operation.selection_set, None, False))

    def actual(self, data: Mapping[str, Any] | None) -> int:
        return max(1, self._fields(self._root, self._operation.selection_set, data or {}, True))

    def _fields(self, parent: Any, chosen: SelectionSetNode, data: Any, known: bool) -> int:
        total = 0
        for node in chosen.selections:
            if isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                part = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                kind = self._schema.type_map[part.type_condition.name.value] if part.type_condition else parent
                total += self._fields(kind, part.selection_set, data, known)
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                total += self._field(parent, node, data, known)
        return total

    def _field(self, parent: Any, node: FieldNode, data: Any, known: bool) -> int:
        kind = parent.fields[node.name.value].type
        named = get_named_type(kind)
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType) or node.selection_set is None:
            return 0
        came = None
        if known:
            came = data.get(node.alias.value if node.alias else node.name.value) if isinstance(data, Mapping) else None
            if came is None:
                return 0
        if self._root.name == "Mutation" and parent is self._root:
            return 10 + self._fields(named, node.selection_set, came, known)
        if named.name.endswith("Connection"):
            return 2 + self._things(named, node, came, known)
        while isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if isinstance(kind, GraphQLList):
            if known:
                return sum(1 + self._fields(named, node.selection_set, one, True) for one in came or [])
            return (self._first(node) or GUESS) * (1 + self._fields(named, node.selection_set, None, False))
        return 1 + self._fields(named, node.selection_set, came, known)

    def _things(self, named: Any, node: FieldNode, came: Any, known: bool) -> int:
        """The things of a connection, asked for as `nodes` or `edges { node }`."""
        assert node.selection_set is not None
        total = 0
        for part in node.selection_set.selections:
            if not isinstance(part, FieldNode) or part.selection_set is None or part.name.value == "pageInfo":
                continue
            inner = get_named_type(named.fields[part.name.value].type)
            rows = (came or {}).get(part.name.value) or [] if known else [None] * (self._first(node) or GUESS)
            if known:
                total += sum(self._thing(inner, part, row, True) for row in rows)
            elif rows:
                total += len(rows) * self._thing(inner, part, None, False)
        return total

    def _thing(self, inner: Any, part: FieldNode, row: Any, known: bool) -> int:
        assert part.selection_set is not None
        inside = self._fields(inner, part.selection_set, row, known)
        return inside if part.name.value == "edges" else 1 + inside

    def _first(self, node: FieldNode) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    found = self._variables.get(value.name.value)
                    return int(found) if found is not None else None
        return None


class Bucket:
    """The points that one app has at one shop."""

    def __init__(self, plan: str, now: Callable[[], datetime]) -> None:
        self._now, self._lock = now, Lock()
        self.choose(plan)

    def choose(self, plan: str) -> None:
        self.rate = RATES[plan]
        self.most = self.rate * 20
        self._left, self._at = self.most, self._now()

    def _fill(self) -> None:
        now = self._now()
        self._left = min(self.most, self._left + max(0.0, (now - self._at).total_seconds()) * self.rate)
        self._at = now

    def take(self, cost: int) -> bool:
        """Whether there were enough points; then they are gone until `settle`."""
        with self._lock:
            self._fill()
            if self._left < cost:
                return False
            self._left -= cost
            return True

    def settle(self, requested: int, actual: int) -> None:
        """Give back what the query did not use."""
        with self._lock:
            self._left = min(self.most, self._left + max(0, requested - actual))

    def status(self) -> dict[str, float]:
        with self._lock:
            self._fill()
            return {
                "maximumAvailable": self.most, "currentlyAvailable": int(self._left), "restoreRate": self.rate,
            }  # fmt: skip
