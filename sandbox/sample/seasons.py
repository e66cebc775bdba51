"""When people buy: weekdays, Black Friday, Chinese New Year, and when the shop gives a discount code."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.sample.shop import DAYS

_NEW_YEARS = (
    "2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 "
    "2032-02-11 2033-01-31 2034-02-19 2035-02-08"
)
CHINESE_NEW_YEARS = tuple(date.fromisoformat(day) for day in _NEW_YEARS.split())
"""After 2035 the sample has no Chinese New Year peak."""
CHINESE_NEW_YEAR_WEIGHT = {"CN": 1.0, "HK": 0.9, "TW": 0.8, "SG": 0.6}
_WEEKDAY = (0.95, 0.92, 0.94, 0.97, 1.0, 1.08, 1.14)
_MONTH = (0.92, 0.9, 0.96, 1.0, 1.02, 0.96, 0.88, 0.9, 1.0, 1.05, 1.2, 1.25)

PAUSE_FROM = 196
PAUSE_DAYS = 63
"""Nine weeks, ending 133 days before the end, in which the shop gave no discount code at all."""


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def demand(day: date, country: str) -> float:
    """How much more than usual is bought on this day in this country (1.0 is usual)."""
    factor = _WEEKDAY[day.weekday()] * _MONTH[day.month - 1]
    since_friday = (day - black_friday(day.year)).days
    if -1 <= since_friday <= 3:
        factor *= 3.4 if since_friday in (0, 3) else 2.2
    if day.month == 12 and day.day > 20:
        factor *= 0.55
    weight = CHINESE_NEW_YEAR_WEIGHT.get(country, 0.0)
    if weight:
        for feast in CHINESE_NEW_YEARS:
            before = (feast - day).days
            if 4 <= before <= 24:
                factor *= 1 + 1.7 * weight
            elif -6 <= before < 4:
                factor *= 1 - 0.7 * weight
    if country == "CN" and (day.month, day.day) in ((11, 10), (11, 11), (6, 17), (6, 18)):
        factor *= 2.6
    return factor


class Offers:
    """The shop's discount codes, by the day before `until` (1 is the last day of trading)."""

    def __init__(self, until: date) -> None:
        self._rates = [self._rate(until - timedelta(days=back), back) for back in range(DAYS + 1)]

    @staticmethod
    def paused(back: int) -> bool:
        return PAUSE_FROM - PAUSE_DAYS < back <= PAUSE_FROM

    def _rate(self, day: date, back: int) -> float:
        if self.paused(back):
            return 0.0
        if -1 <= (day - black_friday(day.year)).days <= 3:
            return 0.2
        # Two weeks in five, counted from the end, so that it does not fall on the same days of each month.
        return {0: 0.15, 3: 0.1}.get(back // 7 % 5, 0.0)

    def shop_wide(self, back: int) -> float:
        """Share taken off for anyone who types the code of that week; 0 when there is none."""
        return self._rates[back]
