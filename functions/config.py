"""What the environment decides, read in one place: secrets, the first owner, whether this is the emulator."""

from __future__ import annotations

import os
from dataclasses import dataclass

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


def read_config(environ: dict[str, str] | None = None) -> Config:
    """Read and check the environment.

    Raises:
        ConfigError: an emulator variable is set on a production machine (the emulator's tokens are unsigned, so
            anyone could sign in as anyone), or a secret is missing.
    """
    env = dict(os.environ) if environ is None else environ
    refuse_emulator_in_production(env)
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
    )


def refuse_emulator_in_production(env: dict[str, str]) -> None:
    """Stop when a deployed function (K_SERVICE set by Cloud Run) sees an emulator variable."""
    if env.get("K_SERVICE") and env.get("FUNCTIONS_EMULATOR") != "true":
        named = [name for name in EMULATOR_VARIABLES if env.get(name)]
        if named:
            raise ConfigError(f"{', '.join(named)} must not be set in production: emulators accept unsigned sign-ins.")
