"""How far bills reach, and what parts of periods cost: what changed code would get wrong unseen."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from tests.billing.conftest import Customer, Sold

JANUARY = date(2026, 1, 1)

Buy = Callable[..., "Customer"]


@pytest.fixture
def buy(customer: "type[Customer]", sold: "Callable[..., Sold]") -> Buy:
    """Return a customer who has bought one charge."""

    def buying(
        price: object, rules: BillingRules | None = None, start: str = "2026-01-01", **terms: object
    ) -> "Customer":
        one = customer(currency=str(terms.pop("currency", "USD")), rules=rules or BillingRules())
        one.subscribe(sold(price, **terms), start=date.fromisoformat(start), term=Term(2, "Year"))
        return one

    return buying


def items(customer: "Customer", target: str) -> list[tuple[str, str, str]]:
    lines = customer.bill(date.fromisoformat(target)).lines
    return [(f"{one.item.start}", f"{one.item.last_day}", f"{one.item.amount}") for one in lines]


def test_a_bill_of_nothing_leaves_how_far_the_last_one_went(buy: Buy) -> None:
    one = buy(10)
    one.bill(date(2026, 3, 1))
    before = one.charges
    assert items(one, "2026-03-31") == []
    assert one.charges == before
    assert (before[0].charged_through, before[0].processed_through) == (date(2026, 4, 1), date(2026, 3, 1))


def test_what_is_given_back_of_a_one_time_charge_is_a_credit_of_all_of_it(buy: Buy) -> None:
    one = buy(5, BillingRules(credit_one_time=True), type="OneTime", model="PerUnit", quantity=3)
    one.bill(JANUARY)
    one.remove(JANUARY)
    (line,) = one.bill(JANUARY).lines
    item = line.item
    assert (item.amount, item.quantity, item.credit, item.billed_from) == (
        Decimal(-15),
        Decimal(-3),
        True,
        JANUARY,
    )
    (charge,) = one.charges
    assert (charge.charged_through, charge.processed_through) == (JANUARY, JANUARY)
    assert one.bill(date(2026, 6, 1)).lines == ()


def test_a_one_time_charge_is_rounded_to_the_unit_of_its_currency(buy: Buy) -> None:
    assert items(buy("10.60", type="OneTime", currency="JPY"), "2026-01-01")[0][2] == "11"


TWO_MONTHS = {"billing_period": "Specific_Months", "specific_billing_period": 2}


def test_two_months_are_a_period_that_the_rule_of_whole_periods_bills_whole(buy: Buy) -> None:
    one = buy(60, BillingRules(bill_partial_month=False, prorate_partial_period=False), **TWO_MONTHS)
    assert items(one, "2026-01-01") == [("2026-01-01", "2026-02-28", "60.00")]
    one.cancel(date(2026, 2, 1))
    assert items(one, "2026-02-01") == []


def test_a_month_is_not_prorated_by_day_as_a_longer_period_is(buy: Buy) -> None:
    """Of a month taken as 30 days 17 are 17/30; a quarter by day has 90, of which 76 are left."""
    rules = BillingRules(month_proration="strict_30_360", long_period_proration="by_day")
    month = buy(30, rules, "2026-01-15")
    assert items(month, "2026-01-15") == [("2026-01-15", "2026-01-31", "16.00")]
    pair = buy(60, rules, **TWO_MONTHS)
    pair.cancel(date(2026, 2, 28))
    assert items(pair, "2026-02-28") == [("2026-01-01", "2026-02-27", "58.00")]


def test_a_yearly_price_spread_over_quarters_is_spread_from_the_segment_s_own_first(buy: Buy) -> None:
    """1,000.01 a year: quarters of 250.00, 250.01, 250.00 and 250.00; a change in the third keeps the sum."""
    one = buy("1000.01", list_price_base="Per_Year", billing_period="Quarter", alignment="AlignToTermStart")
    assert [amount for *_, amount in items(one, "2026-10-01")] == ["250.00", "250.01", "250.00", "250.00"]
    one.update(date(2027, 4, 1), price=Decimal("1000.01"))
    amounts = [amount for *_, amount in items(one, "2027-10-01")]
    assert amounts == ["250.00", "250.00", "250.01", "250.00"]
    one.cancel(date(2027, 11, 15))
    (credit,) = items(one, "2027-11-15")
    assert credit[:2] == ("2027-11-15", "2027-12-31")
    kept = Decimal("1000.01") / 4 * (1 + Decimal(14) / 30) / 3
    assert abs(Decimal(credit[2]) + 250 - kept) < Decimal("0.02")


def test_unrounded_percentages_leave_usage_rounded(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=BillingRules(percentage_of="unrounded"))
    one.subscribe(
        sold("0.333", type="Usage", model="PerUnit"),
        sold(
            model="DiscountPercentage",
            percentage=Decimal(50),
            discount_level="subscription",
            apply_discount_to="USAGE",
        ),
        start=JANUARY,
    )
    one.use(5, date(2026, 1, 10))
    assert [amount for *_, amount in items(one, "2026-02-01")] == ["1.67", "-0.84"]
