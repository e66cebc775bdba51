"""The outside world from the configuration: the providers' own hosts, or a simulated shop's under the emulator."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

import httpx

from functions.config import Config
from functions.connect.outside import Outside
from functions.connect.storefront import App, Endpoints
from functions.connect.vault import KeyRing
from functions.tasks import CloudTasks
from schema.base import Platform

REGION = "us-central1"
KEPT = ("clientId", "clientSecret", "formerSecrets")


def outside(config: Config) -> Outside:
    """This deployment's outside.

    Raises:
        VaultError: CREDENTIALS_KEYS is missing or unreadable.
    """
    return _made(
        config.credentials_keys,
        tuple((name, tuple(sorted(app.items()))) for name, app in sorted(config.apps.items())),
        config.public_url or f"https://{config.project}.web.app",
        config.shops_url,
    )


@lru_cache(maxsize=1)
def _made(keys: str, apps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], public_url: str, shops: str) -> Outside:
    platforms: dict[str, Platform] = {name: name for name in get_args(Platform)}
    return Outside(
        endpoints=simulated(shops) if shops else Endpoints(),
        apps={platforms[name]: app(dict(said)) for name, said in apps if name in platforms},
        ring=KeyRing.parse(keys),
        public_url=public_url,
        queue=CloudTasks(REGION),
        sandbox=frozenset(platforms.values()) if shops else frozenset(),
    )


def app(said: dict[str, str]) -> App:
    """One registration from its JSON; what is not a client id or secret is the platform's own."""
    return App(
        said.get("clientId", ""),
        said.get("clientSecret", ""),
        {name: value for name, value in said.items() if name not in KEPT},
        tuple(filter(None, said.get("formerSecrets", "").split(","))),
    )


def simulated(base: str) -> Endpoints:
    """Endpoints of the simulated shops; clients do not know the difference."""
    url = httpx.URL(base)
    return Endpoints(
        shopify=f"{base}/shopify/{{shop}}",
        amazon_api=f"{base}/amazon/{{region}}",
        amazon_token=f"{base}/amazon/auth/o2/token",
        amazon_consent=f"{base}/amazon/consent",
        amazon_sqs=f"{base}/amazon/sqs",
        flipkart=f"{base}/flipkart",
        local_hosts=(f"{url.host}:{url.port}",),
    )
