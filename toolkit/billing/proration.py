"""Proration: which fraction of a billing period's price a part of that period costs."""

from datetime import date
from fractions import Fraction

from toolkit.billing.periods import Grid
from toolkit.billing.rules import BillingRules

_MONTH = 30


def month_fraction(start: date, end: date, month: tuple[date, date], rules: BillingRules) -> Fraction:
    """Return the part of a month that [start, end) takes, at most 1.

    Args:
        start: First day of the part.
        end: First day after it.
        month: The whole month, from billing day to billing day, that contains the part: its days
            are the denominator under actual days, even where they lie outside the term.
        rules: `month_proration` chooses between actual days, actual/360 and strict 30/360.

    Source: Zuora, prorating - 30 days or actual days; order delta TCB calculation III.
    """
    if rules.month_proration == "strict_30_360":
        return min(Fraction(strict_days(start, end), _MONTH), Fraction(1))
    days = (end - start).days
    return Fraction(days, _MONTH if rules.month_proration == "actual_360" else (month[1] - month[0]).days)


def strict_days(start: date, end: date) -> int:
    """Count the days of [start, end) in a calendar in which every month has thirty.

    A part that ends on its month's last day reaches the thirtieth; one that begins on the 31st
    begins on the 30th. Source: Zuora, prorating - 30 days or actual days: 27-31 January is 4,
    27-28 February 2021 is 4.
    """
    last_day = _MONTH if end.day == 1 else end.day - 1
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day == 1)
    return months * _MONTH + last_day - min(start.day, _MONTH) + 1


def period_fraction(
    start: date, end: date, grid: Grid, period: tuple[date, date], rules: BillingRules
) -> Fraction:
    """Return the part of a billing period that [start, end), which lies within it, takes.

    It is at most 1, though with 30-day months a part can have more days than its divisor.

    Months are counted on the grid from the period's first day: whole ones count as one, partial
    ones by `month_fraction`. Periods in weeks or days divide days by days.

    Source: Zuora, total amount calculation with partial month and partial period proration.
    """
    if (start, end) == period:
        return Fraction(1)
    if not grid.months:
        return Fraction((end - start).days, (period[1] - period[0]).days)
    if rules.long_period_proration == "by_day" and grid.months > 1:
        whole = (period[1] - period[0]).days if rules.month_proration == "actual" else grid.months * _MONTH
        return min(Fraction((end - start).days, whole), Fraction(1))
    total = Fraction(0)
    for month in grid.monthly(period[0]).periods(start, end):
        part = max(start, month[0]), min(end, month[1])
        total += 1 if part == month else month_fraction(*part, month, rules)
    return total / grid.months
