"""Subscribing to a charge that could not be rated is refused with one sentence."""

from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import pytest

from toolkit.billing import catalog, periods
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
TERM = {"billing_day": "TermStartDay", "alignment": "AlignToTermStart"}
FULL = {**TERM, "proration_option": "ChargeFullPeriod"}
FIXED = {"model": "DiscountFixedAmount", "discount_level": "subscription"}
WHOLE_TERM = {"billing_period": "Subscription_Term"}
SUNDAYS: dict[str, Any] = {"model": "Delivery", "delivery_days": ["Sunday"]}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"billing_period": "Specific_Weeks"}, "specificBillingPeriod"),
        ({"list_price_base": "Per_Specific_Months"}, "specificListPriceBase"),
        ({"billing_day": "SpecificDayofMonth"}, "billCycleDay"),
        ({"billing_period": "Week", "billing_day": "SpecificDayofWeek"}, "weeklyBillCycleDay"),
        ({"end_date_condition": "Fixed_Period"}, "upToPeriods"),
        ({"end_date_condition": "Specific_End_Date"}, "specificEndDate"),
        ({"model": "Delivery"}, "deliverySchedule"),
    ],
)
def test_what_the_terms_call_for_is_asked_for_by_its_name(
    terms: dict[str, Any], field: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    with pytest.raises(MissingValueError, match=f"'{field}' may not be null"):
        customer().subscribe(sold(1, **terms), start=START)


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"model": "MultiAttributePricing"}, "The charge model MultiAttributePricing is not simulated"),
        ({"model": "Calculated"}, "The charge model Calculated is not simulated"),
        ({"model": "Overage"}, "prices usage, and should be of the type Usage, not Recurring"),
        ({**SUNDAYS, "type": "OneTime"}, "should be Recurring, billed in advance"),
        ({**SUNDAYS, "timing": "IN_ARREARS"}, "should be Recurring, billed in advance"),
        ({"delivery_days": ["Sunday"]}, "should have the model Delivery, not FlatFee"),
        ({"end_date_condition": "One_Time"}, "should be of the type OneTime, not Recurring"),
        ({"proration_option": "NoProration"}, "NoProration, which is of usage, and is of the type Recurring"),
        ({**FULL, "type": "Usage"}, "cannot charge full periods, being of the type Usage"),
        (
            {**FULL, **SUNDAYS},
            "cannot charge full periods, being of the type Recurring and the model Delivery",
        ),
        (
            {"billing_day": "SpecificDayofWeek", "weekly_bill_cycle_day": "Friday"},
            "is billed on a day of the week and cannot have the billing period Month",
        ),
        (
            {"billing_period": "Week", "billing_day": "SpecificDayofMonth", "bill_cycle_day": 5},
            "is billed on a day of the month and cannot have the billing period Week",
        ),
        ({"alignment": "AlignToTermEnd"}, "should be billed on the term end day"),
        ({**FULL, "alignment": "AlignToCharge"}, "be aligned to the term's start"),
        ({**FULL, "billing_period": "Subscription_Term"}, "should not be terms"),
        ({**FULL, "billing_day": "SpecificDayofMonth", "bill_cycle_day": 5}, "begin and end with the term"),
        ({**FULL, "billing_period": "Two_Years"}, "begin and end with the term"),
        ({**FULL, "list_price_base": "Per_Year"}, "cannot have a price per year and a shorter period"),
    ],
)
def test_terms_that_do_not_go_together_are_refused(
    terms: dict[str, Any], problem: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    with pytest.raises(InvalidValueError, match=problem):
        customer().subscribe(sold(1, **terms), start=START)


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"billing_day": "TermEndDay"}, "evergreen subscription does not have"),
        (SUNDAYS, "which an evergreen subscription cannot have"),
    ],
)
def test_what_needs_a_term_is_refused_without_one(
    terms: dict[str, Any], problem: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    with pytest.raises(InvalidValueError, match=problem):
        customer().subscribe(sold(1, **terms), start=START, term=None)


def test_full_periods_may_be_charged_for_good(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(1, **FULL), start=START, term=None)
    assert len(one.bill(date(2026, 3, 1)).lines) == 3


TIERS = [{"tier": 1, "starting_unit": 0, "ending_unit": None, "price": 1}]
NEEDED: dict[str, Any] = {
    "specific_billing_period": 2,
    "specific_list_price_base": 2,
    "bill_cycle_day": 1,
    "weekly_bill_cycle_day": "Monday",
    "up_to_periods": 1,
    "end": "2026-12-01",
    "trigger": "2026-01-02",
}
WEEKLY = {"Week", "Specific_Weeks", "Specific_Days"}
VALUES: list[dict[str, Any]] = [
    *({"billing_period": period} for period in get_args(periods.BillingPeriod)),
    *(
        {"billing_day": day, "billing_period": "Week" if day == "SpecificDayofWeek" else "Month"}
        for day in get_args(catalog.BillingDay)
    ),
    *({"alignment": alignment, "billing_day": "TermEndDay"} for alignment in get_args(catalog.Alignment)),
    *(
        {"list_price_base": base, "billing_period": "Week" if base == "Per_Week" else "Month"}
        for base in get_args(catalog.ListPriceBase)
        if base != "Per_Validity_Period"  # of prepayments only
    ),
    *({"timing": timing} for timing in ("IN_ADVANCE", "IN_ARREARS")),
    *({"trigger_event": event} for event in get_args(catalog.TriggerEvent)),
    *(
        {"end_date_condition": condition, "type": "OneTime" if condition == "One_Time" else "Recurring"}
        for condition in get_args(catalog.EndDateCondition)
    ),
    *(
        {"up_to_periods_type": kind, "end_date_condition": "Fixed_Period"}
        for kind in get_args(catalog.UpToPeriodsType)
    ),
    *({"type": kind} for kind in get_args(catalog.ChargeType)),
]


@pytest.mark.parametrize("terms", VALUES, ids=lambda terms: "-".join(map(str, terms.values())))
def test_every_value_that_zuora_documents_is_rated(
    terms: dict[str, Any], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, field descriptions of ProductRatePlanCharge."""
    one = customer()
    one.subscribe(sold(10, **{**NEEDED, **terms}), start=START, term=Term(5, "Year"))
    assert one.bill(date(2031, 1, 1)).total > 0


@pytest.mark.parametrize(
    "model", sorted({*get_args(catalog.ChargeModel)} - {"MultiAttributePricing", "Calculated"})
)
def test_every_model_that_prices_by_no_formula_can_be_subscribed_to(
    model: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    terms: dict[str, Any] = {"model": model, "tiers": TIERS, "discount": 1}
    if model.startswith(("Over", "TieredWith", "High", "Prerated")):
        terms["type"] = "Usage"
    if model == "Delivery":
        terms = SUNDAYS
    one = customer()
    one.subscribe(sold(10, **terms), start=START)
    assert one.charges[0].terms.model == model


@pytest.mark.parametrize(
    ("terms", "term", "message"),
    [
        (
            {"list_price_base": "Per_Month", "billing_period": "Week"},
            None,
            "priced Per_Month and cannot be billed",
        ),
        ({"list_price_base": "Per_Year", "billing_period": "Specific_Days"}, None, "by Specific_Days"),
        (
            {"list_price_base": "Per_Specific_Months", "billing_period": "Specific_Weeks"},
            None,
            "Specific_Weeks",
        ),
        ({"list_price_base": "Per_Week", "billing_period": "Quarter"}, None, "priced Per_Week"),
        ({"list_price_base": "Per_Week", "billing_period": "Specific_Months"}, None, "Specific_Months"),
        ({"list_price_base": "Per_Week", **WHOLE_TERM}, Term(6, "Month"), "by Subscription_Term"),
        ({"list_price_base": "Per_Month", **WHOLE_TERM}, Term(10, "Day"), "by Subscription_Term"),
        (FIXED, None, "at least 0, not None"),
        ({**FIXED, "discount": -1}, None, "at least 0, not -1"),
        ({**FIXED, "discount": 1, "type": "Usage"}, None, "one-time, or recurring with a billing period"),
        ({**FIXED, "discount": 1, "billing_period": None}, None, "recurring with a billing period"),
    ],
)
def test_terms_that_would_be_rated_0_are_refused(
    terms: dict[str, Any],
    term: Term | None,
    message: str,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    one = customer()
    with pytest.raises(InvalidValueError, match=message):
        one.subscribe(sold(7, **terms), start=START, term=term)


@pytest.mark.parametrize(
    ("terms", "term", "amount"),
    [
        ({"list_price_base": "Per_Week", **WHOLE_TERM}, Term(4, "Week"), 28),
        ({"list_price_base": "Per_Month", **WHOLE_TERM}, Term(1, "Year"), 84),
        ({"list_price_base": "Per_Month", **WHOLE_TERM}, None, 7),
        ({"list_price_base": "Per_Month", "billing_period": None}, None, 7),
        (
            {"list_price_base": "Per_Week", "billing_period": "Specific_Days", "specific_billing_period": 14},
            None,
            14,
        ),
        ({"list_price_base": "Per_Week", "type": "OneTime"}, None, 7),
    ],
)
def test_terms_that_fit_are_billed(
    terms: dict[str, Any],
    term: Term | None,
    amount: int,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    one = customer()
    one.subscribe(sold(7, **terms), start=START, term=term)
    assert one.bill(START).total == amount


def test_a_fixed_discount_of_nothing_is_taken_off_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(7), sold(**FIXED, discount=0), start=START)
    assert [line.item.amount for line in one.bill(START).lines] == [7]
