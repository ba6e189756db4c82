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


@given(
    used=st.lists(st.integers(0, 40), max_size=12),
    targets=st.lists(st.dates(START, END), max_size=4),
    overage_per_period=st.booleans(),
)
def test_however_often_it_is_billed_the_items_are_the_same(
    smoothed: "Callable[..., Customer]", used: list[int], targets: list[date], *, overage_per_period: bool
) -> None:
    often = smoothed(*used, overage_per_period=overage_per_period)
    once = smoothed(*used, overage_per_period=overage_per_period)
    items = [item for target in (*sorted(targets), END) for item in billed(often, target)]
    assert items == billed(once, END)
