"""The hosted survey: one question behind a signed link, answered with one tap and, if one likes, some words.

Looking changes nothing (mail scanners follow every link): only a POST answers. A link has one answer; answering again
changes it. Without a signature the answer is nobody's.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import parse_qs

from functions.api import survey_page as pages
from functions.api import survey_token
from functions.api.http import Request, Response
from functions.api.limits import ADDRESS, SURVEY_LINK, SURVEY_OPEN, Limits
from functions.ingest.identity import record_id
from schema import log
from schema.base import Platform
from schema.clock import milliseconds
from schema.flow import World, stable_id
from schema.records import FeedbackRecord, Origin, Person, PlatformEvents
from schema.store import Create, Data, ReadSet, Update, Write, get, settle

LARGEST_BODY = 128 * 1024
"""Bytes of a form: 10,000 characters of any script, percent-encoded."""
_PATH = re.compile(r"(?:^|/)s/(?P<survey>[A-Za-z0-9_-]{1,60})/?$")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,40}")
_LIMITS = Limits()


def handle(world: World, request: Request, limits: Limits | None = None) -> Response:
    """Answer one call of the survey's page."""
    language = pages.language_of(request.query, request.headers.get("accept-language", ""))
    query, limits = request.query, limits or _LIMITS
    wait = limits.take(world, f"survey page {request.address}", ADDRESS)
    if wait:
        return pages.notice(429, "slow", language, query, wait)
    found = _PATH.search(request.path)
    survey = get(world.store, f"surveys/{found['survey']}") if found else None
    if found is None or survey is None:
        return pages.notice(404, "missing", language, query)
    token, signed = query.get("t", "")[:200], None
    if token:
        signed = survey_token.read(world.identity_key, found["survey"], token)
        if signed is None:
            return pages.notice(403, "invalid", language, query)
        if signed.expires <= world.clock():
            return pages.notice(410, "expired", language, query)
    if survey.data["closed"]:
        return pages.notice(410, "closed", language, query)
    if request.method in ("GET", "HEAD"):
        return pages.question_page(survey.data, language, query, secrets.token_urlsafe(16), _number(query.get("a")))
    if request.method != "POST":
        return pages.notice(405, "method", language, query)
    named = f"survey link {token}" if signed else f"survey address {request.address}"
    wait = limits.take(world, named, SURVEY_LINK if signed else SURVEY_OPEN)
    if wait:
        return pages.notice(429, "slow", language, query, wait)
    try:
        return _answered(world, request, found["survey"], survey.data, signed, language)
    except Exception as error:
        log.failure("survey answer not taken", error)
        return pages.notice(503, "broken", language, query, 5)


def _answered(
    world: World, request: Request, survey_id: str, survey: Data, signed: survey_token.Signed | None, language: str
) -> Response:
    try:
        form = parse_qs(request.body[:LARGEST_BODY].decode("utf-8", "replace"), True, max_num_fields=20)
    except ValueError:
        form = {}
    nonce, rating = form.get("n", [""])[0], _number(form.get("rating", [""])[0])
    text = form.get("text", [""])[0].replace("\r\n", "\n").replace("\x00", "").strip()
    if not _NONCE.fullmatch(nonce):
        nonce = secrets.token_urlsafe(16)
    if rating not in {value for value, _, _ in pages.choices(survey["kind"], language)} or rating is None:
        return pages.question_page(survey, language, request.query, nonce, None, "none")
    if len(text) > pages.LONGEST or len(request.body) > LARGEST_BODY:
        cut = text[: pages.LONGEST]
        return pages.thanks_page(survey, language, request.query, nonce, rating, True, cut, "long")
    respondent = stable_id("respondent", survey_id, signed.customer if signed else f"open {nonce}")
    version = _noted(world, survey_id, respondent, rating, bool(text))
    origin, person = _whose(world, signed)
    identity = f"survey:{survey_id}:{respondent}"
    if "text" not in form:
        # Another tap changes the mark; the words given before stay.
        before = get(world.store, f"feedback/{record_id(origin.connection_id, 'feedback', identity)}")
        text = before.data["text"] if before else ""
    elif not survey["askText"]:
        text = ""
    score = f" (NPS {rating})" if survey["kind"] == "nps" else ""
    record = FeedbackRecord(
        id=identity,
        version=version,
        person=person,
        words="survey",
        at=world.clock(),
        title=survey["question"][language][: 200 - len(score)] + score,
        text=text,
        rating=_of_five(survey["kind"], rating),
        language=language,
    )
    world.bus.publish("platform-events", PlatformEvents(origin=origin, records=[record.to_json()]))
    ask = survey["askText"] and "text" not in form
    return pages.thanks_page(survey, language, request.query, nonce, rating, ask)


def _noted(world: World, survey_id: str, respondent: str, rating: int, words: bool) -> int:
    """Note the answer beside the survey, counted once in the same commit; returns the answer's version.

    The version grows with every answer of the same link, so that the last one holds.
    """
    path, top = f"surveys/{survey_id}/answers/{respondent}", f"surveys/{survey_id}"
    now = world.clock()
    versions = [milliseconds(now)]

    def plan(docs: ReadSet) -> list[Write]:
        held, survey = docs[path], docs[top]
        versions[:] = [max(milliseconds(now), held.data["version"] + 1 if held else 0)]
        data = {"rating": rating, "words": words, "at": now, "version": versions[0]}
        if held is not None:
            return [Update(path, data, held.update_time)]
        writes: list[Write] = [Create(path, data)]
        if survey is not None:
            writes.append(Update(top, {"answers": survey.data["answers"] + 1}, survey.update_time))
        return writes

    settle(world.store, [path, top], plan)
    return versions[0]


def _whose(world: World, signed: survey_token.Signed | None) -> tuple[Origin, Person | None]:
    """The account that the answer belongs to; nobody's where there is none, or it was erased."""
    if signed is not None:
        base = f"customers/{signed.customer}"
        customer, source = world.store.get_many([base, f"{base}/sources/account"]).values()
        if (
            customer is not None
            and source is not None
            and source.data.get("erasedVersion") is None
            and source.data["externalId"]
        ):
            account: dict[str, Any] = source.data
            platform: Platform = customer.data["platform"]
            person = Person(
                key=account["externalId"],
                guest=bool(account.get("guest")),
                relay=bool(account.get("relay")),
            )
            return Origin(connection_id=account["connectionId"], platform=platform), person
    return Origin(connection_id="survey", platform="tracking"), None


def _of_five(kind: str, value: int) -> int:
    """A rating from 1 to 5; 0 to 10 of a recommendation is spread over it."""
    return 1 + round(value * 4 / 10) if kind == "nps" else value


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 2 else None
