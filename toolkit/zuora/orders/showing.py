"""An order as answers show it."""

from typing import Any

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.orders import Order
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.wire import day, stamp
from toolkit.zuora.orders.action_showing import show_actions
from toolkit.zuora.orders.line_items import show_line_item
from toolkit.zuora.state.world import World


def find_order(world: World, key: str) -> Order:
    """Return the order with this number.

    Raises:
        InvalidValueError: There is none. Source: recorded GET of a bad number.
    """
    order = world.orders.get(key)
    if order is None:
        raise InvalidValueError(f"Invalid orderNumber: {key}")
    return order


def show_order(world: World, order: Order) -> dict[str, Any]:
    """Return an order as answers show it. Source: recorded GET order."""
    shown: dict[str, Any] = {
        "orderNumber": order.number,
        "orderDate": day(order.order_date),
        "createdDate": stamp(order.created),
        "createdBy": SYSTEM_USER,
        "updatedDate": stamp(order.updated),
        "updatedBy": SYSTEM_USER,
        "category": "NewSales",
        "existingAccountNumber": world.accounts.find(order.account_id).number,
        "currency": order.currency,
        "status": order.status,
        "description": order.description,
        "subscriptions": [
            {
                "subscriptionNumber": one.number,
                "baseVersion": one.base_version,
                "newVersion": one.new_version or None,
                "orderActions": show_actions(world, order, one),
                "customFields": {},
            }
            for one in order.actions
        ],
        "orderLineItems": [show_line_item(world, one) for one in world.order_line_items.of(order.number)],
        "customFields": order.custom_fields,
    }
    if order.scheduled is not None:
        options = {"scheduledDate": day(order.scheduled), "scheduledDatePolicy": "SpecificDate"}
        shown["schedulingOptions"] = options
    if order.cancel_reason is not None:
        shown["cancelReason"] = order.cancel_reason
    return shown
