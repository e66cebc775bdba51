"""Every trigger of the codebase `ml`, one line of work each. Heavy libraries are imported where they are used."""

from __future__ import annotations

import os
from typing import Any

# One thread a process: a function has one or two cores, and sums in a fixed order make results repeatable.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from firebase_functions import core, options, pubsub_fn  # noqa: E402

options.set_global_options(region="us-central1")


@pubsub_fn.on_message_published(
    topic="recluster", retry=True, timeout_sec=540, memory=options.MemoryOption.GB_2, max_instances=1, concurrency=1
)
def recluster(event: core.CloudEvent[pubsub_fn.MessagePublishedData[Any]]) -> None:
    """A new segmentation of all customers, or the continuation of one that was interrupted."""
    from ml.segmentation.recluster import recluster as run
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    deliver_once(world, "recluster", body, lambda message: run(world, message.run_id))


@pubsub_fn.on_message_published(
    topic="customers-changed",
    retry=True,
    timeout_sec=120,
    memory=options.MemoryOption.MB_512,
    max_instances=20,
    concurrency=8,
)
def assign(event: core.CloudEvent[pubsub_fn.MessagePublishedData[Any]]) -> None:
    """Changed customers go to their nearest segment of the version in force."""
    from ml.segmentation.assign import assign as place
    from schema import log, runtime
    from schema.flow import deliver_once

    log.begin(event.id)
    world, body = runtime.world(), runtime.message_body(event.data)
    # A recluster follows every bulk job: placing its customers one by one before it would be work twice.
    deliver_once(
        world, "customers-changed", body, lambda message: () if message.historic else place(world, message.ids)
    )
