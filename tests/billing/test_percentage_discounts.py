"""Percentages that are stacked, of parts of an item, or of unrounded amounts."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def off(percentage: int | str, **terms: object) -> dict[str, Any]:
    return {
        "model": "DiscountPercentage",
        "percentage": percentage,
        "discount_level": "subscription",
        "apply_discount_to": "ONETIMERECURRINGUSAGE",
        **terms,
    }


@pytest.mark.parametrize(
    ("rules", "amounts"),
    [
        (BillingRules(discount_classes=("a", "b")), [-10, -20, -7, Decimal("-6.30")]),
        (
            BillingRules(discount_classes=("a", "b"), stacked_discounts="follow_class"),
            [-10, -9, Decimal("-16.20"), Decimal("-6.48")],
        ),
    ],
)
def test_stacked_percentages_come_first_or_follow_their_class(
    rules: BillingRules, amounts: list[Decimal], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Class a has 10 % stacked and 10 % not, b 20 % stacked; 10 % without a class come last.

    Source: Zuora, discount class and stacked discounts.
    """
    one = customer(rules=rules)
    plain, last = off(10, discount_class="a"), off(10, discount_class="unknown")
    stacked = off(10, discount_class="a", stacked=True), off(20, discount_class="b", stacked=True)
    one.subscribe(sold(100), sold(**last), sold(**plain), *(sold(**terms) for terms in stacked), start=START)
    assert one.discounts(START) == amounts


def test_stacked_percentages_of_two_classes_are_of_two_amounts(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=BillingRules(discount_classes=("a",), stacked_discounts="follow_class"))
    terms = [off(50, discount_class="a", stacked=True), off(50, stacked=True), off(25, stacked=True)]
    one.subscribe(sold(100), *(sold(**discount) for discount in terms), start=START)
    assert one.discounts(START) == [-50, -25, Decimal("-12.50")]


def test_stacked_percentages_take_no_more_than_there_is(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(100), *(sold(**off(60, stacked=True)) for _ in range(3)), start=START)
    assert one.discounts(START) == [-60, -40]


def test_stacked_percentages_are_credited_as_they_were_given(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(
        sold(1200, billing_period="Annual"),
        sold(**off(30, stacked=True)),
        sold(**off(20, stacked=True)),
        start=START,
    )
    assert one.discounts(START) == [-360, -240]
    one.cancel(date(2026, 4, 1))
    assert one.discounts(date(2026, 4, 1)) == [270, 180]


@pytest.mark.parametrize(
    ("basis", "cut", "back"),
    [
        ("billed_period", date(2026, 3, 1), 10),
        ("billed_period", date(2026, 7, 1), 0),
        ("credit_period", date(2026, 3, 1), 10),
        ("credit_period", date(2026, 7, 1), None),
    ],
)
def test_a_credit_takes_back_the_discount_of_the_days_it_covers(
    basis: Any,  # noqa: ANN401 - one of the values that the rule has
    cut: date,
    back: int | None,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    """A tenth is off three months of a year, of which two or six months stay."""
    one = customer(rules=BillingRules(credit_basis=basis))
    three_months = {"end_date_condition": "Fixed_Period", "up_to_periods": 3, "up_to_periods_type": "Months"}
    one.subscribe(
        sold(1200, billing_period="Annual"),
        sold(**off(10, apply_partially=True, **three_months)),
        start=START,
    )
    assert one.discounts(START) == [-30]
    one.cancel(cut)
    assert one.discounts(cut) == ([] if back is None else [back])


def test_one_time_charges_and_usage_have_their_part_too(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(
        sold(50, type="OneTime"),
        sold(1, type="Usage", model="PerUnit"),
        sold(**off(10, apply_partially=True, end_date_condition="Specific_End_Date"), end=date(2026, 1, 16)),
        start=START,
    )
    one.use(310, START)
    assert one.discounts(date(2026, 2, 1)) == [-5, -15]


@pytest.mark.parametrize(("basis", "back"), [("billed_period", "346.66"), ("credit_period", "346.67")])
def test_a_percentage_may_be_of_unrounded_amounts_of_a_credit_too(
    basis: Any,  # noqa: ANN401 - one of the values that the rule has
    back: str,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    """The figures of PRO-058: 693.33 of 1326.67 are off, of 663.33 for half of the days 346.67."""
    one = customer(rules=BillingRules(percentage_of="unrounded", credit_basis=basis))
    one.subscribe(sold(3980), sold(**off("52.26131")), start=date(2018, 6, 21))
    assert one.discounts(date(2018, 6, 21)) == [Decimal("-693.33")]
    one.cancel(date(2018, 6, 26))
    assert one.discounts(date(2018, 6, 26)) == [Decimal(back)]


def test_nothing_stays_of_what_is_credited_whole(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=BillingRules(percentage_of="unrounded"))
    one.subscribe(sold(3980), sold(**off("52.26131")), start=date(2018, 6, 21))
    one.bill(date(2018, 6, 21))
    one.cancel(date(2018, 6, 21))
    assert one.discounts(date(2018, 6, 21)) == [Decimal("693.33")]


def test_amounts_of_usage_and_of_spread_prices_are_rounded_first(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """A third of 200.05 is 66.683...; the second is billed at 66.69."""
    one = customer(rules=BillingRules(percentage_of="unrounded"))
    one.subscribe(
        sold("0.307", type="OneTime"),
        sold("0.307", type="Usage", model="PerUnit"),
        sold(
            "200.05", list_price_base="Per_Year", billing_period="Specific_Months", specific_billing_period=4
        ),
        sold(**off(50)),
        start=START,
    )
    one.use(1, START)
    assert one.discounts(date(2026, 2, 1)) == [Decimal("-0.15"), Decimal("-0.16"), Decimal("-33.34")]
    assert one.discounts(date(2026, 5, 1))[-1] == Decimal("-33.35")


def test_a_discount_that_was_billed_before_its_items_were_noted_is_taken_back(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """So are subscriptions that were recorded, or written by earlier versions."""
    one = customer()
    one.subscribe(sold(100), sold(**off(10)), start=START)
    assert one.discounts(START) == [-10]
    plain, noted = one.subscription.rate_plans
    (discount,) = noted.charges
    assert [grant.amount for grant in discount.grants] == [10]
    forgotten = replace(noted, charges=(replace(discount, grants=()),))
    one.subscription = replace(one.subscription, rate_plans=(plain, forgotten))
    assert one.discounts(date(2026, 2, 1)) == [-10]
    one.cancel(START)
    assert one.discounts(date(2026, 2, 1)) == [10, 10]
