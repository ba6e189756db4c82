"""Units of measure round the quantities of orders when they are stored, and of usage when it is billed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.rules import BillingRules
from toolkit.billing.units import UnitOfMeasure

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2021, 1, 1)
WHOLE = UnitOfMeasure(decimal_places=0, rounding="DOWN")


@pytest.mark.parametrize("places", [-1, 10])
def test_a_unit_has_no_fewer_than_0_and_no_more_than_9_decimal_places(places: int) -> None:
    with pytest.raises(InvalidValueError, match=f"not {places}"):
        UnitOfMeasure(decimal_places=places)


def test_a_unit_is_rounded_up_unless_said() -> None:
    assert UnitOfMeasure(decimal_places=1).rounded(Decimal("4.61")) == Decimal("4.7")


def test_an_update_stores_a_rounded_quantity_too(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=BillingRules(units={"Seat": WHOLE}))
    one.subscribe(sold(10, model="PerUnit", quantity="4.6", uom="Seat"), start=START)
    one.update(date(2021, 2, 1), quantity=Decimal("7.9"))
    assert [charge.quantity for charge in one.charges] == [4, 7]


def test_a_charge_has_no_quantity_below_zero(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    with pytest.raises(InvalidValueError, match="'quantity' should be at least 0, not -1"):
        one.subscribe(sold(10, model="PerUnit", quantity=-1), start=START)
    one.subscribe(sold(10, model="PerUnit", quantity=1), start=START)
    with pytest.raises(InvalidValueError, match="'quantity' should be at least 0, not -2"):
        one.update(date(2021, 2, 1), quantity=Decimal(-2))
    one.update(date(2021, 2, 1), quantity=Decimal(0))


@pytest.mark.parametrize("model", ["PerUnit", "Tiered", "Volume"])
@pytest.mark.parametrize(("individually", "amount"), [(False, 1), (True, 0)])
def test_the_quantity_of_each_record_is_rounded_where_records_are_priced_one_by_one(
    customer: "type[Customer]", sold: "Callable[..., Sold]", model: str, amount: int, *, individually: bool
) -> None:
    """Source: Zuora, billing rules - usage: round and determine a price for usage records individually."""
    rules = BillingRules(units={"Each": WHOLE}, price_usage_individually=individually)
    one = customer(rules=rules)
    tiers = [{"tier": 1, "starting_unit": 0, "ending_unit": None, "price": 1}]
    one.subscribe(sold(1, type="Usage", model=model, tiers=tiers), start=START)
    one.use(Decimal("0.9"), START)
    one.use(Decimal("0.9"), START)
    assert one.bill(date(2021, 2, 1)).total == amount
    assert one.usage[0].quantity == Decimal("0.9")
