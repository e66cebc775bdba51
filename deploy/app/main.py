"""What Firebase loads for the codebase `app`."""

from functions.main import console, ingest, jobs, member_written, nightly, sweep  # noqa: F401
