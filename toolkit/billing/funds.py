"""Funds: prepaid units that can be used up within a time."""

from datetime import date
from decimal import Decimal

import msgspec


class Fund(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Units that a prepayment charge has granted, or that were rolled over from such.

    Attributes:
        start: The first day on which they can be used.
        end: The first day on which they no longer can.
        rolled: How often they were rolled over.
        order: A fund of a lower order is used first: what was rolled over before (-1) or after (1) others.
    """

    charge_number: str
    uom: str
    start: date
    end: date
    units: Decimal
    rolled: int = 0
    order: int = 0
