"""Between Flask and the plain functions: one request in, one answer out."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from functions.api import survey, tracking
from functions.api.http import LARGEST_BODY, Request, Response
from functions.config import Config, read_config
from schema import log, runtime

if TYPE_CHECKING:
    import flask


def on_track(request: flask.Request) -> flask.Response:
    """The HTTPS function `track`."""
    log.begin()
    config = read_config()
    return to_flask(tracking.handle(runtime.world(config.identity_key), from_flask(request, base_of(config))))


def on_survey(request: flask.Request) -> flask.Response:
    """The HTTPS function `survey`."""
    log.begin()
    config = read_config()
    return to_flask(survey.handle(runtime.world(config.identity_key), from_flask(request, base_of(config))))


def from_flask(request: Any, base: str) -> Request:
    """The request; of a body larger than any limit only its first bytes, enough to refuse it.

    Args:
        base: our own address. No header is asked for it: what a caller writes there would end in answers that a cache
            keeps for everybody.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(
        method=request.method,
        path=request.path,
        headers=headers,
        body=request.stream.read(LARGEST_BODY + 1) if request.method == "POST" else b"",
        address=_address(headers) or request.remote_addr or "",
        query=dict(request.args.items()),
        base=base,
    )


def base_of(config: Config) -> str:
    """The address of this deployment as it is configured, without a slash at the end."""
    return config.public_url or f"https://{config.project}.web.app"


def to_flask(answer: Response) -> flask.Response:
    import flask

    return flask.Response(answer.body, answer.status, answer.headers)


def _address(headers: dict[str, str]) -> str:
    """The client's address as the nearest front end names it.

    Behind Hosting the last entry is Hosting's own machine, and its CDN names the client apart. Otherwise the last entry
    is Google's front end's word; those before it are the caller's own and prove nothing.
    """
    if "x-forwarded-host" in headers and "fastly-client-ip" in headers:
        try:
            return str(ipaddress.ip_address(headers["fastly-client-ip"].strip()))
        except ValueError:
            pass
    return headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
