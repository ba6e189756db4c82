"""/v1/invoice-schedules: make, show, change and execute invoice schedules."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.money import ZERO
from toolkit.billing.schedules import (
    InvoiceSchedule,
    ScheduleItem,
    Share,
    WantedItem,
    attach,
    check_dates,
    check_schedulable,
    detach,
    make_items,
    rescaled,
    revised,
)
from toolkit.billing.scheduling import shares
from toolkit.billing.subscriptions import first_bill_cycle_day
from toolkit.zuora.api._bill_run_request import show as show_run
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, day, number, optional
from toolkit.zuora.documents.invoice_schedules import free, hold, process
from toolkit.zuora.state.world import Change, World


class NewItem(Body, frozen=True):
    """An item by its amount or its percentage."""

    lacking: ClassVar[frozenset[str]] = frozenset({"targetDateForAdditionalSubscriptions"})

    amount: Decimal | None = None
    percentage: Decimal | None = None
    run_date: date | None = None
    name: str | None = None


class ScheduledSubscription(Body, frozen=True):
    """A subscription of an order, or some of its charges, that is scheduled alone."""

    order_key: str
    subscription_key: str
    charge_numbers: tuple[str, ...] = ()


class NamedCharges(Body, frozen=True):
    """Charges of a schedule: those named, or all of the subscriptions named."""

    specific_subscriptions: tuple[ScheduledSubscription, ...]


class NewSchedule(Body, frozen=True):
    """A schedule of orders of an account."""

    lacking: ClassVar[frozenset[str]] = frozenset({"additionalSubscriptionsToBill"})

    account_key: str
    orders: tuple[str, ...]
    schedule_items: tuple[NewItem, ...] = ()
    specific_subscriptions: tuple[ScheduledSubscription, ...] = ()
    invoice_separately: bool = False
    notes: str | None = None


class ItemUpdate(NewItem, frozen=True):
    """An item that stays or changes, by its id, or a new one."""

    id: str | None = None


class ScheduleUpdate(Body, frozen=True):
    """What changes of a schedule; orders and items that are named take the place of all that it has."""

    lacking: ClassVar[frozenset[str]] = frozenset({"additionalSubscriptionsToBill"})

    orders: tuple[str, ...] = ()
    specific_subscriptions: tuple[ScheduledSubscription, ...] = ()
    schedule_items: tuple[ItemUpdate, ...] = ()
    next_run_date: date | None = None
    invoice_separately: bool | None = None
    notes: str | None = None


class Execution(Body, frozen=True):
    """The item to execute; the next one if it is not named."""

    schedule_item_id: str | None = None


def create(call: Call) -> Reply:
    """Make an invoice schedule; from then on bill runs leave its charges to it."""
    said: NewSchedule = call.body
    account = call.world.accounts.find(said.account_key)
    held = tuple(_shares(call.world, account, said))
    check_schedulable(held, ", ".join(said.orders))
    change = Change(call.world)
    total = sum((share.net for share in held), ZERO)
    wanted = [WantedItem(one.amount, one.percentage, one.run_date, one.name) for one in said.schedule_items]
    schedule = InvoiceSchedule(
        id=change.id(),
        number=change.number("invoice schedule"),
        account_id=account.id,
        currency=account.currency,
        orders=tuple(call.world.orders.find(key).number for key in said.orders),
        shares=held,
        items=make_items(total, account.currency, wanted, change),
        invoice_separately=said.invoice_separately,
        notes=said.notes,
    )
    change.put(schedule)
    hold(change, schedule)
    return Reply({"success": True, **_show(schedule)}, change.world)


def _shares(world: World, account: Account, said: NewSchedule | ScheduleUpdate) -> Iterator[Share]:
    """Yield the unbilled charges of the orders, or of the subscriptions that are named of them, each once."""
    wanted = {one.subscription_key: one.charge_numbers for one in said.specific_subscriptions}
    ordered = {one.number: key for key in said.orders for one in world.orders.find(key).actions}
    for subscription_number, key in ordered.items():
        subscription = world.subscriptions.find(subscription_number)
        if subscription.invoice_owner_id != account.id:
            raise RuleError(f"The order {key} is not invoiced to the account {account.number}.")
        if wanted and subscription_number not in wanted:
            continue
        cycle_day = account.bill_cycle_day or first_bill_cycle_day([subscription])
        for share in shares(subscription, cycle_day, world.rules, wanted.get(subscription_number, ())):
            if share.charge_number not in subscription.scheduled:
                yield share


def read(call: Call) -> Reply:
    """Show an invoice schedule."""
    return Reply({"success": True, **_show(_found(call))})


def update(call: Call) -> Reply:
    """Change the orders and the pending items of a schedule, and the notes."""
    said: ScheduleUpdate = call.body
    schedule, change = _found(call), Change(call.world)
    separately = said.invoice_separately
    schedule = replace(
        schedule,
        invoice_separately=schedule.invoice_separately if separately is None else separately,
        notes=schedule.notes if said.notes is None else said.notes,
    )
    if said.orders:
        schedule = _reordered(change, schedule, said)
    if said.schedule_items:
        asked = [
            (one.id, WantedItem(one.amount, one.percentage, one.run_date, one.name))
            for one in said.schedule_items
        ]
        schedule = replace(schedule, items=revised(schedule, asked, change))
    if said.next_run_date and schedule.pending:
        pending = schedule.pending
        moved = (
            replace(item, run_date=said.next_run_date) if item is pending else item for item in schedule.items
        )
        schedule = replace(schedule, items=tuple(moved))
        check_dates([item.run_date for item in schedule.items])
    change.put(schedule)
    return Reply({"success": True, **_show(schedule)}, change.world)


def _reordered(change: Change, schedule: InvoiceSchedule, said: ScheduleUpdate) -> InvoiceSchedule:
    """Return a schedule of these orders; one that has begun keeps its own.

    Raises:
        RuleError: It has begun and the orders are others, which is an assumption.
    """
    numbers = tuple(change.world.orders.find(key).number for key in said.orders)
    if schedule.begun:
        if set(numbers) != set(schedule.orders):
            raise RuleError(f"The invoice schedule {schedule.number} has begun: its orders cannot change.")
        return schedule
    free(change, schedule)
    held = tuple(_shares(change.world, change.world.accounts.find(schedule.account_id), said))
    check_schedulable(held, ", ".join(numbers))
    following = rescaled(replace(schedule, orders=numbers, shares=held))
    hold(change, following)
    return following


def delete(call: Call) -> Reply:
    """Delete a schedule that has billed nothing."""
    schedule, change = _found(call), Change(call.world)
    if schedule.status != "Pending":
        raise RuleError(f"The invoice schedule {schedule.number} is {schedule.status}: it cannot be deleted.")
    free(change, schedule)
    change.drop(schedule)
    return Reply({"success": True}, change.world)


def execute(call: Call) -> Reply:
    """Process an item now, by a bill run."""
    said: Execution = call.body
    schedule = _found(call)
    item = schedule.pending
    if item is None:
        raise RuleError(f"The invoice schedule {schedule.number} is fully processed.")
    if said.schedule_item_id not in {None, item.id}:
        raise InvalidValueError(
            "'scheduleItemId' should be the earliest pending item of the invoice schedule."
        )
    change = Change(call.world)
    run = process(change, call.world, schedule, item)
    return Reply(show_run(change.world, run), change.world)


def pause(call: Call) -> Reply:
    """Let no item be processed by itself until the schedule is resumed."""
    return _kept(call, replace(_found(call), paused=True))


def resume(call: Call) -> Reply:
    """Let the items of a paused schedule be processed again."""
    return _kept(call, replace(_found(call), paused=False))


def detach_charges(call: Call) -> Reply:
    """Let charges be billed by bill runs, and no longer by their schedule."""
    schedule, change = _found(call), Change(call.world)
    following = detach(schedule, _charged(call.world, schedule, call.body))
    return _held_anew(change, schedule, following)


def attach_charges(call: Call) -> Reply:
    """Let a schedule bill again what was detached from it."""
    schedule, change = _found(call), Change(call.world)
    following = attach(schedule, _charged(call.world, schedule, call.body))
    return _held_anew(change, schedule, following)


def _held_anew(change: Change, former: InvoiceSchedule, following: InvoiceSchedule) -> Reply:
    free(change, former)
    if following.pending is not None:
        hold(change, following)
    change.put(following)
    return Reply({"success": True}, change.world)


def _charged(world: World, schedule: InvoiceSchedule, said: NamedCharges) -> dict[str, date | None]:
    """Return through when the charges that are named are charged, by their numbers.

    Raises:
        NotFoundError: The schedule has no such order, subscription or charge.
    """
    charged: dict[str, date | None] = {}
    for named in said.specific_subscriptions:
        subscription = world.subscriptions.find(named.subscription_key)
        known = {
            share.charge_number
            for share in schedule.shares
            if share.subscription_number == subscription.number
        }
        wanted = set(named.charge_numbers) or known
        if world.orders.find(named.order_key).number not in schedule.orders or not known:
            raise NotFoundError(named.subscription_key)
        if wanted - known:
            raise NotFoundError(min(wanted - known))
        charged |= {one.number: one.charged_through for one in subscription.charges if one.number in wanted}
    return charged


def _found(call: Call) -> InvoiceSchedule:
    return call.world.invoice_schedules.find(call.path["schedule-key"])


def _kept(call: Call, schedule: InvoiceSchedule) -> Reply:
    change = Change(call.world)
    change.put(schedule)
    return Reply({"success": True, **_show(schedule)}, change.world)


def _show(schedule: InvoiceSchedule) -> dict[str, Any]:
    """Return a schedule. Source: the official SDK, InvoiceScheduleResponse."""
    pending = schedule.pending
    return {
        "id": schedule.id,
        "number": schedule.number,
        "accountId": schedule.account_id,
        "status": schedule.status,
        "totalAmount": number(schedule.total),
        "actualAmount": number(schedule.total),
        "billedAmount": number(schedule.billed),
        "unbilledAmount": number(schedule.total - schedule.billed),
        "nextRunDate": day(pending.run_date) if pending else None,
        "invoiceSeparately": schedule.invoice_separately,
        "notes": schedule.notes,
        "orders": list(schedule.orders),
        "additionalSubscriptionsToBill": [],
        "scheduleItems": [_show_item(item) for item in schedule.items],
    }


def _show_item(item: ScheduleItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "amount": number(item.amount),
        "actualAmount": number(item.amount),
        "percentage": optional(item.percentage),
        "runDate": day(item.run_date),
        "status": "Processed" if item.processed else "Pending",
        "invoiceId": item.document_id,
        "creditMemoId": item.memo_id,
        "targetDateForAdditionalSubscriptions": None,
    }


_ONE = "/v1/invoice-schedules/{schedule-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/invoice-schedules", create, NewSchedule),
    Endpoint("GET", _ONE, read),
    Endpoint("PUT", _ONE, update, ScheduleUpdate),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("POST", f"{_ONE}/execute", execute, Execution),
    Endpoint("PUT", f"{_ONE}/pause", pause),
    Endpoint("PUT", f"{_ONE}/resume", resume),
    Endpoint("PUT", f"{_ONE}/detach", detach_charges, NamedCharges),
    Endpoint("PUT", f"{_ONE}/attach", attach_charges, NamedCharges),
)
