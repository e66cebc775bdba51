"""Documents of `emotions` from feedback and scores."""

from __future__ import annotations

from datetime import datetime

from ml.text import groups as grouping
from ml.text.evidence import explain
from ml.text.registry import Registry
from ml.text.scoring import Scored, look
from ml.text.words import spoken, text_hash
from schema.clock import of_milliseconds
from schema.intelligence import Emotion, OceanPart, SentimentScore
from schema.store import Data, Doc

_OF_FEEDBACK = ("customerId", "productId", "at", "kind", "rating", "sample")


def current(held: Doc | None, feedback: Data, registry: Registry) -> bool:
    """Whether an emotion is of the present text and the model in force. One of a refusal is not: it may have ended."""
    if held is None or held.data["textHash"] != text_hash(feedback.get("title"), feedback.get("text")):
        return False
    status, language = held.data["status"], str(held.data["language"])
    if status == "scored":
        return bool(held.data["model"] == registry.model(language))
    if status == "not supported":
        return registry.model(language) is None
    return bool(status != "opted out")


def made(feedback: Data, scored: Scored, now: datetime) -> Data:
    """A new emotion."""
    read = scored.status == "scored" and scored.sentiment is not None and scored.label is not None
    fields: Data = {}
    if read and scored.sentiment is not None and scored.label is not None:
        fields["sentiment"] = SentimentScore(
            label=scored.label, **{name: round(value, 4) for name, value in scored.sentiment.items()}
        )
        fields["frustrated"] = scored.frustrated
        fields["model"] = scored.model
        if scored.groups is not None:
            fields["groups"] = grouping.rounded(scored.groups)
            fields["top"] = grouping.strongest(scored.groups)
        if scored.language == "en":
            fields["emotions"] = {label: round(value, 4) for label, value in scored.emotions.items()}
            fields["emotion_labels"] = list(scored.labels)
        if scored.ocean is not None and scored.ocean_model is not None:
            fields["ocean"] = OceanPart(logits=list(scored.ocean), tokens=scored.ocean_tokens, model=scored.ocean_model)
    return Emotion(
        **_of(feedback),
        language=scored.language,
        status=scored.status,
        words=scored.words,
        text_hash=text_hash(feedback.get("title"), feedback.get("text")),
        scored_at=now,
        **fields,
    ).to_doc()


def opted_out(feedback: Data, held: Doc | None, now: datetime) -> Data:
    """The emotion of who refused profiling: no scores."""
    seen = look(spoken(feedback.get("title"), feedback.get("text")), feedback.get("language"), ())
    fresh = Emotion(
        **_of(feedback),
        language=seen.language,
        status="no words" if seen.status == "no words" else "opted out",
        words=seen.words,
        text_hash=text_hash(feedback.get("title"), feedback.get("text")),
        scored_at=now,
    ).to_doc()
    same = held is not None and {**held.data, "scoredAt": now} == fresh
    return {**fresh, "scoredAt": held.data["scoredAt"]} if held is not None and same else fresh


def kept(feedback: Data, held: Data) -> Data:
    """The same scores, with what else the feedback says now."""
    new = Emotion(**_of(feedback), language="und", status="no words", words=0, text_hash="", scored_at=held["scoredAt"])
    told = new.to_doc()
    return {**held, **{name: told[name] for name in _OF_FEEDBACK}}


def explained(fresh: Data, feedback: Data, scored: Scored, registry: Registry, now: datetime) -> Data:
    """With the words that moved its scores."""
    found = explain(registry, spoken(feedback.get("title"), feedback.get("text")), scored, now)
    return {**fresh, "evidence": found.to_doc() if found else None}


def _of(feedback: Data) -> Data:
    at: datetime | None = feedback.get("at")
    return {
        "customer_id": feedback.get("customerId"),
        "product_id": feedback.get("productId"),
        # Where the source does not know when it was said, when it was first heard of.
        "at": at if at is not None else of_milliseconds(int(feedback["createdVersion"])),
        "kind": feedback.get("kind") or "review",
        "rating": feedback.get("rating"),
        "sample": bool(feedback.get("sample")),
    }
