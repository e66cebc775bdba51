"""A request and an answer without a web framework, so that both pages can be tested as plain functions."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

LARGEST_BODY = 500 * 1024
"""Bytes of a request, before and after decompression: Segment's limit for a batch."""
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""
    address: str = ""
    """The client's, as the last proxy that we trust saw it."""
    query: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    """Our own address as the client knows it (`https://host/prefix`), without a slash at the end."""


class Response(NamedTuple):
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class BadRequest(Exception):
    """The request cannot be read: answered 400, and sending it again would not help."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def answer_json(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that nobody caches."""
    held = {"content-type": "application/json", "cache-control": "no-store", **(headers or {})}
    return Response(status, held, json.dumps(body, ensure_ascii=False).encode())


def plain_body(request: Request) -> bytes:
    """The body, decompressed where it is compressed.

    Raises:
        BadRequest: larger than `LARGEST_BODY` (also once decompressed), or no gzip although it says so.
    """
    if len(request.body) > LARGEST_BODY:
        raise BadRequest("too_large", f"The request is larger than {LARGEST_BODY // 1024} KB.")
    named = request.headers.get("content-encoding", "").lower() == "gzip"
    # A proxy may have taken the compression off and left the header, so the first bytes decide.
    if not request.body.startswith(b"\x1f\x8b"):
        if named and not request.body.lstrip()[:1] == b"{":
            raise BadRequest("invalid_gzip", "The body is not gzip.")
        return request.body
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(request.body, LARGEST_BODY + 1)
    except zlib.error:
        raise BadRequest("invalid_gzip", "The body is not gzip.") from None
    if len(plain) > LARGEST_BODY:
        raise BadRequest("too_large", f"The request is larger than {LARGEST_BODY // 1024} KB.")
    if not unpacker.eof:
        raise BadRequest("invalid_gzip", "The gzip body ends too early.")
    return plain


def json_object(plain: bytes) -> dict[str, Any]:
    """The body as a JSON object, whatever the content type says: beacons can only say text/plain.

    Raises:
        BadRequest: no JSON, or no object.
    """
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError):
        raise BadRequest("invalid_json", "The body is not JSON.") from None
    if not isinstance(found, dict):
        raise BadRequest("invalid_json", "The body must be a JSON object.")
    return found
