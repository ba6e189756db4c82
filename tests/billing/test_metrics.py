"""Contract metrics are those that Zuora showed for recorded subscriptions."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from toolkit import content
from toolkit.billing.metrics import months_between, mrr, subscription_mrr, subscription_tcv, tcb, tcv
from toolkit.billing.rules import DEFAULT_RULES
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

Segment = tuple[str | None, Decimal, date, date, Decimal, Decimal]
SEGMENTS = msgspec.convert(
    content.read_yaml(Path(__file__).with_name("recorded-segments.yaml")), tuple[Segment, ...]
)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_recorded_segment_has_its_mrr_and_tcv(
    segment: Segment, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    period, price, start, end, monthly, total = segment
    kind = {"type": "Recurring"} if period else {"type": "OneTime"}
    one = customer()
    one.subscribe(
        sold(price, **kind, billing_period=period, end_date_condition="Specific_End_Date", end=end),
        start=start,
        term=None,
    )
    (charge,) = one.charges
    assert charge.effective_end == end
    assert (mrr(charge), tcv(charge)) == (monthly, total)
    assert charge.dtcv == total


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2026-01-01", "0"),
        ("2026-01-01", "2026-03-01", "2"),
        ("2026-01-01", "2026-03-15", "2.451612903"),
        ("2026-01-31", "2026-02-28", "1"),
        ("2026-01-30", "2026-02-28", "1"),
        ("2026-04-30", "2026-05-30", "0.967741935"),
        ("2026-04-30", "2026-05-31", "1"),
    ],
)
def test_months_count_from_anniversaries(start: str, end: str, months: str) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == Decimal(months)


@pytest.fixture
def removed(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A subscription of 14 charges, half of them removed from the day on which the others start."""
    one = customer(currency="GBP")
    old = [137.4, 101.04, 101.04, 101.04, 137.28, 101.04, 101.04]
    new = [147.99, 108.81, 108.81, 108.81, 147.84, 108.81, 108.81]
    prices = ([sold(str(price), billing_period="Annual") for price in half] for half in (old, new))
    one.subscribe(*next(prices), start=date(2024, 11, 2), term=Term(24, "Month"))
    one.add(*next(prices), day=date(2025, 11, 2))
    for plan in range(len(old)):
        one.remove(date(2025, 11, 2), plan)
    return one


def test_removed_charges_count_no_more_though_they_still_run(removed: "Customer") -> None:
    """Source: a subscription recorded on 2025-10-29."""
    assert subscription_mrr(removed.subscription, date(2025, 10, 29)) == Decimal("69.99")


def test_a_removal_takes_back_the_value_of_the_time_that_was_left(removed: "Customer") -> None:
    """Source: the same recording; its plans were removed a year before their end."""
    assert [charge.dmrc for charge in removed.charges[:2]] == [0, 0]
    assert [charge.dtcv for charge in removed.charges[:2]] == [Decimal("-137.4"), Decimal("-101.04")]


def test_a_subscription_is_worth_what_its_last_open_segments_are(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(100), sold(50, billing_period=None, type="OneTime"), start=date(2026, 1, 1))
    one.update(date(2026, 7, 1), price="160.005")
    assert subscription_mrr(one.subscription, date(2026, 1, 1)) == Decimal("160.01")
    assert subscription_mrr(one.subscription, date(2026, 12, 31)) == Decimal("160.01")
    assert subscription_mrr(one.subscription, date(2027, 1, 1)) == 0
    assert subscription_tcv(one.subscription) == Decimal("1610.03")
    one.cancel(date(2026, 12, 1))
    assert subscription_mrr(one.subscription, date(2026, 1, 1)) == 0


def test_what_has_no_end_or_no_price_a_month_counts_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    usage = sold(5, type="Usage", billing_period="Month")
    discount = sold(model="DiscountPercentage", percentage=10)
    one.subscribe(sold(10), usage, discount, start=date(2026, 1, 1), term=None)
    assert [mrr(charge) for charge in one.charges] == [10, 0, 0]
    assert [tcb(one.subscription, charge, 1, DEFAULT_RULES) for charge in one.charges] == [0, 0, 0]
    assert subscription_tcv(one.subscription) == 0
    assert subscription_mrr(one.subscription, date(2046, 1, 1)) == 10


@pytest.mark.parametrize(
    ("term", "worth"), [(Term(6, "Month"), 200), (Term(2, "Year"), 50), (Term(15, "Day"), 2400)]
)
def test_a_price_for_a_term_is_spread_over_its_months(
    term: Term, worth: int, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(1200, billing_period="Subscription_Term"), start=date(2026, 1, 1), term=term)
    assert [mrr(charge) for charge in one.charges] == [worth]
