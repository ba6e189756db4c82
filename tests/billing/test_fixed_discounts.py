"""What fixed discounts are used up by, keep and give back."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.fixed_discounts import spend
from toolkit.billing.invoices import bill
from toolkit.billing.offers import Offer
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rests import Rests
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.unbilling import marks_of, unbill

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
YES = BillingRules(credit_prorated_discounts=True)
UNUSED = BillingRules(credit_basis="credit_period")


def off(amount: int | str, **terms: object) -> dict[str, Any]:
    return {
        "model": "DiscountFixedAmount",
        "discount": amount,
        "discount_level": "subscription",
        "apply_discount_to": "ONETIMERECURRINGUSAGE",
        **terms,
    }


def annual(customer: "Customer", sold: "Callable[..., Sold]", price: int, **discount: object) -> None:
    """Bill a year at a price, less a fixed discount a year."""
    customer.subscribe(
        sold(price, billing_period="Annual"),
        sold(**off(720, billing_period="Annual", **discount)),
        start=START,
    )
    customer.bill(START)


def test_lines_have_their_turn_by_version_segment_start_and_number(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: CM-027, reason why some items on an invoice are discounted and some are not."""
    one = customer()
    one.subscribe(sold(1), sold(**off(25)), start=START)
    plan, discount = one.subscription.rate_plans
    charge = plan.charges[0]
    storage, support, overage, bronze, recurring = (
        Line(
            one.subscription,
            plan,
            RatedItem(
                charge=replace(
                    charge, number=number, version=version, segment=segment, effective_start=start
                ),
                start=START,
                end=date(2026, 2, 1),
                amount=Decimal(amount),
                quantity=Decimal(1),
            ),
        )
        for number, amount, version, segment, start in (
            ("C-557", 15, 2, 1, date(2019, 1, 1)),
            ("C-558", 10, 1, 2, date(2019, 1, 1)),
            ("C-559", 5, 1, 2, date(2019, 2, 1)),
            ("C-560", 5, 1, 1, date(2019, 7, 1)),
            ("C-562", 5, 1, 2, date(2019, 2, 1)),
        )
    )
    lines = [bronze, support, overage, recurring, storage]
    offer = Offer(one.subscription, discount, discount.charges[0])
    spent = spend(offer, Rests.of(lines[::-1], 1, DEFAULT_RULES))
    assert [-dict(spent.amounts).get(position, Decimal(0)) for position in range(4, -1, -1)] == [
        5,
        10,
        5,
        5,
        0,
    ]


def test_a_shorter_number_is_a_smaller_one(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    one.subscribe(*(sold(10) for _ in range(3)), sold(**off(15)), start=START)
    plans = [
        replace(plan, charges=(replace(plan.charges[0], number=number),))
        for plan, number in zip(one.subscription.rate_plans, ("C-10", "C-9", "C-100", "C-1"), strict=True)
    ]
    one.subscription = replace(one.subscription, rate_plans=tuple(plans))
    assert one.discounts(START) == [-5, -10]


def test_what_a_bill_leaves_later_bills_of_the_period_use(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, discount balance: of 100 a month 10 are used in January, 90 are left."""
    one = customer()
    one.subscribe(sold(10), sold(**off(100)), start=START)
    assert one.discounts(START) == [-10]
    one.add(sold(200), day=date(2026, 1, 1))
    assert one.discounts(START) == [-90]
    assert one.discounts(date(2026, 2, 1)) == [-10, -90]


def test_an_account_s_discount_goes_through_its_subscriptions(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one, other = customer(), customer()
    one.subscribe(sold(100), sold(**off(150, discount_level="account")), start=START)
    other.subscribe(sold(100), start=START)
    first, second = one.subscription, replace(other.subscription, id="other")
    second = replace(
        second,
        rate_plans=tuple(
            replace(
                plan, charges=tuple(replace(c, id="theirs", number="charge 99999999") for c in plan.charges)
            )
            for plan in second.rate_plans
        ),
    )
    owed = bill(one.account, [first, second], START, DEFAULT_RULES)
    assert [line.item.amount for line in owed.lines] == [100, 100, -100, -50]
    assert [line.subscription.id for line in owed.lines] == [first.id, "other", first.id, first.id]


def test_percentages_come_before_fixed_amounts_unless_a_class_says_otherwise(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, discount class and stacked discounts: 10,000 less 8 % and 500 is 8,700."""
    percentage = {"model": "DiscountPercentage", "percentage": 8, "discount_level": "subscription"}
    one = customer()
    one.subscribe(sold(10000), sold(**off(500)), sold(**percentage), start=START)
    assert one.bill(START).total == 8700
    other = customer(rules=BillingRules(discount_classes=("first", "second")))
    other.subscribe(
        sold(10000),
        sold(**percentage, discount_class="second"),
        sold(**off(500, discount_class="first")),
        start=START,
    )
    assert other.discounts(START) == [-500, -760]


def test_a_one_time_discount_is_for_what_begins_on_its_day(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(60), sold(**off(100, type="OneTime", billing_period=None)), start=START)
    one.add(sold(70, type="OneTime"), day=START)
    one.add(sold(50, type="OneTime"), day=date(2026, 1, 2))
    assert one.discounts(date(2026, 2, 1)) == [-60, -40]


def test_only_days_of_its_own_segment_have_a_discount(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """It is prorated by days whatever the rules say of partial months. Source: Zuora, fixed amount model."""
    rules = BillingRules(bill_partial_month=False, prorate_partial_period=False)
    one = customer(rules=rules)
    later = {"trigger_event": "SpecificDate", "trigger": date(2026, 2, 11)}
    one.subscribe(sold(100), sold(50, type="OneTime", **later), sold(**off(28, **later)), start=START)
    assert one.discounts(date(2026, 3, 1)) == [-28, -18]


def test_a_changed_discount_counts_from_its_day(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, enhanced discount use cases: what is billed is not rated again for a discount."""
    one = customer()
    one.subscribe(sold(300), sold(**off(500, billing_period="Quarter")), start=START)
    assert one.discounts(START) == [-300]
    one.update(date(2026, 2, 1), plan=1, discount={"discount_amount": 150})
    assert one.discounts(date(2026, 2, 1)) == [-100]
    assert one.discounts(date(2026, 4, 1)) == [-150]


@pytest.mark.parametrize(
    ("rules", "amounts"),
    [(DEFAULT_RULES, [-900, 1800, 420, -420]), (YES, [-900, 1800, 540, -540])],
)
def test_what_a_change_gives_back_the_new_price_can_use(
    rules: BillingRules, amounts: list[int], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=rules)
    annual(one, sold, 1200)
    one.update(date(2026, 4, 1), price=2400)
    assert [line.item.amount for line in one.bill(date(2026, 4, 1)).lines] == amounts


@pytest.mark.parametrize("basis", [DEFAULT_RULES, UNUSED])
@pytest.mark.parametrize("prorated", [False, True])
def test_a_second_credit_goes_on_from_the_first(
    basis: BillingRules, customer: "type[Customer]", sold: "Callable[..., Sold]", *, prorated: bool
) -> None:
    one = customer(rules=replace(basis, credit_prorated_discounts=prorated))
    annual(one, sold, 1200)
    one.remove(date(2026, 10, 1))
    assert one.discounts(date(2026, 10, 1)) == [180 if prorated else 0]
    one.cancel(date(2026, 4, 1))
    assert one.discounts(date(2026, 10, 1)) == [360 if prorated else 420]


@pytest.mark.parametrize("basis", [DEFAULT_RULES, UNUSED])
def test_what_percentages_took_first_is_not_there_for_the_fixed_discount(
    basis: BillingRules, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=basis)
    half = {"model": "DiscountPercentage", "percentage": 50, "discount_level": "subscription"}
    one.subscribe(
        sold(1200, billing_period="Annual"),
        sold(**off(500, billing_period="Annual")),
        sold(**half),
        start=START,
    )
    assert one.discounts(START) == [-600, -500]
    one.cancel(date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == [300, 200]


@pytest.mark.parametrize("basis", [DEFAULT_RULES, UNUSED])
def test_a_percentage_of_a_lower_class_is_of_what_the_fixed_discount_left(
    basis: BillingRules, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=replace(basis, discount_classes=("first",)))
    half = {"model": "DiscountPercentage", "percentage": 50, "discount_level": "subscription"}
    one.subscribe(
        sold(1200, billing_period="Annual"),
        sold(**off(900, billing_period="Annual", discount_class="first")),
        sold(**half),
        start=START,
    )
    assert one.discounts(START) == [-900, -150]
    one.cancel(date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == [300, 150]


@pytest.mark.parametrize(("rules", "back"), [(DEFAULT_RULES, 80), (YES, 85)])
def test_periods_that_the_kept_part_does_not_reach_are_given_back(
    rules: BillingRules, back: int, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Of 10 a month for a year that ends on 16 April four months are kept; prorated, three and a half."""
    one = customer(rules=rules)
    one.subscribe(sold(1200, billing_period="Annual"), sold(**off(10, apply_partially=True)), start=START)
    assert one.discounts(START) == [-120]
    one.cancel(date(2026, 4, 16))
    assert one.discounts(date(2026, 4, 16)) == [back]


def test_a_prorated_month_keeps_its_days_of_what_it_had_of_a_quarter(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=YES)
    one.subscribe(sold(310), sold(**off(310, billing_period="Quarter")), start=START)
    assert one.discounts(START) == [-310]
    one.cancel(date(2026, 1, 11))
    assert one.discounts(date(2026, 1, 11)) == [210]


def test_a_one_time_discount_is_not_prorated(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer(rules=YES)
    one.subscribe(
        sold(1200, billing_period="Annual"),
        sold(**off(720, type="OneTime", billing_period=None)),
        start=START,
    )
    assert one.discounts(START) == [-720]
    one.cancel(date(2026, 9, 1))
    assert one.discounts(date(2026, 9, 1)) == [0]


def test_a_credit_of_several_items_gives_back_the_latest_first(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """A month is billed in two parts, and then ends within the second."""
    one = customer()
    one.subscribe(sold(310), sold(**off(310)), start=START, term=None)
    one.suspend(date(2026, 1, 11))
    assert one.discounts(date(2026, 1, 11)) == [-100]
    one.resume(date(2026, 1, 11))
    assert one.discounts(date(2026, 1, 11)) == [-210]
    one.cancel(date(2026, 1, 16))
    assert one.discounts(date(2026, 1, 16)) == [160]


def test_a_credit_of_what_had_no_discount_gives_none_back(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(1200, billing_period="Annual"), start=START)
    one.bill(START)
    one.add(sold(**off(720, billing_period="Annual")), day=START)
    one.cancel(date(2026, 7, 1))
    assert one.discounts(date(2026, 7, 1)) == []


def test_a_cancelled_bill_gives_a_discount_back(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, discount balance: cancelling an invoice returns the discount to the balance."""
    one = customer()
    one.subscribe(sold(300), sold(**off(500, billing_period="Quarter")), start=START)
    before = one.subscription
    first = {mark.charge_id: mark for mark in marks_of(one.bill(START))}
    assert [line.item.amount for line in one.bill(date(2026, 2, 1)).lines] == [300, -200]
    with pytest.raises(RuleError, match="was billed again since, through 2026-03-01"):
        unbill(one.subscription, first)
    one.subscription = before
    again = {mark.charge_id: mark for mark in marks_of(one.bill(START))}
    one.subscription = unbill(one.subscription, again)
    assert one.subscription == before
    assert one.discounts(START) == [-300]


def test_a_discount_that_another_item_used_since_cannot_be_taken_back(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(**off(100)), start=START)
    first = {mark.charge_id: mark for mark in marks_of(one.bill(START))}
    one.add(sold(200), day=START)
    one.bill(START)
    with pytest.raises(RuleError, match="was billed again since"):
        unbill(one.subscription, first)


def test_a_rate_plan_s_discount_leaves_other_plans_alone(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(100), sold(**off(30, discount_level="rateplan")), start=START)
    assert one.discounts(START) == []
