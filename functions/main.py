"""Codebase `app`: every trigger, one readable entry each, and no logic."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from firebase_functions import firestore_fn, https_fn, options, pubsub_fn, scheduler_fn, tasks_fn
from firebase_functions.core import CloudEvent
from firebase_functions.params import SecretParam, StringParam

from functions.access.accounts import prepare_admin
from functions.api.serve import on_survey, on_track
from functions.triggers import (
    answer_console,
    on_connect_page,
    on_ingest,
    on_job,
    on_member_written,
    on_nightly,
    on_receive,
    on_shop_work,
    on_sweep,
    on_webhook,
)

prepare_admin()
REGION = "us-central1"
IDENTITY_KEY = SecretParam("IDENTITY_KEY")
OWNER_EMAIL = StringParam(
    "OWNER_EMAIL",
    default="",
    description="Address of the first owner: only this account becomes owner on its first sign-in.",
)
CREDENTIALS_KEYS = SecretParam("CREDENTIALS_KEYS")
STOREFRONT_APPS = SecretParam("STOREFRONT_APPS")
PUBLIC_URL = StringParam(
    "PUBLIC_URL",
    default="",
    description="Address under which the outside reaches this deployment, like https://timbre.example.com; "
    "empty: the project's own web.app address.",
)
SECRETS = [IDENTITY_KEY, CREDENTIALS_KEYS, STOREFRONT_APPS]
LIGHT = options.MemoryOption.MB_512
CORS = options.CorsOptions(cors_origins="*", cors_methods=["post"])


@https_fn.on_call(region=REGION, memory=LIGHT, secrets=SECRETS, cors=CORS, timeout_sec=120)
def console(request: https_fn.CallableRequest[Any]) -> Any:
    """Everything a member does in the console."""
    return answer_console(request)


@pubsub_fn.on_message_published(
    topic="platform-events", region=REGION, memory=LIGHT, secrets=[IDENTITY_KEY], retry=True, timeout_sec=120
)
def ingest(event: CloudEvent[pubsub_fn.MessagePublishedData[Any]]) -> None:
    """Records of any platform into documents."""
    on_ingest(event)


@pubsub_fn.on_message_published(
    topic="jobs", region=REGION, memory=LIGHT, secrets=[IDENTITY_KEY], retry=True, timeout_sec=300
)
def jobs(event: CloudEvent[pubsub_fn.MessagePublishedData[Any]]) -> None:
    """One step of a long job."""
    on_job(event)


@https_fn.on_request(region=REGION, memory=LIGHT, secrets=SECRETS, timeout_sec=30)
def webhooks(request: Any) -> Any:
    """What platforms tell us: verified, published, answered."""
    return on_webhook(request)


@https_fn.on_request(region=REGION, memory=LIGHT, secrets=SECRETS, timeout_sec=120)
def connect(request: Any) -> Any:
    """The way to a platform's own page and back."""
    return on_connect_page(request)


@https_fn.on_request(region=REGION, memory=LIGHT, secrets=SECRETS, timeout_sec=60)
def track(request: Any) -> Any:
    """The tracking API of web shops, apps and tills."""
    return on_track(request)


@https_fn.on_request(region=REGION, memory=LIGHT, secrets=SECRETS, timeout_sec=30)
def survey(request: Any) -> Any:
    """The hosted page with one question."""
    return on_survey(request)


@pubsub_fn.on_message_published(
    topic="platform-webhooks", region=REGION, memory=LIGHT, secrets=SECRETS, retry=True, timeout_sec=120
)
def receive(event: CloudEvent[pubsub_fn.MessagePublishedData[Any]]) -> None:
    """One verified call of a platform into documents."""
    on_receive(event)


@tasks_fn.on_task_dispatched(
    region=REGION,
    memory=LIGHT,
    secrets=SECRETS,
    timeout_sec=300,
    retry_config=options.RetryConfig(max_attempts=5, min_backoff_seconds=5),
    rate_limits=options.RateLimits(max_concurrent_dispatches=20),
)
def shopwork(request: Any) -> None:
    """The next pages of a backfill, a reconciliation or a poll."""
    on_shop_work(request)


@scheduler_fn.on_schedule(schedule="every 1 minutes", region=REGION, memory=LIGHT, secrets=SECRETS, timeout_sec=120)
def sweep(event: scheduler_fn.ScheduledEvent) -> None:
    """What a lost message would have left behind."""
    on_sweep()


@scheduler_fn.on_schedule(
    schedule="every day 03:00",
    timezone=ZoneInfo("UTC"),
    region=REGION,
    memory=LIGHT,
    secrets=SECRETS,
    timeout_sec=300,
)
def nightly(event: scheduler_fn.ScheduledEvent) -> None:
    """Figures and a recluster as of tonight."""
    on_nightly()


@firestore_fn.on_document_written_with_auth_context(document="members/{uid}", region=REGION, memory=LIGHT)
def member_written(event: Any) -> None:
    """Witness changes of members."""
    on_member_written(event)
