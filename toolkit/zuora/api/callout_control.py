"""/__toolkit/callouts: the ledger of callouts, what an attempt came to, and what is to go wrong."""

from datetime import timedelta
from typing import Any, Literal

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.clock import Span
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, Nothing
from toolkit.zuora.messages import callouts
from toolkit.zuora.messages.callout import Attempt, Callout, Fault
from toolkit.zuora.messages.notifications import CalloutSettings
from toolkit.zuora.state.world import World

_MOST_ATTEMPTS = 5
_LONGEST = timedelta(minutes=1440)


class Outcome(Body, frozen=True):
    """What an attempt came to."""

    success: bool
    request_ids: tuple[str, ...] = ()
    status: int | None = None
    content: str = ""
    error: str | None = None


class NewFault(Body, frozen=True):
    """What is to go wrong, with callouts of which event or number, how often, and how much later."""

    kind: Literal["delay", "duplicate", "loss", "swap"]
    event: str | None = None
    number: int | None = None
    times: int = 1
    by: str = "PT10M"


class Settings(Body, frozen=True):
    """How often callouts are tried, and after how many minutes again."""

    attempts: int | None = None
    interval_minutes: int | None = None
    confirm: bool | None = None


def list_callouts(call: Call) -> Reply:
    """Show callouts by number: all, or those of an `event`, a `state`, an `object`, a `notification`."""
    asked = call.query.get
    rows = [
        _show(call.world, one)
        for one in sorted(call.world.callouts.latest(), key=lambda callout: callout.number)
        if asked("event") in {None, one.event}
        and asked("state") in {None, one.state}
        and asked("object") in {None, one.object_id}
        and asked("notification") in {None, one.notification_id, one.notification}
    ]
    return Reply({"callouts": rows, "success": True})


def note(call: Call) -> Reply:
    """Take down what an attempt came to."""
    said: Outcome = call.body
    attempt = Attempt(
        at=call.world.now,
        request_ids=said.request_ids,
        status=said.status,
        content=said.content,
        error=said.error,
    )
    world = callouts.note(call.world, call.path["number"], attempt, success=said.success)
    return Reply({"success": True}, world)


def resend(call: Call) -> Reply:
    """Send a callout once more, as CustomersDot's staff have Zuora do by hand."""
    callout = call.world.callouts.find(call.path["number"])
    if callout.number in call.world.outbox:
        raise RuleError(f"The callout {callout.number} is still to be sent.")
    return Reply({"success": True}, callouts.send_again(call.world, callout))


def add_fault(call: Call) -> Reply:
    """Let something go wrong with callouts that are yet to come."""
    said: NewFault = call.body
    if said.times < 1:
        raise InvalidValueError("'times' should be 1 or more.")
    try:
        later = Span.parse(said.by).after(call.world.now.astimezone(call.world.zone)) - call.world.now
    except ToolkitError as error:
        raise InvalidValueError(str(error)) from error
    fault = Fault(kind=said.kind, event=said.event, number=said.number, times=said.times, by=later)
    return _faults(replace(call.world, callout_faults=(*call.world.callout_faults, fault)))


def clear_faults(call: Call) -> Reply:
    """Let nothing go wrong any more."""
    return _faults(replace(call.world, callout_faults=()))


def list_faults(call: Call) -> Reply:
    """Show what is still to go wrong."""
    return replace(_faults(call.world), world=None)


def _faults(world: World) -> Reply:
    rows = [
        {"kind": one.kind, "event": one.event, "number": one.number, "times": one.times}
        for one in world.callout_faults
    ]
    return Reply({"faults": rows, "success": True}, world)


def change_settings(call: Call) -> Reply:
    """Set how often callouts are tried. Source of the limits: Zuora, configure callout settings."""
    said: Settings = call.body
    known = call.world.callout_settings
    attempts = known.attempts if said.attempts is None else said.attempts
    interval = known.interval if said.interval_minutes is None else timedelta(minutes=said.interval_minutes)
    if not 1 <= attempts <= _MOST_ATTEMPTS:
        raise InvalidValueError(f"'attempts' should be from 1 to {_MOST_ATTEMPTS}, not {attempts}.")
    if not timedelta(0) < interval <= _LONGEST:
        raise InvalidValueError("'intervalMinutes' should be from 1 to 1440.")
    confirm = known.confirm if said.confirm is None else said.confirm
    settings = CalloutSettings(attempts=attempts, interval=interval, confirm=confirm)
    return replace(_show_settings(settings), world=replace(call.world, callout_settings=settings))


def read_settings(call: Call) -> Reply:
    """Show how often callouts are tried."""
    return _show_settings(call.world.callout_settings)


def _show_settings(settings: CalloutSettings) -> Reply:
    minutes = settings.interval // timedelta(minutes=1)
    return Reply({"attempts": settings.attempts, "intervalMinutes": minutes, "confirm": settings.confirm})


def _show(world: World, one: Callout) -> dict[str, Any]:
    waiting = world.outbox.get(one.number)
    return {
        "number": one.number,
        "id": one.id,
        "notificationId": one.delivery_id,
        "notification": one.notification,
        "event": one.event,
        "objectId": one.object_id,
        "accountId": one.account_id,
        "method": one.target.method,
        "url": one.target.url,
        "content": one.content,
        "created": one.created.isoformat(),
        "state": "held" if waiting and waiting.due is None else one.state,
        "due": waiting.due.isoformat() if waiting and waiting.due else None,
        "attempts": [
            {
                "at": attempt.at.isoformat(),
                "requestIds": attempt.request_ids,
                "status": attempt.status,
                "content": attempt.content,
                "error": attempt.error,
            }
            for attempt in one.attempts
        ],
    }


_PATH = "/__toolkit/callouts"

ENDPOINTS = (
    Endpoint("GET", _PATH, list_callouts, public=True),
    Endpoint("POST", f"{_PATH}/{{number}}/attempts", note, Outcome, public=True),
    Endpoint("POST", f"{_PATH}/{{number}}/resend", resend, Nothing, public=True),
    Endpoint("GET", "/__toolkit/callout-faults", list_faults, public=True),
    Endpoint("POST", "/__toolkit/callout-faults", add_fault, NewFault, public=True),
    Endpoint("DELETE", "/__toolkit/callout-faults", clear_faults, public=True),
    Endpoint("GET", "/__toolkit/callout-settings", read_settings, public=True),
    Endpoint("PUT", "/__toolkit/callout-settings", change_settings, Settings, public=True),
)
