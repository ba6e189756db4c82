"""What percentage discounts take off, in which order, and give back with a credit."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.billing.invoices import bill
from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def off(percentage: int, level: str = "subscription", **terms: object) -> dict[str, Any]:
    return {"model": "DiscountPercentage", "percentage": percentage, "discount_level": level, **terms}


def test_discounts_go_from_plan_to_subscription_to_account(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, process discounts; each is taken off what the former left."""
    one = customer()
    one.subscribe(sold(**off(50, "account")), sold(**off(20)), start=START)
    one.add(sold(100), sold(**off(10, "rateplan")), sold(**off(10, "rateplan")), day=START)
    one.add(sold(10), day=START)
    assert one.discounts(START) == [-10, -9, Decimal("-16.20"), Decimal("-32.40"), -2, -4]


def test_a_discount_without_a_level_is_the_account_s(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one, other = customer(), customer()
    one.subscribe(sold(100), start=START)
    terms = off(10)
    del terms["discount_level"]
    other.subscribe(sold(**terms), start=START)
    owed = bill(one.account, [one.subscription, other.subscription], START, BillingRules())
    assert [line.item.amount for line in owed.lines] == [100, -10]
    other.subscribe(sold(**off(10)), start=START)
    owed = bill(one.account, [one.subscription, other.subscription], START, BillingRules())
    assert [line.item.amount for line in owed.lines] == [100]


@pytest.mark.parametrize(
    ("kinds", "amounts"),
    [
        (None, [-10]),
        ("RECURRING", [-10]),
        ("ONETIME", [-5]),
        ("ONETIMERECURRING", [-10, -5]),
        ("USAGE", []),
        ("ONETIMERECURRINGUSAGE", [-10, -5]),
    ],
)
def test_a_discount_applies_to_its_kinds_of_charges(
    kinds: str | None, amounts: list[int], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    discount = sold(**off(10, apply_discount_to=kinds))
    one.subscribe(sold(100), sold(50, type="OneTime"), sold(70, type="Usage"), discount, start=START)
    assert one.discounts(START) == amounts


def test_only_positive_amounts_are_discounted(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(
        sold(-100), sold(0), sold(10), sold(**off(10)), sold(**off(100)), sold(**off(50)), start=START
    )
    assert one.discounts(START) == [-1, -9]
    one.cancel(START)
    assert one.discounts(START) == [1, 9]


def test_a_discount_says_what_it_was_taken_off(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(20), sold(**off(10)), start=START)
    lines = one.bill(date(2026, 2, 1)).lines
    for line in lines[4:]:
        assert line.item.applied_to is not None
        regular = lines[line.item.applied_to].item
        assert (line.item.start, line.item.end) == (regular.start, regular.end)
        assert line.item.amount == -regular.amount / 10
    assert [line.item.applied_to for line in lines] == [None, None, None, None, 0, 1, 2, 3]


def test_a_discount_is_charged_through_the_latest_item_that_it_was_taken_off(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: recorded subscriptions."""
    one = customer()
    one.subscribe(sold(10), sold(120, billing_period="Annual"), sold(**off(10)), start=START)
    one.bill(START)
    assert (one.charges[2].charged_through, one.charges[2].processed_through) == (date(2027, 1, 1), START)
    one.bill(date(2026, 3, 1))
    assert one.charges[2].charged_through == date(2027, 1, 1)
    assert one.charges[2].processed_through == date(2026, 3, 1)
    one.cancel(date(2026, 3, 16))
    one.bill(date(2026, 3, 16))
    assert one.charges[2].charged_through == date(2026, 3, 16)
    assert one.charges[2].processed_through == date(2026, 3, 1)


def test_a_discount_is_processed_through_the_latest_period_of_a_bill(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(120, billing_period="Annual"), sold(**off(10)), start=START)
    one.bill(date(2026, 3, 1))
    assert one.charges[2].processed_through == date(2026, 3, 1)


def test_a_discount_for_good_is_charged_through_what_was_billed(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(**off(10)), start=START, term=None)
    one.bill(date(2026, 3, 1))
    assert one.charges[1].charged_through == date(2026, 4, 1)


def test_a_credit_takes_back_only_discounts_that_were_given(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, enhanced discount use cases: a billed period is not rated again for a discount."""
    one = customer()
    one.subscribe(sold(120, billing_period="Annual"), start=START)
    one.bill(START)
    one.add(sold(**off(50)), day=START)
    one.add(sold(**off(25)), day=date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == []
    one.cancel(date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == []


def test_a_credit_takes_back_no_discount_that_began_after_what_was_billed(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(120, billing_period="Annual"), sold(10), start=START)
    one.bill(date(2026, 6, 1))
    one.add(sold(**off(50)), day=date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == [-5]
    one.cancel(date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == [5]


def test_a_credit_takes_back_the_discount_that_has_ended_since(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(120, billing_period="Annual"), sold(**off(50)), start=START)
    assert one.discounts(START) == [-60]
    one.remove(date(2026, 2, 1), plan=1)
    assert one.discounts(date(2026, 2, 1)) == []
    one.cancel(START)
    assert one.discounts(date(2026, 2, 1)) == [60]


def test_a_change_gives_the_discount_of_the_old_back_and_of_the_new(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=BillingRules(credit_basis="credit_period"))
    one.subscribe(sold(120, billing_period="Annual"), sold(**off(50)), start=START)
    one.bill(START)
    one.update(date(2026, 7, 1), price=240)
    assert [line.item.amount for line in one.bill(date(2026, 7, 1)).lines] == [-60, 120, 30, -60]


def test_a_discount_without_a_percentage_takes_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(model="DiscountPercentage"), start=START)
    assert one.discounts(START) == [0]
