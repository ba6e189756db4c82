"""Order line items: goods and services that an order sells once, without a subscription."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import MissingValueError, RuleError
from toolkit.billing.generation import Heading
from toolkit.billing.orders import Names
from toolkit.billing.rules import BillingRules

LineItemState = Literal["Executing", "Booked", "SentToBilling", "Complete", "Canceled"]
LineItemType = Literal["Product", "Fee", "Services"]

_NEXT: Mapping[LineItemState, frozenset[LineItemState]] = {
    "Executing": frozenset({"Booked", "SentToBilling", "Complete", "Canceled"}),
    "Booked": frozenset({"SentToBilling", "Complete"}),
    "SentToBilling": frozenset({"Complete"}),
    "Complete": frozenset(),
    "Canceled": frozenset(),
}
"""Source: Zuora, state transitions for order line items without fulfillments."""


class LineItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line item of an order.

    Attributes:
        number: Unique in the tenant: the order's number and the item's.
        item_number: Its number in the order.
        start: First day of the transaction.
        end: Last day of it.
        bill_target: From which target date on it is billed, once it is sent to billing.
        billed: Whether a bill has it.
    """

    id: str
    number: str
    item_number: str
    order_number: str
    account_id: str
    currency: str
    name: str
    type: LineItemType
    state: LineItemState
    quantity: Decimal
    amount_per_unit: Decimal
    list_price_per_unit: Decimal
    start: date
    end: date
    description: str = ""
    uom: str | None = None
    product_code: str | None = None
    purchase_order_number: str | None = None
    related_subscription_number: str | None = None
    bill_target: date | None = None
    billed: bool = False
    custom_fields: Mapping[str, object] = {}

    @property
    def counted(self) -> tuple[date, date]:
        """The one day for which metrics count it, and the day after. Source: MET-016."""
        return self.start, self.start + timedelta(days=1)

    def amount(self, rules: BillingRules) -> Decimal:
        """Return what it costs, without tax."""
        return rules.rounded(self.amount_per_unit * self.quantity, self.currency)


def check_billable(item: LineItem) -> LineItem:
    """Return a line item that may be as it is.

    Raises:
        MissingValueError: It is sent to billing, and no target date says when.
    """
    if item.state == "SentToBilling" and item.bill_target is None:
        raise MissingValueError("billTargetDate")
    return item


def moved(item: LineItem, state: LineItemState) -> LineItem:
    """Return a line item in another state.

    Raises:
        RuleError: It cannot come to that state from its own.
    """
    if state != item.state and state not in _NEXT[item.state]:
        raise RuleError(
            f"The order line item {item.item_number} of the order {item.order_number} is {item.state} and "
            f"cannot become {state}."
        )
    return replace(item, state=state)


def due(items: Iterable[LineItem], target: date) -> list[LineItem]:
    """Return those that a bill of this target date has to have."""
    return [
        item
        for item in items
        if item.state == "SentToBilling"
        and not item.billed
        and item.bill_target is not None
        and item.bill_target <= target
    ]


def document_item(item: LineItem, heading: Heading, names: Names, rules: BillingRules) -> DocumentItem:
    """Return the item of an invoice that bills a line item."""
    return DocumentItem(
        id=names.id(),
        line_item_id=item.id,
        charge_name=item.name,
        start=item.start,
        end=item.end,
        amount=item.amount(rules),
        quantity=item.quantity,
        unit_price=item.amount_per_unit,
        charge_date=heading.now,
        description=item.description,
        product_name=item.name,
        sku=item.product_code,
        uom=item.uom,
    )
