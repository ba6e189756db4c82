"""Overage smoothing: units that several billing periods include together, in a rolling window."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from toolkit.billing.money import ZERO
from toolkit.billing.periods import Grid
from toolkit.billing.rating import Rated, RatedItem, reached
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge

Used = Callable[[date, date], Decimal]
"""Returns the quantity that was used from the first of two days on and before the second."""


class _Overage(NamedTuple):
    start: date
    end: date
    units: Decimal


def rate_smoothed(charge: Charge, span: Grid, used: Used, target: date, rules: BillingRules) -> Rated:
    """Rate one segment of an overage charge whose windows reach over several billing periods.

    A window without overage is not billed. Source: Zuora, overage smoothing pricing, rolling window.

    Args:
        charge: The segment; `number_of_periods` says how long its windows are.
        span: Its billing periods.
        used: Its usage.
        target: The target date.
        rules: The tenant's.
    """
    end = charge.effective_end or date.max
    window = _Window(charge, span, used, end)
    overages = window.by_period(target) if charge.terms.overage_per_period else window.at_end(target)
    items = tuple(
        RatedItem(
            charge=charge,
            start=start,
            end=after,
            amount=rules.rounded(units * (charge.pricing.overage_price or ZERO), charge.pricing.currency),
            quantity=units,
        )
        for start, after, units in overages
    )
    return Rated(items, end, end) if end <= target else reached(charge, items, target, arrears=True)


class _Window(NamedTuple):
    """The windows of a segment."""

    charge: Charge
    span: Grid
    used: Used
    end: date

    def by_period(self, target: date) -> Iterator[_Overage]:
        """Yield the overage of each period: what its window has exceeded by then, less what before.

        Windows follow one another.
        """
        first = self.charge.effective_start
        while periods := self._from(first):
            before = ZERO
            for start, after in periods:
                if after > target:
                    return
                beyond = self._beyond(first, after, len(periods))
                if beyond > before and start >= (self.charge.charged_through or start):
                    yield _Overage(start, after, beyond - before)
                before = beyond
            first = periods[-1][1]

    def at_end(self, target: date) -> Iterator[_Overage]:
        """Yield the overage of each window that has some; one that has none moves on by a period.

        A window that the segment's end cuts off includes the units of its own periods only, and it is not
        moved on from: no page says so of the latter.
        """
        first = self.charge.charged_through or self.charge.effective_start
        while periods := self._from(first):
            after = periods[-1][1]
            if after > target:
                return
            beyond = self._beyond(first, after, len(periods))
            if beyond:
                yield _Overage(first, after, beyond)
            first = after if beyond or after == self.end else periods[0][1]

    def _from(self, first: date) -> list[tuple[date, date]]:
        """Return the periods of the window that begins on `first`."""
        periods = self.span.periods(first, self.end)
        return [
            (max(start, first), min(after, self.end))
            for start, after in islice(periods, self.charge.terms.number_of_periods)
        ]

    def _beyond(self, first: date, after: date, periods: int) -> Decimal:
        return max(self.used(first, after) - (self.charge.pricing.included_units or ZERO) * periods, ZERO)
