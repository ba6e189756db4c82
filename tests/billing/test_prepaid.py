"""Prepaid units are granted, used up, rolled over and given back."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.orders import TransferOwner, Triggers
from toolkit.billing.prepaid import Balance
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2022, 1, 1)
MONTHLY = {"uom": "Each", "units": 10, "validity": "MONTH"}
ANNUAL = {"uom": "Each", "units": 120, "validity": "ANNUAL"}


@pytest.fixture
def buyer(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Callable[..., Customer]":
    """Return a customer of a monthly prepayment of 20 and a drawdown charge of 3 for each unit beyond."""

    def buy(
        prepaid: dict[str, object] | None = None, *, months: int = 12, rate: int = 1, **terms: object
    ) -> "Customer":
        one = customer()
        drawdown = {"uom": "Each", "rate": rate}
        one.subscribe(
            sold(20, prepaid={**MONTHLY, **(prepaid or {})}, **terms),
            sold(3, type="Usage", model="PerUnit", drawdown=drawdown),
            start=START,
            term=Term(months, "Month"),
        )
        return one

    return buy


def left(one: "Customer") -> list[Decimal]:
    return list(Balance(one.subscription, one.usage).left.values())


def amounts(one: "Customer", target: date) -> list[Decimal]:
    return [line.item.amount for line in one.bill(target).lines]


def test_units_do_not_outlive_their_validity_period(buyer: "Callable[..., Customer]") -> None:
    one = buyer(months=2)
    one.use(4, date(2022, 1, 31))
    one.use(11, date(2022, 2, 1))
    assert left(one) == [6, 0]
    assert amounts(one, date(2022, 3, 1)) == [20, 20, 3]


def test_usage_beyond_the_units_is_billed_in_its_own_unit(buyer: "Callable[..., Customer]") -> None:
    one = buyer(rate=4)
    one.use(3, START)
    assert amounts(one, date(2022, 2, 1)) == [20, 20, Decimal("1.50")]


def test_what_expires_first_is_used_first(
    buyer: "Callable[..., Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = buyer({"validity": "SUBSCRIPTION_TERM", "units": 100})
    one.add(sold(5, type="OneTime", prepaid=MONTHLY), day=date(2022, 3, 10))
    one.use(4, date(2022, 3, 9))
    one.use(13, date(2022, 3, 31))
    assert left(one) == [93, 0]
    one.use(1, date(2022, 4, 1))
    assert left(one) == [92, 0]


def test_units_of_another_kind_are_not_used(buyer: "Callable[..., Customer]") -> None:
    one = buyer({"uom": "Minute"}, months=1)
    one.use(4, START)
    assert left(one) == [10]
    assert amounts(one, date(2022, 2, 1)) == [20, 12]


def test_usage_outside_the_drawdown_charge_uses_nothing(buyer: "Callable[..., Customer]") -> None:
    one = buyer(months=1)
    one.use(4, date(2022, 2, 1))
    assert left(one) == [10]


def test_a_partial_month_costs_and_grants_all(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(20), start=date(2022, 1, 16))
    one.add(sold(20, prepaid=MONTHLY), day=date(2022, 2, 10))
    assert [line.item.amount for line in one.bill(date(2022, 2, 10)).lines[2:]] == [20]
    assert left(one)[0] == 10


def test_the_units_of_a_charge_are_for_each_of_its_quantity(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(20, model="PerUnit", quantity=3, prepaid=ANNUAL), start=START)
    assert left(one) == [360]


def test_periods_aligned_to_the_terms_end_begin_with_a_partial_one(buyer: "Callable[..., Customer]") -> None:
    one = buyer(ANNUAL, months=14, alignment="AlignToTermEnd", billing_day="TermEndDay")
    funds = Balance(one.subscription, ()).left
    assert [(fund.start, fund.end) for fund in funds] == [
        (START, date(2022, 3, 1)),
        (date(2022, 3, 1), date(2023, 3, 1)),
    ]


def test_units_are_rolled_over_no_more_often_than_agreed(buyer: "Callable[..., Customer]") -> None:
    one = buyer({"rollover_periods": 1}, months=4)
    one.use(7, START)
    one.bill(date(2022, 2, 1))
    assert left(one) == [0, 10, 10, 10, 3]
    again = one.subscription
    one.bill(date(2022, 2, 1))
    assert one.subscription.rolled == again.rolled
    one.bill(date(2022, 3, 1))
    assert left(one) == [0, 0, 10, 10, 3, 10]
    assert [fund.rolled for fund in one.subscription.rolled] == [1, 1]


def test_only_the_latest_of_several_periods_is_rolled_over_and_never_the_last(
    buyer: "Callable[..., Customer]",
) -> None:
    one = buyer({"rollover_periods": 3}, months=3)
    one.bill(date(2022, 3, 15))
    assert [(fund.start, fund.end, fund.units) for fund in one.subscription.rolled] == [
        (date(2022, 3, 1), date(2022, 4, 1), Decimal(10))
    ]
    one.bill(date(2022, 4, 1))
    assert len(one.subscription.rolled) == 1


def test_what_is_rolled_over_can_hold_for_a_shorter_time(buyer: "Callable[..., Customer]") -> None:
    one = buyer({**ANNUAL, "rollover_periods": 1, "rollover_months": 5}, months=24)
    one.bill(date(2023, 1, 1))
    (fund,) = one.subscription.rolled
    assert (fund.start, fund.end) == (date(2023, 1, 1), date(2023, 6, 1))


def test_nothing_is_rolled_over_before_a_charge_begins_or_when_nothing_is_left(
    buyer: "Callable[..., Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = buyer({"rollover_periods": 1})
    one.add(sold(1, prepaid={**MONTHLY, "rollover_periods": 1}), day=date(2022, 6, 1))
    one.use(10, START)
    one.bill(date(2022, 2, 1))
    assert one.subscription.rolled == ()


def test_periods_that_were_billed_beyond_the_end_are_given_back_whole(
    buyer: "Callable[..., Customer]",
) -> None:
    one = buyer({"credit_option": "ConsumptionBased"})
    one.use(4, date(2022, 2, 3))
    one.bill(date(2022, 4, 1))
    one.remove(date(2022, 2, 10))
    assert amounts(one, date(2022, 2, 9)) == []
    assert amounts(one, date(2022, 2, 10)) == [-12, -20, -20]
    assert amounts(one, date(2022, 5, 1)) == []


def test_a_prepayment_of_nothing_is_given_back_whole(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    prepaid = {**ANNUAL, "credit_option": "ConsumptionBased"}
    charge = sold(20, quantity=0, billing_period="Annual", prepaid=prepaid)
    one.subscribe(charge, start=START)
    one.bill(START)
    one.remove(date(2022, 7, 1))
    assert amounts(one, date(2022, 7, 1)) == [-20]


@pytest.mark.parametrize(
    ("validity", "billing", "months", "expected"),
    [("SUBSCRIPTION_TERM", "Month", 6, Decimal(20) / 6), ("MONTH", "Quarter", 12, Decimal(60))],
)
def test_a_price_for_a_validity_period_is_spread_over_its_billing_periods(
    buyer: "Callable[..., Customer]", validity: str, billing: str, months: int, expected: Decimal
) -> None:
    one = buyer(
        {"validity": validity}, months=months, billing_period=billing, list_price_base="Per_Validity_Period"
    )
    assert amounts(one, START) == [round(expected, 2)]


def test_a_price_for_a_term_in_weeks_is_that_of_a_billing_period(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    prepaid = {**MONTHLY, "validity": "SUBSCRIPTION_TERM"}
    charge = sold(20, list_price_base="Per_Validity_Period", prepaid=prepaid)
    one.subscribe(charge, start=START, term=Term(10, "Week"))
    assert amounts(one, START) == [20]
    with pytest.raises(InvalidValueError, match="priced Per_Validity_Period and cannot be billed"):
        one.subscribe(sold(20, list_price_base="Per_Validity_Period"), start=START)


def test_a_prepayment_is_asked_for_once_and_not_discounted(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    discount = sold(model="DiscountPercentage", percentage=10, discount_level="subscription")
    one.subscribe(sold(50, prepaid_periods=2), discount, start=START)
    assert amounts(one, START) == [50, -5, 100, -50]
    assert amounts(one, date(2022, 3, 1)) == [50, 50, -5, -5, -50]
    one.cancel(date(2022, 3, 16))
    assert amounts(one, date(2022, 3, 16)) == [Decimal("-25.81"), Decimal("2.58")]


def test_an_evergreen_subscription_has_its_units_period_by_period(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(20, prepaid={**MONTHLY, "rollover_periods": 1}), start=START, term=None)
    assert amounts(one, date(2022, 2, 1)) == [20, 20]
    assert [fund.units for fund in one.subscription.rolled] == [10]
    assert [len(Balance(one.subscription, (), until).left) for until in (START, date(2022, 3, 1))] == [2, 4]


def test_prepaid_units_keep_their_owner_and_may_be_invoiced_to_another(
    buyer: "Callable[..., Customer]",
) -> None:
    """Source: Zuora, prepaid with drawdown FAQs."""
    one = buyer(MONTHLY)
    with pytest.raises(RuleError, match="has prepaid units: its owner cannot change"):
        one.order(TransferOwner(Triggers(START), "another", "another"))
    one.order(TransferOwner(Triggers(START), None, "another"))
    assert (one.subscription.account_id, one.subscription.invoice_owner_id) == (one.account.id, "another")


@pytest.mark.parametrize("terms", [{"prepaid": MONTHLY}, {"prepaid_periods": 2}])
def test_prepayments_are_not_suspended(
    customer: "type[Customer]", sold: "Callable[..., Sold]", terms: dict[str, object]
) -> None:
    """Source: Zuora, considerations of suspending a subscription."""
    one = customer()
    one.subscribe(sold(10, **terms), start=START)
    with pytest.raises(RuleError, match="has prepayments and cannot be suspended"):
        one.suspend(date(2022, 2, 1))
