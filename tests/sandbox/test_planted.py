"""What docs/sample.md says was planted is found again in the raw records, by statistics."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sandbox import facts
from tests.sandbox.shops import AUTUMN, WINTER, records_of

DATES = pytest.mark.parametrize("until", [WINTER, AUTUMN], ids=str)


@DATES
def test_a_courier_failure_made_sixty_good_customers_angry(until: date) -> None:
    found = facts.courier_failure(records_of(until), until)
    assert found.day == 12
    assert len(found.customers) == 60
    assert found.languages == {"en": 36, "zh": 24}
    assert found.deviation > 20, "the day stands out of two years"
    assert found.usual_a_day < 0.1
    assert found.median_orders >= 3 * found.median_orders_of_all, "they are good customers"
    assert found.ordered_since == 0


@DATES
def test_the_lid_of_the_kettle_breaks(until: date) -> None:
    found = facts.sourest_product(records_of(until))
    assert found.product == "TC-KETTLE"
    assert found.reviews >= 30
    assert found.rating < 2.2 and found.next_rating > found.rating + 1
    assert found.z > 8
    assert found.names_lid > 0.8 and found.others_name_lid < 0.15


@DATES
def test_bargain_hunters_buy_without_a_discount_too(until: date) -> None:
    records = records_of(until)
    pause = facts.discount_pause(records, until)
    assert abs(pause.first - 196) <= 4 and abs(pause.last - 134) <= 4
    hunters = facts.pause_effect(records, until, 0.9, 1.0, least=8)
    assert hunters.customers >= 60
    assert hunters.share_discounted > 0.95
    assert abs(hunters.ratio - 1) < 3 * hunters.error, "no code for nine weeks, and the same tempo"
    assert hunters.ratio > 0.8
    # Others who like a discount do wait for it: so the method can tell the two apart.
    waiting = facts.pause_effect(records, until, 0.3, 0.75, least=5)
    assert waiting.ratio < 0.75
    assert waiting.ratio * 1.3 < hunters.ratio
