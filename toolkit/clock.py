"""The environment's one clock: time that stands still until it is told to move."""

import calendar
import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol, Self

from toolkit.errors import ToolkitError

_ISO_8601 = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
    re.ASCII,
)


_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # three times as fast as calendar.monthrange
_FEBRUARY = 2
_SHORTEST = 28


def days_in_month(day: date) -> int:
    """Return how many days the month of `day` has."""
    leap_day = day.month == _FEBRUARY and calendar.isleap(day.year)
    return _DAYS[day.month] + leap_day


def add_months(day: date, months: int, on: int | None = None) -> date:
    """Move a date by whole months; a day that the month lacks becomes its last day.

    Args:
        day: The date to move.
        months: How many months, also back.
        on: Day of the month (1-31) to arrive on, where that is not the day's own.

    Raises:
        OverflowError: The calendar, which ends with the year 9999, has no such day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"There is no day {months} months after {day}.")
    wanted = on or day.day
    if wanted > _SHORTEST:
        wanted = min(wanted, _DAYS[month + 1] + (month == 1 and calendar.isleap(year)))
    return date(year, month + 1, wanted)


class Span(NamedTuple):
    """A calendar span: months first, then days, then seconds."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ISO 8601 duration of whole numbers, such as `P1M`, `P1Y2M10D` or `PT30M`.

        Raises:
            ToolkitError: The text is no such duration.
        """
        match = _ISO_8601.fullmatch(text)
        if match is None or text == "P":
            raise ToolkitError(f"'{text}' is not an ISO 8601 duration.", "Write P1M, P1Y, P10D or PT30M.")
        part = {name: int(value or 0) for name, value in match.groupdict().items()}
        return cls(
            months=part["years"] * 12 + part["months"],
            days=part["weeks"] * 7 + part["days"],
            seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
        )

    def after(self, start: datetime) -> datetime:
        """Return the moment this span after `start`, which must carry a time zone.

        Months and days keep the time of day in that zone; seconds then pass as they really do, also
        over a change between standard and daylight saving time.

        Raises:
            ToolkitError: The calendar, which ends with the year 9999, has no such moment.
        """
        try:
            day = add_months(start.date(), self.months) + timedelta(days=self.days)
            moment = datetime.combine(day, start.timetz()).astimezone(UTC) + timedelta(seconds=self.seconds)
            return moment.astimezone(start.tzinfo)
        except (OverflowError, ValueError) as error:
            raise ToolkitError(
                f"There is no moment {self.months} months, {self.days} days and {self.seconds} seconds "
                f"after {start.isoformat()}.",
                "Choose a shorter span.",
            ) from error


class Part(Protocol):
    """A part of the environment that has work of its own to do as time passes."""

    def next_due(self) -> datetime | None:
        """Return when the next piece of work falls due, or None when nothing is planned."""

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant` and do what is due by then."""


class Clock:
    """The current instant, and the parts that move with it.

    Args:
        start: Where time stands at first; must carry a time zone, which the clock keeps.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ToolkitError(f"The clock cannot start at {start.isoformat()}.", "Give it a time zone.")
        self.now = start
        self._parts: list[Part] = []

    @classmethod
    def from_wall(cls, read: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Start at the wall clock's present; it does not run on from there."""
        return cls(read())

    def join(self, part: Part) -> None:
        """Let `part` move with this clock from now on."""
        self._parts.append(part)
        part.advance_to(self.now)

    def advance(self, by: str | Span) -> datetime:
        """Move by a span, for example `P1M`; see `advance_to`."""
        return self.advance_to((Span.parse(by) if isinstance(by, str) else by).after(self.now))

    def advance_to(self, instant: datetime) -> datetime:
        """Move to `instant`, stopping at every moment at which a part has work due.

        Parts that are due at the same moment run in the order in which they joined.

        Raises:
            ToolkitError: `instant` has no time zone, or lies in the past; time does not go back,
                restore a snapshot instead.
        """
        if instant.tzinfo is None:
            raise ToolkitError(f"The clock cannot move to {instant.isoformat()}.", "Give it a time zone.")
        zone, target = self.now.tzinfo, instant.astimezone(UTC)  # in UTC no hour comes twice
        if target < self.now.astimezone(UTC):
            raise ToolkitError(
                f"The clock stands at {self.now.isoformat()} and cannot go back to {instant.isoformat()}.",
                "Restore a snapshot taken earlier.",
            )
        while (here := self.now.astimezone(UTC)) < target:
            due = [when.astimezone(UTC) for part in self._parts if (when := part.next_due())]
            self.now = min([target, *(when for when in due if when > here)]).astimezone(zone)
            for part in self._parts:
                part.advance_to(self.now)
        return self.now
