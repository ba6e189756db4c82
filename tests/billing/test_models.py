"""Prices by attributes, and their bounds; the models themselves are shown where they are rated."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.billing.catalog import Pricing, Tier
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.models import price_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold
    from toolkit.billing.catalog import ChargeModel

CARDS: list[dict[str, Any]] = [
    {"when": {"state": "CA", "size": "S"}, "price": 10},
    {"when": {"state": "CA"}, "price": 20},
    {"when": {"state": "NY"}, "price": 30},
]
ANY: dict[str, Any] = {"when": {}, "price": 40}


@pytest.mark.parametrize(
    ("attributes", "cards", "amount"),
    [
        ({"state": "CA", "size": "S"}, CARDS, 10),
        ({"state": "CA", "size": "L"}, CARDS, 20),
        ({"state": "TX"}, [*CARDS, ANY], 40),
        (None, [*CARDS, ANY], 40),
    ],
)
def test_the_first_card_that_fits_prices_a_charge(
    attributes: dict[str, str],
    cards: list[dict[str, Any]],
    amount: int,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    one = customer()
    one.subscribe(sold(cards=cards, attributes=attributes), start=date(2026, 1, 1))
    assert one.bill(date(2026, 1, 1)).total == amount


def test_other_attributes_change_the_price(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    one.subscribe(sold(cards=CARDS, attributes={"state": "CA"}), start=date(2026, 1, 1))
    one.update(date(2026, 2, 1), attributes={"state": "NY"})
    assert [line.item.amount for line in one.bill(date(2026, 2, 1)).lines] == [20, 30]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [({"state": "TX", "size": "S"}, "for size 'S', state 'TX'"), (None, "for no attributes")],
)
def test_attributes_without_a_price_are_refused(
    attributes: dict[str, str], said: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    with pytest.raises(InvalidValueError, match=f"The price table has no price {said}"):
        customer().subscribe(sold(cards=CARDS, attributes=attributes), start=date(2026, 1, 1))


BOUNDED = Pricing(
    currency="USD",
    tiers=(
        Tier(tier=1, starting_unit=Decimal(0), ending_unit=Decimal(10), price=Decimal(1), minimum=Decimal(5)),
        Tier(tier=2, starting_unit=Decimal(10), ending_unit=None, price=Decimal(2), maximum=Decimal(12)),
    ),
)


@pytest.mark.parametrize(
    ("model", "quantity", "price"),
    [
        ("Tiered", 3, 5),
        ("Tiered", 10, 10),
        ("Tiered", 12, 14),
        ("Tiered", 20, 22),
        ("Volume", 3, 5),
        ("Volume", 11, 12),
    ],
)
def test_each_tier_keeps_to_its_bounds(model: "ChargeModel", quantity: int, price: int) -> None:
    assert price_of(model, BOUNDED, Decimal(quantity)) == price
