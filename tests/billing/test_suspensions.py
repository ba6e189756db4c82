"""Suspending and resuming subscriptions: days, segments, and what that costs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.errors import BillingError
from toolkit.billing.metrics import subscription_mrr
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    Change,
    Override,
    RenewSubscription,
    Resume,
    Suspend,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.periods import Grid
from toolkit.billing.subscriptions import Subscription, Term, status_on, stretches
from toolkit.billing.versions import change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START, SUSPENDED, RESUMED, END = date(2026, 1, 1), date(2026, 4, 16), date(2026, 6, 11), date(2027, 1, 1)
DAY = timedelta(days=1)
DAYS = st.integers(0, 364).map(lambda days: START + days * DAY)
PERIODS = {"Month": 1, "Quarter": 3, "Annual": 12}


@pytest.fixture
def monthly(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with a monthly charge of 30 for 2026."""
    one = customer()
    one.subscribe(sold(price=30), start=START)
    return one


def after(customer: "Customer", action: Change, today: date) -> Subscription:
    """Return what an action that is ordered today makes of the subscription."""
    desk = customer.desk(today)._replace(now=datetime(today.year, today.month, today.day, tzinfo=UTC))
    return change(customer.subscription, action, desk)


def spans(customer: "Customer") -> list[tuple[int, date, date | None]]:
    return [(one.segment, one.effective_start, one.effective_end) for one in customer.charges]


TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("action", "day"),
    [
        (Suspend(Triggers(TODAY), "Today"), TODAY),
        (Suspend(Triggers(TODAY), "FixedPeriodsFromToday", Term(1, "Month")), date(2026, 4, 30)),
        (Suspend(Triggers(TODAY), "SpecificDate", specific=SUSPENDED), SUSPENDED),
        (Suspend(Triggers(TODAY), "EndOfLastInvoicePeriod"), date(2026, 3, 1)),
    ],
    ids=lambda it: getattr(it, "policy", ""),
)
def test_a_policy_says_when_the_suspension_begins(monthly: "Customer", action: Suspend, day: date) -> None:
    monthly.bill(date(2026, 2, 10))
    assert after(monthly, action, TODAY).suspensions[-1].start == day


@pytest.mark.parametrize(
    ("action", "day"),
    [
        (Resume(Triggers(TODAY), "Today"), TODAY),
        (Resume(Triggers(TODAY), "SuspendDate"), date(2026, 3, 15)),
        (Resume(Triggers(TODAY), "FixedPeriodsFromToday", Term(2, "Week")), date(2026, 4, 14)),
        (Resume(Triggers(TODAY), "FixedPeriodsFromSuspendDate", Term(10, "Day")), date(2026, 3, 25)),
        (Resume(Triggers(TODAY), "SpecificDate", specific=RESUMED), RESUMED),
    ],
    ids=lambda it: getattr(it, "policy", ""),
)
def test_a_policy_says_when_service_begins_again(monthly: "Customer", action: Resume, day: date) -> None:
    monthly.suspend(date(2026, 3, 15))
    resumed = after(monthly, action, TODAY)
    assert resumed.resumed == day
    assert resumed.suspensions[-1].rate_plans == ()


def test_a_charge_stops_and_goes_on_in_another_segment(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    assert spans(monthly) == [(1, START, SUSPENDED)]
    monthly.resume(RESUMED)
    assert spans(monthly) == [(1, START, SUSPENDED), (2, RESUMED, END)]
    assert len({one.id for one in monthly.charges}) == 2
    assert {one.trigger_day for one in monthly.charges} == {START}


def test_later_segments_are_numbered_after_the_one_that_goes_on(monthly: "Customer") -> None:
    monthly.update(date(2026, 9, 1), price=40)
    monthly.suspend(SUSPENDED)
    monthly.resume(RESUMED)
    later = date(2026, 9, 1)
    assert spans(monthly) == [(1, START, SUSPENDED), (2, RESUMED, later), (3, later, END)]


def test_nothing_is_billed_of_the_time_between(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    assert [line.item.end for line in monthly.bill(date(2026, 12, 31)).lines][-1] == SUSPENDED
    monthly.resume(RESUMED)
    first = monthly.bill(date(2026, 12, 31)).lines[0].item
    assert (first.start, first.end, first.amount) == (RESUMED, date(2026, 7, 1), Decimal(20))


def test_a_suspension_is_credited_before_anything_is_resumed(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=1200, billing_period="Annual"), start=START)
    one.bill(START)
    one.suspend(date(2026, 7, 1))
    assert one.bill(date(2026, 7, 1)).total == -600
    assert not one.bill(date(2026, 12, 31)).lines
    one.resume(date(2026, 10, 1))
    assert one.bill(date(2026, 12, 31)).total == 300


def test_what_would_begin_meanwhile_begins_on_resumption_and_a_one_time_charge_does_not(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START)
    meanwhile, later = date(2026, 5, 1), date(2026, 8, 1)
    one.add(sold(price=10), day=meanwhile)
    for day in (SUSPENDED, meanwhile, later):
        one.add(sold(price=5, type="OneTime", billing_period=None), day=day)
    one.suspend(SUSPENDED)
    assert not [line for line in one.bill(later).lines if line.item.start >= SUSPENDED]
    one.resume(RESUMED)
    lines = one.bill(date(2026, 12, 31)).lines
    assert [(x.item.start, x.item.amount) for x in lines if x.item.charge.terms.type == "OneTime"] == [
        (later, Decimal(5))
    ]
    assert min(line.item.start for line in lines if line.item.charge.pricing.price == 10) == RESUMED


def test_a_one_time_charge_that_is_paid_is_neither_given_back_nor_charged_again(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START)
    one.add(sold(price=5, type="OneTime", billing_period=None), day=date(2026, 3, 20))
    one.bill(date(2026, 3, 31))
    one.suspend(date(2026, 3, 1))
    assert one.bill(date(2026, 3, 31)).total == -30
    one.resume(date(2026, 3, 10))
    assert "OneTime" not in {line.item.charge.terms.type for line in one.bill(date(2026, 12, 31)).lines}


def test_a_segment_that_was_billed_and_starts_later_is_credited_and_begun_anew(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START)
    one.add(sold(price=1200, billing_period="Annual"), day=date(2026, 5, 1))
    one.bill(date(2026, 5, 31))
    one.suspend(SUSPENDED)
    one.resume(RESUMED)
    yearly = [x.item for x in one.bill(RESUMED).lines if x.item.charge.terms.billing_period == "Annual"]
    assert [(item.start, item.credit) for item in yearly] == [(date(2026, 5, 1), True), (RESUMED, False)]


def test_a_removed_plan_and_an_ended_segment_stay_as_they_are(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), sold(price=20), start=START)
    one.remove(date(2026, 3, 1), plan=1)
    one.suspend(SUSPENDED)
    one.resume(RESUMED, extends_term=True)
    removed = one.subscription.rate_plans[1]
    assert [(charge.effective_start, charge.effective_end) for charge in removed.charges] == [
        (START, date(2026, 3, 1))
    ]


def test_the_term_may_end_later_by_the_days_of_the_suspension(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    monthly.resume(RESUMED, extends_term=True)
    assert monthly.subscription.term_end == END + (RESUMED - SUSPENDED)
    assert monthly.charges[-1].effective_end == monthly.subscription.term_end


def test_an_evergreen_subscription_is_suspended_and_has_no_term_to_extend(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START, term=None)
    one.suspend(SUSPENDED)
    assert [stretch.end for stretch in stretches(one.subscription)] == [SUSPENDED, None]
    one.resume(RESUMED, extends_term=True)
    assert one.charges[-1].effective_end is None
    assert one.subscription.term_end is None


def test_a_suspension_counts_in_the_contracted_revenue(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    assert subscription_mrr(monthly.subscription, RESUMED) == 30
    monthly.resume(RESUMED)
    assert subscription_mrr(monthly.subscription, RESUMED) == 30
    assert monthly.charges[-1].dmrc == 30


def test_resuming_and_cancelling_on_one_day_costs_nothing(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    monthly.bill(SUSPENDED)
    monthly.resume(RESUMED)
    monthly.cancel(RESUMED)
    assert not monthly.bill(date(2026, 12, 31)).lines


def test_the_status_follows_the_days(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    assert status_on(monthly.subscription, SUSPENDED - DAY) == "Active"
    assert status_on(monthly.subscription, SUSPENDED) == "Suspended"
    monthly.resume(RESUMED)
    assert status_on(monthly.subscription, RESUMED - DAY) == "Suspended"
    assert status_on(monthly.subscription, RESUMED) == "Active"
    monthly.cancel(date(2026, 8, 1))
    assert status_on(monthly.subscription, START) == "Cancelled"


def test_the_history_shows_the_suspended_stretch(monthly: "Customer") -> None:
    monthly.suspend(SUSPENDED)
    assert list(stretches(monthly.subscription)) == [
        (START, SUSPENDED, "Active"),
        (SUSPENDED, END, "Suspended"),
        (END, None, "OutOfTerm"),
    ]
    monthly.resume(RESUMED)
    assert list(stretches(monthly.subscription)) == [
        (START, SUSPENDED, "Active"),
        (SUSPENDED, RESUMED, "Suspended"),
        (RESUMED, END, "Active"),
        (END, None, "OutOfTerm"),
    ]


def test_the_history_leaves_out_what_took_no_time(monthly: "Customer") -> None:
    monthly.suspend(START)
    monthly.resume(START)
    monthly.suspend(START)
    monthly.resume(RESUMED)
    monthly.cancel(date(2026, 5, 1))
    assert list(stretches(monthly.subscription)) == [
        (START, date(2026, 5, 1), "Suspended"),
        (date(2026, 5, 1), None, "Cancelled"),
    ]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Suspend(Triggers(START), "SpecificDate"), "suspendSpecificDate"),
        (Suspend(Triggers(START), "FixedPeriodsFromToday"), "suspendPeriods"),
        (Suspend(Triggers(START), "EndOfLastInvoicePeriod"), "was never invoiced"),
        (Suspend(Triggers(START), "SpecificDate", specific=START - DAY), "on or after 2026-01-01 and before"),
        (Suspend(Triggers(START), "SpecificDate", specific=END), "before its term's end 2027-01-01"),
        (Resume(Triggers(START), "Today"), "is not suspended"),
    ],
)
def test_a_suspension_that_is_not_possible_is_refused(
    monthly: "Customer", action: Change, message: str
) -> None:
    with pytest.raises(BillingError, match=message):
        monthly.order(action)


def test_an_evergreen_subscription_is_not_suspended_before_it_began(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START, term=None)
    with pytest.raises(BillingError, match=r"on or after 2026-01-01\."):
        one.order(Suspend(Triggers(START), "SpecificDate", specific=START - DAY))


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Resume(Triggers(START), "SpecificDate"), "resumeSpecificDate"),
        (Resume(Triggers(START), "FixedPeriodsFromToday"), "resumePeriods"),
        (Resume(Triggers(START), "SpecificDate", specific=SUSPENDED - DAY), "on or after 2026-04-16"),
        (Resume(Triggers(START), "SpecificDate", specific=END), "before its term's end 2027-01-01"),
        (RenewSubscription(Triggers(START)), "suspended from 2026-04-16: resume it"),
        (CancelSubscription(Triggers(START), "EndOfCurrentTerm"), "suspended from 2026-04-16: resume it"),
        (Suspend(Triggers(START), "Today"), "suspended from 2026-04-16: resume it"),
    ],
)
def test_a_suspended_subscription_is_resumed_or_left_alone(
    monthly: "Customer", action: Change, message: str
) -> None:
    monthly.suspend(SUSPENDED)
    with pytest.raises(BillingError, match=message):
        monthly.order(action)


def test_nothing_happens_to_products_before_the_last_resumption(
    monthly: "Customer", sold: "Callable[..., Sold]"
) -> None:
    monthly.suspend(SUSPENDED)
    monthly.resume(RESUMED)
    plan, early = monthly.subscription.rate_plans[0], RESUMED - DAY
    change_then = Override(key=plan.charges[0].number, price=Decimal(1), specific_trigger=early)
    for action, message in (
        (AddProduct(Triggers(early), monthly.offer(sold(price=1))), "was resumed on 2026-06-11"),
        (UpdateProduct(Triggers(RESUMED), plan.id, (change_then,)), "was resumed on 2026-06-11"),
        (Suspend(Triggers(early), "SpecificDate", specific=early), "on or after 2026-06-11"),
    ):
        with pytest.raises(BillingError, match=message):
            monthly.order(action)


def test_a_discounts_billed_period_is_not_suspended(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    tenth = {"model": "DiscountPercentage", "percentage": 10, "apply_discount_to": "RECURRING"}
    one.subscribe(sold(price=30), sold(**tenth), start=START)
    assert one.bill(date(2026, 3, 1)).total == 81
    with pytest.raises(BillingError, match="on or after 2026-03-01"):
        one.suspend(date(2026, 2, 15))
    one.suspend(date(2026, 3, 11))
    assert one.bill(date(2026, 3, 11)).total == Decimal(
        "-18.29"
    )  # 20.32 of 21 days, less 2.03 of the discount
    one.resume(date(2026, 5, 1))
    assert one.bill(date(2026, 5, 1)).total == 27


def test_usage_is_billed_outside_the_suspension_and_what_is_billed_stays(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=2, type="Usage", model="PerUnit", uom="Each"), start=START)
    for day in (date(2026, 3, 5), date(2026, 4, 10), date(2026, 5, 10), date(2026, 6, 20)):
        one.use(10, day)
    assert one.bill(date(2026, 4, 1)).total == 20
    with pytest.raises(BillingError, match="on or after 2026-04-01"):
        one.suspend(date(2026, 3, 20))
    one.suspend(SUSPENDED)
    assert one.bill(date(2026, 6, 1)).total == 20
    one.resume(RESUMED)
    assert one.bill(date(2026, 12, 31)).total == 20


@given(DAYS, DAYS, st.sampled_from(sorted(PERIODS)))
def test_a_suspension_without_length_changes_no_amount(
    customer: "type[Customer]", sold: "Callable[..., Sold]", billed: date, day: date, period: str
) -> None:
    one, other = customer(7), customer(7)
    for each in (one, other):
        each.subscribe(sold(price=777, billing_period=period), start=START)
        each.bill(billed)
    one.suspend(day)
    one.resume(day)
    bills = [each.bill(date(2027, 1, 1)) for each in (one, other)]
    ours, theirs = ([(x.item.start, x.item.end, x.item.amount) for x in bill.lines] for bill in bills)
    assert ours == theirs


@given(st.lists(DAYS, min_size=5, max_size=5), st.sampled_from(sorted(PERIODS)), st.integers(1, 99999))
def test_who_suspends_pays_for_the_time_of_service(
    customer: "type[Customer]", sold: "Callable[..., Sold]", days: list[date], period: str, cents: int
) -> None:
    """Compared with exact fractions of months, within a cent: half of one on each side of the suspension."""
    price = Decimal(cents) / 100
    one = customer()
    one.subscribe(sold(price=price, billing_period=period), start=START)
    before, between, later, *pause = days
    suspended, resumed = sorted(pause)
    total = one.bill(before).total
    one.suspend(suspended)
    total += one.bill(between).total
    one.resume(resumed)
    total += one.bill(later).total + one.bill(END).total
    paused = Fraction(0)
    for first, after in Grid.of(START, "Month").periods(suspended, resumed):
        paused += Fraction((min(after, resumed) - max(first, suspended)).days, (after - first).days)
    owed = Fraction(price) / PERIODS[period] * (12 - paused)
    assert abs(Fraction(total) - owed) <= Fraction(1, 100)
