"""The ramp of an order, as a client writes it."""

from datetime import date, timedelta
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.billing.ramps import Interval, Ramp
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change

_DAY = timedelta(days=1)


class RampInterval(Body, frozen=True):
    """An interval; its end is its last day. Source: the official reference, sample of ramp metrics."""

    start_date: date
    end_date: date
    name: str = ""
    description: str = ""


class RampCharge(Body, frozen=True):
    """A charge that belongs to the ramp."""

    lacking: ClassVar[frozenset[str]] = frozenset({"uniqueToken"})

    charge_number: str | None = None


class RampDefinition(Body, frozen=True):
    """A ramp to set in place of the one that the subscription has, or the wish to have none."""

    name: str = ""
    description: str = ""
    intervals: tuple[RampInterval, ...] = ()
    charges: tuple[RampCharge, ...] = ()
    delete: bool = False


def with_ramp(change: Change, subscription: Subscription, said: RampDefinition) -> Subscription:
    """Return the subscription with the ramp of an order; a ramp that it had keeps its number.

    Raises:
        InvalidValueError: A charge is not named, or the intervals do not follow one another.
        NotFoundError: The subscription has no such charge.
    """
    if said.delete:
        return replace(subscription, ramp=None)
    known = {charge.number for charge in subscription.charges}
    for one in said.charges:
        if one.charge_number is None:
            raise InvalidValueError("A charge of a ramp should have a 'chargeNumber'.")
        if one.charge_number not in known:
            raise NotFoundError(one.charge_number)
    former = subscription.ramp
    ramp = Ramp(
        id=former.id if former else change.id(),
        number=former.number if former else change.number("ramp"),
        subscription_number=subscription.number,
        name=said.name,
        description=said.description,
        charges=tuple(one.charge_number or "" for one in said.charges),
        intervals=tuple(
            Interval(
                name=one.name, description=one.description, start=one.start_date, end=one.end_date + _DAY
            )
            for one in said.intervals
        ),
    )
    change.put(ramp)
    return replace(subscription, ramp=ramp)
