"""Trigger dates: their order, and which of them starts a charge."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.orders import Triggers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Sold

FIRST, SECOND, THIRD, OTHER = (date(2026, month, 1) for month in (1, 2, 3, 9))


def test_missing_dates_are_those_before_them() -> None:
    assert Triggers(FIRST).acceptance == FIRST
    assert Triggers(FIRST, SECOND).acceptance == SECOND
    assert Triggers(FIRST, None, THIRD).activation == FIRST


@pytest.mark.parametrize("dates", [(SECOND, FIRST), (FIRST, THIRD, SECOND), (SECOND, None, FIRST)])
def test_dates_come_in_their_order(dates: tuple[date, ...]) -> None:
    with pytest.raises(InvalidValueError, match="in the order ContractEffective, ServiceActivation"):
        Triggers(*dates)


@pytest.mark.parametrize(
    ("event", "specific", "start"),
    [
        ("ContractEffective", OTHER, FIRST),
        ("ServiceActivation", OTHER, SECOND),
        ("CustomerAcceptance", OTHER, THIRD),
        ("SpecificDate", OTHER, OTHER),
        ("SpecificDate", None, FIRST),
    ],
)
def test_a_charge_starts_by_its_event(
    event: str, specific: date | None, start: date, sold: "Callable[..., Sold]"
) -> None:
    assert Triggers(FIRST, SECOND, THIRD).start(sold(1, trigger_event=event), specific) == start
