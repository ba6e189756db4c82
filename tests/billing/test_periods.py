"""Billing periods tile time, whatever their length and the day on which they begin."""

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.periods import (
    BillingPeriod,
    Grid,
    TermUnit,
    add_term,
    first_on_day,
    first_on_weekday,
    on_day,
)

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PERIODS = st.sampled_from([period for period in get_args(BillingPeriod) if period != "Subscription_Term"])


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Draw the grid of a billing period that begins on a billing day, of which short months show the last."""
    day = draw(st.integers(1, 31))
    period = draw(PERIODS)
    return Grid.of(on_day(draw(DAYS), day), period, draw(st.none() | st.integers(1, 40)), day)


@pytest.mark.parametrize(
    ("anchor", "starts"),
    [
        (date(2024, 1, 31), ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]),
        (date(2025, 1, 30), ["2025-02-28", "2025-03-30", "2025-04-30", "2025-05-30"]),
        (date(2025, 1, 29), ["2025-02-28", "2025-03-29", "2025-04-29", "2025-05-29"]),
    ],
)
def test_short_months_do_not_move_the_anchor(anchor: date, starts: list[str]) -> None:
    """Source: recorded previews with anchors on the 29th, 30th and 31st."""
    grid = Grid.of(anchor, "Month")
    assert [grid.start(index).isoformat() for index in range(1, 5)] == starts


@pytest.mark.parametrize(
    ("period", "count", "following"),
    [
        ("Month", None, "2024-03-29"),
        ("Quarter", None, "2024-05-29"),
        ("Semi_Annual", None, "2024-08-29"),
        ("Annual", None, "2025-02-28"),
        ("Eighteen_Months", None, "2025-08-29"),
        ("Two_Years", None, "2026-02-28"),
        ("Three_Years", None, "2027-02-28"),
        ("Five_Years", None, "2029-02-28"),
        ("Specific_Months", 4, "2024-06-29"),
        ("Specific_Months", None, "2024-03-29"),
        ("Week", 3, "2024-03-07"),
        ("Specific_Weeks", 3, "2024-03-21"),
        ("Specific_Weeks", None, "2024-03-07"),
        ("Specific_Days", 10, "2024-03-10"),
    ],
)
def test_a_billing_period_has_its_length(period: str, count: int | None, following: str) -> None:
    assert Grid.of(date(2024, 2, 29), period, count).start(1).isoformat() == following


@given(grids(), DAYS, st.integers(1, 2000))
def test_periods_tile_time_without_gap_or_overlap(grid: Grid, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    periods = list(grid.periods(start, end))
    assert periods[0][0] <= start < periods[0][1]
    assert periods[-1][0] < end <= periods[-1][1]
    assert all(before[1] == after[0] for before, after in pairwise(periods))
    assert all(begin < after for begin, after in periods)


@given(grids(), st.integers(-50, 50), DAYS)
def test_a_day_is_found_in_its_period(grid: Grid, index: int, day: date) -> None:
    assert grid.ordinal(grid.start(index)) == index
    found = grid.ordinal(day)
    assert grid.start(found) <= day < grid.start(found + 1)


@given(grids(), DAYS)
def test_no_time_has_no_periods(grid: Grid, day: date) -> None:
    assert list(grid.periods(day, day)) == []


@given(DAYS, st.integers(1, 31))
def test_the_first_billing_day_is_the_next_such_day_of_a_month(start: date, day: int) -> None:
    found = first_on_day(start, day)
    between = [start + timedelta(days=passed) for passed in range((found - start).days + 1)]
    assert [candidate for candidate in between if on_day(candidate, day) == candidate] == [found]


@given(DAYS, st.integers(0, 6))
def test_the_first_weekday_is_within_a_week(start: date, weekday: int) -> None:
    found = first_on_weekday(start, weekday)
    assert found.weekday() == weekday
    assert start <= found < start + timedelta(days=7)


@pytest.mark.parametrize(
    ("length", "unit", "day", "end"),
    [
        (1, "Month", None, "2025-02-28"),
        (2, "Month", None, "2025-03-31"),
        (1, "Year", None, "2026-01-31"),
        (1, "Month", 15, "2025-02-15"),
        (2, "Week", None, "2025-02-14"),
        (375, "Day", 15, "2026-02-10"),
    ],
)
def test_a_term_ends_on_its_day(length: int, unit: TermUnit, day: int | None, end: str) -> None:
    assert add_term(date(2025, 1, 31), length, unit, day).isoformat() == end
