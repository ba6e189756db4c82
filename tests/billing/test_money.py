"""Money is rounded to what its currency has, by the tenant's mode."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.money import RoundingMode, check_positive, round_money, smallest_unit

AMOUNTS = st.decimals(-(10**6), 10**6, places=9, allow_nan=False)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


@pytest.mark.parametrize(
    ("currency", "unit"), [("USD", "0.01"), ("HUF", "0.01"), ("JPY", "1"), ("CLP", "1"), ("KWD", "0.001")]
)
def test_a_currency_has_the_smallest_unit_of_iso_4217(currency: str, unit: str) -> None:
    assert smallest_unit(currency) == Decimal(unit)


@pytest.mark.parametrize(
    ("amount", "half_up", "up", "down"),
    [
        ("0.005", "0.01", "0.01", "0.00"),
        ("0.004999", "0.00", "0.01", "0.00"),
        ("-0.005", "-0.01", "-0.01", "0.00"),
        ("458.335", "458.34", "458.34", "458.33"),
        ("12.30", "12.30", "12.30", "12.30"),
    ],
)
def test_the_modes_round_half_up_up_and_down(amount: str, half_up: str, up: str, down: str) -> None:
    rounded = [round_money(Decimal(amount), "USD", mode) for mode in ("HALF_UP", "UP", "DOWN")]
    assert rounded == [Decimal(half_up), Decimal(up), Decimal(down)]
    assert round_money(Decimal(amount), "USD") == Decimal(half_up)


@given(AMOUNTS, CURRENCIES, st.sampled_from(get_args(RoundingMode)))
def test_rounding_gives_whole_units_close_by(amount: Decimal, currency: str, mode: RoundingMode) -> None:
    rounded, unit = round_money(amount, currency, mode), smallest_unit(currency)
    assert rounded % unit == 0
    assert round_money(rounded, currency, mode) == rounded
    away = abs(rounded) - abs(amount)
    lowest, highest = {
        "HALF_UP": (-unit / 2, unit / 2),
        "UP": (Decimal(0), unit),
        "DOWN": (-unit, Decimal(0)),
    }[mode]
    assert lowest <= away <= highest


@pytest.mark.parametrize("amount", ["0", "-0.01"])
def test_an_amount_that_is_moved_is_positive(amount: str) -> None:
    with pytest.raises(InvalidValueError, match=f"The amount {amount} should be greater than 0."):
        check_positive(Decimal(amount))
