"""`python -m ml.behaviour COMMAND ...`: commands for analysts; each is a module with `main(argv) -> exit code`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

# Small matrices: a second thread costs more than it brings, and sums in a fixed order make results repeatable.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "predict": ("ml.behaviour.predict_cli", "who orders within a horizon, with the backtest"),
    "clv": ("ml.behaviour.clv_cli", "lifetime value by BG/NBD and Gamma-Gamma"),
    "uplift": ("ml.behaviour.uplift_cli", "what a treatment changes, by customer"),
    "features": ("ml.behaviour.features_cli", "the table of features as markdown"),
}


def main(argv: Sequence[str]) -> int:
    """Run a command; 2 when there is no such command."""
    if argv and argv[0] in COMMANDS:
        try:
            code = int(import_module(COMMANDS[argv[0]][0]).main(list(argv[1:])))
            sys.stdout.flush()
        except BrokenPipeError:
            # Who read along (`| head`) has seen enough; what Python still flushes at its end must go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return code
    for name, (_, says) in COMMANDS.items():
        print(f"python -m ml.behaviour {name:9} {says}", file=sys.stderr)
    return 0 if argv in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
