"""/v1/orders: place, show, correct and delete orders."""

from toolkit.billing.errors import RuleError
from toolkit.billing.orders import Order
from toolkit.zuora.api._customer import PlacedOrder, order_of
from toolkit.zuora.api.accounts import basic_info
from toolkit.zuora.api.contacts import show_contact_of
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.orders.processing import answer, submit
from toolkit.zuora.orders.showing import find_order, show_order
from toolkit.zuora.orders.undoing import delete as delete_order
from toolkit.zuora.state.world import Change


def create(call: Call) -> Reply:
    """Place an order and, if it asks for that, bill it and collect the payment; or keep it for later.

    Answers numbers, or ids with `returnIds=true`. Source: Zuora, POST order.
    """
    return _submitted(call, None)


def update(call: Call) -> Reply:
    """Put an order in the place of a draft, which keeps its number."""
    order = find_order(call.world, call.path["order-number"])
    if order.status != "Draft":
        raise RuleError(f"The order {order.number} is {order.status}: only a draft can be updated.")
    return _submitted(call, order)


def _submitted(call: Call, former: Order | None) -> Reply:
    change = Change(call.world)
    said: PlacedOrder = call.body
    order = order_of(change, said)
    processed = submit(change, call.world if said.new_account is None else change.world, order, former)
    world, ids = change.world, call.query.get("returnIds") == "true"
    return Reply(answer(world, processed, ids=ids, version=call.version), world)


def read(call: Call) -> Reply:
    """Show an order, with its account where `getAccountDetails` asks for it. Source: the official SDK."""
    order = find_order(call.world, call.path["order-number"])
    shown = show_order(call.world, order)
    if call.query.get("getAccountDetails") == "true":
        account = call.world.accounts.find(order.account_id)
        contact = show_contact_of(call.world, account.bill_to_id)
        shown["existingAccountDetails"] = {"basicInfo": basic_info(account), "billToContact": contact}
    return Reply({"success": True, "order": shown})


def delete(call: Call) -> Reply:
    """Delete an order and what it did, as long as none of that is billed."""
    key = call.path["order-number"]
    order = call.world.orders.get(key)
    if order is None:  # recorded: another category than that of GET
        raise Refusal(Category.NOT_FOUND, f"Invalid orderNumber: {key}")
    change = Change(call.world)
    delete_order(change, order)
    return Reply({"success": True}, change.world)


_RESOURCE = 585600

ENDPOINTS = (
    Endpoint("POST", "/v1/orders", create, PlacedOrder, resource=_RESOURCE),
    Endpoint("GET", "/v1/orders/{order-number}", read),
    Endpoint("PUT", "/v1/orders/{order-number}", update, PlacedOrder, resource=_RESOURCE),
    Endpoint("DELETE", "/v1/orders/{order-number}", delete),
)
