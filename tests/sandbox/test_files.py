"""The files: the whole shop comes back through the import's own reader, and the small ones hold exactly 12 bad rows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from functions.imports.detect import detect
from functions.imports.rows import Parsed, Reading, parse_rows
from sandbox import samples
from sandbox.sample import SampleShop
from sandbox.sample.files import write_files
from tests.sandbox.facts import of_kind
from tests.sandbox.shops import WINTER, records_of, shop_of


def parse(text: str) -> tuple[str, Parsed]:
    """Read a file as the console would, taking every guess as it comes."""
    head = detect(text[:65536])
    assert not head["problems"]
    now = datetime(2026, 12, 1, tzinfo=UTC)
    reading = Reading(
        kind=head["kind"], delimiter=head["delimiter"], header=tuple(head["header"]),
        fields=tuple(match["field"] for match in head["mapping"]), currency=head["currency"] or "USD",
        zone=ZoneInfo("UTC"), date_order=head["dateOrder"], version=1, created_at=now, now=now,
    )  # fmt: skip
    assert all(match["field"] and match["sure"] for match in head["mapping"]), "every column is recognised"
    return head["kind"], parse_rows(text.split("\n", 1)[1], 2, reading)


def test_what_the_files_say_comes_back(tmp_path: Path) -> None:
    """The first customers' rows of each file (reading all of them would take half a minute)."""
    shop = shop_of(WINTER)
    few = SampleShop(shop.until, shop.people[:150], {n: shop.orders[n] for n in range(150)},
                     {n: shop.texts[n] for n in range(150)}, {n: [] for n in range(150)})  # fmt: skip
    write_files(few, tmp_path)
    for name, kind in (("orders", "order"), ("customers", "customer"), ("reviews", "feedback")):
        found, parsed = parse((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))
        assert found == name and not parsed.rejected
        keys = {shopper.key for shopper in few.people}
        wanted = {record.get("id") or record["person"]["key"]: record for record in of_kind(records_of(WINTER), kind)
                  if record["person"]["key"] in keys}  # fmt: skip
        assert len(parsed.records) == len(wanted)
        for record in parsed.records:
            said = record.to_json()
            one = wanted[said.get("id") or said["person"]["key"]]
            if kind == "order":
                for field in ("placedAt", "currency", "total", "discount", "refunded", "items", "lines", "status"):
                    assert said[field] == one[field], field
                assert said["person"]["key"] == one["person"]["key"]
            elif kind == "customer":
                assert said["person"] == one["person"]
                assert (said["profiling"] or "allowed") == one["profiling"]
            else:
                assert (said["text"], said["rating"], said["product"]) == (one["text"], one["rating"], one["product"])


@pytest.mark.parametrize("name", sorted(samples.BAD))
def test_a_small_file_has_its_bad_rows_and_no_others(name: str) -> None:
    _, parsed = parse((samples.FOLDER / name).read_text(encoding="utf-8"))
    assert [(one.reason, one.taken) for one in parsed.rejected] == [(code, False) for code, _ in samples.BAD[name]]
    assert len(parsed.records) >= 20


def test_twelve_bad_rows_of_different_kinds() -> None:
    codes = Counter(code for bad in samples.BAD.values() for code, _ in bad)
    assert sum(codes.values()) == 12
    assert len(codes) == 11


@pytest.mark.slow
def test_the_small_files_are_what_the_generator_writes() -> None:
    for name, text in samples.contents().items():
        assert (samples.FOLDER / name).read_text(encoding="utf-8") == text, "run `python -m sandbox.samples`"
