"""/v1/notification-history: which callouts were sent, and which were not received."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.messages import callouts
from toolkit.zuora.messages.callout import Callout

DAY = timedelta(days=1)
SIZE = "20"


def list_callouts(call: Call) -> Reply:
    """List callouts that were tried, newest first: those that failed, of the last day, unless told.

    Source: Zuora, list callout notification histories; that the newest come first is an assumption.
    """
    end = moment(call, "endTime", call.world.now)
    start = moment(call, "startTime", end - DAY)
    wanted = call.query.get("eventCategory")
    rows = [
        one
        for one in sorted(call.world.callouts.latest(), key=lambda callout: callout.number, reverse=True)
        if one.attempts
        and start <= one.created <= end
        and (call.query.get("failedOnly") == "false" or one.state != "delivered")
        and call.query.get("objectId") in {None, one.object_id}
        and (wanted is None or wanted in _categories(one))
    ]
    sized = replace(call, query={"pageSize": SIZE, **call.query})
    content = call.query.get("includeResponseContent") == "true"
    return listing(sized, "calloutHistories", rows, partial(_show, content=content))


class Keys(Body, frozen=True):
    """The ids of callouts, which come as a list."""

    listed: ClassVar[str | None] = "keys"

    keys: tuple[str, ...]


def resend(call: Call) -> Reply:
    """Send callouts once more; the answer names those that cannot be.

    Source: Zuora, resend callout notifications; to refuse one that is still to be sent is an assumption.

    Raises:
        InvalidValueError: It asks for none.
    """
    if not call.body.keys:
        raise InvalidValueError("The request should name at least one callout history.")
    world, failed = call.world, {}
    for key in call.body.keys:
        callout = world.callouts.get(key)
        if callout is None:
            code = NO_RESOURCE * 100 + Category.NOT_FOUND
            failed[key] = {"code": str(code), "message": f"Cannot find a callout history by {key}."}
        elif callout.number in world.outbox:
            message = f"The callout {callout.number} is still to be sent."
            failed[key] = {"code": str(NO_RESOURCE * 100 + Category.RULE), "message": message}
        else:
            world = callouts.send_again(world, callout)
    return Reply(failed, world, 202) if world is not call.world else Reply(failed, None, 400)


def _categories(callout: Callout) -> set[str]:
    return {callout.event, f"{callout.namespace}:{callout.event}", str(callout.category)}


def _show(callout: Callout, *, content: bool) -> dict[str, Any]:
    last = callout.attempts[-1]
    category = f"{callout.namespace}:{callout.event}" if callout.category is None else str(callout.category)
    shown = {
        "attemptedNum": str(len(callout.attempts)),
        "createTime": callout.created.strftime("%Y-%m-%dT%H:%M:%S"),
        "eventCategory": category,
        "eventContext": wire.write(callout.content).decode(),
        "notification": callout.notification,
        "requestMethod": callout.target.method,
        "requestUrl": callout.target.url,
        "responseCode": None if last.status is None else str(last.status),
    }
    return {**shown, "responseContent": last.error or last.content} if content else shown


def moment(call: Call, name: str, usual: datetime) -> datetime:
    """Return the moment that a parameter of the query names, in the tenant's zone unless it has one.

    Raises:
        InvalidValueError: It is no moment.
    """
    given = call.query.get(name)
    if given is None:
        return usual
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise InvalidValueError(
            f"'{name}' should be a moment such as 2026-01-31T00:00:00, not '{given}'."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=call.world.zone)


ENDPOINTS = (
    Endpoint("GET", "/v1/notification-history/callout", list_callouts),
    Endpoint("POST", "/notifications/callout-histories/resend", resend, Keys),
)
