"""What percentage discounts leave of a charge is what billing leaves of it."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.netting import kept_stretches
from toolkit.billing.rules import DEFAULT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def kept(one: "Customer") -> list[tuple[str, str, Fraction]]:
    """Return what is left of the subscription's first charge, by its first and last month."""
    plan = one.subscription.rate_plans[0]
    found = kept_stretches(one.subscription, plan, plan.charges[0], DEFAULT_RULES)
    return [(f"{start:%m}", f"{end:%m}", part) for start, end, part in found]


@pytest.mark.parametrize(
    ("terms", "left"),
    [
        ({"discount_level": "subscription"}, Fraction(9, 10)),
        ({"discount_level": "rateplan"}, Fraction(1)),
        ({"discount_level": "account"}, Fraction(1)),
        ({"discount_level": "subscription", "apply_discount_to": "ONETIME"}, Fraction(1)),
        ({"discount_level": "subscription", "percentage": None}, Fraction(1)),
        ({"discount_level": "subscription", "percentage": 100}, Fraction(0)),
    ],
)
def test_a_discount_counts_where_it_applies(
    customer: "type[Customer]", sold: "Callable[..., Sold]", terms: dict[str, object], left: Fraction
) -> None:
    """Source: Zuora, order delta MRR: discounts of the account are not considered."""
    one = customer()
    discount = sold(**{"model": "DiscountPercentage", "percentage": 10, **terms})
    one.subscribe(sold(50), discount, start=START)
    assert kept(one) == [("01", "01", left)]


def test_a_discount_of_the_rate_plan_counts_for_its_charges(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(50), start=START)
    discount = sold(model="DiscountPercentage", percentage=10, discount_level="rateplan")
    one.add(sold(50), discount, day=START)
    plan = one.subscription.rate_plans[1]
    assert [one.part for one in kept_stretches(one.subscription, plan, plan.charges[0], DEFAULT_RULES)] == [
        Fraction(9, 10)
    ]


def test_discounts_take_off_what_earlier_ones_left(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    offer = {"model": "DiscountPercentage", "percentage": 10, "discount_level": "subscription"}
    later = {"trigger_event": "SpecificDate", "trigger": date(2026, 7, 1)}
    one.subscribe(sold(100), sold(**offer), sold(**offer, **later), start=START, term=None)
    assert kept(one) == [("01", "07", Fraction(9, 10)), ("07", "12", Fraction(81, 100))]
    assert one.bill(date(2026, 7, 1)).total == 6 * 90 + 81


def test_stacked_discounts_take_off_what_was_there_before_them(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: BP-047: two stacked discounts of 10 percent take 20 percent off."""
    one = customer()
    offer = {"model": "DiscountPercentage", "discount_level": "subscription"}
    stacked = sold(**offer, percentage=10, stacked=True)
    one.subscribe(sold(1000), stacked, stacked, sold(**offer, percentage=50), start=START)
    assert kept(one) == [("01", "01", Fraction(4, 10))]
    assert one.bill(START).total == 400
