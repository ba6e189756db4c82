"""Grants: what discounts were taken off: of fixed ones what is used up, of others what can be taken back."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Grant(NamedTuple):
    """What a discount has taken off one billed item, and a fixed one in one of its own periods.

    Attributes:
        charge_id: The segment that the item bills.
        start: First day of the item.
        period: First day of the fixed discount's period; of a percentage that of the item.
        amount: What it took, positive.
        of: What earlier discounts had left of the item before this one took anything off it.
    """

    charge_id: str
    start: date
    period: date
    amount: Decimal
    of: Decimal
