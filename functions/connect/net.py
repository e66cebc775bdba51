"""Requests to addresses that people type in: https only, public addresses only, checked again at every redirect.

The check is made on the address that is connected to, not on a look-up before it: a name that answers differently the
second time (DNS rebinding) gets nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from functions.connect.storefront import ConnectError, Rejected

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
MAX_REDIRECTS = 3
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
    if mapped is not None:
        ip = mapped
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


def client(local_hosts: Iterable[str] = (), resolver: Resolver = resolve) -> httpx.Client:
    """A client that can only reach the public internet (and the configured simulated shops)."""
    allowed = tuple(local_hosts)
    transport = httpx.HTTPTransport(retries=0)
    pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
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
        headers={"User-Agent": "Timbre/1.0 (+https://github.com/timbre)"},
        event_hooks={"request": [guard]},
        trust_env=False,
    )


__all__ = ["ConnectError", "Forbidden", "GuardedBackend", "check_scheme", "client", "public", "resolve"]
