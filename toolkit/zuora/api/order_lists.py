"""/v1/orders lists: all, of a subscription owner, of an invoice owner, and of a subscription."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.orders import Order
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.orders.showing import show_order
from toolkit.zuora.state.owners import invoiced_to

_STATUSES = ("draft", "pending", "completed", "cancelled", "scheduled", "executing", "failed", "all")


def list_all(call: Call) -> Reply:
    """Show every order."""
    return _listed(call, call.world.orders.latest())


def list_by_owner(call: Call) -> Reply:
    """Show the orders that were placed for an account."""
    account = call.world.accounts.find(call.path["account-number"])
    return _listed(call, (one for one in call.world.orders.of(account.id) if one.account_id == account.id))


def list_by_invoice_owner(call: Call) -> Reply:
    """Show the orders of the subscriptions that an account gets the invoices of."""
    account = call.world.accounts.find(call.path["account-number"])
    paid = invoiced_to(call.world.subscriptions, account.id)
    found = {order.number: order for one in paid for order in call.world.orders.of(one.number)}
    return _listed(call, found.values())


def list_by_subscription(call: Call) -> Reply:
    """Show the orders of a subscription."""
    found = call.world.subscriptions.find(call.path["subscription-number"])
    return _listed(call, call.world.orders.of(found.number))


def read_pending(call: Call) -> Reply:
    """Show the pending order of a subscription; without one there is none to show."""
    found = call.world.subscriptions.find(call.path["subscription-key"])
    pending = (one for one in call.world.orders.of(found.number) if one.status == "Pending")
    order = next(pending, None)
    return Reply({"success": True} | ({"order": show_order(call.world, order)} if order else {}))


def _listed(call: Call, orders: Iterable[Order]) -> Reply:
    """Answer a page of what the filters leave, latest first."""
    chosen = sorted(_filtered(call, orders), key=lambda one: (one.created, one.number), reverse=True)
    return listing(call, "orders", chosen, partial(show_order, call.world))


def _filtered(call: Call, orders: Iterable[Order]) -> Iterable[Order]:
    status = call.query.get("status", "all")
    if status not in _STATUSES:
        raise InvalidValueError(f"'status' value should be one of: {', '.join(_STATUSES)}")
    option = call.query.get("dateFilterOption", "orderDate")
    if option not in {"orderDate", "updatedDate"}:
        raise InvalidValueError("'dateFilterOption' value should be one of: orderDate, updatedDate")
    start, end = _day(call, "startDate") or date.min, _day(call, "endDate") or date.max
    for one in orders:
        dated = one.order_date if option == "orderDate" else one.updated.date()
        if start <= dated <= end and status in {"all", one.status.lower()}:
            yield one


def _day(call: Call, name: str) -> date | None:
    given = call.query.get(name)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InvalidValueError(f"'{name}' should be a date such as 2026-01-31, not '{given}'.") from error


ENDPOINTS = (
    Endpoint("GET", "/v1/orders", list_all),
    Endpoint("GET", "/v1/orders/subscriptionOwner/{account-number}", list_by_owner),
    Endpoint("GET", "/v1/orders/invoiceOwner/{account-number}", list_by_invoice_owner),
    Endpoint("GET", "/v1/orders/subscription/{subscription-number}", list_by_subscription),
    Endpoint("GET", "/v1/orders/subscription/{subscription-key}/pending", read_pending),
)
