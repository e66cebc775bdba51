"""The files that the journeys bring."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from tests.imports.files import cdnow

CHANGED_ROW = 120
CHANGED_AMOUNT = Decimal("4321.99")
KILLED = "interrupted.csv"
ROWS = 2000
"""Rows of the interrupted file: ten messages."""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one_row_changed(rows: int = 300) -> str:
    """The first rows of the CDNOW file with another amount in one of them."""
    lines = cdnow().splitlines()[: rows + 1]
    cells = lines[CHANGED_ROW].split(",")
    lines[CHANGED_ROW] = ",".join([*cells[:-1], str(CHANGED_AMOUNT)])
    return "\n".join(lines) + "\n"


def interrupted(rows: int = ROWS) -> str:
    """Orders without ids of 700 customers, some of them twice and some for nothing, all before 1998-06-30."""
    rng = random.Random(11)
    out = ["buyer,bought on,paid"]
    while len(out) <= rows:
        day = f"1998-{rng.randint(1, 6):02d}-{rng.randint(1, 28):02d}"
        row = f"k{rng.randrange(700)},{day},{rng.choice(['0', '10.00', '19.99', '120.50'])}"
        out += [row, row] if rng.random() < 0.05 else [row]
    return "\n".join(out[: rows + 1]) + "\n"


def unusable(folder: Path) -> dict[str, Path]:
    """Files that are no table of orders, by what is wrong with them."""
    return {
        "empty": write(folder, "empty.csv", b""),
        "pdf": write(folder, "orders.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"),
        "spreadsheet": write(folder, "orders.xlsx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(200)),
        "no date": write(folder, "no-date.csv", "customer id,amount\nz1,10.00\nz2,12.50\nz1,8.00\n"),
    }
