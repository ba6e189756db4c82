"""Callouts: which messages follow from a change, when each is due, and what an attempt leaves behind.

All of it is planned in the world and nothing here sends: an accepted write leaves callouts in the outbox, and
what stands there and is due is sent by the courier, which then notes the outcome as a write of its own. So
the journal holds both: replaying it plans the same callouts, with the same ids, and then takes them from the
outbox by the outcomes that were noted, without a message leaving. What was sent and noted is therefore never
sent again. A process that dies between sending and noting finds the callout still in its outbox and sends it
once more, with the same Zuora-Notification-Id: at least once, as Zuora's own retries do, and never silently
not at all. A snapshot that is restored brings back its outbox, too: time that is lived again calls again.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.zuora.messages import mailing
from toolkit.zuora.messages.callout import Attempt, Callout, Fault, Waiting
from toolkit.zuora.messages.events import Event, concerns, raised
from toolkit.zuora.messages.merge_fields import Fields, filled, text
from toolkit.zuora.messages.notifications import Notification
from toolkit.zuora.messages.reminders import brought_about
from toolkit.zuora.state.world import Change, World

MOST_CONTENT = 60 * 1024
"""Source: Zuora, callout notification overview: stored responses are cut at 60 KB."""

_SAID_OF_IT = ("Id", "Number", "Status", "Type")
_BESIDE = ("Account", "Order", "Subscription")


def plan(before: World, after: World) -> World:
    """Return the world with the callouts of what has happened since `before` in its outbox, and the mails.

    Several notifications of one event call and mail in the order in which they were made.
    """
    ready = _ready(after)
    return _told(after, ready, raised(before, after, {(one.namespace, one.event) for one in ready}))


def remind(world: World) -> World:
    """Return the world, whose day begins, with the callouts and mails of the events of this day."""
    ready = _ready(world)
    return _told(world, ready, brought_about(world, {(one.namespace, one.event) for one in ready}))


def _ready(world: World) -> list[Notification]:
    ready = [one for one in world.notifications.latest() if one.target is not None or one.mails]
    return sorted(ready, key=lambda one: (one.created, one.id))


def _told(world: World, ready: Iterable[Notification], events: Iterable[Event]) -> World:
    for event in events:
        for one in ready:
            if (one.namespace, one.event) != (event.namespace, event.name) or not concerns(one, event):
                continue
            if one.target is not None:
                world = _post(world, one, event)
            if one.mails:
                world = _mail(world, one, event)
    return replace(world, changed=())


def _mail(world: World, notification: Notification, event: Event) -> World:
    """Return the world with the mail about an event, if its template is there and active."""
    template = world.email_templates.get(notification.template_id or "")
    if template is None or not template.active:
        return world
    change = Change(world)
    objects = {**event.objects, **_system(world, notification, event, change.id())}
    mailing.send(change, [mailing.of_event(change, notification, template, event, objects)])
    return change.world


def _post(world: World, notification: Notification, event: Event) -> World:
    change = Change(world)
    callout = _callout(change, notification, event)
    fault = next((one for one in world.callout_faults if _meets(one, callout)), None)
    kind = None if fault is None else fault.kind
    outbox, ticket = world.outbox, callout.number
    if kind == "loss":
        callout = replace(callout, state="lost")
    elif kind == "swap":
        outbox = outbox.set(callout.number, Waiting(ticket, None))
    else:
        due = world.now + fault.by if fault is not None and kind == "delay" else world.now
        outbox = outbox.set(callout.number, Waiting(ticket, due))
        for number, waiting in world.outbox.items():
            if waiting.due is None:
                outbox = outbox.set(number, Waiting(f"{ticket} {waiting.ticket}", due))
    change.put(callout)
    if kind == "duplicate":
        again = replace(callout, id=change.id(), number=change.number("callout"))
        outbox = outbox.set(again.number, Waiting(again.number, world.now))
        change.put(again)
    return replace(change.world, outbox=outbox, callout_faults=_left(world.callout_faults, fault))


def _callout(change: Change, notification: Notification, event: Event) -> Callout:
    target = notification.callout
    assert target is not None  # noqa: S101 - nothing else is ready
    world, about, account = change.world, event.objects[event.base], event.objects.get("Account")
    identity = change.id()
    system = _system(world, notification, event, identity)
    if target.params:
        content = {name: filled(value, {**event.objects, **system}) for name, value in target.params.items()}
    else:
        content = {
            "EventCategory": event.name,
            "EventTimestamp": system["Event"]["Timestamp"],
            **_usual(event),
        }
    return Callout(
        id=identity,
        number=change.number("callout"),
        delivery_id=identity,
        notification_id=notification.id,
        notification=notification.name,
        event=event.name,
        namespace=event.namespace,
        category=event.category,
        object_id=about["Id"],
        account_id=None if account is None else account["Id"],
        target=target,
        content=content,
        created=world.now,
    )


def _system(world: World, notification: Notification, event: Event, identity: str) -> dict[str, Fields]:
    """Return what merge fields may name beside the objects of an event."""
    happened = world.now.isoformat(timespec="milliseconds")
    return {
        "Event": {"Id": identity, "Category": event.name, "Timestamp": happened, "Date": world.today},
        "Object": {"Id": event.objects[event.base]["Id"]},
        "Notification": {"Id": notification.id, "Name": notification.name},
    }


def _usual(event: Event) -> dict[str, str]:
    """Return what a callout says of its own accord: ids and numbers. Source: an assumption."""
    parts = {name: _SAID_OF_IT[:2] for name in _BESIDE if name in event.objects} | {event.base: _SAID_OF_IT}
    known = (
        (f"{base}{name}", event.objects[base].get(name)) for base, names in parts.items() for name in names
    )
    return {name: text(value) for name, value in known if value is not None}


def _meets(fault: Fault, callout: Callout) -> bool:
    return fault.event in {None, callout.event} and fault.number in {None, int(callout.number)}


def _left(faults: tuple[Fault, ...], met: Fault | None) -> tuple[Fault, ...]:
    spent = (replace(one, times=one.times - 1) if one is met else one for one in faults)
    return tuple(one for one in spent if one.times)


def next_due(world: World) -> tuple[datetime, Callout] | None:
    """Return what goes first of the outbox, and when it is due."""
    first = min(
        ((waiting.due, waiting.ticket, number) for number, waiting in world.outbox.items() if waiting.due),
        default=None,
    )
    return None if first is None else (first[0], world.callouts.find(first[2]))


def note(world: World, key: str, attempt: Attempt, *, success: bool) -> World:
    """Return the world after an attempt: the callout is delivered, due once more, or has failed for good.

    Raises:
        NotFoundError: There is no such callout.
        RuleError: It is not waiting to be sent.
    """
    callout = world.callouts.find(key)
    waiting = world.outbox.get(callout.number)
    if waiting is None or waiting.due is None:
        raise RuleError(f"The callout {callout.number} is {callout.state}, not to be sent.")
    settings = world.callout_settings
    callout = replace(callout, attempts=(*callout.attempts, replace(attempt, at=waiting.due)))
    outbox = world.outbox.delete(callout.number)
    if success:
        callout = replace(callout, state="delivered")
    elif callout.target.retry and len(callout.attempts) < settings.attempts:
        outbox = outbox.set(callout.number, Waiting(callout.number, waiting.due + settings.interval))
    else:
        callout = replace(callout, state="failed")
    change = Change(world)
    change.put(callout)
    return replace(change.world, outbox=outbox)


def send_again(world: World, callout: Callout) -> World:
    """Return the world with a callout due now that was delivered, lost or given up before."""
    change = Change(world)
    change.put(replace(callout, state="waiting", attempts=()))
    return replace(change.world, outbox=world.outbox.set(callout.number, Waiting(callout.number, world.now)))


def request_id(world: World, callout: Callout, step: int) -> str:
    """Return a Zuora-Request-Id of 32 digits, which no other request of the tenant has."""
    said = f"{world.seed}:{callout.id}:{len(callout.attempts)}:{step}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
