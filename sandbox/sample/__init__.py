"""The sample shop: two years of an invented English/Chinese homeware shop, as raw records only.

`build(until, seed)` simulates it, `sandbox.sample.records` turns it into records, `python -m sandbox.sample` writes
files or publishes. What was planted is written down in `docs/sample.md`.
"""

from __future__ import annotations

from sandbox.sample.world import SampleShop, build

__all__ = ["SampleShop", "build"]
