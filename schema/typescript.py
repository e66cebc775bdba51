"""TypeScript from the shapes: one interface a class, one union a named Literal, attribute docstrings as comments.

Own and small instead of a detour over JSON Schema, so that the names of unions (`Role`, `Channel`), the comments and
the nulls arrive as they are written here. Unknown annotations raise `TypeError`: a new kind of field must be decided
on, not guessed.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import types
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, EmailStr

Wire = dict[object, str]
"""The TypeScript types of what has no form of its own in JSON."""
FIRESTORE: Wire = {AwareDatetime: "Timestamp", bytes: "Bytes"}
MESSAGE: Wire = {AwareDatetime: "string", bytes: "string"}
SCALARS: dict[object, str] = {
    str: "string",
    EmailStr: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    object: "unknown",
    types.NoneType: "null",
}


def interfaces(module: types.ModuleType, *, wire: Wire, skip: frozenset[str] = frozenset()) -> str:
    """Every shape defined in `module` in source order; `wire` says how moments and bytes travel.

    Shapes that it only imports are left out: the file that holds them exports them. Names in `skip` are left out too.
    """
    unions = literals(module)
    blocks = [
        interface(shape, wire=wire, unions=unions)
        for name, shape in vars(module).items()
        if defines(module, shape) and name not in skip and not name.startswith("_")
    ]
    return "\n\n".join(blocks)


def defines(module: types.ModuleType, value: object) -> TypeGuard[type[BaseModel]]:
    """Whether `value` is a shape that `module` itself declares."""
    return inspect.isclass(value) and issubclass(value, BaseModel) and value.__module__ == module.__name__


def literals(module: types.ModuleType) -> dict[frozenset[object], str]:
    """Names of the unions in reach of `module` by their set of values."""
    return {frozenset(get_args(value)): name for name, value in vars(module).items() if get_origin(value) is Literal}


def union(name: str, values: Iterable[object]) -> str:
    return f"export type {name} = {' | '.join(json.dumps(value) for value in values)};"


def constant(name: str, value: object) -> str:
    """A value that the types follow, so that a misspelt sort or role does not compile."""
    return f"export const {name} = {json.dumps(value, indent=2, ensure_ascii=False)} as const;"


def interface(shape: type[BaseModel], *, wire: Wire, unions: dict[frozenset[object], str]) -> str:
    comments = field_comments(shape)
    lines = [comment(inspect.cleandoc(shape.__doc__), "")] if shape.__doc__ else []
    lines.append(f"export interface {shape.__name__} {{")
    for name, field in shape.model_fields.items():
        if name in comments:
            lines.append(comment(comments[name], "  "))
        lines.append(f"  {field.alias or name}: {typescript(field.annotation, wire=wire, unions=unions)};")
    return "\n".join([*lines, "}"])


def typescript(annotation: Any, *, wire: Wire, unions: dict[frozenset[object], str]) -> str:
    """The TypeScript type of a field.

    Raises:
        TypeError: an annotation that this emitter does not know.
    """

    def inner(part: Any) -> str:
        return typescript(part, wire=wire, unions=unions)

    origin, arguments = get_origin(annotation), get_args(annotation)
    known = {**SCALARS, **wire}
    if annotation in known:
        return known[annotation]
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation.__name__
    if origin is Annotated:
        return inner(arguments[0])
    if origin is Literal:
        return unions.get(frozenset(arguments)) or " | ".join(json.dumps(value) for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(inner(part) for part in arguments)
    if origin is list:
        element = inner(arguments[0])
        return f"({element})[]" if "|" in element else f"{element}[]"
    if origin is dict:
        key, value = inner(arguments[0]), inner(arguments[1])
        # A map keyed by a union holds only the keys that are known, so each look-up may miss.
        return f"Record<string, {value}>" if key == "string" else f"Partial<Record<{key}, {value}>>"
    raise TypeError(f"no TypeScript for {annotation!r}: teach schema/typescript.py")


def field_comments(shape: type[BaseModel]) -> dict[str, str]:
    """The docstring under each field, over the classes that the shape is built from."""
    found: dict[str, str] = {}
    for base in reversed(shape.__mro__):
        if not issubclass(base, BaseModel) or base is BaseModel:
            continue
        declared = class_bodies(base.__module__)[base.__name__]
        for statement, following in zip(declared, declared[1:], strict=False):
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                found[statement.target.id] = inspect.cleandoc(str(following.value.value))
    return found


@cache
def class_bodies(module: str) -> dict[str, list[ast.stmt]]:
    """The statements of each class of a module: its source is read once, not once a class."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def comment(text: str, indent: str) -> str:
    lines = text.splitlines()
    if len(lines) == 1:
        return f"{indent}/** {text} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"])
