"""The agenda: what a tenant does by itself as its time passes."""

from datetime import UTC, date, datetime, time
from heapq import heapify, heappop, heappush

from msgspec.structs import replace

from toolkit.billing.subscriptions import Subscription
from toolkit.billing.versions import renew
from toolkit.errors import ToolkitError
from toolkit.zuora.world import Change, World, starting

_RENEWAL_TIME = time(1)
"""Source: Zuora, auto-renew job: system default at 01:00."""


def _renewal(world: World, subscription: Subscription) -> datetime | None:
    if not subscription.auto_renew or subscription.status != "Active" or subscription.term_end is None:
        return None
    return datetime.combine(subscription.term_end, _RENEWAL_TIME, world.zone)


def next_due(world: World) -> datetime | None:
    """Return when the next automatic renewal falls due; one that is overdue is due now."""
    due = [when for one in world.subscriptions.latest() if (when := _renewal(world, one)) is not None]
    return max(min(due), world.now) if due else None


def advance(world: World, instant: datetime) -> World:
    """Move a world to `instant` and run what falls due by then, in order of time and then of number.

    Automatic renewals run at 01:00 of the tenant's day on which the term has ended. Time does not go
    back: for an instant that has passed, only what is overdue runs.
    """
    until = max(instant.astimezone(UTC), world.now)  # in UTC no hour comes twice
    due = [
        (when, one.number)
        for one in world.subscriptions.latest()
        if (when := _renewal(world, one)) is not None and when <= until
    ]
    heapify(due)
    while due:
        when, number = heappop(due)
        change = Change(world.at(max(when, world.now)))
        renewed = renew_into(change, change.world, world.subscriptions.find(number))
        world = change.world
        following = _renewal(world, renewed)
        if following is not None and following <= until:
            heappush(due, (following, number))
    return world.at(until)


def begin(world: World, day: date) -> World:
    """Move a world to midnight of `day`, with what falls due until then.

    Raises:
        ToolkitError: The world's history reaches further than that.
    """
    if day < world.today:
        raise ToolkitError(
            f"The world cannot start on {day}, before its own first day, {world.today}.",
            "Choose a later day, or another world.",
        )
    return advance(world, starting(world, day).now)


def renew_into(change: Change, world: World, subscription: Subscription) -> Subscription:
    """Put the renewed version of a subscription into a change, and return it; the former version expires."""
    change.put(replace(subscription, status="Expired"))
    renewed = renew(
        replace(
            subscription,
            id=change.id(),
            previous_id=subscription.id,
            version=subscription.version + 1,
            order_number=change.number("order"),
            updated=world.now,
            last_booking=world.today,
        )
    )
    change.put(renewed)
    return renewed
