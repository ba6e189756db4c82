"""Delivery pricing: deliveries are counted day by day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.deliveries import deliveries
from toolkit.billing.metrics import mrr
from toolkit.billing.periods import Weekday

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

WORKDAYS = get_args(Weekday)[:5]


@given(
    st.dates(date(1, 1, 1), date(9000, 1, 1)),
    st.integers(0, 400),
    st.sets(st.sampled_from(get_args(Weekday))),
)
def test_as_many_as_a_calendar_shows(start: date, length: int, days: set[Weekday]) -> None:
    shown = (f"{start + timedelta(days=after):%A}" for after in range(length))
    assert deliveries(days, start, start + timedelta(days=length)) == sum(day in days for day in shown)


@pytest.fixture
def reader(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """Someone who has 1.75 worth of paper every working day of 2026, billed monthly."""
    one = customer()
    one.subscribe(sold("1.75", model="Delivery", delivery_days=WORKDAYS), start=date(2026, 1, 15))
    return one


def test_a_stub_has_its_own_deliveries(reader: "Customer") -> None:
    items = [line.item for line in reader.bill(date(2026, 2, 1)).lines]
    assert [(item.start.day, item.amount) for item in items] == [
        (15, Decimal("1.75") * 12),
        (1, Decimal("1.75") * 20),
    ]


def test_a_cancellation_gives_the_deliveries_back_that_are_left(reader: "Customer") -> None:
    reader.bill(date(2026, 2, 1))
    reader.cancel(date(2026, 2, 14))
    (line,) = reader.bill(date(2026, 2, 14)).lines
    assert line.item.amount == Decimal("-17.50")


def test_a_schedule_may_be_changed(reader: "Customer") -> None:
    reader.update(date(2026, 2, 1), schedule={"delivery_days": ["Sunday"]})
    assert [line.item.amount for line in reader.bill(date(2026, 2, 1)).lines][-1] == Decimal("7.00")


def test_a_month_is_measured_as_thirty_days_of_weekly_deliveries(reader: "Customer") -> None:
    """Source: an assumption, by the MRR of a weekly price: / 7 * 30."""
    assert mrr(reader.charges[0]) == Decimal("37.5")
