"""Money: decimal amounts, rounded at named points by the rule of their currency."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

from toolkit.billing.errors import InvalidValueError

ZERO = Decimal(0)

RoundingMode = Literal["HALF_UP", "UP", "DOWN"]

_MODES = {"HALF_UP": ROUND_HALF_UP, "UP": ROUND_UP, "DOWN": ROUND_DOWN}
_CENT = Decimal("0.01")
_ONE = Decimal(1)
_WITHOUT_CENTS = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_SMALLEST_UNIT = {
    **dict.fromkeys(_WITHOUT_CENTS, Decimal(1)),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), Decimal("0.001")),
}


def smallest_unit(currency: str) -> Decimal:
    """Return the smallest amount that the currency has by ISO 4217, such as 0.01 for USD."""
    return _SMALLEST_UNIT.get(currency, _CENT)


def check_positive(amount: Decimal) -> None:
    """Refuse an amount that moves no money, or moves it the wrong way.

    Raises:
        InvalidValueError: It is 0 or less.
    """
    if amount <= 0:
        raise InvalidValueError(f"The amount {amount} should be greater than 0.")


def round_money(
    amount: Decimal, currency: str, mode: RoundingMode = "HALF_UP", increment: Decimal | None = None
) -> Decimal:
    """Round to a multiple of `increment`, or else to the currency's smallest unit.

    Zuora's default mode is half up, away from zero at the half.
    Source: Zuora, customization of currencies: modes Half Up (default), Up, Down; rounding increment.
    """
    if increment is None:
        return amount.quantize(smallest_unit(currency), _MODES[mode])
    return (amount / increment).quantize(_ONE, _MODES[mode]) * increment
