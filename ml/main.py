"""Every trigger of the codebase `ml`, one line of work each. Heavy libraries are imported where they are used."""

from __future__ import annotations

import os
from typing import Any

# One thread a process: a function has one or two cores, and sums in a fixed order make results repeatable.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from firebase_functions import core, firestore_fn, options, pubsub_fn  # noqa: E402

options.set_global_options(region="us-central1")
Message = core.CloudEvent[pubsub_fn.MessagePublishedData[Any]]


@pubsub_fn.on_message_published(
    topic="recluster", retry=True, timeout_sec=540, memory=options.MemoryOption.GB_2, max_instances=1, concurrency=1
)
def recluster(event: Message) -> None:
    """A new segmentation of all customers, or the continuation of one that was interrupted."""
    from ml.learn import recluster_alone
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    deliver_once(world, "recluster", body, lambda message: recluster_alone(world, message))


@pubsub_fn.on_message_published(
    topic="customers-changed",
    retry=True,
    timeout_sec=120,
    memory=options.MemoryOption.MB_512,
    max_instances=20,
    concurrency=8,
)
def assign(event: Message) -> None:
    """Changed customers go to their nearest segment of the version in force, and are predicted anew."""
    from ml.learn import look_again
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    deliver_once(world, "customers-changed", body, lambda message: look_again(world, message))


@firestore_fn.on_document_created(
    document="feedback/{feedbackId}",
    timeout_sec=60,
    memory=options.MemoryOption.MB_512,
    max_instances=20,
    concurrency=1,
)
def score(event: firestore_fn.Event[Any]) -> None:
    """New words are read within seconds; a row of a bulk job comes by message instead."""
    from ml.learn import new_words
    from schema import log, runtime

    log.begin(event.id)
    if event.data is not None and not (event.data.to_dict() or {}).get("bulk"):
        new_words(runtime.world(), event.params["feedbackId"])


@pubsub_fn.on_message_published(
    topic="texts", retry=True, timeout_sec=300, memory=options.MemoryOption.GB_1, max_instances=5, concurrency=1
)
def texts(event: Message) -> None:
    """The words of a bulk job, and words that somebody wants explained."""
    from ml.text.work import score as read
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    deliver_once(world, "texts", body, lambda message: read(world, message.ids, explain=message.explain))


@pubsub_fn.on_message_published(
    topic="learn", retry=True, timeout_sec=540, memory=options.MemoryOption.GB_2, max_instances=2, concurrency=1
)
def learn(event: Message) -> None:
    """One step of the learning job."""
    from ml.learn import step
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    deliver_once(world, "learn", body, lambda message: step(world, message))
