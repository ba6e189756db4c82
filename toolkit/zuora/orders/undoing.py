"""Undoing an order: deleted, or reverted by another order."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.orders import CancelSubscription, Desk, Order, OrderedSubscription, Triggers
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.versions import change as next_version
from toolkit.zuora.orders import amending
from toolkit.zuora.state.world import Change, World

_NOTHING_DONE = frozenset({"Draft", "Scheduled", "Cancelled", "Failed"})


def delete(change: Change, order: Order) -> None:
    """Drop an order with its line items, and roll its subscriptions back to the versions before it.

    Source: Zuora, delete an order.

    Raises:
        RuleError: A subscription has changed since, or a charge or line item of the order is billed.
    """
    if order.status not in _NOTHING_DONE:
        for one in order.actions:
            if one.new_version:
                _roll_back(change, order, one)
    for item in change.table("order_line_items").of(order.number):
        if item.billed:
            raise RuleError(f"The order {order.number} cannot be undone: its line item {item.id} is billed.")
        change.drop(item)
    amending.drop(change, order.number)
    change.drop(order)


def _roll_back(change: Change, order: Order, done: OrderedSubscription) -> None:
    former, versions = _versions(change.world, order, done)
    for version in versions:
        change.drop(version)
    if former is not None:
        change.put(in_force(former))


def in_force(former: Subscription) -> Subscription:
    """Return an expired version with the status that it had; a cancelled one is never followed by another."""
    paused = bool(former.suspensions) and former.suspensions[-1].end is None
    return replace(former, status="Suspended" if paused else "Active")


def _versions(
    world: World, order: Order, done: OrderedSubscription
) -> tuple[Subscription | None, list[Subscription]]:
    """Return the version before an order, and those that the order made, latest first.

    Raises:
        RuleError: They are not the latest, or something that the order has changed is billed.
    """
    latest = world.subscriptions.find(done.number)
    if latest.version != done.new_version:
        raise RuleError(
            f"The order {order.number} cannot be undone: the subscription {done.number} has changed since."
        )
    made = [latest]
    while made[-1].version > done.base_version + 1:
        made.append(world.subscriptions.find(made[-1].previous_id or ""))
    previous = made[-1].previous_id
    former = None if previous is None else world.subscriptions.find(previous)
    known = {} if former is None else {one.id: one.charged_through for one in former.charges}
    if any(known.get(one.id) != one.charged_through for one in latest.charges):
        raise RuleError(
            f"The order {order.number} cannot be undone: charges of {done.number} that it affects are billed."
        )
    return former, made


def revert(change: Change, world: World, order: Order, order_date: date) -> Order:
    """Place an order that undoes a completed one, and return it; a subscription it created is cancelled.

    Source: Zuora, revert an order. That nothing may be billed meanwhile is an assumption.

    Raises:
        RuleError: The order is not completed, has several subscriptions, or is not the last of its
            subscription; or something that it has changed is billed.
    """
    if order.status != "Completed":
        raise RuleError(f"The order {order.number} is {order.status}: only a completed one can be reverted.")
    if len(order.actions) != 1:
        raise RuleError(f"The order {order.number} has several subscriptions and cannot be reverted.")
    done = order.actions[0]
    former, (latest, *_) = _versions(world, order, done)
    number = change.number("order")
    if former is None:
        start = latest.first_day
        desk = Desk(change, world.plan, world.now, number, order_date)
        made = next_version(latest, CancelSubscription(Triggers(start), "SpecificDate", start), desk)
    else:
        made = replace(
            in_force(former),
            id=change.id(),
            previous_id=latest.id,
            version=latest.version + 1,
            order_number=number,
            updated=world.now,
            last_booking=order_date,
        )
    change.put(replace(latest, status="Expired"))
    change.put(made)
    amending.leave(change, latest, made, Triggers(order_date))
    change.put(replace(order, status="Reverted", updated=world.now))
    reverting = Order(
        id=change.id(),
        number=number,
        account_id=order.account_id,
        order_date=order_date,
        status="Completed",
        created=world.now,
        updated=world.now,
        currency=order.currency,
        actions=(OrderedSubscription(latest.number, latest.version, made.version, ()),),
    )
    change.put(reverting)
    return reverting
