"""Units of measure: how many decimal places their quantities have, and which way they are rounded."""

from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Literal

import msgspec

from toolkit.billing.errors import InvalidValueError

_MODES = {"UP": ROUND_UP, "DOWN": ROUND_DOWN}
_MOST_PLACES = 9


class UnitOfMeasure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A unit in which quantities are counted.

    Attributes:
        id: Given when a client creates it; a unit that is declared in a file has none.
        decimal_places: 0-9.
        rounding: Away from 0, or towards it.

    Raises:
        InvalidValueError: There are fewer or more decimal places.

    Source: Zuora, customization of units of measure.
    """

    id: str = ""
    decimal_places: int = 0
    rounding: Literal["UP", "DOWN"] = "UP"

    def __post_init__(self) -> None:
        if not 0 <= self.decimal_places <= _MOST_PLACES:
            raise InvalidValueError(
                f"The decimal places of a unit of measure should be 0 to {_MOST_PLACES}, not "
                f"{self.decimal_places}."
            )

    def rounded(self, quantity: Decimal) -> Decimal:
        """Round a quantity in this unit."""
        return quantity.quantize(Decimal(1).scaleb(-self.decimal_places), _MODES[self.rounding])
