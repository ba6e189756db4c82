"""/events/event-triggers: events that a tenant defines for itself."""

import re
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import part
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.messages import jexl
from toolkit.zuora.messages.merge_fields import OBJECTS
from toolkit.zuora.messages.notifications import OWN, Trigger
from toolkit.zuora.state.world import Change

_NAME = re.compile(r"[A-Za-z][\w\-]*", re.ASCII)


class EventType(Body, frozen=True):
    """What an event is called."""

    harmless: ClassVar[frozenset[str]] = frozenset({"namespace"})

    name: str
    display_name: str
    description: str | None = None


class NewTrigger(Body, frozen=True):
    """An event, and when it happens."""

    active: bool
    base_object: str
    condition: str
    event_type: EventType
    description: str | None = None


class EventTypeChange(Body, frozen=True):
    """What may be changed of an event's type."""

    display_name: str | None = None
    description: str | None = None


class TriggerChange(Body, frozen=True):
    """What may be changed of a trigger."""

    active: bool | None = None
    condition: str | None = None
    description: str | None = None
    event_type: EventTypeChange = EventTypeChange()


def create(call: Call) -> Reply:
    """Make a trigger."""
    said: NewTrigger = call.body
    if said.base_object not in OBJECTS:
        raise InvalidValueError(f"'baseObject' value should be one of: {', '.join(OBJECTS)}")
    jexl.compiled(said.condition)
    name = said.event_type.name
    if not _NAME.fullmatch(name):
        raise InvalidValueError(f"The event name '{name}' must begin with a letter and hold no space.")
    if call.world.triggers.get(name) is not None:
        raise InvalidValueError(f"An event of the name {name} exists already.")
    change = Change(call.world)
    trigger = Trigger(
        id=change.id(),
        name=name,
        base_object=said.base_object,
        condition=said.condition,
        display_name=said.event_type.display_name,
        active=said.active,
        description=said.description,
        event_description=said.event_type.description,
    )
    change.put(trigger)
    return Reply(_show(trigger), change.world)


def update(call: Call) -> Reply:
    """Change a trigger; what is not said stays."""
    said: TriggerChange = call.body
    trigger = _find(call)
    if said.condition is not None:
        jexl.compiled(said.condition)
    given = {
        "active": said.active,
        "condition": said.condition,
        "description": said.description,
        "display_name": said.event_type.display_name,
        "event_description": said.event_type.description,
    }
    trigger = replace(trigger, **{name: value for name, value in given.items() if value is not None})
    change = Change(call.world)
    change.put(trigger)
    return Reply(_show(trigger), change.world)


def delete(call: Call) -> Reply:
    """Delete a trigger that no notification waits for."""
    trigger = _find(call)
    if any((one.namespace, one.event) == (OWN, trigger.name) for one in call.world.notifications.latest()):
        raise RuleError(f"A notification waits for the event {trigger.name}; delete that first.")
    change = Change(call.world)
    change.drop(trigger)
    return Reply(None, change.world, 204)


def read(call: Call) -> Reply:
    """Show a trigger."""
    return Reply(_show(_find(call)))


def list_all(call: Call) -> Reply:
    """List triggers by name, narrowed by the object, the event and whether they are active."""
    asked = call.query.get
    base, name, active = asked("baseObject"), asked("eventTypeName"), asked("active")
    rows = [
        _show(one)
        for one in sorted(call.world.triggers.latest(), key=lambda trigger: trigger.name)
        if base in {None, one.base_object}
        and name in {None, one.name}
        and active in {None, str(one.active).lower()}
    ]
    return part(call, rows)


def _find(call: Call) -> Trigger:
    trigger = call.world.triggers.rows.get(call.path["id"])
    if trigger is None:
        raise NotFoundError(call.path["id"])
    return trigger


def _show(trigger: Trigger) -> dict[str, Any]:
    """Return a trigger as the official SDK knows it; the sample in the documents has a namespace, too."""
    event = {"name": trigger.name, "displayName": trigger.display_name}
    return {
        "id": trigger.id,
        "baseObject": trigger.base_object,
        "condition": trigger.condition,
        "eventType": {**event, "description": trigger.event_description},
        "active": trigger.active,
        "description": trigger.description,
    }


_PATH = "/events/event-triggers"

ENDPOINTS = (
    Endpoint("POST", _PATH, create, NewTrigger),
    Endpoint("GET", _PATH, list_all),
    Endpoint("GET", f"{_PATH}/{{id}}", read),
    Endpoint("PUT", f"{_PATH}/{{id}}", update, TriggerChange),
    Endpoint("DELETE", f"{_PATH}/{{id}}", delete),
)
