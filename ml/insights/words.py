"""Scored texts as the night's work needs them: read page by page, a text beside what a model read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml.insights.tags import Said
from ml.insights.topics import topics_of
from schema.store import Query, Store, pages

PAGE = 300
FIELDS = ("customerId", "productId", "at", "status", "language", "sentiment", "top", "frustrated", "sample")


@dataclass(frozen=True)
class Heard:
    """One scored text with what it names."""

    id: str
    customer_id: str | None
    product_id: str | None
    product_title: str | None
    at: datetime
    language: str
    label: str
    sentiment: float
    top: str
    frustrated: bool
    sample: bool
    topics: dict[str, str]

    @property
    def person(self) -> str:
        """Whose voice it is; a text whose writer nobody knows stands for itself."""
        return self.customer_id or f"text:{self.id}"

    def said(self) -> Said:
        return Said(self.id, self.at, self.label, self.topics)


def heard_since(store: Store, since: datetime, until: datetime, real: bool) -> list[Heard]:
    """Every scored text of the span, oldest first. Two reads a text.

    Args:
        real: the shop has data of its own; the sample's words are then left out.
    """
    found: list[Heard] = []
    query = Query(
        "emotions",
        where=(("at", ">=", since), ("at", "<=", until)),
        order_by=(("at", "asc"), ("__name__", "asc")),
        limit=PAGE,
        select=FIELDS,
    )
    for page in pages(store, query):
        words = store.get_many([f"feedback/{doc.id}" for doc in page])
        for doc in page:
            held = words[f"feedback/{doc.id}"]
            if doc.data["status"] == "scored" and held is not None and not (real and doc.data["sample"]):
                found.append(_heard(doc.id, doc.data, held.data))
    return sorted(found, key=lambda one: (one.at, one.id))


def heard_of(store: Store, customers: Sequence[str], most: int = 50) -> list[Heard]:
    """The newest scored texts of one customer and all aliases."""
    query = Query(
        "emotions",
        where=(("customerId", "in", list(customers)[:30]),),
        order_by=(("at", "desc"),),
        limit=most,
        select=FIELDS,
    )
    page = list(store.query(query))
    words = store.get_many([f"feedback/{doc.id}" for doc in page])
    return [
        _heard(doc.id, doc.data, held.data)
        for doc in page
        if doc.data["status"] == "scored" and doc.data["at"] and (held := words[f"feedback/{doc.id}"]) is not None
    ]


def _heard(identity: str, emotion: dict[str, Any], words: dict[str, Any]) -> Heard:
    sentiment = emotion["sentiment"]
    text = "\n".join(part for part in (words.get("title"), words.get("text")) if part)
    return Heard(
        id=identity,
        customer_id=emotion["customerId"],
        product_id=emotion["productId"],
        product_title=words.get("productTitle"),
        at=emotion["at"],
        language=emotion["language"],
        label=sentiment["label"],
        sentiment=sentiment["positive"] - sentiment["negative"],
        top=emotion["top"],
        frustrated=bool(emotion["frustrated"]),
        sample=bool(emotion["sample"]),
        topics=topics_of(text),
    )
