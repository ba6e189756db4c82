"""Order line items go through their states as documented, and are billed when they are sent to billing."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import MissingValueError, RuleError
from toolkit.billing.lineitems import (
    LineItem,
    LineItemState,
    check_billable,
    document_item,
    due,
    moved,
)
from toolkit.billing.rules import DEFAULT_RULES

if TYPE_CHECKING:
    from tests.billing.conftest import Customer

DAY = date(2026, 3, 1)
ITEM = LineItem(
    id="1",
    number="O-1/1",
    item_number="1",
    order_number="O-1",
    account_id="2",
    currency="USD",
    name="Router",
    type="Product",
    state="Executing",
    quantity=Decimal(3),
    amount_per_unit=Decimal("33.335"),
    list_price_per_unit=Decimal(40),
    start=DAY,
    end=DAY,
    bill_target=DAY,
)
SENT = replace(ITEM, state="SentToBilling")


@pytest.mark.parametrize(
    "path",
    [
        ("Booked", "SentToBilling", "Complete"),
        ("SentToBilling", "SentToBilling", "Complete"),
        ("Booked", "Complete"),
        ("Complete",),
        ("Canceled",),
    ],
)
def test_a_line_item_moves_on(path: tuple[LineItemState, ...]) -> None:
    """Source: Zuora, state transitions for order line items without fulfillments."""
    item = ITEM
    for state in path:
        item = moved(item, state)
    assert item.state == path[-1]


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("SentToBilling", "Canceled"),
        ("Booked", "Canceled"),
        ("Complete", "Booked"),
        ("Canceled", "Executing"),
    ],
)
def test_a_line_item_does_not_move_back(state: LineItemState, wanted: LineItemState) -> None:
    with pytest.raises(RuleError, match=f"1 of the order O-1 is {state} and cannot become {wanted}"):
        moved(replace(ITEM, state=state), wanted)


def test_sending_to_billing_needs_a_target_date() -> None:
    assert check_billable(SENT) is SENT
    with pytest.raises(MissingValueError, match="'billTargetDate' may not be null"):
        check_billable(replace(SENT, bill_target=None))


def test_what_is_sent_to_billing_is_due_from_its_target_date_on_and_once() -> None:
    assert due([ITEM, SENT], DAY) == [SENT]
    assert due([SENT], date(2026, 2, 28)) == []
    assert due([replace(SENT, billed=True), replace(SENT, bill_target=None)], DAY) == []


def test_its_invoice_item_says_what_was_sold(yearly: "Customer") -> None:
    item = document_item(SENT, yearly.heading(DAY), yearly, DEFAULT_RULES)
    assert (item.amount, item.quantity, item.unit_price) == (
        Decimal("100.01"),
        Decimal(3),
        Decimal("33.335"),
    )
    assert (item.start, item.end, item.line_item_id) == (DAY, DAY, "1")
