"""Requests to addresses that people type in: https only, public addresses only, checked again at every redirect.

The check is made on the address that is connected to, not on a look-up before it: a name that answers differently the
second time (DNS rebinding) gets nowhere. Answers are read up to a size and for a time, whatever the other side sends.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from functions.connect.storefront import ConnectError, Rejected

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
MAX_REDIRECTS = 3
LARGEST = 10 * 1024 * 1024
"""Bytes of an answer, decompressed; a request may ask for fewer (`at_most`)."""
LONGEST = 120.0
"""Seconds that the body of one answer may take; the time-outs above are only those of a single read."""
_LARGEST = "timbre_largest"
_CLOSED = tuple(ipaddress.ip_network(net) for net in ("192.0.0.0/24", "fec0::/10"))
"""Protocol assignments and IPv6's former site-local addresses: some Pythons call (parts of) them global."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Resolver = Callable[[str, int], list[str]]


class Forbidden(Rejected):
    """An address that must not be called."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "address",
            f"{host} is not a public web address: give the shop's address on the internet, beginning with https://.",
            f"{host} 不是公网地址：请填写以 https:// 开头的店铺网址。",
            field="shop",
        )


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name."""
    return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def public(address: str) -> bool:
    """Whether an IP address is on the public internet: not private, loopback, link-local, metadata, multicast."""
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if mapped is None and ip in _NAT64:
        mapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if mapped is not None:
        ip = mapped
    if any(ip in closed for closed in _CLOSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once, refuses unless every address is public, and connects to just that address."""

    def __init__(self, local_hosts: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._local = frozenset(local_hosts)
        self._resolve = resolver
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        target = host
        if f"{host}:{port}" not in self._local:
            try:
                addresses = self._resolve(host, port)
            except OSError as error:
                raise httpcore.ConnectError(f"no such host: {host}") from error
            if not addresses or not all(public(address) for address in addresses):
                raise Forbidden(host)
            target = addresses[0]
        return self._plain.connect_tcp(target, port, timeout, local_address, socket_options)

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        raise Forbidden("unix socket")

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)


def check_scheme(url: httpx.URL, local_hosts: Iterable[str]) -> None:
    """Only https; http only to a configured simulated shop.

    Raises:
        Forbidden: anything else, or a name and password in the address.
    """
    local = f"{url.host}:{url.port}" in frozenset(local_hosts)
    if url.userinfo or not (url.scheme == "https" or (url.scheme == "http" and local)):
        raise Forbidden(url.host or str(url)[:60])


class TooMuch(httpx.ReadError):
    """An answer that is larger, or takes longer, than any that we asked for."""


def at_most(size: int) -> dict[str, Any]:
    """`extensions` of a request whose answer may have at most so many bytes."""
    return {_LARGEST: size}


class _Bounded(httpx.SyncByteStream):
    """A body that ends in an error beyond its limits. Decompressed here, since a few bytes may stand for gigabytes."""

    def __init__(self, inner: httpx.SyncByteStream, largest: int, unpacker: Any) -> None:
        self._inner, self._left, self._unpacker = inner, largest, unpacker
        self._until = time.monotonic() + LONGEST

    def __iter__(self) -> Iterator[bytes]:
        came = False
        for part in self._inner:
            came = came or bool(part)
            if time.monotonic() > self._until:
                raise TooMuch("the answer takes too long")
            plain = self._plain(part)
            self._left -= len(plain)
            if self._left < 0:
                raise TooMuch("the answer is too large")
            yield plain
        if came and self._unpacker is not None and not self._unpacker.eof:
            raise httpx.DecodingError("the compressed answer ends too early")

    def _plain(self, part: bytes) -> bytes:
        if self._unpacker is None:
            return part
        try:
            return bytes(self._unpacker.decompress(part, self._left + 1))
        except zlib.error as error:
            raise httpx.DecodingError("the answer is not compressed as it says") from error

    def close(self) -> None:
        self._inner.close()


class BoundedTransport(httpx.HTTPTransport):
    """httpx's own transport, whose answers have limits."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        coding = answer.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip", "x-gzip"):
            answer.close()
            raise httpx.DecodingError("compressed in a way that nobody asked for")
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if coding.endswith("gzip") else None
        gone = ("content-encoding", "content-length") if unpacker else ()
        assert isinstance(answer.stream, httpx.SyncByteStream)
        return httpx.Response(
            answer.status_code,
            headers=[(name, value) for name, value in answer.headers.multi_items() if name not in gone],
            stream=_Bounded(answer.stream, int(request.extensions.get(_LARGEST, LARGEST)), unpacker),
            extensions=answer.extensions,
        )


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The certificates that we trust; reading them takes half a second."""
    return httpx.create_ssl_context()


def client(local_hosts: Iterable[str] = (), resolver: Resolver = resolve) -> httpx.Client:
    """A client that can only reach the public internet (and the configured simulated shops)."""
    allowed = tuple(local_hosts)
    transport = BoundedTransport(verify=_tls(), retries=0)
    pool = httpcore.ConnectionPool(
        ssl_context=_tls(),
        network_backend=GuardedBackend(allowed, resolver),
        max_connections=10,
        keepalive_expiry=15,
    )
    transport._pool.close()
    transport._pool = pool

    def guard(request: httpx.Request) -> None:
        check_scheme(request.url, allowed)

    return httpx.Client(
        transport=transport,
        timeout=TIMEOUT,
        follow_redirects=False,
        max_redirects=MAX_REDIRECTS,
        headers={"User-Agent": "Timbre/1.0 (+https://github.com/timbre)", "Accept-Encoding": "gzip"},
        event_hooks={"request": [guard]},
        trust_env=False,
    )


__all__ = [
    "LARGEST", "ConnectError", "Forbidden", "GuardedBackend", "TooMuch", "at_most", "check_scheme", "client", "public",
    "resolve",
]  # fmt: skip
