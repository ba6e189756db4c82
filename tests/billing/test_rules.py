"""Billing rules: what may not be combined, and to what amounts are rounded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.rules import BillingRules


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"prorate_partial_period": False}, "Partial months cannot be billed"),
        ({"past_term_end_renewing": False, "bill_partial_month": False}, "renew by themselves"),
        ({"past_term_end_renewing": False, "bill_partial_week": False}, "renew by themselves"),
        ({"rounding_increments": {"CHF": Decimal(0)}}, "increment of CHF should be greater than 0"),
    ],
)
def test_rules_that_exclude_one_another_are_refused(rules: Mapping[str, Any], problem: str) -> None:
    """Source: Zuora, define billing rules: the combination cannot be saved."""
    with pytest.raises(InvalidValueError, match=problem):
        BillingRules(**rules)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("1.024", "CHF", "1.00"), ("1.025", "CHF", "1.05"), ("1.024", "USD", "1.02"), ("1.5", "JPY", "2")],
)
def test_an_amount_is_a_multiple_of_its_currencys_increment(amount: str, currency: str, rounded: str) -> None:
    rules = BillingRules(rounding_increments={"CHF": Decimal("0.05")})
    assert str(rules.rounded(Decimal(amount), currency)) == rounded


def test_the_increment_is_reached_by_the_mode() -> None:
    rules = BillingRules(rounding="UP", rounding_increments={"CHF": Decimal("0.05")})
    assert rules.rounded(Decimal("1.001"), "CHF") == Decimal("1.05")
