"""Bulk operations: a query's whole answer as JSON lines, children of connections as lines of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    get_named_type,
    parse,
    validate,
)

from sandbox.shops.shopify.state import Bulk, State

AT_A_TIME = 5
CONNECTIONS = 5
DEPTH = 2
WEEK = 7 * 24 * 3600
"""Seconds that a result can be fetched."""
Roots = Mapping[str, Any]


def problem(schema: GraphQLSchema, text: str) -> str | None:
    """Why a query cannot be run in bulk, as Shopify says it; None when it can."""
    try:
        document = parse(text)
    except GraphQLError as wrong:
        return f"Invalid bulk query: {wrong.message}"
    errors = validate(schema, document)
    if errors:
        return f"Invalid bulk query: {errors[0].message}"
    connections, depth = _shape(schema, document)
    if connections == 0:
        return "Invalid bulk query: there must be at least one connection."
    if connections > CONNECTIONS:
        return f"Invalid bulk query: the query has more than {CONNECTIONS} connections."
    if depth > DEPTH + 1:
        return f"Invalid bulk query: connections are nested deeper than {DEPTH}."
    return None


def _shape(schema: GraphQLSchema, document: DocumentNode) -> tuple[int, int]:
    """How many connections there are, and how deep they are nested."""
    fragments = _fragments(document)

    def walk(parent: Any, chosen: SelectionSetNode) -> tuple[int, int]:
        count = deepest = 0
        for field in _fields(chosen, fragments):
            if field.selection_set is None:
                continue
            kind = get_named_type(parent.fields[field.name.value].type)
            inner, depth = walk(kind, field.selection_set)
            here = kind.name.endswith("Connection")
            count += inner + here
            deepest = max(deepest, depth + here)
        return count, deepest

    operation = _operation(document)
    return walk(schema.get_root_type(operation.operation), operation.selection_set)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))


def _fields(chosen: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for one in chosen.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(fragments[one.name.value].selection_set, fragments)
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)


class Lines:
    """Writes the lines of one query. Faster than an executor: the query was validated before."""

    def __init__(self, text: str, roots: Roots, group: bool) -> None:
        document = parse(text)
        self._fragments = _fragments(document)
        self._chosen = _operation(document).selection_set
        self._roots, self._group = roots, group
        self.objects = self.root_objects = 0

    def lines(self) -> Iterator[str]:
        for field in _fields(self._chosen, self._fragments):
            query = next((a.value for a in field.arguments or () if a.name.value == "query"), None)
            wanted = query.value if isinstance(query, StringValueNode) else None
            selection = self._inside(field)
            later: list[dict[str, Any]] = []
            for node in self._roots[field.name.value].whole(wanted):
                self.root_objects += 1
                yield from self._thing(node, selection, None, later)
            yield from (json.dumps(one, ensure_ascii=False) for one in later)

    def _thing(
        self, node: Mapping[str, Any], selection: SelectionSetNode, parent: str | None, later: list[dict[str, Any]]
    ) -> Iterator[str]:
        children: list[tuple[Any, SelectionSetNode]] = []
        row = self._object(node, selection, children)
        if parent is not None:
            row["__parentId"] = parent
        self.objects += 1
        if parent is None or self._group:
            yield json.dumps(row, ensure_ascii=False)
        else:
            later.append(row)
        for whole, inner in children:
            for child in whole():
                yield from self._thing(child, inner, node["id"], later)

    def _object(
        self, node: Mapping[str, Any], selection: SelectionSetNode, children: list[tuple[Any, SelectionSetNode]]
    ) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for field in _fields(selection, self._fragments):
            name = field.name.value
            value = node.get(name)
            whole = getattr(value, "whole", None)
            if whole is not None:
                children.append((whole, self._inside(field)))
                continue
            if callable(value):
                value = value({})
            if isinstance(value, list) and field.selection_set is not None:
                value = [self._object(one, field.selection_set, children) for one in value]
            elif isinstance(value, Mapping) and field.selection_set is not None:
                value = self._object(value, field.selection_set, children)
            row[field.alias.value if field.alias else name] = value
        return row

    def _inside(self, field: FieldNode) -> SelectionSetNode:
        """What is chosen of the connection's things."""
        assert field.selection_set is not None
        for part in _fields(field.selection_set, self._fragments):
            if part.name.value == "nodes" and part.selection_set is not None:
                return part.selection_set
            if part.name.value == "edges" and part.selection_set is not None:
                for inner in _fields(part.selection_set, self._fragments):
                    if inner.name.value == "node" and inner.selection_set is not None:
                        return inner.selection_set
        raise GraphQLError("Invalid bulk query: a connection needs edges or nodes.")


def start(state: State, bulk: Bulk, roots: Roots, done: Callable[[Bulk], None]) -> None:
    """Run it in a thread; `done` is called at its end."""

    def run() -> None:
        made = Lines(bulk.query, roots, bulk.group)
        try:
            body = "".join(line + "\n" for line in made.lines()).encode()
        except Exception:
            with state.lock:
                bulk.failed, bulk.completed_at = True, state.now()
            raise
        with state.lock:
            bulk.body, bulk.objects, bulk.roots = body, made.objects, made.root_objects
            bulk.completed_at = state.now()
        if not bulk.canceled:
            done(bulk)

    Thread(target=run, name=f"bulk-{bulk.id}", daemon=True).start()
