"""What discounts leave of MRR and TCV, beyond one subscription's documented figures."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.discounted_metrics import net_mrr, net_tcv
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.subscriptions import Subscription, Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def percent(percentage: int, **terms: object) -> dict[str, Any]:
    return {
        "model": "DiscountPercentage",
        "percentage": percentage,
        "discount_level": "subscription",
        **terms,
    }


def fixed(amount: int, **terms: object) -> dict[str, Any]:
    return {"model": "DiscountFixedAmount", "discount": amount, "discount_level": "subscription", **terms}


def tcvs(customer: "Customer", rules: BillingRules = DEFAULT_RULES) -> list[Decimal]:
    return list(net_tcv([customer.subscription], rules).values())


def numbered(subscription: Subscription, *numbers: str) -> Subscription:
    """Give the subscription's charges these numbers, and ids of their own."""
    plans = [
        replace(plan, charges=(replace(plan.charges[0], number=number, id=f"id of {number}"),))
        for plan, number in zip(subscription.rate_plans, numbers, strict=True)
    ]
    return replace(subscription, id=f"of {numbers[0]}", rate_plans=tuple(plans))


def test_an_account_s_discount_goes_to_recurring_charges_of_all_subscriptions_first(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: MET-036, which prints 96.774 left for one-time charges with two digits swapped."""
    one, other = customer(), customer()
    quarter = fixed(
        1500,
        discount_level="account",
        apply_discount_to="ONETIMERECURRING",
        billing_period="Quarter",
        end_date_condition="Specific_End_Date",
    )
    once = {"type": "OneTime", "trigger_event": "SpecificDate"}
    one.subscribe(
        sold(100, **once, trigger=date(2026, 1, 20)),
        sold(300),
        sold(**quarter, end=date(2026, 4, 1)),
        start=START,
        term=Term(6, "Month"),
    )
    other.subscribe(
        sold(300), sold(100, **once, trigger=date(2026, 1, 20)), start=date(2026, 1, 16), term=None
    )
    both = [
        numbered(one.subscription, "C-3", "C-1", "C-5"),
        numbered(other.subscription, "C-2", "C-10"),
    ]
    assert net_mrr(both, date(2026, 1, 15), DEFAULT_RULES) == {"id of C-1": 0}
    assert net_mrr(both, date(2026, 1, 16), DEFAULT_RULES) == {"id of C-1": 0, "id of C-2": 100}
    values = net_tcv(both, DEFAULT_RULES)
    assert values["id of C-1"] == 900
    assert values["id of C-2"] == 0  # it has no end
    assert [values["id of C-3"], values["id of C-10"]] == [Decimal("3.225806452"), 100]


@pytest.mark.parametrize(("percentage", "left"), [(100, 0), (50, 50)])
def test_what_is_off_the_whole_term_is_off_its_whole_value(
    percentage: int, left: int, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """A month from 15 January has 17/31 of January and 14/28 of February, and is one month."""
    one = customer()
    one.subscribe(sold(100), sold(**percent(percentage)), start=date(2026, 1, 15), term=Term(1, "Month"))
    assert tcvs(one) == [left]


def test_stacked_percentages_are_of_the_same_amount(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    stacked = [percent(30, stacked=True), percent(20, stacked=True), percent(10)]
    one.subscribe(sold(100), *(sold(**terms) for terms in stacked), start=START, term=Term(2, "Month"))
    assert list(net_mrr([one.subscription], START, DEFAULT_RULES).values()) == [45]
    assert tcvs(one) == [90]


def test_a_one_time_discount_is_for_one_time_charges_of_its_day(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    coupon = fixed(70, type="OneTime", billing_period=None, apply_discount_to="ONETIMERECURRING")
    one.subscribe(
        sold(10),
        sold(50, type="OneTime"),
        sold(50, type="OneTime"),
        sold(7, type="Usage", model="PerUnit"),
        sold(**coupon),
        start=START,
    )
    assert tcvs(one) == [120, 0, 30]
    assert list(net_mrr([one.subscription], START, DEFAULT_RULES).values()) == [10]


def test_only_positive_revenue_is_discounted(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    one.subscribe(sold(-10), sold(0), sold(**percent(50)), start=START)
    assert list(net_mrr([one.subscription], START, DEFAULT_RULES).values()) == [-10, 0]


def test_periods_of_days_count_thirty_to_a_month(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    weekly, termly = fixed(7, billing_period="Week"), fixed(10, billing_period="Subscription_Term")
    one.subscribe(sold(100), sold(**weekly), sold(**termly), start=START, term=Term(30, "Day"))
    assert list(net_mrr([one.subscription], START, DEFAULT_RULES).values()) == [60]


def test_nothing_has_no_net_value(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    one.subscribe(sold(10), start=START)
    one.cancel(START)
    assert tcvs(one) == [0]
    assert net_tcv([], DEFAULT_RULES) == {}
    assert net_mrr([], START, DEFAULT_RULES) == {}
