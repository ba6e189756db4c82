"""Run dates: the days on which a scheduled bill run runs, and the invoice and target dates it has then."""

from datetime import date, timedelta
from typing import Literal

import msgspec

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import first_on_weekday, on_day
from toolkit.clock import add_months


class RunDate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a date of a scheduled bill run follows from the day on which it runs.

    Attributes:
        days: How many days after the run it is, where no month is named.
        months: How many months after the month of the run it is; monthly runs only.
        day_of_month: The day of that month, 1-31; in a shorter month its last day.

    Raises:
        InvalidValueError: It has both days and a month, a half of a month, or no such day.

    Source: Zuora, create a bill run; monthly scheduled bill run use cases (BP-052, BP-053).
    """

    days: int | None = None
    months: int | None = None
    day_of_month: int | None = None

    def __post_init__(self) -> None:
        if (self.months is None) != (self.day_of_month is None) or None not in {self.days, self.months}:
            raise InvalidValueError(
                "A date of a scheduled bill run needs either an offset in days, or both an offset in months "
                "and a day of the month."
            )
        if self.day_of_month is not None and not 1 <= self.day_of_month <= 31:  # noqa: PLR2004 - a month's
            raise InvalidValueError(f"The day of the month should be 1 to 31, not {self.day_of_month}.")

    def on(self, run: date) -> date:
        """Return the date for a run on this day; the same day where nothing is said."""
        if self.months is None or self.day_of_month is None:
            return run + timedelta(days=self.days or 0)
        return on_day(add_months(run.replace(day=1), self.months), self.day_of_month)


Every = Literal["None", "Daily", "Weekly", "Monthly"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

_WEEK: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_END_OF_MONTH = 31
_LAST_HOUR = 23


class Recurrence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """On which days a scheduled bill run runs.

    Attributes:
        begin: The first day that may be one.
        end: The last one that may; None for ever.
        every: How often; None runs once.
        hour: The hour at which it runs, 0-23 in the tenant's time zone.
        weekdays: Those of a weekly run; that of `begin` where none is named, which is an assumption.
        end_of_month: Whether a monthly run that begins on the last day of a month stays on last days.

    Raises:
        InvalidValueError: No day is one, no day has the hour, or it is to stay on last days without
            beginning on one, or without being monthly.

    Source: Zuora, create a bill run; monthly scheduled bill run use case 3.
    """

    begin: date
    end: date | None = None
    every: Every = "None"
    hour: int = 0
    weekdays: tuple[Weekday, ...] = ()
    end_of_month: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= _LAST_HOUR:
            raise InvalidValueError(f"'runTime' should be 0 to {_LAST_HOUR}, not {self.hour}.")
        if self.end_of_month and (self.every, on_day(self.begin, _END_OF_MONTH)) != ("Monthly", self.begin):
            raise InvalidValueError(
                "'monthlyOnEndOfMonth' is only valid for a monthly bill run whose 'repeatFrom' is the end of "
                f"a month, not {self.begin}."
            )
        if self.end is not None and self.end < self.first:
            raise InvalidValueError(f"'repeatTo' {self.end} is before the first run, {self.first}.")

    @property
    def first(self) -> date:
        """The day of the first run."""
        return self._weekday_from(self.begin) if self.every == "Weekly" else self.begin

    def after(self, day: date) -> date | None:
        """Return the day of the run that follows the one of `day`, or None after the last."""
        if self.every == "None":
            return None
        if self.every == "Monthly":
            following = add_months(day, 1, _END_OF_MONTH if self.end_of_month else self.begin.day)
        else:
            tomorrow = day + timedelta(days=1)
            following = tomorrow if self.every == "Daily" else self._weekday_from(tomorrow)
        return following if self.end is None or following <= self.end else None

    def _weekday_from(self, day: date) -> date:
        wanted = map(_WEEK.index, self.weekdays) if self.weekdays else (self.begin.weekday(),)
        return min(first_on_weekday(day, weekday) for weekday in wanted)


def bill_cycle_days(run: date) -> range:
    """Return the bill cycle days that are billed as of the day of a run.

    Those that a month lacks fall on its last day.
    Source: Zuora, bill run built-in variables, AsRunDay (BP-055).
    """
    last = on_day(run, _END_OF_MONTH) == run
    return range(run.day, (_END_OF_MONTH if last else run.day) + 1)
