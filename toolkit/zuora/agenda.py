"""The agenda: what a tenant does by itself as its time passes."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.errors import BillingError
from toolkit.errors import ToolkitError
from toolkit.zuora import (
    billruns,
    callouts,
    inquiring,
    invoice_schedules,
    payment_schedules,
    paymentruns,
    previewruns,
    renewals,
    scheduled_orders,
)
from toolkit.zuora.world import Change, World, starting


class Duty(NamedTuple):
    """One kind of work that falls due on records of one table.

    Attributes:
        table: The name of the table in the world.
        due: Returns when the work on a record falls due, or None.
        run: Does it, in a change of the world as it is then; afterwards it is due later or not at all.
    """

    table: str
    due: Callable[[World, Any], datetime | None]
    run: Callable[[Change, World, Any], object]


_DUTIES = (
    Duty("subscriptions", renewals.due, renewals.renew_into),
    Duty("orders", scheduled_orders.due, scheduled_orders.execute),
    Duty("invoice_schedules", invoice_schedules.due, invoice_schedules.run),
    Duty("bill_runs", billruns.due, billruns.run_scheduled),
    Duty("inquiries", inquiring.due, inquiring.answer),
    Duty("payment_runs", paymentruns.due, paymentruns.execute),
    Duty("payment_schedule_items", payment_schedules.due, payment_schedules.run),
    Duty("preview_runs", previewruns.due, previewruns.purge),
)
"""What falls due at the same moment is done in this order, and then in the order of numbers."""

_Entry = tuple[datetime, int, str]


def next_due(world: World) -> datetime | None:
    """Return when the next work falls due; what is overdue is due now."""
    first = min((when for when, _, _ in _planned(world)), default=None)
    return None if first is None else max(first, world.now)


def advance(world: World, instant: datetime) -> World:
    """Move a world to `instant` and run what falls due by then, in order of time, duty and number.

    Work that other work brings about is run in its turn. Time does not go back: for an instant that has
    passed, only what is overdue runs.
    """
    until = max(instant.astimezone(UTC), world.now)  # in UTC no hour comes twice
    waiting = [entry for entry in _planned(world) if entry[0] <= until]
    heapify(waiting)
    while waiting:
        when, rank, number = heappop(waiting)
        duty = _DUTIES[rank]
        row = getattr(world, duty.table).get(number)
        if row is None or duty.due(world, row) != when:
            continue  # something else has dealt with it meanwhile
        change = Change(world.at(max(when, world.now)))
        duty.run(change, change.world, row)
        world = callouts.plan(world, change.world) if world.notifications.rows else change.world
        for entry in _brought_about(world, change):
            if entry[0] <= until:
                heappush(waiting, entry)
    return _tidied(world.at(until))


def _tidied(world: World) -> World:
    """Return the world without what has expired: access tokens, and answers kept for an Idempotency-Key."""
    tokens, answers = world.tokens, world.answers
    for token, expiry in world.tokens.items():
        if expiry <= world.now:
            tokens = tokens.delete(token)
    for key, kept in world.answers.items():
        if kept.expiry <= world.now:
            answers = answers.delete(key)
    if tokens is world.tokens and answers is world.answers:
        return world
    return replace(world, tokens=tokens, answers=answers)


def _planned(world: World) -> Iterator[_Entry]:
    for rank, duty in enumerate(_DUTIES):
        for row in getattr(world, duty.table).latest():
            when = duty.due(world, row)
            if when is not None:
                yield when, rank, row.number


def _brought_about(world: World, change: Change) -> Iterator[_Entry]:
    for table, number in change.touched:
        for rank, duty in enumerate(_DUTIES):
            if duty.table == table:
                row = getattr(world, table).get(number)
                when = None if row is None else duty.due(world, row)
                if when is not None:
                    yield when, rank, number


def begin(world: World, day: date) -> World:
    """Move a world to midnight of `day`, with what falls due until then.

    Raises:
        ToolkitError: The world's history reaches further than that, or something cannot be done until then.
    """
    if day < world.today:
        raise ToolkitError(
            f"The world cannot start on {day}, before its own first day, {world.today}.",
            "Choose a later day, or another world.",
        )
    try:
        return advance(world, starting(world, day).now)
    except BillingError as error:
        raise ToolkitError(f"The world cannot start on {day}: {error}", "Choose a sooner day.") from error
