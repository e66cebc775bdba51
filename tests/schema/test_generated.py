"""The TypeScript types and JSON Schemas are what the shapes say now, and the emitter knows every kind of field."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import AwareDatetime

from schema import base, generating
from schema.base import Channel, Field, Localized, Shape
from schema.typescript import FIRESTORE, interface, literals, typescript

ROOT = Path(__file__).resolve().parents[2]


def test_generated_files_are_up_to_date() -> None:
    assert generating.stale(ROOT) == [], "run scripts/generate and commit"


def test_stale_names_missing_changed_and_left_over_files(tmp_path: Path) -> None:
    generating.write(tmp_path)
    assert generating.stale(tmp_path) == []
    types, order = generating.TYPES / "documents.ts", generating.SCHEMAS / "order.json"
    (tmp_path / types).write_text("export {}\n")
    (tmp_path / order).unlink()
    (tmp_path / generating.SCHEMAS / "gone.json").write_text("{}\n")
    expected = [f"{generating.SCHEMAS}/gone.json: not generated any more", f"{order}: missing", f"{types}: stale"]
    assert generating.stale(tmp_path) == expected
    assert generating.write(tmp_path) == expected
    assert generating.stale(tmp_path) == []


class Sample(Shape):
    """A shape of every kind of field."""

    from_: int | None = Field(alias="from")
    sent_at: AwareDatetime
    """When it left."""
    by_channel: dict[Channel, float] = {}
    by_name: dict[str, object] = {}
    titles: list[Localized] = []
    marks: list[int | None] = []
    kind: Literal["a", "b"] = "a"
    packed: bytes = b""


def test_an_interface_has_the_wire_names_comments_unions_and_nulls() -> None:
    assert interface(Sample, wire=FIRESTORE, unions=literals(base)) == "\n".join(
        [
            "/** A shape of every kind of field. */",
            "export interface Sample {",
            "  from: number | null;",
            "  /** When it left. */",
            "  sentAt: Timestamp;",
            "  byChannel: Partial<Record<Channel, number>>;",
            "  byName: Record<string, unknown>;",
            "  titles: Localized[];",
            "  marks: (number | null)[];",
            '  kind: "a" | "b";',
            "  packed: Bytes;",
            "}",
        ]
    )


def test_an_unknown_annotation_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        typescript(complex, wire=FIRESTORE, unions={})


def test_every_document_class_names_its_path_and_has_a_schema() -> None:
    schemas = generating.json_schemas()
    paths = {str(schema["$comment"]) for schema in schemas.values() if "$comment" in schema}
    assert {"customers/{customerId}", "customers/{customerId}/pii/contact", "members/{uid}/views/{id}"} <= paths
    assert schemas["customer"]["additionalProperties"] is False
