"""Other cuts of the same customers: complete, honest about what is missing, and without who refused."""

from __future__ import annotations

import random

from ml.segmentation.groupings import figures, groupings
from ml.segmentation.recluster import recluster
from schema.pictures import Groupings
from tests.ml.segmentation.minds import ocean, set_fields, with_words
from tests.ml.shop import NOW, order_run, world


def test_every_grouping_counts_the_customers_in_scope() -> None:
    store = with_words(70, share=0.6)
    recluster(world(store), order_run(store, "first"))
    set_fields(store, "p00000", profiling="opted out")
    for number in range(1, 30):
        set_fields(store, f"p{number:05d}", predictions={"valueTier": "top", "churnTier": "low"})
    figures(world(store), NOW)
    made = Groupings.model_validate(store.documents["metrics/groupings"][0])
    by = {one.name: one for one in made.groupings}
    assert list(by) == ["rfm", "mood", "personality", "value", "risk"] and made.currency == "EUR"
    assert sum(line.customers for line in by["rfm"].groups) == 69
    assert [(line.name, line.customers) for line in by["value"].groups] == [("top", 29)]
    assert 0 < sum(line.customers for line in by["mood"].groups) < 69
    assert by["personality"].groups == [] and by["personality"].note and "20%" in by["personality"].note.en


def test_nothing_known_is_said_and_not_made_up() -> None:
    for one in groupings([]):
        assert one.groups == [] and one.note is not None and one.note.zh


def test_personality_by_the_trait_that_stands_out() -> None:
    rng = random.Random(1)
    people = [{"stats": {"revenue": 100}, "psyche": {"ocean": ocean(rng)}} for _ in range(40)]
    people[0]["psyche"]["ocean"]["openness"]["score"] = 1.0
    made = next(one for one in groupings(people) if one.name == "personality")
    assert sum(line.customers for line in made.groups) == 40
    high = next(line for line in made.groups if line.name == "openness.high")
    assert high.customers >= 1 and high.label.en == "Sound curious about new things" and high.revenue % 100 == 0
