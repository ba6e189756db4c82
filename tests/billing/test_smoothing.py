"""A rolling window bills what exceeds the units of all its periods, and each part of it once."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START, END = date(2021, 1, 1), date(2022, 1, 1)


@pytest.fixture(scope="session")
def smoothed(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Callable[..., Customer]":
    """Return a customer with three months to use 30 units in, who has used these a month."""

    def used(*quantities: int, **terms: object) -> "Customer":
        overage = {"included_units": 10, "overage_price": 2, "number_of_periods": 3}
        one = customer()
        one.subscribe(sold(type="Usage", model="Overage", **overage, **terms), start=START)
        for month, quantity in enumerate(quantities, 1):
            one.use(quantity, date(2021, month, 15))
        return one

    return used


def billed(one: "Customer", target: date) -> list[tuple[object, ...]]:
    """Return first month, last month, units and amount of each item."""
    items = [line.item for line in one.bill(target).lines]
    return [(item.start.month, item.last_day.month, item.quantity, item.amount) for item in items]


def test_a_window_without_overage_moves_on_by_a_period(smoothed: "Callable[..., Customer]") -> None:
    one = smoothed(10, 0, 10, 25)
    assert billed(one, date(2021, 4, 30)) == []
    assert billed(one, date(2021, 5, 1)) == [(2, 4, 5, 10)]
    assert billed(one, END) == []


def test_a_window_that_was_billed_is_followed_by_the_next(smoothed: "Callable[..., Customer]") -> None:
    one = smoothed(0, 0, 31, 29, 0, 2)
    assert billed(one, END) == [(1, 3, 1, 2), (4, 6, 1, 2)]


def test_a_window_that_the_end_cuts_off_includes_less(smoothed: "Callable[..., Customer]") -> None:
    used = (0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 0, 12)  # August to October exceed; two months are left
    assert billed(smoothed(*used), END) == [(8, 10, 1, 2)]
    assert billed(smoothed(*used[:-1], 21), END) == [(8, 10, 1, 2), (11, 12, 1, 2)]


def test_a_whole_window_at_the_end_is_the_last(smoothed: "Callable[..., Customer]") -> None:
    assert billed(smoothed(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30), END) == []


@pytest.mark.parametrize("overage_per_period", [False, True])
def test_a_charge_that_has_ended_is_done(
    smoothed: "Callable[..., Customer]", *, overage_per_period: bool
) -> None:
    one = smoothed(overage_per_period=overage_per_period)
    one.bill(date(2021, 12, 31))
    assert not one.charges[0].done
    one.bill(END)
    assert one.charges[0].done


def test_as_soon_as_it_occurs_is_in_the_period_in_which_the_window_is_exceeded(
    smoothed: "Callable[..., Customer]",
) -> None:
    one = smoothed(20, 15, 1, 30, 1, overage_per_period=True)
    assert billed(one, date(2021, 3, 1)) == [(2, 2, 5, 10)]
    assert billed(one, END) == [(3, 3, 1, 2), (5, 5, 1, 2)]


def test_units_that_are_left_are_given_back_where_they_have_a_price(
    smoothed: "Callable[..., Customer]",
) -> None:
    one = smoothed(5, 0, 1, 31, overage_per_period=True, unused_price=1)
    assert billed(one, date(2021, 3, 31)) == []
    assert billed(one, date(2021, 4, 1)) == [(3, 3, -24, -24)]
    assert billed(one, date(2021, 9, 30)) == [(4, 4, 1, 2)]
    assert billed(one, END) == [(9, 9, -30, -30), (12, 12, -30, -30)]


def test_a_rollover_keeps_units_for_some_periods(smoothed: "Callable[..., Customer]") -> None:
    # January leaves 6 and February 10; March takes the 6 and 3 of the 10; June has what April and May leave
    one = smoothed(4, 0, 19, 9, 9, 40, smoothing_model="Rollover")
    assert billed(one, date(2021, 4, 1)) == []
    assert billed(one, END) == [(6, 6, 28, 56)]


def test_units_are_rolled_over_no_longer_than_said(smoothed: "Callable[..., Customer]") -> None:
    one = smoothed(4, 10, 10, 17, 10, smoothing_model="Rollover")
    assert billed(one, END) == [(4, 4, 1, 2)]
    assert billed(smoothed(4, 10, 10, 10, 11, smoothing_model="Rollover"), END) == [(5, 5, 1, 2)]


def test_the_part_of_a_month_that_a_charge_begins_with_leaves_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, rollover: it does not apply to a partial period at the beginning."""
    one = customer()
    overage = {
        "included_units": 10,
        "overage_price": 2,
        "number_of_periods": 3,
        "smoothing_model": "Rollover",
    }
    one.subscribe(sold(type="Usage", model="Overage", **overage), start=date(2021, 1, 15))
    one.use(12, date(2021, 2, 3))
    assert billed(one, date(2021, 3, 1)) == [(2, 2, 2, 4)]


@given(
    used=st.lists(st.integers(0, 40), max_size=12),
    targets=st.lists(st.dates(START, END), max_size=4),
    overage_per_period=st.booleans(),
    model=st.sampled_from(["RollingWindow", "Rollover"]),
)
def test_however_often_it_is_billed_the_items_are_the_same(
    smoothed: "Callable[..., Customer]",
    used: list[int],
    targets: list[date],
    model: str,
    *,
    overage_per_period: bool,
) -> None:
    terms = {"overage_per_period": overage_per_period, "smoothing_model": model, "unused_price": 1}
    often, once = smoothed(*used, **terms), smoothed(*used, **terms)
    items = [item for target in (*sorted(targets), END) for item in billed(often, target)]
    assert items == billed(once, END)
