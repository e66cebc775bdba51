"""`python -m sandbox.sample`: the sample shop as files (`--out`), or into the running emulators (`--publish`)."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from sandbox.sample.files import write_files
from sandbox.sample.publish import LoadError, NotAllowed, is_loaded, load
from sandbox.sample.shop import NAME, SEED
from sandbox.sample.world import build

EMULATORS = ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST")


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 done, 1 could not load (a sentence on stderr says why), 2 wrong arguments."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.sample", description=__doc__)
    parser.add_argument(
        "--until", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD",
        help="the first day without data (default: today, so that the shop's data end yesterday)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=SEED)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="DIR", help="write CSV files and visits.ndjson into DIR")
    where.add_argument("--publish", action="store_true", help="load it into the running emulators")
    given = parser.parse_args(arguments)
    if given.out:
        counts = write_files(build(given.until, given.seed), given.out)
        print(f"{NAME}, until {given.until}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
        return 0
    return _publish(given.until, given.seed)


def _publish(until: date, seed: int) -> int:
    from schema.runtime import world

    try:
        missing = [name for name in EMULATORS if not os.environ.get(name)]
        if missing:
            raise NotAllowed(f"The sample shop goes into the emulators only: {', '.join(missing)} is not set.")
        here = world()
        if is_loaded(here):
            print(json.dumps({"done": 1, "total": 1, "note": "already loaded"}), flush=True)
            return 0
        counts = load(here, until, _tell, seed)
    except LoadError as error:
        print(str(error), file=sys.stderr)
        return 1
    print(json.dumps({"note": "loaded", "counts": counts}), flush=True)
    return 0


def _tell(done: int, total: int) -> None:
    print(json.dumps({"done": done, "total": total}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
