"""The files of the import tests."""

from __future__ import annotations

import importlib.util
import random
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def cdnow() -> str:
    """The CDNOW sample (2,357 customers, 6,919 orders) as CSV, from the data that the `lifetimes` package ships."""
    spec = importlib.util.find_spec("lifetimes")
    assert spec and spec.origin
    lines = (Path(spec.origin).parent / "datasets" / "CDNOW_sample.txt").read_text().split("\n")
    rows = ["customer_id,sample_id,date,n_cds,amount"]
    for line in lines:
        cells = line.split()
        if len(cells) == 5:
            day = cells[2]
            rows.append(f"{cells[0]},{cells[1]},{day[:4]}-{day[4:6]}-{day[6:]},{cells[3]},{cells[4]}")
    return "\n".join(rows) + "\n"


def orders(rng: random.Random, count: int) -> str:
    """A small shop's orders without ids, with identical rows, zero amounts and bad rows among them."""
    rows = ["Customer,When,Total,E-mail,Accepts marketing"]
    for index in range(count):
        customer = f"c{rng.randrange(max(2, count // 3))}"
        day = f"2025-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        amount, consent = rng.choice(["0", "10.00", "19.99", "120"]), rng.choice(["yes", "no", ""])
        row = f"{customer},{day},{amount},{customer}@example.com,{consent}"
        rows.append(row)
        if rng.random() < 0.1:
            rows.append(row)
        if index % 19 == 5:
            rows.append(f"{customer},not a date,5,{customer}@example.com,yes")
    return "\n".join(rows) + "\n"
