"""/__toolkit/clock: the simulator's own route, under a prefix that Zuora will never use."""

from datetime import UTC, datetime

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.clock import Span
from toolkit.errors import ToolkitError
from toolkit.zuora import agenda
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import check_reach
from toolkit.zuora.calls.wire import Body


class Move(Body, frozen=True):
    """Where to move the clock: by a span such as P1M, or to a date or moment of the tenant's zone."""

    advance: str | None = None
    to: str | None = None


def show_clock(call: Call) -> Reply:
    """Show where the tenant's time stands."""
    return Reply({"now": call.world.now.isoformat(), "zone": str(call.world.zone)})


def move_clock(call: Call) -> Reply:
    """Move the tenant's time forward, by twenty years at most, and do what falls due by then."""
    instant = _instant(call, call.body)
    if instant < call.world.now:
        raise InvalidValueError(
            f"The clock stands at {call.world.now.isoformat()} and cannot go back to {instant.isoformat()}."
        )
    check_reach("to", call.world.at(instant).today, call.world.today)
    world = agenda.advance(call.world, instant)
    return Reply({"now": world.now.isoformat(), "zone": str(world.zone)}, world)


def _instant(call: Call, move: Move) -> datetime:
    """Return where to move, in UTC, in which no hour comes twice."""
    if move.advance is not None and move.to is not None:
        raise InvalidValueError("'advance' and 'to' both say where to move the clock. Give one of them.")
    try:
        if move.advance is not None:
            return Span.parse(move.advance).after(call.world.now.astimezone(call.world.zone)).astimezone(UTC)
        if move.to is not None:
            moment = datetime.fromisoformat(move.to)
            return (moment if moment.tzinfo else moment.replace(tzinfo=call.world.zone)).astimezone(UTC)
    except ToolkitError as error:
        raise InvalidValueError(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise InvalidValueError(
            f"The clock cannot move by or to '{move.advance or move.to}'. "
            "A moment is such as 2026-12-31 or 2026-12-31T18:00:00Z."
        ) from error
    raise MissingValueError("advance")


ENDPOINTS = (
    Endpoint("GET", "/__toolkit/clock", show_clock, public=True),
    Endpoint("POST", "/__toolkit/clock", move_clock, Move, public=True),
)
