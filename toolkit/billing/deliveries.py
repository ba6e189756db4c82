"""Deliveries: how often a delivery schedule delivers."""

from collections.abc import Iterable
from datetime import date

from toolkit.billing.periods import WEEKDAYS, Weekday

_WEEK = 7


def deliveries(days: Iterable[Weekday], start: date, end: date) -> int:
    """Count the days of [start, end) that are one of these days of the week.

    Source: Zuora, delivery pricing: the price of a delivery times the deliveries of the period; its stubs
    have fewer days, and so fewer deliveries.
    """
    first, after = start.toordinal(), end.toordinal()
    offsets = (WEEKDAYS.index(day) + 1 for day in set(days))  # the first day of the calendar is a Monday
    return sum((after - 1 - offset) // _WEEK - (first - 1 - offset) // _WEEK for offset in offsets)
