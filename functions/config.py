"""What the environment decides, read in one place: secrets, the first owner, whether this is the emulator."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

EMULATOR_VARIABLES = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST")


class ConfigError(RuntimeError):
    """The environment contradicts itself or lacks what the function cannot work without."""


@dataclass(frozen=True)
class Config:
    project: str
    identity_key: bytes
    """HMAC key behind customer ids and identity look-ups; must never change once data exist."""
    owner_email: str
    emulated: bool
    credentials_keys: str = ""
    """Keys that seal credentials: `2:<base64>,1:<base64>`, newest first or last."""
    apps: dict[str, dict[str, str]] = field(default_factory=dict)
    """Our registrations at the platforms: {"shopify": {"clientId", "clientSecret", "formerSecrets"}, ...}."""
    public_url: str = ""
    """Base of our addresses as the outside sees them."""
    shops_url: str = ""
    """Base of the simulated shops; only under the emulator."""


def read_config(environ: dict[str, str] | None = None) -> Config:
    """Read and check the environment.

    Raises:
        ConfigError: an emulator variable is set on a production machine (the emulator's tokens are unsigned, so
            anyone could sign in as anyone), or a secret is missing.
    """
    env = dict(os.environ) if environ is None else environ
    refuse_emulator_in_production(env)
    emulated = env if env.get("FUNCTIONS_EMULATOR") == "true" else {}
    key = env.get("IDENTITY_KEY", "")
    if len(key) < 32:
        raise ConfigError(
            "IDENTITY_KEY is missing or shorter than 32 characters: "
            "set it with `firebase functions:secrets:set IDENTITY_KEY`."
        )
    return Config(
        project=env.get("GCLOUD_PROJECT") or env.get("GOOGLE_CLOUD_PROJECT") or "demo-timbre",
        identity_key=key.encode(),
        owner_email=env.get("OWNER_EMAIL", "").strip().lower(),
        emulated=env.get("FUNCTIONS_EMULATOR") == "true",
        credentials_keys=env.get("CREDENTIALS_KEYS", ""),
        apps=_apps(env.get("STOREFRONT_APPS", "")),
        public_url=(emulated.get("LOCAL_PUBLIC_URL") or env.get("PUBLIC_URL", "")).rstrip("/"),
        shops_url=emulated.get("LOCAL_SHOPS_URL", "").rstrip("/"),
    )


def _apps(text: str) -> dict[str, dict[str, str]]:
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
        return {str(name): {str(k): str(v) for k, v in app.items()} for name, app in said.items()}
    except (ValueError, AttributeError):
        raise ConfigError('STOREFRONT_APPS must be JSON like {"shopify": {"clientId": "...", ...}}.') from None


def refuse_emulator_in_production(env: dict[str, str]) -> None:
    """Stop when a deployed function (K_SERVICE set by Cloud Run) sees an emulator variable."""
    if env.get("K_SERVICE") and env.get("FUNCTIONS_EMULATOR") != "true":
        named = [name for name in EMULATOR_VARIABLES if env.get(name)]
        if named:
            raise ConfigError(f"{', '.join(named)} must not be set in production: emulators accept unsigned sign-ins.")
