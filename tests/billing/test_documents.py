"""What invoices and credit memos list."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.documents import document_items, item_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


@pytest.fixture
def buyer(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with two seats a month at 10 % off."""
    one = customer()
    one.subscribe(
        sold("49.99", name="Seats", model="PerUnit", quantity=2, uom="Seat", description="Seats a month"),
        sold(model="DiscountPercentage", name="Loyalty", percentage=10, discount_level="subscription"),
        start=START,
    )
    return one


def test_an_item_shows_what_was_billed(buyer: "Customer") -> None:
    now = buyer.account.created
    seats, loyalty = document_items(buyer.bill(START).lines, buyer, now)
    charge, _ = buyer.charges
    assert (seats.charge_id, seats.charge_number, seats.charge_type) == (
        charge.id,
        charge.number,
        "Recurring",
    )
    assert (seats.charge_name, seats.description, seats.uom) == ("Seats", "Seats a month", "Seat")
    assert (seats.subscription_id, seats.subscription_number) == (
        buyer.subscription.id,
        buyer.subscription.number,
    )
    assert (seats.start, seats.end, seats.product_name) == (START, date(2026, 1, 31), "Product")
    assert [seats.quantity, seats.unit_price, seats.amount] == [2, Decimal("49.99"), Decimal("99.98")]
    assert (seats.processing_type, seats.applied_to_item_id, seats.charge_date) == ("Charge", None, now)
    assert (loyalty.processing_type, loyalty.applied_to_item_id) == ("Discount", seats.id)
    assert [loyalty.unit_price, loyalty.amount] == [0, Decimal("-10.00")]
    assert seats.id != loyalty.id


def test_a_credit_memo_s_item_is_positive_for_what_is_given_back(buyer: "Customer") -> None:
    buyer.bill(START)
    buyer.cancel(date(2026, 1, 17))
    owed = buyer.bill(date(2026, 1, 17))
    seats, loyalty = document_items(owed.lines, buyer, buyer.account.created, sign=-1)
    assert (seats.start, seats.end) == (date(2026, 1, 17), date(2026, 1, 31))
    assert [seats.quantity, seats.unit_price, seats.amount] == [2, Decimal("49.99"), Decimal("48.38")]
    assert (loyalty.applied_to_item_id, loyalty.amount) == (seats.id, Decimal("-4.84"))


def test_partial_and_credited_items_are_named_so(buyer: "Customer") -> None:
    """Source: Zuora, proration credit: Proration, Proration Credit, Credit."""
    buyer.moves_to(15)
    lines = buyer.bill(date(2026, 3, 15)).lines
    assert [item_name(line.item) for line in lines[:2]] == ["Seats -- Proration", "Seats"]
    assert [item_name(line.item) for line in lines[4:6]] == ["Loyalty -- Proration", "Loyalty"]
    buyer.cancel(date(2026, 3, 1))
    assert [item_name(line.item) for line in buyer.bill(date(2026, 3, 15)).lines] == [
        "Seats -- Proration Credit",
        "Seats -- Credit",
        "Loyalty -- Proration Credit",
        "Loyalty -- Credit",
    ]
