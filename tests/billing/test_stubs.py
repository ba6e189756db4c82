"""The ends of a charge: parts of months, weeks and periods that rules leave out or bill whole."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.billing.errors import RuleError
from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from tests.billing.conftest import Customer, Sold

WHOLE_MONTHS = BillingRules(bill_partial_month=False)
WHOLE_PERIODS = BillingRules(bill_partial_month=False, prorate_partial_period=False)
WHOLE_WEEKS = BillingRules(bill_partial_week=False)
FULL = {
    "proration_option": "ChargeFullPeriod",
    "billing_day": "TermStartDay",
    "alignment": "AlignToTermStart",
}

Buy = Callable[..., "Customer"]


@pytest.fixture
def buy(customer: "type[Customer]", sold: "Callable[..., Sold]") -> Buy:
    """Return a customer of a tenant with these rules, who has bought one charge of 90 for a year."""

    def buying(rules: BillingRules, start: str, *, auto_renew: bool = False, **terms: object) -> "Customer":
        one = customer(rules=rules)
        charge = sold(**{"price": 90, "billing_period": "Quarter", **terms})
        one.subscribe(charge, start=date.fromisoformat(start), auto_renew=auto_renew)
        return one

    return buying


def billed(customer: "Customer", target: str) -> list[tuple[str, str, str]]:
    """Bill, and return first day, last day and amount of each item."""
    items = [line.item for line in customer.bill(date.fromisoformat(target)).lines]
    return [(f"{item.start:%m-%d}", f"{item.last_day:%m-%d}", str(item.amount)) for item in items]


@pytest.mark.parametrize(
    ("rules", "amount", "later"),
    [(WHOLE_MONTHS, "60.00", "90.00"), (WHOLE_PERIODS, "90.00", "90.00")],
    ids=["months", "periods"],
)
def test_of_a_period_that_is_begun_late_the_whole_months_are_billed(
    rules: BillingRules, amount: str, later: str, buy: Buy
) -> None:
    one = buy(
        rules,
        "2026-07-01",
        alignment="AlignToSubscriptionStart",
        trigger_event="SpecificDate",
        trigger="2026-07-15",
    )
    assert billed(one, "2026-07-31") == []
    assert billed(one, "2026-10-01") == [("08-01", "09-30", amount), ("10-01", "12-31", later)]


@pytest.mark.parametrize("rules", [WHOLE_MONTHS, WHOLE_PERIODS], ids=["months", "periods"])
def test_a_change_of_what_is_billed_whole_takes_effect_after_it(rules: BillingRules, buy: Buy) -> None:
    one = buy(rules, "2026-01-01", billing_period="Month")
    one.bill(date(2026, 3, 1))
    one.update(date(2026, 3, 10), price=100)
    assert billed(one, "2026-03-31") == []
    assert billed(one, "2026-04-01") == [("04-01", "04-30", "100.00")]


def test_a_weeks_change_takes_effect_in_its_week_and_the_last_part_is_left_out(buy: Buy) -> None:
    one = buy(WHOLE_WEEKS, "2026-01-05", billing_period="Week", billing_day="ChargeTriggerDay", price=7)
    one.update(date(2026, 1, 14), price=14)
    one.cancel(date(2026, 1, 21))
    assert billed(one, "2026-02-01") == [("01-05", "01-11", "7.00"), ("01-12", "01-18", "14.00")]


def test_a_charge_of_weeks_for_good_is_billed_on(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=WHOLE_WEEKS)
    one.subscribe(sold(7, billing_period="Week"), start=date(2026, 1, 5), term=None)
    assert len(billed(one, "2026-01-19")) == 3


def test_rules_of_months_leave_weeks_and_days_alone(buy: Buy) -> None:
    one = buy(WHOLE_MONTHS, "2026-01-05", billing_period="Week", billing_day="ChargeTriggerDay", price=7)
    one.cancel(date(2026, 1, 7))
    assert billed(one, "2026-02-01") == [("01-05", "01-06", "2.00")]


@pytest.mark.parametrize("rules", [WHOLE_MONTHS, WHOLE_PERIODS], ids=["months", "periods"])
def test_what_never_runs_is_given_back_whole(rules: BillingRules, buy: Buy) -> None:
    one = buy(rules, "2026-01-01")
    one.bill(date(2026, 1, 1))
    one.cancel(date(2026, 1, 1))
    assert billed(one, "2026-01-01") == [("01-01", "03-31", "-90.00")]


def test_a_charge_for_good_is_billed_whole_on(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=WHOLE_MONTHS)
    one.subscribe(sold(10), start=date(2026, 1, 1), term=None)
    assert len(billed(one, "2026-03-01")) == 3


def test_a_renewed_charge_goes_on_where_whole_months_have_reached(buy: Buy) -> None:
    one = buy(WHOLE_MONTHS, "2026-01-15", billing_period="Month")
    assert billed(one, "2027-01-01")[-1] == ("01-01", "01-31", "90.00")
    one.renew()
    assert billed(one, "2027-02-01") == [("02-01", "02-28", "90.00")]


def test_a_full_period_is_charged_for_any_part_and_nothing_refunded(buy: Buy) -> None:
    """Source: Zuora, charge level proration option for a recurring charge."""
    one = buy(BillingRules(), "2026-01-01", **FULL, trigger_event="SpecificDate", trigger="2026-02-20")
    assert billed(one, "2026-02-20") == [("02-20", "03-31", "90.00")]
    one.bill(date(2026, 4, 1))
    one.cancel(date(2026, 4, 2))
    assert billed(one, "2026-12-31") == []


def test_a_charge_of_full_periods_cannot_be_updated(buy: Buy) -> None:
    """Source: Zuora, limitations of the charge level proration option."""
    one = buy(BillingRules(), "2026-01-01", **FULL)
    with pytest.raises(RuleError, match="charges full periods and cannot be updated"):
        one.update(date(2026, 4, 1), price=100)


def test_a_period_past_the_terms_end_is_billed_as_the_way_to_renew_says(buy: Buy) -> None:
    """Source: Zuora, billing rules - billing document."""
    rules = BillingRules(past_term_end=False), BillingRules(past_term_end_renewing=False)
    last = [
        billed(buy(rule, "2026-01-16", billing_period="Month", price=31, auto_renew=renews), "2027-01-01")[-1]
        for rule in rules
        for renews in (False, True)
    ]
    part, whole = ("01-01", "01-15", "15.00"), ("01-01", "01-31", "31.00")
    assert last == [part, whole, whole, part]


def test_what_was_billed_past_the_terms_end_is_not_billed_again_after_renewal(buy: Buy) -> None:
    one = buy(BillingRules(), "2026-01-16", billing_period="Month", price=31)
    one.bill(date(2027, 1, 1))
    one.renew()
    assert billed(one, "2027-02-01") == [("02-01", "02-28", "31.00")]


@pytest.mark.parametrize(
    ("rules", "last"),
    [(BillingRules(), "01-31"), (BillingRules(prorate_to_charge_end=True), "01-12")],
    ids=["not excepted", "excepted"],
)
def test_a_charge_with_an_end_of_its_own_may_be_excepted(rules: BillingRules, last: str, buy: Buy) -> None:
    ends = {"end_date_condition": "Specific_End_Date", "end": "2027-01-13", "billing_period": "Month"}
    assert billed(buy(rules, "2026-01-16", **ends), "2027-01-01")[-1][1] == last


def test_a_charge_that_was_removed_ends_with_its_removal(buy: Buy) -> None:
    one = buy(BillingRules(), "2026-01-16", billing_period="Month", price=31)
    one.remove(date(2027, 1, 11))
    assert billed(one, "2027-01-01")[-1] == ("01-01", "01-10", "10.00")


def test_a_cancelled_subscription_ends_with_its_term(buy: Buy) -> None:
    one = buy(BillingRules(), "2026-01-16", billing_period="Month", price=31)
    one.cancel(date(2027, 1, 16))
    assert billed(one, "2027-01-01")[-1] == ("01-01", "01-15", "15.00")


@pytest.mark.parametrize("rules", [BillingRules(), BillingRules(credit_one_time=True)])
@pytest.mark.parametrize("end", ["cancel", "remove"])
def test_a_one_time_charge_is_given_back_where_the_rules_say_so(
    rules: BillingRules, end: str, buy: Buy
) -> None:
    """Source: Zuora, billing rules - proration: credit back, by default No."""
    one = buy(rules, "2026-01-01", type="OneTime", price=99)
    assert billed(one, "2026-01-01") == [("01-01", "01-01", "99.00")]
    assert billed(one, "2026-02-28") == []
    getattr(one, end)(date(2026, 3, 1))
    assert billed(one, "2026-02-28") == []
    back = [("01-01", "01-01", "-99.00")] if rules.credit_one_time else []
    assert billed(one, "2026-03-01") == back
    assert billed(one, "2026-12-31") == []


def test_a_one_time_charge_that_was_billed_ahead_is_given_back_too(buy: Buy) -> None:
    ahead = {"type": "OneTime", "trigger_event": "SpecificDate", "trigger": "2026-05-01"}
    one = buy(BillingRules(credit_one_time=True), "2026-01-01", **ahead)
    one.bill(date(2026, 5, 1))
    one.cancel(date(2026, 3, 1))
    assert billed(one, "2026-03-01") == [("05-01", "05-01", "-90.00")]
    assert billed(one, "2026-12-31") == []


@pytest.mark.parametrize(
    ("rules", "terms", "first"),
    [
        (BillingRules(bill_usage_partial_month=False), {"billing_period": "Month"}, "02-01"),
        (BillingRules(bill_usage_partial_month=False), {"billing_period": "Week"}, "01-15"),
        (BillingRules(bill_usage_partial_week=False), {"billing_period": "Month"}, "01-15"),
        (
            BillingRules(bill_usage_partial_week=False),
            {"billing_period": "Week", "billing_day": "SpecificDayofWeek", "weekly_bill_cycle_day": "Monday"},
            "01-19",
        ),
    ],
)
def test_usage_of_the_part_that_a_charge_begins_with_may_be_left_out(
    rules: BillingRules, terms: dict[str, Any], first: str, buy: Buy
) -> None:
    """15 January 2026 is a Thursday. Usage of the part that it ends in is billed."""
    one = buy(rules, "2026-01-15", type="Usage", model="PerUnit", price=1, **terms)
    for day in range(15, 32):
        one.use(1, date(2026, 1, day))
    one.use(1, date(2026, 2, 10))
    one.cancel(date(2026, 2, 11))
    found = billed(one, "2026-03-01")
    assert (found[0][0], found[-1][1]) == (first, "02-10")
    assert found[-1][2] != "0.00"


def test_a_segment_that_follows_another_bills_its_usage_from_its_first_day(buy: Buy) -> None:
    one = buy(
        BillingRules(bill_usage_partial_month=False),
        "2026-01-01",
        type="Usage",
        model="PerUnit",
        billing_period="Month",
        price=1,
    )
    one.update(date(2026, 2, 10), price=2)
    one.use(1, date(2026, 2, 12))
    assert billed(one, "2026-03-01")[-1] == ("02-10", "02-28", "2.00")


def test_a_future_suspension_cuts_nothing_off_until_a_target_date_reaches_it(buy: Buy) -> None:
    one = buy(BillingRules(), "2026-01-01", billing_period="Month", price=31)
    one.suspend(date(2026, 1, 11))
    assert billed(one, "2026-01-10") == [("01-01", "01-31", "31.00")]
    assert billed(one, "2026-01-11") == [("01-11", "01-31", "-21.00")]


def test_a_term_that_ends_with_a_period_leaves_nothing_over(buy: Buy) -> None:
    assert billed(buy(BillingRules(), "2026-01-01"), "2026-12-31")[-1] == ("10-01", "12-31", "90.00")
