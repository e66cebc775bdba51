"""Group the customers of a file: `python -m ml.segmentation --features FILE.csv --out FILE.json`.

The first column is the id, the others are numeric features (empty: unknown). Columns that `ml/segmentation/features.py`
knows by name (recencyDays, orders, emotion.worried, ocean.openness, ...) take part in their own block and may give an
archetype; unknown names are behaviour, and groups are then described by them. Two columns are no features: `texts`
(how many texts a row's emotion.* and ocean.* come from: words count n/(n+5), without the column in full) and
`frustration` (1 where the newest angry text is unsettled, 0 where not, empty without words), which one archetype asks
for. With `--previous` (a former output) groups keep their ids and names, and unchanged rows keep their group; other
columns than then are said in the note and searched anew. The order of the rows changes nothing. The file is UTF-8.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(argv: list[str] | None = None) -> int:
    """Read, group, write; 0 when there is a result, 2 with a sentence when a file cannot be read or written."""
    from ml.segmentation.cluster import Choice
    from ml.segmentation.files import TableError, group, read_table

    parser = argparse.ArgumentParser(
        prog="python -m ml.segmentation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--features", required=True, type=Path, help="CSV: id, then numeric features")
    parser.add_argument("--out", required=True, type=Path, help="JSON to write")
    parser.add_argument("--previous", type=Path, help="JSON of a former run: ids and names carry over")
    parser.add_argument("--algorithm", choices=("kmeans", "dbscan", "hdbscan"), help="use this one where it can serve")
    parser.add_argument("--k", type=int, help="this number of groups")
    given = parser.parse_args(argv)
    if given.k is not None and not 2 <= given.k <= 12:
        parser.error("--k must be between 2 and 12")
    if not given.out.parent.is_dir():
        parser.error(f"--out: there is no folder {given.out.parent}")
    try:
        table = read_table(given.features)
        previous = json.loads(given.previous.read_text(encoding="utf-8")) if given.previous else None
        made = group(table, previous, Choice(pinned_k=given.k, pinned_algorithm=given.algorithm))
        given.out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        print(f"{given.previous} is no JSON: {error}", file=sys.stderr)
        return 2
    except (OSError, TableError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    shown = {name: made[name] for name in ("algorithm", "k", "silhouette", "stability", "note")}
    print(json.dumps(shown | {"moved": made["moved"]}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
