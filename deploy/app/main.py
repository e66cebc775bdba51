"""What Firebase loads for the codebase `app`."""

from functions.main import (  # noqa: F401
    connect,
    console,
    ingest,
    jobs,
    member_written,
    nightly,
    receive,
    shopwork,
    survey,
    sweep,
    track,
    webhooks,
)
