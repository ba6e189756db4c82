"""A callout: a message about an event, its attempts, and what was made to go wrong with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from toolkit.zuora.messages.notifications import Target

State = Literal["waiting", "delivered", "failed", "lost"]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to deliver a callout.

    Attributes:
        at: When it was due, on the environment's clock.
        request_ids: The Zuora-Request-Id of each request: two where credentials were asked for first.
        status: The HTTP status; None where nothing answered.
        content: The answer, cut at 60 KB.
        error: Why nothing answered.
    """

    at: datetime
    request_ids: tuple[str, ...] = ()
    status: int | None = None
    content: str = ""
    error: str | None = None


class Callout(msgspec.Struct, frozen=True, kw_only=True):
    """A message about an event.

    Attributes:
        number: Counts the tenant's callouts.
        delivery_id: The Zuora-Notification-Id, by which a receiver knows that it has had a message before:
            the same in every attempt, and in a duplicate.
        notification_id: The notification that asked for it.
        object_id: The record that the event is about.
        content: What is sent.
        state: `lost` is never sent.
    """

    id: str
    number: str
    delivery_id: str
    notification_id: str
    notification: str
    event: str
    namespace: str
    category: int | None
    object_id: str
    account_id: str | None
    target: Target
    content: Mapping[str, str]
    created: datetime
    state: State = "waiting"
    attempts: tuple[Attempt, ...] = ()


class Waiting(NamedTuple):
    """A place in the outbox: what is due first goes first, and of that the lower ticket.

    Attributes:
        ticket: The callout's number, or that of the one that it is to follow.
        due: When to send it; None while it is held.
    """

    ticket: str
    due: datetime | None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go wrong with callouts that are yet to come.

    Attributes:
        kind: `delay` sends later, by `by`; `duplicate` sends twice; `loss` not at all; `swap` behind the next
            one, so that they come out of order.
        event: The name of the event; None for each.
        number: The number of the callout; None for each.
        times: How often still.
        by: How much later.
    """

    kind: Literal["delay", "duplicate", "loss", "swap"]
    event: str | None = None
    number: int | None = None
    times: int = 1
    by: timedelta = timedelta(minutes=10)
