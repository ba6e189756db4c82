"""Ramps are intervals that follow one another."""

from datetime import date

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.ramps import Interval, Ramp

YEAR = Interval(name="2026", start=date(2026, 1, 1), end=date(2027, 1, 1))
NEXT = Interval(name="2027", start=date(2027, 1, 1), end=date(2028, 1, 1))
GAP = Interval(name="2028", start=date(2028, 1, 2), end=date(2028, 2, 1))


def ramp(*intervals: Interval) -> Ramp:
    return Ramp(id="1", number="R-1", subscription_number="A-S1", name="Three years", intervals=intervals)


def test_intervals_follow_one_another() -> None:
    assert ramp(YEAR, NEXT).intervals == (YEAR, NEXT)


@pytest.mark.parametrize(
    ("intervals", "message"),
    [
        ((), "at least 1 interval"),
        ((YEAR, NEXT, GAP), "that starts on 2028-01-02 should start on 2028-01-01"),
        ((YEAR, YEAR), "that starts on 2026-01-01 should start on 2027-01-01"),
    ],
)
def test_a_ramp_has_no_gap_and_no_overlap(intervals: tuple[Interval, ...], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        ramp(*intervals)


def test_an_interval_lasts_some_time() -> None:
    with pytest.raises(InvalidValueError, match="should not end before it starts"):
        Interval(name="", start=date(2026, 1, 1), end=date(2026, 1, 1))
