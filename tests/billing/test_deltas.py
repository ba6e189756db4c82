"""Deltas are how the charges of two versions differ; the documented figures are among the worked examples."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.deltas import (
    Delta,
    Measure,
    billed,
    contracted,
    deltas,
    listed,
    monthly,
    quantity,
    rows,
)
from toolkit.billing.orders import TermsAndConditions, TransferOwner, Triggers
from toolkit.billing.rules import DEFAULT_RULES, BillingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def changed(one: "Customer") -> list[Delta]:
    return list(deltas(one.former, one.subscription))


def measured(one: "Customer", measure: "Measure") -> list[tuple[str, str, int]]:
    return [(str(row.delta.start), str(row.delta.end), int(row.gross)) for row in rows(changed(one), measure)]


def test_a_creation_counts_every_charge_once(yearly: "Customer") -> None:
    assert measured(yearly, monthly) == [("2026-01-01", "2027-01-01", 10), ("2026-01-01", "2027-01-01", 20)]
    assert {delta.term for delta in changed(yearly)} == {1}


def test_a_cancellation_takes_back_what_was_left(yearly: "Customer") -> None:
    yearly.cancel(date(2026, 7, 1))
    assert measured(yearly, contracted) == [
        ("2026-07-01", "2027-01-01", -60),
        ("2026-07-01", "2027-01-01", -120),
    ]


def test_a_cancellation_at_the_end_of_the_term_changes_nothing(yearly: "Customer") -> None:
    """Source: Zuora, order delta MRR."""
    yearly.cancel(date(2027, 1, 1))
    assert changed(yearly) == []


def test_what_is_updated_on_its_last_day_lasts_no_time(yearly: "Customer") -> None:
    """Source: MET-004."""
    yearly.update(date(2027, 1, 1), price="99")
    assert changed(yearly) == []


def test_a_suspension_takes_away_what_the_resumption_gives_back(yearly: "Customer") -> None:
    yearly.suspend(date(2026, 4, 1))
    assert measured(yearly, quantity) == [("2026-04-01", "2027-01-01", -1), ("2026-04-01", "2027-01-01", -4)]
    yearly.resume(date(2026, 6, 1))
    assert measured(yearly, quantity) == [("2026-06-01", "2027-01-01", 1), ("2026-06-01", "2027-01-01", 4)]


@pytest.mark.parametrize(
    "action",
    [
        TransferOwner(Triggers(START), "another", "another"),
        TermsAndConditions(Triggers(START), auto_renew=True),
    ],
)
def test_other_owners_and_other_conditions_change_no_metric(
    yearly: "Customer", action: TransferOwner | TermsAndConditions
) -> None:
    """Source: Zuora, what are order delta metrics: without a change there are none."""
    yearly.order(action)
    assert changed(yearly) == []


def test_an_evergreen_charge_has_a_monthly_revenue_and_no_total(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, order delta TCB: not generated for evergreen subscriptions."""
    one = customer()
    ends = {"end_date_condition": "Specific_End_Date", "end": date(2026, 3, 1)}
    one.subscribe(sold(10), sold(5, **ends), start=START, term=None)
    assert measured(one, monthly) == [("2026-01-01", "None", 10), ("2026-01-01", "2026-03-01", 5)]
    assert measured(one, contracted) == [("2026-01-01", "2026-03-01", 10)]
    assert measured(one, billed(1, DEFAULT_RULES)) == []


def test_a_one_time_charge_has_no_monthly_revenue_and_usage_has_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, order delta MRR; order delta quantity."""
    one = customer()
    once = sold(50, type="OneTime", billing_period=None)
    one.subscribe(once, sold(5, type="Usage", model="PerUnit"), start=START)
    assert measured(one, monthly) == []
    for measure in (contracted, billed(1, DEFAULT_RULES)):
        assert measured(one, measure) == [("2026-01-01", "2026-01-02", 50)]


def test_a_list_price_counts_in_place_of_what_was_agreed(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(8, sold_at=5), start=START)
    bill = billed(1, DEFAULT_RULES)
    assert measured(one, bill) == [("2026-01-01", "2027-01-01", 60)]
    assert measured(one, listed(one.price_in_catalog, bill)) == [("2026-01-01", "2027-01-01", 96)]


def test_discounts_split_what_they_change(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    one.subscribe(sold(50), start=START)
    summer = {"trigger_event": "SpecificDate", "trigger": date(2026, 6, 1)}
    ends = {"end_date_condition": "Specific_End_Date", "end": date(2026, 9, 1)}
    offer = {"model": "DiscountPercentage", "percentage": 20, "discount_level": "subscription"}
    one.add(sold(**offer, **summer, **ends), day=START)
    assert [(row.delta.start.month, int(row.gross), int(row.net)) for row in rows(changed(one), monthly)] == [
        (6, -50, -50),
        (6, 50, 40),
    ]
    assert list(deltas(one.former, one.subscription, discounted=False)) == []


def test_a_stretch_lies_in_one_term(yearly: "Customer") -> None:
    yearly.renew()
    yearly.renew()
    yearly.update(date(2027, 6, 1), price="11")
    assert [(delta.start.year, delta.sign, delta.term) for delta in changed(yearly)] == [
        (2027, -1, 2),
        (2027, 1, 2),
        (2028, -1, 3),
        (2028, 1, 3),
    ]


@pytest.mark.parametrize(
    ("rules", "period", "start"),
    [
        (BillingRules(bill_partial_month=False, prorate_partial_period=False), "Quarter", date(2026, 1, 20)),
        (BillingRules(bill_partial_month=False), "Quarter", date(2026, 1, 20)),
        (BillingRules(bill_partial_week=False), "Week", date(2026, 1, 1)),
        (BillingRules(month_proration="strict_30_360"), "Annual", date(2026, 1, 10)),
        (BillingRules(long_period_proration="by_day"), "Semi_Annual", date(2026, 2, 11)),
    ],
)
def test_what_is_to_be_billed_is_what_will_be(
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
    rules: BillingRules,
    period: str,
    start: date,
) -> None:
    """By each rule of the tenant, also where an update and the turn of a term cut what is to be billed."""
    one = customer(1, "USD", rules)
    one.subscribe(sold(1200, billing_period=period), start=start)
    one.renew()
    one.update(date(2026, 9, 9), price="2400")
    whole = rows(deltas(None, one.subscription), billed(1, rules))
    ours = sum((row.gross for row in whole), Decimal(0))
    assert abs(one.bill(date(2029, 1, 1)).total - ours) < Decimal("0.03")
