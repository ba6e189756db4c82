"""The agenda: what a tenant does by itself as its time passes."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.errors import BillingError
from toolkit.errors import ToolkitError
from toolkit.zuora import renewals, scheduled_orders
from toolkit.zuora.cycles import seldom
from toolkit.zuora.documents import invoice_schedules
from toolkit.zuora.dues import due
from toolkit.zuora.messages import callouts, reminders
from toolkit.zuora.payments import inquiring, payment_schedules, paymentruns
from toolkit.zuora.runs import billruns, previewruns
from toolkit.zuora.state.world import Change, World, starting

_DAY = timedelta(days=1)


class Duty(NamedTuple):
    """One kind of work that falls due on records of one table.

    Attributes:
        table: The name of the table in the world.
        run: Does it, in a change of the world as it is then; afterwards it is due later or not at all.
    """

    table: str
    run: Callable[[Change, World, Any], object]


_DUTIES = (
    Duty("subscriptions", renewals.renew_into),
    Duty("orders", scheduled_orders.execute),
    Duty("invoice_schedules", invoice_schedules.run),
    Duty("bill_runs", billruns.run_scheduled),
    Duty("inquiries", inquiring.answer),
    Duty("payment_runs", paymentruns.execute),
    Duty("payment_schedule_items", payment_schedules.run),
    Duty("preview_runs", previewruns.purge),
)
"""What falls due at the same moment is done in this order, and then in the order of numbers."""

_MORNING = len(_DUTIES)
"""Behind all of them: the events that a day brings about."""

_RANKS = {duty.table: rank for rank, duty in enumerate(_DUTIES)}
_Entry = tuple[datetime, int, str]


def next_due(world: World) -> datetime | None:
    """Return when the next work falls due; what is overdue is due now."""
    days = [min(table.due) for duty in _DUTIES if (table := getattr(world, duty.table)).due]
    planned = (when for when, _, _ in _planned(world, min(days, default="")))
    tomorrow = (when for when, _, _ in _mornings(world, world.today + _DAY))
    first = min((*planned, *tomorrow), default=None)
    return None if first is None else max(first, world.now)


def advance(world: World, instant: datetime) -> World:
    """Move a world to `instant` and run what falls due by then, in order of time, duty and number.

    Work that other work brings about is run in its turn. Time does not go back: for an instant that has
    passed, only what is overdue runs.
    """
    until = max(instant.astimezone(UTC), world.now)  # in UTC no hour comes twice
    with seldom():
        return _tidied(_pass(world, until).at(until))


def _pass(world: World, until: datetime) -> World:
    last = until.astimezone(world.zone).date().isoformat()
    mornings = _mornings(world, until.astimezone(world.zone).date())
    waiting = [entry for entry in (*_planned(world, last), *mornings) if entry[0] <= until]
    heapify(waiting)
    known = set(waiting)
    while waiting:
        when, rank, number = heappop(waiting)
        if rank == _MORNING:
            world = callouts.remind(world.at(when))
            continue
        duty = _DUTIES[rank]
        row = getattr(world, duty.table).get(number)
        if row is None or due(row, world.zone) != when:
            continue  # something else has dealt with it meanwhile
        present = world.at(when) if when > world.now else world
        change = Change(present)
        duty.run(change, present, row)
        world = callouts.plan(world, change.world) if world.notifications.rows else change.world
        known.discard((when, rank, number))
        for entry in _brought_about(world, change):
            if entry[0] <= until and entry not in known:
                known.add(entry)
                heappush(waiting, entry)
    return world


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


def _planned(world: World, last: str) -> Iterator[_Entry]:
    """Yield what is due by the end of a day, without a look at the records on which nothing is."""
    for rank, duty in enumerate(_DUTIES):
        table = getattr(world, duty.table)
        for day, numbers in table.due.items():
            if day <= last:
                moments = ((due(table.get(number), world.zone), number) for number in numbers)
                yield from ((when, rank, number) for when, number in moments if when is not None)


def _mornings(world: World, last: date) -> Iterator[_Entry]:
    """Yield the beginnings of the days until `last`, if somebody is to be told of what they bring about."""
    if world.notifications.rows and reminders.wanted(world):
        day = world.today
        while day < last:
            day += _DAY
            yield datetime.combine(day, time(), world.zone), _MORNING, ""


def _brought_about(world: World, change: Change) -> Iterator[_Entry]:
    for table, number in dict.fromkeys(change.touched):
        rank = _RANKS.get(table)
        if rank is not None:
            when = due(getattr(world, table).get(number), world.zone)
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
