"""Conditions: what they compare, and what they refuse."""

from datetime import date
from decimal import Decimal

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.messages import jexl

EXAMPLE = (  # of Zuora's page on event triggers
    "changeType == 'UPDATE' && Invoice.Status == 'Posted' && Invoice.Status_old != 'Posted'"
    " && Invoice.Amount > 1000.0"
)
INVOICE = {
    "changeType": "UPDATE",
    "Invoice.Status": "Posted",
    "Invoice.Status_old": "Draft",
    "Invoice.Amount": Decimal(1500),
    "Invoice.Items": 3,
    "Invoice.Due": date(2026, 2, 1),
    "Invoice.Number": "7",
    "Invoice.Auto": True,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (EXAMPLE, True),
        ("changeType == 'INSERT' || Invoice.Amount >= 1500.0B", True),
        ("changeType eq 'UPDATE' and not (Invoice.Amount lt 1500)", True),
        ("Invoice.Amount le 1499 or Invoice.Amount ge 1501", False),
        ('changeType ne "UPDATE"', False),
        ("Invoice.Amount gt -1", True),
        ("Invoice.Items == 3 && Invoice.Items == '3.0'", True),
        ("Invoice.Due > '2026-01-31'", True),
        ("Invoice.Due == 'soon' || Invoice.Amount == 'much'", False),
        ("Invoice.Number < 10", True),
        ("Invoice.Auto == true && Invoice.Auto != false", True),
        ("Invoice.Nothing == null && Invoice.Status != null", True),
        ("Invoice.Nothing < 1", False),
        ("!Invoice.Auto", False),
        ("Invoice.Auto", True),
    ],
)
def test_a_condition_holds_or_not(condition: str, holds: object) -> None:
    assert bool(jexl.compiled(condition)(INVOICE.get)) is holds


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ("changeType = 'UPDATE'", "= 'UPDATE'"),
        ("(changeType", ""),
        ("changeType == ", ""),
        ("changeType == 'A' 'B'", "'B'"),
        ("changeType == -'A'", "'A'"),
        ("&& true", "&&"),
        ("", ""),
    ],
)
def test_a_condition_that_cannot_be_read_is_named(condition: str, place: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        jexl.compiled(condition)
    assert str(refused.value) == f"The condition '{condition}' cannot be read at '{place}'."
