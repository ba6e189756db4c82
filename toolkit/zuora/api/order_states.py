"""/v1/orders/{n}/activate, cancel, revert and triggerDates: what becomes of an order that was placed."""

from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.activation import activate as activate_subscription
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.orders import DONE
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.orders import amending
from toolkit.zuora.orders.body import NewOrder
from toolkit.zuora.orders.processing import Processed, answer, carry_out, subscription_status, waiting
from toolkit.zuora.orders.request import Action, OrderedSubscription, TriggerDate
from toolkit.zuora.orders.showing import find_order
from toolkit.zuora.orders.translation import triggers_of
from toolkit.zuora.orders.undoing import revert as revert_order
from toolkit.zuora.state.world import Change


class CancelOrder(Body, frozen=True):
    """Why an order is cancelled."""

    cancel_reason: str | None = None


class RevertOrder(Body, frozen=True):
    """The date of the order that reverts another."""

    order_date: date


class ChargeDate(Body, frozen=True):
    """The trigger date of one charge."""

    harmless: ClassVar[frozenset[str]] = frozenset({"estimatedStartDate"})

    charge_number: str
    specific_trigger_date: date | None = None


class ActionDates(Body, frozen=True):
    """The dates of the action at this place in the order, counted from 0."""

    sequence: int
    trigger_dates: tuple[TriggerDate, ...] = ()
    charges: tuple[ChargeDate, ...] = ()


class SubscriptionDates(Body, frozen=True):
    """The dates of the actions on one subscription."""

    subscription_number: str
    order_actions: tuple[ActionDates, ...] = ()


class TriggerDates(Body, frozen=True):
    """Dates that an order was waiting for."""

    subscriptions: tuple[SubscriptionDates, ...] = ()


def activate(call: Call) -> Reply:
    """Carry out a draft; its subscriptions keep the numbers that they have been given."""
    order = find_order(call.world, call.path["order-number"])
    if order.status != "Draft":
        raise RuleError(f"The order {order.number} is {order.status}: only a draft can be activated.")
    change = Change(call.world)
    processed = carry_out(change, call.world, waiting(order), order)
    world, ids = change.world, call.query.get("returnIds") == "true"
    return Reply(answer(world, processed, ids=ids, version=call.version), world)


def cancel(call: Call) -> Reply:
    """Cancel a draft or a scheduled order, and drop the amendments that it was to carry out.

    Source: Zuora, cancel an order; of the amendments an assumption.
    """
    order = find_order(call.world, call.path["order-number"])
    said: CancelOrder = call.body
    if order.status not in {"Draft", "Scheduled"}:
        raise RuleError(
            f"The order {order.number} is {order.status}: only draft or scheduled orders can be cancelled."
        )
    change = Change(call.world)
    amending.drop(change, order.number)
    reason = said.cancel_reason
    change.put(replace(order, status="Cancelled", cancel_reason=reason, updated=call.world.now, request=DONE))
    shown = {
        "accountNumber": call.world.accounts.find(order.account_id).number,
        "orderNumber": order.number,
        "status": "Cancelled",
        "cancelReason": reason,
    }
    return Reply({"success": True, **shown}, change.world)


def revert(call: Call) -> Reply:
    """Undo a completed order by another. Source: Zuora, revert an order."""
    order = find_order(call.world, call.path["order-number"])
    said: RevertOrder = call.body
    change = Change(call.world)
    reverting = revert_order(change, call.world, order, said.order_date)
    shown = {
        "accountNumber": call.world.accounts.find(order.account_id).number,
        "orderNumber": reverting.number,
        "status": reverting.status,
        "subscriptionNumbers": list(reverting.subscription_numbers),
    }
    return Reply({"success": True, **shown}, change.world)


def set_dates(call: Call) -> Reply:
    """Set dates that a pending order waits for, and carry it out when none is missing any more.

    Source: Zuora, update order trigger dates.
    """
    order = find_order(call.world, call.path["order-number"])
    if order.status != "Pending":
        raise RuleError(f"The order {order.number} is {order.status}: only a pending order takes dates.")
    dates: TriggerDates = call.body
    said = waiting(order)
    change = Change(call.world)
    for one in dates.subscriptions:
        said = _dated(said, order.subscription_numbers, one)
        _date_charges(change, said, one, call)
    processed: Processed = carry_out(change, change.world, said, order)
    world = change.world
    shown = {
        "accountNumber": processed.account.number,
        "orderNumber": order.number,
        "status": processed.order.status,
        "subscriptions": [
            {"subscriptionNumber": number, "status": subscription_status(world, number)}
            for number in order.subscription_numbers
        ],
    }
    return Reply({"success": True, **shown}, world)


def _dated(said: NewOrder, numbers: tuple[str, ...], dates: SubscriptionDates) -> NewOrder:
    """Return the order with these dates in its actions on one subscription."""
    if dates.subscription_number not in numbers:
        raise NotFoundError(dates.subscription_number)
    place = numbers.index(dates.subscription_number)
    subscriptions = list(said.subscriptions)
    one: OrderedSubscription = subscriptions[place]
    actions = list(one.order_actions)
    for change in dates.order_actions:
        if not 0 <= change.sequence < len(actions):
            raise InvalidValueError(f"'sequence' {change.sequence} names no action of the order.")
        actions[change.sequence] = _with_dates(actions[change.sequence], change.trigger_dates)
    subscriptions[place] = replace(one, order_actions=tuple(actions))
    return replace(said, subscriptions=tuple(subscriptions))


def _with_dates(action: Action, dates: tuple[TriggerDate, ...]) -> Action:
    known = {date.name: date for date in (*action.trigger_dates, *dates)}
    return replace(action, trigger_dates=tuple(known.values()))


def _date_charges(change: Change, waiting: NewOrder, dates: SubscriptionDates, call: Call) -> None:
    """Give charges of a subscription that waits to be created their own trigger dates."""
    specific = {
        charge.charge_number: charge.specific_trigger_date
        for action in dates.order_actions
        for charge in action.charges
        if charge.specific_trigger_date is not None
    }
    if not specific:
        return
    found = change.table("subscriptions").find(dates.subscription_number)
    unknown = specific.keys() - {charge.number for charge in found.charges}
    if unknown:
        raise NotFoundError(min(unknown))
    first = next(
        action
        for one in waiting.subscriptions
        for action in one.order_actions
        if action.create_subscription is not None
        and action.create_subscription.subscription_number == found.number
    )
    triggers = triggers_of(first, waiting.order_date)
    change.put(activate_subscription(found, triggers, specific, call.world.rules))


_RESOURCE = 585600

ENDPOINTS = (
    Endpoint("PUT", "/v1/orders/{order-number}/activate", activate),
    Endpoint("PUT", "/v1/orders/{order-number}/cancel", cancel, CancelOrder, resource=_RESOURCE),
    Endpoint("POST", "/v1/orders/{order-number}/revert", revert, RevertOrder, resource=707700),
    Endpoint("PUT", "/v1/orders/{order-number}/triggerDates", set_dates, TriggerDates, resource=_RESOURCE),
)
