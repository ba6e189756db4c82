"""The dates of scheduled bill runs; the documented use cases are in examples."""

from datetime import date

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.run_dates import RunDate

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
