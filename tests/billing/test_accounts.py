"""What an account owes, and when."""

from decimal import Decimal

import pytest

from toolkit.billing.accounts import PAYMENT_TERMS, Balances, net_days


def test_credit_and_unapplied_payments_lower_the_balance_and_debit_memos_raise_it() -> None:
    """Source: Zuora, key metrics for customer accounts (MET-055); invoice settlement."""
    assert Balances(Decimal(0), Decimal(50), Decimal(0)).balance == -50
    assert Balances(Decimal(300), Decimal(50), Decimal(0)).balance == 250
    assert Balances(Decimal(300), Decimal(50), Decimal(10)).balance == 240
    assert Balances(Decimal(300), Decimal(50), Decimal(10), Decimal(7)).balance == 247


@pytest.mark.parametrize("term", PAYMENT_TERMS[1:])
def test_a_net_term_says_its_days(term: str) -> None:
    assert f"Net {net_days(term)}" == term


@pytest.mark.parametrize("term", ["Due Upon Receipt", "Whenever"])
def test_any_other_term_is_due_upon_receipt(term: str) -> None:
    assert net_days(term) == 0
