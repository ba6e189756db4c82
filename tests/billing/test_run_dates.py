"""The dates of scheduled bill runs; the documented use cases are in examples."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.run_dates import Recurrence, RunDate, bill_cycle_days

RUN = date(2024, 5, 16)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        (RunDate(), RUN),
        (RunDate(days=-16), date(2024, 4, 30)),
        (RunDate(months=9, day_of_month=31), date(2025, 2, 28)),
        (RunDate(months=-1, day_of_month=15), date(2024, 4, 15)),
    ],
)
def test_a_date_follows_from_the_day_of_the_run(said: RunDate, day: date) -> None:
    assert said.on(RUN) == day


@pytest.mark.parametrize(
    "said", [{"months": 1}, {"day_of_month": 1}, {"days": 1, "months": 1, "day_of_month": 1}]
)
def test_a_date_has_either_days_or_a_month_and_its_day(said: dict[str, int]) -> None:
    """Source: Zuora, create a bill run: mutually exclusive fields."""
    with pytest.raises(InvalidValueError, match="either an offset in days, or both"):
        RunDate(**said)


@pytest.mark.parametrize("day", [0, 32])
def test_no_month_has_such_a_day(day: int) -> None:
    with pytest.raises(InvalidValueError, match=f"1 to 31, not {day}"):
        RunDate(months=0, day_of_month=day)


LAST_DAYS = Recurrence(begin=date(2024, 6, 30), every="Monthly", end_of_month=True)


def days(recurrence: Recurrence, count: int = 4) -> list[str]:
    found: list[str] = []
    day: date | None = recurrence.first
    while day is not None and len(found) < count:
        found.append(day.isoformat())
        day = recurrence.after(day)
    return found


def test_a_monthly_run_recurs_on_the_end_of_the_month() -> None:
    """Source: Zuora, monthly scheduled bill run use case 3: bill run date recurs on end of month."""
    assert days(LAST_DAYS, 3) == ["2024-06-30", "2024-07-31", "2024-08-31"]
    first_of_next = RunDate(months=1, day_of_month=1)
    dates = [first_of_next.on(date.fromisoformat(day)) for day in days(LAST_DAYS, 3)]
    assert dates == [date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1)]


@pytest.mark.parametrize(
    ("recurrence", "found"),
    [
        (
            Recurrence(begin=date(2024, 4, 30), every="Monthly", end_of_month=True),
            ["2024-04-30", "2024-05-31"],
        ),
        (Recurrence(begin=date(2024, 4, 30), every="Monthly"), ["2024-04-30", "2024-05-30"]),
    ],
)
def test_a_run_of_the_30th_stays_there_or_on_the_last_day(recurrence: Recurrence, found: list[str]) -> None:
    """Source: the official SDK, monthlyOnEndOfMonth."""
    assert days(recurrence, 2) == found


@pytest.mark.parametrize(
    ("recurrence", "found"),
    [
        (Recurrence(begin=date(2024, 5, 16)), ["2024-05-16"]),
        (
            Recurrence(begin=date(2024, 5, 30), end=date(2024, 6, 1), every="Daily"),
            ["2024-05-30", "2024-05-31", "2024-06-01"],
        ),
        (
            Recurrence(begin=date(2024, 5, 16), every="Weekly"),
            ["2024-05-16", "2024-05-23", "2024-05-30", "2024-06-06"],
        ),
        (
            Recurrence(begin=date(2024, 5, 16), every="Weekly", weekdays=("Mon", "Fri")),
            ["2024-05-17", "2024-05-20", "2024-05-24", "2024-05-27"],
        ),
        (
            Recurrence(begin=date(2024, 1, 31), every="Monthly"),
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
        ),
    ],
)
def test_runs_follow_one_another(recurrence: Recurrence, found: list[str]) -> None:
    assert days(recurrence) == found


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"hour": 24}, "'runTime' should be 0 to 23, not 24"),
        ({"end": date(2024, 6, 29)}, "'repeatTo' 2024-06-29 is before the first run, 2024-06-30"),
        ({"begin": date(2024, 6, 29)}, "'repeatFrom' is the end of a month, not 2024-06-29"),
        ({"every": "Daily"}, "only valid for a monthly bill run"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        replace(LAST_DAYS, **said)


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (date(2021, 2, 27), range(27, 28)),
        (date(2021, 2, 28), range(28, 32)),
        (date(2021, 4, 30), range(30, 32)),
    ],
)
def test_the_bill_cycle_days_of_a_run_are_those_that_fall_on_its_day(run: date, found: range) -> None:
    """Source: Zuora, bill run built-in variables (BP-055)."""
    assert bill_cycle_days(run) == found
