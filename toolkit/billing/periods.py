"""Billing periods: the grid of days on which a charge's periods begin."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, Self, get_args

from toolkit.clock import add_months

BillingPeriod = Literal[
    "Month",
    "Quarter",
    "Semi_Annual",
    "Annual",
    "Eighteen_Months",
    "Two_Years",
    "Three_Years",
    "Five_Years",
    "Specific_Months",
    "Subscription_Term",
    "Week",
    "Specific_Weeks",
    "Specific_Days",
]
TermUnit = Literal["Month", "Year", "Day", "Week"]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

MONTHS: dict[str, int] = {
    "Month": 1,
    "Quarter": 3,
    "Semi_Annual": 6,
    "Annual": 12,
    "Eighteen_Months": 18,
    "Two_Years": 24,
    "Three_Years": 36,
    "Five_Years": 60,
}
_DAYS: dict[str, int] = {"Week": 7, "Specific_Weeks": 7, "Specific_Days": 1}
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_TERM_MONTHS = {"Month": 1, "Year": 12}
_TERM_DAYS = {"Week": 7, "Day": 1}


def on_day(day: date, billing_day: int) -> date:
    """Move within the month of `day` to day `billing_day` (1-31), or to the month's last day."""
    return add_months(day, 0, billing_day)


def first_on_day(start: date, billing_day: int) -> date:
    """Return the first day on or after `start` that is day `billing_day` of its month."""
    here = on_day(start, billing_day)
    return here if here >= start else add_months(start, 1, billing_day)


def first_on_weekday(start: date, weekday: int) -> date:
    """Return the first day on or after `start` that is this day of the week, 0 being Monday."""
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def add_term(start: date, length: int, unit: TermUnit, day: int | None = None) -> date:
    """Return the first day after a term of this length.

    A term of months ends on the start's day of the month, or on `day` if that is given.
    """
    if unit in _TERM_MONTHS:
        return add_months(start, length * _TERM_MONTHS[unit], day)
    return start + timedelta(days=length * _TERM_DAYS[unit])


class Grid(NamedTuple):
    """Days anchor + k x step for every whole k, past and future.

    Attributes:
        anchor: A day on which a period begins.
        months: Length of a period in months, or 0 when it is counted in days.
        days: Length of a period in days, or 0 when it is counted in months.
        day: Day of the month to keep, so that 31 January, 28 February, 31 March follow one another.
            Source: recorded billing previews with anchors on the 29th, 30th and 31st.
    """

    anchor: date
    months: int
    days: int
    day: int

    @classmethod
    def of(cls, anchor: date, period: str, count: int | None = None, day: int | None = None) -> Self:
        """Build the grid of a billing period; `count` is its number of months, weeks or days."""
        months = MONTHS.get(period) or ((count or 1) if period == "Specific_Months" else 0)
        if months:
            return cls(anchor, months, 0, day or anchor.day)
        step = _DAYS.get(period, 0)
        days = step if period == "Week" else step * (count or 1)
        return cls(anchor, 0, days, day or anchor.day)

    def start(self, index: int) -> date:
        """Return the first day of period `index`; period 0 begins at the anchor."""
        if self.months:
            return add_months(self.anchor, index * self.months, self.day)
        return self.anchor + timedelta(days=index * self.days)

    def ordinal(self, day: date) -> int:
        """Return the index of the period that contains `day`."""
        if not self.months:
            return (day - self.anchor).days // self.days
        apart = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        index = apart // self.months
        return index if self.start(index) <= day else index - 1

    def floor(self, day: date) -> date:
        """Return the first day of the period that contains `day`."""
        return self.start(self.ordinal(day))

    def ceiling(self, day: date) -> date:
        """Return the first day on or after `day` on which a period begins."""
        index = self.ordinal(day)
        begin = self.start(index)
        return begin if begin == day else self.start(index + 1)

    def periods(self, start: date, end: date) -> Iterator[tuple[date, date]]:
        """Yield every whole period that overlaps [start, end) as (first day, first day after)."""
        index = self.ordinal(start)
        begin = self.start(index)
        while begin < end and start < end:
            index += 1
            after = self.start(index)
            yield begin, after
            begin = after

    def monthly(self, begin: date) -> Self:
        """Return the grid of months that begins where one of this grid's periods begins."""
        return self._replace(anchor=begin, months=1)
