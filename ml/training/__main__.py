"""Training, export and evaluation of the text models; never deployed. Each command explains itself with --help.

    python -m ml.training english  --data DIR --out DIR [--minutes N] [--resume]    sentiment and emotion, English
    python -m ml.training ocean    --data DIR --out DIR [--shuffle-labels]          personality, English
    python -m ml.training ocean-reference --data DIR --model DIR                    personality: the middle of a shop
    python -m ml.training chinese  --data DIR --out DIR [--minutes N]               sentiment and emotion, Chinese
    python -m ml.training export   --model ID_OR_PATH --head HEAD --out DIR         any Hugging Face classifier
    python -m ml.training evaluate --model DIR --data FILE --task TASK [--shuffle-labels]
    python -m ml.training card     --model DIR                                      MODEL_CARD.md from a manifest

`ocean-reference`, `evaluate` and `card` need onnxruntime, tokenizers and numpy; the others what
ml/training/requirements.txt pins.
"""

from __future__ import annotations

import importlib
import sys

COMMANDS = ("english", "ocean", "ocean-reference", "chinese", "export", "evaluate", "card")


def main(argv: list[str]) -> int:
    if not argv or argv[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 0 if argv and argv[0] in ("-h", "--help") else 2
    # By name: `evaluate` runs where torch is not installed.
    importlib.import_module(f"ml.training.{argv[0].replace('-', '_')}").main(argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
