"""How many customers' risk rose, week by week, as it was counted at the time.

A customer's document holds only the last crossing: counted later, the weeks before would lack everybody who crossed
again since, and any week would look like a rise.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from schema.intelligence import RiskLog, RiskNight, Training
from schema.store import Data, Put, ReadSet, Store, Write, get, settle

PATH = "metrics/risk"
WEEK = timedelta(days=7)
WEEKS = 4


def earlier_weeks(store: Store, as_of: datetime, crossed: int) -> list[int]:
    """Write down tonight's count and return those of up to four whole weeks before this one, the newest first.

    Args:
        crossed: customers whose risk rose over the threshold in the seven days to `as_of`.
    """
    settings = get(store, "settings/training")
    threshold = Training.model_validate(settings.data if settings else {}).risk_threshold
    told: list[RiskLog] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[PATH]
        log = noted(held.data if held else None, as_of.date(), crossed, threshold)
        told[:] = [log]
        made = log.to_doc()
        return [] if held and held.data == made else [Put(PATH, made)]

    settle(store, [PATH], plan)
    return weeks(told[0], as_of.date())


def noted(held: Data | None, day: date, crossed: int, threshold: float) -> RiskLog:
    """The log with tonight in it. It begins anew under another threshold, and after a week without a night."""
    log = RiskLog.model_validate(held) if held else None
    if log is not None:
        newest = date.fromisoformat(log.nights[-1].day)
        if log.threshold != threshold or not newest <= day <= newest + WEEK:
            log = None
    nights = [one for one in log.nights if one.day != day.isoformat()] if log else []
    nights = [one for one in nights if date.fromisoformat(one.day) > day - (WEEKS + 1) * WEEK]
    return RiskLog(
        since=log.since if log else day.isoformat(),
        threshold=threshold,
        nights=[*nights, RiskNight(day=day.isoformat(), customers=crossed)],
    )


def weeks(log: RiskLog, day: date) -> list[int]:
    """Counts of weeks that do not overlap this one or each other; none that began before the counting did."""
    found: list[int] = []
    end = day - WEEK
    for one in reversed(log.nights):
        night = date.fromisoformat(one.day)
        if night <= end and night - WEEK >= date.fromisoformat(log.since):
            found.append(one.customers)
            end = night - WEEK
    return found[:WEEKS]
