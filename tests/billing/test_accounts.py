"""What an account owes, and when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from toolkit.billing.accounts import Balances, due_date

DAY = date(2026, 1, 31)


def test_credit_and_unapplied_payments_lower_the_balance_and_debit_memos_raise_it() -> None:
    """Source: Zuora, key metrics for customer accounts (MET-055); invoice settlement."""
    assert Balances(Decimal(0), Decimal(50), Decimal(0)).balance == -50
    assert Balances(Decimal(300), Decimal(50), Decimal(0)).balance == 250
    assert Balances(Decimal(300), Decimal(50), Decimal(10)).balance == 240
    assert Balances(Decimal(300), Decimal(50), Decimal(10), Decimal(7)).balance == 247


@pytest.mark.parametrize("days", [15, 30, 45, 60, 90])
def test_a_net_term_says_its_days(days: int) -> None:
    assert due_date(DAY, f"Net {days}", {}) == DAY + timedelta(days=days)


@pytest.mark.parametrize("term", ["Due Upon Receipt", "Whenever"])
def test_any_other_term_is_due_upon_receipt(term: str) -> None:
    assert due_date(DAY, term, {}) == DAY
