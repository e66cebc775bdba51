"""Codebase `app`: every trigger, one readable entry each, and no logic."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from firebase_functions import firestore_fn, https_fn, options, pubsub_fn, scheduler_fn
from firebase_functions.core import CloudEvent
from firebase_functions.params import SecretParam, StringParam

from functions.access.accounts import prepare_admin
from functions.triggers import answer_console, on_ingest, on_job, on_member_written, on_nightly, on_sweep

prepare_admin()
REGION = "us-central1"
IDENTITY_KEY = SecretParam("IDENTITY_KEY")
OWNER_EMAIL = StringParam(
    "OWNER_EMAIL",
    default="",
    description="Address of the first owner: only this account becomes owner on its first sign-in.",
)
LIGHT = options.MemoryOption.MB_512
CORS = options.CorsOptions(cors_origins="*", cors_methods=["post"])


@https_fn.on_call(region=REGION, memory=LIGHT, secrets=[IDENTITY_KEY], cors=CORS, timeout_sec=120)
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


@scheduler_fn.on_schedule(
    schedule="every 1 minutes", region=REGION, memory=LIGHT, secrets=[IDENTITY_KEY], timeout_sec=120
)
def sweep(event: scheduler_fn.ScheduledEvent) -> None:
    """What a lost message would have left behind."""
    on_sweep()


@scheduler_fn.on_schedule(
    schedule="every day 03:00",
    timezone=ZoneInfo("UTC"),
    region=REGION,
    memory=LIGHT,
    secrets=[IDENTITY_KEY],
    timeout_sec=300,
)
def nightly(event: scheduler_fn.ScheduledEvent) -> None:
    """Figures and a recluster as of tonight."""
    on_nightly()


@firestore_fn.on_document_written_with_auth_context(document="members/{uid}", region=REGION, memory=LIGHT)
def member_written(event: Any) -> None:
    """Witness changes of members."""
    on_member_written(event)
