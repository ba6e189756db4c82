"""Ramps: deals whose products, prices or quantities change from one interval to the next."""

from datetime import date
from itertools import pairwise

import msgspec

from toolkit.billing.errors import InvalidValueError


class Interval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a ramp for which metrics are told.

    Attributes:
        start: First day.
        end: First day after it; Zuora shows the day before.

    Raises:
        InvalidValueError: It lasts no time.
    """

    name: str
    start: date
    end: date
    description: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidValueError(f"The ramp interval from {self.start} should not end before it starts.")


class Ramp(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The ramp of a subscription.

    Attributes:
        charges: Numbers of the charges that belong to it; empty for all one-time and recurring ones.
        intervals: In order of time.

    Raises:
        InvalidValueError: There is no interval, or between two of them a gap or an overlap.
            Source: the official SDK, ramp.
    """

    id: str
    number: str
    subscription_number: str
    name: str
    intervals: tuple[Interval, ...]
    description: str = ""
    charges: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.intervals:
            raise InvalidValueError("A ramp should have at least 1 interval.")
        for former, following in pairwise(self.intervals):
            if former.end != following.start:
                raise InvalidValueError(
                    f"The ramp interval that starts on {following.start} should start on {former.end}, "
                    "after the one before it ends."
                )
