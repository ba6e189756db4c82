"""/v1/payment-schedule-items: show, change, skip, cancel, retry and delete items of payment schedules."""

from typing import Any

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.paymentschedules import (
    PaymentItem,
    cancel,
    check_status,
    day_after,
    link,
    unlink,
)
from toolkit.zuora.api._payment_schedule_body import ItemChange, Retries
from toolkit.zuora.api._payment_schedule_showing import items_of, show_item
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Nothing
from toolkit.zuora.payments.payment_schedules import check_hour, collect, first_due
from toolkit.zuora.state.world import Change, World


def read(call: Call) -> Reply:
    """Show an item."""
    return _answer(call, call.world, _found(call))


def stop(call: Call) -> Reply:
    """Cancel an item that waits."""
    return _kept(call, cancel(_found(call), call.world.now))


def skip(call: Call) -> Reply:
    """Cancel an item of a recurring schedule, and add one on the first day after the last."""
    item, change, world = _found(call), Change(call.world), call.world
    schedule = world.payment_schedules.find(item.schedule_id)
    if schedule.period is None:
        raise RuleError(f"The payment schedule {schedule.number} is custom: its items cannot be skipped.")
    skipped = cancel(item, world.now)
    change.put(skipped)
    day = day_after(schedule.start, schedule.period, items_of(world, schedule)[-1].scheduled)
    another = replace(
        item,
        id=change.id(),
        number=change.number("payment schedule item"),
        scheduled=day,
        due=first_due(world, day, item.run_hour),
        links=(),
        error=None,
        created=world.now,
        updated=world.now,
    )
    change.put(another)
    return _answer(call, change.world, skipped)


def update(call: Call) -> Reply:
    """Change an item that waits; payments are unlinked first, and then linked.

    Source: Zuora, update a payment schedule item.
    """
    said: ItemChange = call.body
    world, item = call.world, _found(call)
    for one in said.unlink_payments:
        item = unlink(item, one.payment_id, world.now)
    linked = [one.payment_id for one in said.link_payments]
    for key in [said.payment_id, *linked] if said.payment_id else linked:
        payment = world.payments.find(key)
        if payment.account_id != item.account_id or payment.status != "Processed":
            raise NotFoundError(key)
        item = link(item, payment.id, payment.amount, world.now)
    given: dict[str, Any] = {
        "amount": said.amount,
        "payment_method_id": said.payment_method_id and world.payment_methods.find(said.payment_method_id).id,
        "gateway_id": said.payment_gateway_id and world.gateways.find(said.payment_gateway_id).id,
        "scheduled": said.scheduled_date,
        "run_hour": said.run_hour,
        "description": said.description if isinstance(said.description, str) else None,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if changes:
        check_status(item, {"Pending"}, "changed")
        if said.amount is not None and said.amount <= item.amount - item.balance:
            raise InvalidValueError(f"'amount' should be greater than what is collected, not {said.amount}.")
    if said.currency not in {None, item.currency}:
        raise RuleError(f"The payment schedule item {item.number} is in {item.currency}.")
    item = replace(item, **changes, updated=world.now)
    check_hour(item.run_hour)
    if {"scheduled", "run_hour"} & changes.keys():
        item = replace(item, due=first_due(world, item.scheduled, item.run_hour))
    return _kept(call, item)


def retry(call: Call) -> Reply:
    """Try items again at once, by whatever retry rules; what fails again is an error.

    Source: Zuora, retry failed payment schedule items. That rules of retry do not hold here is an assumption.
    """
    said: Retries = call.body
    world, change, done = call.world, Change(call.world), []
    for one in said.items:
        item: PaymentItem = change.table("payment_schedule_items").find(one.id)
        check_status(item, {"Pending", "Error"}, "retried")
        method, gateway = one.payment_method_id, one.payment_gateway_id
        item = replace(
            item,
            payment_method_id=item.payment_method_id if method is None else method,
            gateway_id=item.gateway_id if gateway is None else gateway,
        )
        tried = collect(change, world, item, patient=False)
        change.put(tried)
        done.append(tried)
    after = change.world
    return Reply({"items": [show_item(call, after, item) for item in done], "success": True}, after)


def delete(call: Call) -> Reply:
    """Delete an item that waits or failed."""
    item, change = _found(call), Change(call.world)
    check_status(item, {"Pending", "Error"}, "deleted")
    change.drop(item)
    return Reply({"success": True}, change.world)


def _found(call: Call) -> PaymentItem:
    return call.world.payment_schedule_items.find(call.path["item-id"])


def _kept(call: Call, item: PaymentItem) -> Reply:
    change = Change(call.world)
    change.put(item)
    after = change.world
    return replace(_answer(call, after, item), world=after)


def _answer(call: Call, world: World, item: PaymentItem) -> Reply:
    changed = None if world is call.world else world
    return Reply({**show_item(call, world, item), "success": True}, changed)


_ALL = "/v1/payment-schedule-items"
_ONE = f"{_ALL}/{{item-id}}"

ENDPOINTS = (
    Endpoint("GET", _ONE, read),
    Endpoint("PUT", _ONE, update, ItemChange),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("PUT", f"{_ONE}/cancel", stop, Nothing),
    Endpoint("PUT", f"{_ONE}/skip", skip, Nothing),
    Endpoint("POST", f"{_ALL}/retry-payment", retry, Retries),
)
