"""Grants: what fixed discounts were taken off, which is what they can no longer be taken off."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Grant(NamedTuple):
    """What a fixed discount has taken off one billed item in one of its own periods.

    Attributes:
        charge_id: The segment that the item bills.
        start: First day of the item.
        period: First day of the discount's period.
        amount: What it took, positive.
        of: What earlier discounts had left of the item before this one took anything off it.
    """

    charge_id: str
    start: date
    period: date
    amount: Decimal
    of: Decimal
