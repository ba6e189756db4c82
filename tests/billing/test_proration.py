"""A part of a period costs its share: Zuora's printed ratios, and that parts make a whole."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.periods import BillingPeriod, Grid, on_day
from toolkit.billing.proration import month_fraction, period_fraction, strict_days
from toolkit.billing.rules import BillingRules, LongPeriodProration, MonthProration

MONTHS: tuple[MonthProration, ...] = get_args(MonthProration)
LONG_PERIODS: tuple[LongPeriodProration, ...] = get_args(LongPeriodProration)
RULES = [
    BillingRules(month_proration=month, long_period_proration=period)
    for month, period in product(MONTHS, LONG_PERIODS)
]
ACTUAL = [rules for rules in RULES if rules.month_proration == "actual"]
PERIODS = [period for period in get_args(BillingPeriod) if period != "Subscription_Term"]


@st.composite
def parts(draw: st.DrawFn) -> tuple[Grid, tuple[date, date], list[date]]:
    """Draw a billing period and days in it, in order, the first and the last of them its bounds."""
    day = draw(st.integers(1, 31))
    anchor = on_day(draw(st.dates(date(2019, 1, 1), date(2026, 12, 31))), day)
    grid = Grid.of(anchor, draw(st.sampled_from(PERIODS)), draw(st.integers(1, 14)), day)
    period = grid.start(0), grid.start(1)
    cuts = draw(st.lists(st.integers(0, (period[1] - period[0]).days), max_size=4))
    return grid, period, sorted({*period, *(period[0] + timedelta(days=cut) for cut in cuts)})


@pytest.mark.parametrize(
    ("first", "last", "ratios"),
    [
        ("2021-01-27", "2021-01-31", ["5/31", "5/30", "4/30"]),
        ("2021-02-27", "2021-02-28", ["2/28", "2/30", "4/30"]),
    ],
)
def test_a_part_of_a_month_has_the_printed_ratio(first: str, last: str, ratios: list[str]) -> None:
    """Source: Zuora, prorating - 30 days or actual days (PRO-001, PRO-002)."""
    start, end = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    month = start.replace(day=1), end
    assert [month_fraction(start, end, month, rules) for rules in RULES[::2]] == list(map(Fraction, ratios))


@pytest.mark.parametrize(
    ("rules", "start", "end", "period"),
    [
        (
            BillingRules(month_proration="actual_360", long_period_proration="by_day"),
            (7, 1),
            (9, 30),
            "Quarter",
        ),
        (BillingRules(month_proration="strict_30_360"), (2, 28), (3, 30), "Month"),
    ],
)
def test_a_part_with_more_days_than_its_divisor_costs_the_whole(
    rules: BillingRules, start: tuple[int, int], end: tuple[int, int], period: str
) -> None:
    """A quarter has 91 of 90 days, a strict month from 28 February to 29 March 32 of 30."""
    first, after = date(2026, *start), date(2026, *end)
    grid = Grid.of(first, period, day=31 if period == "Month" else 1)
    assert period_fraction(first, after, grid, (first, grid.start(1)), rules) == 1
    assert grid.start(1) > after


@given(st.sampled_from(ACTUAL), parts())
def test_parts_of_a_period_make_the_whole(
    rules: BillingRules, drawn: tuple[Grid, tuple[date, date], list[date]]
) -> None:
    grid, period, days = drawn
    shares = [period_fraction(*part, grid, period, rules) for part in pairwise(days)]
    assert sum(shares) == 1


@given(st.sampled_from(RULES), parts())
def test_more_days_never_cost_less_and_no_part_more_than_the_whole(
    rules: BillingRules, drawn: tuple[Grid, tuple[date, date], list[date]]
) -> None:
    grid, period, days = drawn
    shares = [period_fraction(period[0], day, grid, period, rules) for day in days]
    assert shares == sorted(shares)
    assert [shares[0], shares[-1]] == [0, 1]


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(1, 59), st.integers(1, 59))
def test_strict_months_have_thirty_days(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    counted = strict_days(start, middle) + strict_days(middle, end) - strict_days(start, end)
    assert counted == (1 if middle.day == 31 else 0)


def test_strict_whole_months_have_thirty_days() -> None:
    firsts = [date(2024, month, 1) for month in range(1, 13)]
    assert {strict_days(first, Grid.of(first, "Month").start(1)) for first in firsts} == {30}
