"""Between Flask and the plain functions: one request in, one answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.api import survey, tracking
from functions.api.http import LARGEST_BODY, Request, Response
from functions.config import read_config
from schema import log, runtime

if TYPE_CHECKING:
    import flask


def on_track(request: flask.Request) -> flask.Response:
    """The HTTPS function `track`."""
    log.begin()
    return to_flask(tracking.handle(runtime.world(read_config().identity_key), from_flask(request)))


def on_survey(request: flask.Request) -> flask.Response:
    """The HTTPS function `survey`."""
    log.begin()
    return to_flask(survey.handle(runtime.world(read_config().identity_key), from_flask(request)))


def from_flask(request: Any) -> Request:
    """The request; of a body larger than any limit only its first bytes, enough to refuse it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    forwarded = headers.get("x-forwarded-for", "")
    scheme = headers.get("x-forwarded-proto", "").partition(",")[0].strip() or request.scheme
    host = headers.get("x-forwarded-host", "").partition(",")[0].strip() or request.host
    return Request(
        method=request.method,
        path=request.path,
        headers=headers,
        body=request.stream.read(LARGEST_BODY + 1) if request.method == "POST" else b"",
        # The last entry is Google's front end's word; those before it are the caller's own and prove nothing.
        address=(forwarded.rpartition(",")[2].strip() or request.remote_addr or ""),
        query=dict(request.args.items()),
        base=f"{scheme}://{host}{_prefix(request.path, headers)}",
    )


def to_flask(answer: Response) -> flask.Response:
    import flask

    return flask.Response(answer.body, answer.status, answer.headers)


def _prefix(path: str, headers: dict[str, str]) -> str:
    """What of the path comes before our own part of it."""
    for own in ("/v1/", "/s/"):
        if own in path:
            return path.partition(own)[0]
    return path.rstrip("/")
