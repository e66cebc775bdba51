"""What a cold start loads: import time of both mains, each the best of three fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def seconds(statement: str) -> float:
    best = 1e9
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True, capture_output=True)
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    nothing = seconds("pass")
    app, ml = (seconds(f"import {name}.main") - nothing for name in ("functions", "ml"))
    heavy = seconds("import sklearn.cluster, scipy.optimize") - nothing
    print(f"import functions.main      {app:6.2f} s")
    print(f"import ml.main             {ml:6.2f} s")
    print(
        print(f"scikit-learn and SciPy    {heavy:6.2f} s   more, if ml.main loaded them at once ({heavy / ml:.1f} x)")
    )


if __name__ == "__main__":
    main()
