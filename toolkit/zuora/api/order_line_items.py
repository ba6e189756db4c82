"""/v1/order-line-items: show order line items, change them and send them to billing."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice, bill
from toolkit.billing.lineitems import LineItemState, LineItemType, check_billable, moved
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.bills import keep
from toolkit.zuora.documents.line_items import bill_line_items
from toolkit.zuora.orders.body import ProcessingOptions
from toolkit.zuora.orders.line_items import ACCOUNTING, UNKNOWN, show_line_item
from toolkit.zuora.orders.processing import heading, paid
from toolkit.zuora.state.world import Change


class LineItemUpdate(Body, frozen=True):
    """What changes of a line item."""

    harmless: ClassVar[frozenset[str]] = ACCOUNTING
    lacking: ClassVar[frozenset[str]] = UNKNOWN

    amount_per_unit: Decimal | None = None
    bill_target_date: date | None = None
    billing_rule: Literal["TriggerWithoutFulfillment"] | None = None
    description: str | None = None
    item_name: str | None = None
    item_state: LineItemState | None = None
    item_type: LineItemType | None = None
    list_price_per_unit: Decimal | None = None
    product_code: str | None = None
    purchase_order_number: str | None = None
    quantity: Decimal | None = None
    related_subscription_number: str | None = None
    transaction_start_date: date | None = None
    transaction_end_date: date | None = None


class ListedLineItem(LineItemUpdate, frozen=True, kw_only=True):
    """What changes of one of several line items."""

    id: str


class LineItemUpdates(Body, frozen=True):
    """Changes of several line items."""

    order_line_items: tuple[ListedLineItem, ...]
    processing_options: ProcessingOptions = ProcessingOptions()


_MOST = 100
"""Source: Zuora, limits of orders: up to 100 order line items."""

_FIELDS = {
    "amount_per_unit": "amount_per_unit",
    "bill_target_date": "bill_target",
    "description": "description",
    "item_name": "name",
    "item_type": "type",
    "list_price_per_unit": "list_price_per_unit",
    "product_code": "product_code",
    "purchase_order_number": "purchase_order_number",
    "quantity": "quantity",
    "related_subscription_number": "related_subscription_number",
    "transaction_start_date": "start",
    "transaction_end_date": "end",
}


def read(call: Call) -> Reply:
    """Show a line item."""
    item = call.world.order_line_items.find(call.path["item-id"])
    return Reply({"success": True, "orderLineItem": show_line_item(call.world, item)})


def update(call: Call) -> Reply:
    """Change a line item while it is executing, or move it to another state.

    Source: the official SDK, update an order line item.
    """
    change = Change(call.world)
    _update(change, call.path["item-id"], call.body)
    return Reply({"success": True}, change.world)


def update_many(call: Call) -> Reply:
    """Change several line items, all or none; those that are due then may be billed and paid at once.

    Source: the official SDK, update order line items; how it shows the invoices is an assumption.

    Raises:
        InvalidValueError: There are too many.
        RuleError: They are to refund or to write off something.
    """
    said: LineItemUpdates = call.body
    if len(said.order_line_items) > _MOST:
        raise InvalidValueError(f"Up to {_MOST} order line items can be changed at a time.")
    if said.processing_options.gives_back:
        raise RuleError("Only an order that cancels a subscription can refund and write off.")
    change = Change(call.world)
    for one in said.order_line_items:
        _update(change, one.id, one)
    answer: dict[str, Any] = {"success": True}
    if said.processing_options.run_billing:
        billed = _billed(change, said)
        answer["invoices"] = [{"invoiceId": one.id, "invoiceNumber": one.number} for one in billed]
    world = change.world
    shown = [show_line_item(world, world.order_line_items.find(one.id)) for one in said.order_line_items]
    return Reply({**answer, "orderLineItems": shown}, world)


def _billed(change: Change, said: LineItemUpdates) -> list[Invoice | CreditMemo]:
    """Bill those of the line items that are due, on an invoice for each account."""
    world, options = change.world, said.processing_options
    keys = {one.id for one in said.order_line_items}
    sold = [world.order_line_items.find(one.id) for one in said.order_line_items]
    made = list[Invoice | CreditMemo]()
    for owner, order in {one.account_id: one.order_number for one in reversed(sold)}.items():
        head = heading(world, world.accounts.find(owner), order, options.billing_options)
        items = bill_line_items(change, head, world.rules, keys)
        owed = bill(head.account, (), head.target_date, world.rules)
        made += keep(change, head, owed, (), world.rules, items)
    documents, _ = paid(change, world, made, options)
    return list(documents)


def _update(change: Change, key: str, said: LineItemUpdate) -> None:
    item = change.table("order_line_items").find(key)
    changes = {field: value for name, field in _FIELDS.items() if (value := getattr(said, name)) is not None}
    if changes and item.state != "Executing":
        raise RuleError(
            f"The order line item {item.item_number} of the order {item.order_number} is {item.state}: only "
            "Executing ones can be changed."
        )
    fields = {**item.custom_fields, **said.custom_fields}
    changed = replace(item, **changes, custom_fields=fields)
    change.put(check_billable(moved(changed, said.item_state or item.state)))


ENDPOINTS = (
    Endpoint("GET", "/v1/order-line-items/{item-id}", read),
    Endpoint("PUT", "/v1/order-line-items/{item-id}", update, LineItemUpdate),
    Endpoint("POST", "/v1/order-line-items/bulk", update_many, LineItemUpdates),
)
