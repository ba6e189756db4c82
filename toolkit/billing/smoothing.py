"""Overage smoothing: units that several billing periods include together, or that one leaves to the next."""

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
    """What a service period exceeds the included units by; negative where unused units are given back."""

    start: date
    end: date
    units: Decimal


def rate_smoothed(charge: Charge, span: Grid, used: Used, target: date, rules: BillingRules) -> Rated:
    """Rate one segment of an overage charge whose included units reach over several billing periods.

    What is not exceeded is not billed. Source: Zuora, overage smoothing pricing: rolling window, rollover.

    Args:
        charge: The segment; `number_of_periods` says how long its windows are, or its units are kept.
        span: Its billing periods.
        used: Its usage.
        target: The target date.
        rules: The tenant's.
    """
    end = charge.effective_end or date.max
    window = _Window(charge, span, used, end)
    if charge.terms.smoothing_model == "Rollover":
        overages = window.rolled_over(target)
    else:
        overages = window.by_period(target) if charge.terms.overage_per_period else window.at_end(target)
    pricing = charge.pricing
    items = tuple(
        RatedItem(
            charge=charge,
            start=start,
            end=after,
            amount=rules.rounded(
                units * ((pricing.overage_price if units > 0 else pricing.unused_price) or ZERO),
                pricing.currency,
            ),
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

        Windows follow one another. The last period of one gives back the units that it has left, where they
        have a price. Source: Zuora, overage smoothing charge model, option for unused included units.
        """
        first = self.begin
        while periods := self._from(first):
            before = ZERO
            for start, after in periods:
                if after > target:
                    return
                beyond = self._beyond(first, after, len(periods))
                if beyond > before and self._open(start):
                    yield _Overage(start, after, beyond - before)
                before = beyond
            start, end = periods[-1]
            unused = self.included * len(periods) - self.used(first, end)
            if unused > 0 and self.charge.pricing.unused_price and self._open(start):
                yield _Overage(start, end, -unused)
            first = end

    def at_end(self, target: date) -> Iterator[_Overage]:
        """Yield the overage of each window that has some; one that has none moves on by a period.

        A window that the segment's end cuts off includes the units of its own periods only, and it is not
        moved on from: no page says so of the latter.
        """
        first = self.charge.charged_through or self.begin
        while periods := self._from(first):
            after = periods[-1][1]
            if after > target:
                return
            beyond = self._beyond(first, after, len(periods))
            if beyond:
                yield _Overage(first, after, beyond)
            first = after if beyond or after == self.end else periods[0][1]

    @property
    def begin(self) -> date:
        """The first day of the first window: the part of a period that a charge begins with is in none.

        Source: Zuora, rolling window: usage in the partial period does not count. That nothing bills it, and
        that a segment which an update has begun has no such part, are assumptions.
        """
        start = self.charge.effective_start
        return self.span.ceiling(start) if self.charge.segment == 1 else start

    def _from(self, first: date) -> list[tuple[date, date]]:
        """Return the periods of the window that begins on `first`."""
        periods = self.span.periods(first, self.end)
        return [
            (max(start, first), min(after, self.end))
            for start, after in islice(periods, self.charge.terms.number_of_periods)
        ]

    def _beyond(self, first: date, after: date, periods: int) -> Decimal:
        return max(self.used(first, after) - self.included * periods, ZERO)

    @property
    def included(self) -> Decimal:
        """The units that each period includes."""
        return self.charge.pricing.included_units or ZERO

    def _open(self, start: date) -> bool:
        """Tell whether a period that begins on `start` is not billed yet."""
        return start >= (self.charge.charged_through or start)

    def rolled_over(self, target: date) -> Iterator[_Overage]:
        """Yield the overage of each period, less what the periods before it have left.

        A period's own units are used first, then the oldest of those that are still kept; a part of a period
        that the charge begins with leaves none. Source: Zuora, rollover; that order is an assumption.
        """
        left: list[Decimal] = []
        for period in self.span.periods(self.charge.effective_start, self.end):
            start, after = max(period[0], self.charge.effective_start), min(period[1], self.end)
            if after > target:
                return
            beyond = self.used(start, after) - self.included
            unused = max(-beyond, ZERO) if start == period[0] else ZERO
            for place, units in enumerate(left):
                taken = max(min(units, beyond), ZERO)
                left[place] -= taken
                beyond -= taken
            if beyond > 0 and self._open(start):
                yield _Overage(start, after, beyond)
            left = [*left, unused][-(self.charge.terms.number_of_periods or 1) :]
