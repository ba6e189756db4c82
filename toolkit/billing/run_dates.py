"""Run dates: the invoice and target dates that a scheduled bill run has on the day it runs."""

from datetime import date, timedelta

import msgspec

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import on_day
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
