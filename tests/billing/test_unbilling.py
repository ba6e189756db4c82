"""A cancelled bill run leaves the subscriptions as it found them."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import RuleError
from toolkit.billing.marks import Mark
from toolkit.billing.unbilling import marks_of, unbill

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


@pytest.fixture
def buyer(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with charges of three kinds and a discount, billed for January."""
    one = customer()
    one.subscribe(
        sold(10),
        sold(30, timing="IN_ARREARS", billing_period="Quarter"),
        sold(5, type="OneTime", trigger_event="SpecificDate", trigger=date(2026, 2, 5)),
        sold(model="DiscountPercentage", percentage=10),
        start=START,
    )
    one.bill(START)
    return one


def marks(customer: "Customer", target: date) -> dict[str, Mark]:
    return {mark.charge_id: mark for mark in marks_of(customer.bill(target))}


@pytest.mark.parametrize("target", [date(2026, 2, 1), date(2026, 6, 30), date(2027, 1, 1)])
def test_what_a_bill_marked_is_taken_back(target: date, buyer: "Customer") -> None:
    before = buyer.subscription
    made = marks(buyer, target)
    assert unbill(buyer.subscription, made) == before


def test_a_credit_is_taken_back_too(buyer: "Customer") -> None:
    before = buyer.cancel(date(2026, 1, 16))
    made = marks(buyer, date(2026, 2, 1))
    assert buyer.subscription != before
    assert unbill(buyer.subscription, made) == before


def test_a_bill_of_nothing_has_nothing_to_take_back(buyer: "Customer") -> None:
    made = marks(buyer, START)
    assert made == {}
    assert unbill(buyer.subscription, made) is buyer.subscription


def test_what_was_billed_again_since_stays_billed(buyer: "Customer") -> None:
    made = marks(buyer, date(2026, 2, 1))
    buyer.bill(date(2026, 3, 1))
    with pytest.raises(RuleError, match="was billed again since, through 2026-04-01"):
        unbill(buyer.subscription, made)


@pytest.mark.parametrize("until", [date(2026, 2, 1), date(2026, 3, 1)])
def test_a_segment_cut_from_what_is_taken_back_can_be_billed_again(
    until: date, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(
        sold(2, type="Usage", model="PerUnit"),
        sold(7, type="OneTime", model="PerUnit", quantity=1),
        sold(10),
        start=START,
    )
    for day in (date(2026, 1, 10), date(2026, 1, 25), date(2026, 2, 10)):
        one.use(3, day)
    made = marks(one, until)
    one.update(date(2026, 1, 20))
    one.update(date(2026, 1, 20), plan=2)
    one.subscription = unbill(one.subscription, made)
    assert one.bill(date(2026, 3, 1)).total == 25 + 30


def test_a_segment_keeps_what_an_earlier_bill_billed_of_it(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(2, type="Usage", model="PerUnit", billing_period="Quarter"), start=START)
    one.use(3, date(2026, 1, 10))
    one.use(3, date(2026, 5, 10))
    one.bill(date(2026, 4, 1))
    made = marks(one, date(2026, 7, 1))
    one.update(date(2026, 3, 1))
    one.subscription = unbill(one.subscription, made)
    assert [charge.charged_through for charge in one.charges] == [date(2026, 4, 1), date(2026, 4, 1)]
    assert one.bill(date(2026, 7, 1)).total == 6
