"""Installments: what invoice schedules have billed of a charge, one item of theirs after the other."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from toolkit.billing.money import ZERO


class Installment(NamedTuple):
    """What one item of an invoice schedule has billed of a charge; `end` is the first day after it."""

    start: date
    end: date
    amount: Decimal


def billed(installments: Sequence[Installment]) -> Decimal:
    """Return what installments have billed together."""
    return sum((one.amount for one in installments), ZERO)
