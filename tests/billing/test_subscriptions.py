"""When charges start and end, and which days their billing periods begin on."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.orders import Triggers
from toolkit.billing.subscriptions import Term, end_day, first_bill_cycle_day, grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

JANUARY_31 = date(2026, 1, 31)


@pytest.mark.parametrize("length", [0, -1])
def test_a_term_has_a_length(length: int) -> None:
    with pytest.raises(InvalidValueError, match=f"A term should be at least 1 Month, not {length}."):
        Term(length, "Month")


@pytest.mark.parametrize("term", [Term(10**6, "Month"), Term(10**7, "Day"), Term(10**12, "Week")])
def test_a_term_ends_within_the_calendar(term: Term) -> None:
    with pytest.raises(InvalidValueError, match="should end before the year 10000"):
        term.after(JANUARY_31)


@pytest.mark.parametrize(
    ("terms", "end"),
    [
        ({}, "2026-12-31"),
        ({"type": "OneTime"}, "2026-04-01"),
        ({"end_date_condition": "Specific_End_Date"}, "2026-11-18"),
        ({"up_to_periods": 10, "up_to_periods_type": "Days"}, "2026-04-10"),
        ({"up_to_periods": 10, "up_to_periods_type": "Weeks"}, "2026-06-09"),
        ({"up_to_periods": 3, "up_to_periods_type": "Months"}, "2026-06-30"),
        ({"up_to_periods": 1, "up_to_periods_type": "Years"}, "2026-12-31"),
        ({"up_to_periods": 2, "billing_period": "Quarter"}, "2026-09-30"),
        ({"up_to_periods": 2, "up_to_periods_type": "Billing_Periods", "billing_period": None}, "2026-05-31"),
        ({"up_to_periods": None, "up_to_periods_type": "Billing_Periods"}, "2026-04-30"),
        (
            {"up_to_periods": 2, "billing_period": "Specific_Weeks", "specific_billing_period": 3},
            "2026-05-12",
        ),
    ],
)
def test_a_charge_ends_by_itself_or_with_the_subscription(
    terms: dict[str, object], end: str, sold: "Callable[..., Sold]"
) -> None:
    fixed = {"end_date_condition": "Fixed_Period"} if "up_to_periods" in terms else {}
    charge = sold(1, **fixed, **terms)
    ends = end_day(charge, date(2026, 3, 31), date(2026, 12, 31), date(2026, 11, 18))
    assert ends == date.fromisoformat(end)


def test_a_charge_without_an_end_lasts_as_long_as_the_subscription(sold: "Callable[..., Sold]") -> None:
    assert end_day(sold(1), JANUARY_31, None, None) is None
    assert end_day(sold(1, type="OneTime"), JANUARY_31, None, None) == date(2026, 2, 1)
    specific = sold(1, end_date_condition="Specific_End_Date")
    assert end_day(specific, JANUARY_31, None, date(2026, 3, 1)) == date(2026, 3, 1)


@pytest.mark.parametrize("terms", [{}, {"type": "OneTime"}, {"end_date_condition": "Fixed_Period"}])
def test_a_charge_that_would_start_after_the_end_has_no_days(
    terms: dict[str, object], sold: "Callable[..., Sold]"
) -> None:
    assert end_day(sold(1, **terms), date(2026, 3, 1), date(2026, 2, 1), None) == date(2026, 3, 1)


def first_periods(customer: "Customer") -> list[str]:
    """Return where the first charge's periods begin, from its start on."""
    (charge, *_) = customer.charges
    span = grid(customer.subscription, charge, customer.account.bill_cycle_day)
    first = span.ordinal(charge.effective_start)
    return [span.start(index).isoformat() for index in range(first, first + 3)]


@pytest.mark.parametrize(
    ("billing_day", "starts"),
    [
        ("DefaultFromCustomer", ["2026-01-12", "2026-02-12", "2026-03-12"]),
        (None, ["2026-01-12", "2026-02-12", "2026-03-12"]),
        ("SpecificDayofMonth", ["2026-01-05", "2026-02-05", "2026-03-05"]),
        ("ChargeTriggerDay", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("SubscriptionStartDay", ["2026-01-20", "2026-02-20", "2026-03-20"]),
        ("TermStartDay", ["2026-01-20", "2026-02-20", "2026-03-20"]),
        ("TermEndDay", ["2026-01-25", "2026-02-25", "2026-03-25"]),
    ],
)
def test_a_month_begins_on_the_billing_day(
    billing_day: str, starts: list[str], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(bill_cycle_day=12)
    charge = sold(
        1, billing_day=billing_day, bill_cycle_day=5, trigger_event="SpecificDate", trigger=JANUARY_31
    )
    one.subscribe(charge, start=date(2026, 1, 20), term=Term(370, "Day"))
    assert first_periods(one) == starts


@pytest.mark.parametrize(
    ("billing_day", "weekday", "first"),
    [
        ("ChargeTriggerDay", None, "Thursday"),
        ("SubscriptionStartDay", None, "Monday"),
        ("TermStartDay", None, "Monday"),
        ("TermEndDay", None, "Tuesday"),
        ("SpecificDayofWeek", "Friday", "Friday"),
        ("DefaultFromCustomer", None, "Thursday"),
    ],
)
def test_a_week_begins_on_the_billing_weekday(
    billing_day: str, weekday: str, first: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    charge = sold(
        1,
        billing_period="Week",
        billing_day=billing_day,
        weekly_bill_cycle_day=weekday,
        trigger_event="SpecificDate",
        trigger=date(2026, 1, 1),
    )
    one.subscribe(charge, start=date(2025, 12, 29), term=Term(52 * 7 + 1, "Day"))
    assert {f"{date.fromisoformat(day):%A}" for day in first_periods(one)} == {first}


@pytest.mark.parametrize(
    ("alignment", "starts"),
    [
        ("AlignToCharge", ["2026-03-01", "2026-06-01", "2026-09-01"]),
        (None, ["2026-03-01", "2026-06-01", "2026-09-01"]),
        ("AlignToSubscriptionStart", ["2026-02-01", "2026-05-01", "2026-08-01"]),
        ("AlignToTermStart", ["2025-12-01", "2026-03-01", "2026-06-01"]),
        ("AlignToTermEnd", ["2026-01-01", "2026-04-01", "2026-07-01"]),
    ],
)
def test_quarters_are_aligned(
    alignment: str, starts: list[str], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    charge = sold(
        1,
        billing_period="Quarter",
        alignment=alignment,
        billing_day="TermEndDay" if alignment == "AlignToTermEnd" else None,
        trigger_event="SpecificDate",
        trigger=date(2026, 3, 1) if alignment in {None, "AlignToCharge"} else date(2026, 2, 15),
    )
    one.subscribe(charge, start=date(2025, 11, 1), term=Term(13, "Month"), renewal_term=Term(10, "Month"))
    one.renew()
    assert first_periods(one) == starts


@pytest.mark.parametrize("alignment", ["AlignToCharge", "AlignToTermEnd"])
def test_without_a_term_end_the_term_start_counts(
    alignment: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    charge = sold(1, billing_period="Annual", billing_day="TermEndDay", alignment=alignment)
    one.subscribe(charge, start=date(2026, 1, 1), renewal_setting="RENEW_TO_EVERGREEN")
    one.renew()
    assert first_periods(one) == ["2026-01-01", "2027-01-01", "2028-01-01"]


@pytest.mark.parametrize(
    ("term", "starts"),
    [
        (Term(5, "Month"), ["2026-01-31", "2026-06-30", "2026-11-30"]),
        (Term(1, "Year"), ["2026-01-31", "2027-01-31", "2028-01-31"]),
        (Term(2, "Week"), ["2026-01-31", "2026-02-14", "2026-02-28"]),
        (Term(10, "Day"), ["2026-01-31", "2026-02-10", "2026-02-20"]),
        (None, ["2026-01-31", "2026-02-28", "2026-03-31"]),
    ],
)
def test_a_term_can_be_the_billing_period(
    term: Term | None, starts: list[str], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(1, billing_period="Subscription_Term"), start=JANUARY_31, term=term)
    assert first_periods(one) == starts


def test_an_account_without_a_bill_cycle_day_bills_on_the_day_of_its_first_recurring_charge(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, billing periods customization, auto-set option."""
    one = customer(bill_cycle_day=0)
    assert first_bill_cycle_day([]) == 1
    one.subscribe(
        sold(5, type="OneTime"),
        sold(10, trigger_event="CustomerAcceptance"),
        start=date(2026, 1, 3),
        triggers=Triggers(date(2026, 1, 3), None, date(2026, 1, 17)),
    )
    assert first_bill_cycle_day([one.subscription]) == 17
    items = [line.item for line in one.bill(date(2026, 2, 17)).lines]
    assert [item.start for item in items] == [date(2026, 1, 3), date(2026, 1, 17), date(2026, 2, 17)]
    assert items[1].end - items[1].start == timedelta(days=31)
