"""Fixed discounts: an amount for each of their own periods, which the lines of bills use up."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from toolkit.billing.grants import Grant
from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer, in_scope
from toolkit.billing.periods import Grid
from toolkit.billing.proration import period_fraction
from toolkit.billing.rating import Line, RatedItem, per_period
from toolkit.billing.rests import Rests
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, grid

_DAY = timedelta(days=1)


class Spent(NamedTuple):
    """What a bill changes of a fixed discount.

    Attributes:
        amounts: The positions of lines, and what their discount lines say: negative, or positive for credits.
        grants: All that the discount is taken off after the bill.
    """

    amounts: Sequence[tuple[int, Decimal]]
    grants: tuple[Grant, ...]


def spend(offer: Offer, rests: Rests) -> Spent:
    """Give back what credits leave no place for, then take the discount off lines as early as possible.

    Lines have their turn by the version, the segment, the effective start and the number of their charge,
    then by their service period. What a bill leaves of the amount of a period, later bills can use.
    Source: Zuora, reason why some items on an invoice are discounted and some are not; discount balance.

    Args:
        offer: The discount.
        rests: What earlier discounts have left; it is changed.
    """
    charge, lines = offer.charge, rests.lines
    span = None if charge.terms.type == "OneTime" else grid(offer.subscription, charge, rests.day)
    purse = _Purse(charge, span, rests.rules)
    amounts: list[tuple[int, Decimal]] = []
    for position, line in enumerate(lines):
        if line.item.credit:
            back = purse.give_back(line.item, rests, position)
            if back is not None:
                amounts.append((position, back))
    for position in sorted(range(len(lines)), key=lambda position: _turn(lines[position])):
        line = lines[position]
        if line.item.credit or rests.billed[position] <= 0:
            continue
        if in_scope(offer, line.subscription, line.plan, line.item.charge):
            taken = purse.take(line.item, purse.rounded(rests.billed[position]))
            if taken:
                rests.billed[position] -= taken
                amounts.append((position, -taken))
    return Spent(amounts, tuple(purse.grants))


def _turn(line: Line) -> tuple[int, int, date, int, str, date]:
    charge = line.item.charge
    number = charge.number
    return charge.version, charge.segment, charge.effective_start, len(number), number, line.item.start


class _Purse:
    """What is left of a fixed discount in each of its periods, while a bill is made.

    Args:
        charge: The segment of the discount.
        span: Its periods; None for one-time discounts.
        rules: The tenant's.
    """

    def __init__(self, charge: Charge, span: Grid | None, rules: BillingRules) -> None:
        self.grants = list(charge.grants)
        self._charge = charge
        self._span = span
        self._rules = rules

    def rounded(self, amount: Decimal) -> Decimal:
        """Round to the currency's unit."""
        return self._rules.rounded(amount, self._charge.pricing.currency)

    def take(self, item: RatedItem, left: Decimal) -> Decimal:
        """Take as much as there is, and at most `left`, off an item; return how much that is."""
        taken = ZERO
        for start, after, budget in self._periods(item):
            spent = sum((one.amount for one in self.grants if start <= one.period < after), ZERO)
            amount = min(budget - spent, left - taken)
            if amount > 0:
                self.grants.append(Grant(item.charge.id, item.start, start, amount, left))
                taken += amount
        return taken

    def _periods(self, item: RatedItem) -> Iterator[tuple[date, date, Decimal]]:
        """Yield the parts of the discount's periods that an item can use, with what each is worth.

        It is the period that contains the item's first day, which an end of the discount within the item does
        not cut short; every period that overlaps the item if the discount may apply partially. Days are
        counted whatever the rules say of partial months, weeks and periods, unless whole months alone are to
        count. Source: Zuora, enhanced discount use cases 2.2 and 2.3; fixed amount model; fixed amount
        discount model prorations (PRO-060).
        """
        begin, end = self._charge.effective_start, self._charge.effective_end or date.max
        partially = self._charge.terms.apply_partially
        first = max(item.start, begin) if partially else item.start
        after = min(item.end, end) if partially else item.start + _DAY
        if not begin <= first < min(after, end):
            return
        if not partially and end < item.end:
            end = date.max
        amount = self._charge.pricing.discount_amount or ZERO
        if self._span is None:
            yield begin, end, self.rounded(amount)
            return
        whole = per_period(amount, self._charge.terms, self._span)
        for period in self._span.periods(first, after):
            start, stop = max(period[0], begin), min(period[1], end)
            part = period_fraction(start, stop, self._span, period, self._rules)
            if not self._rules.discount_days and self._span.months:
                part = Fraction(int(part * self._span.months), self._span.months)
            yield start, stop, self.rounded(whole * part.numerator / part.denominator)

    def give_back(self, item: RatedItem, rests: Rests, position: int) -> Decimal | None:
        """Return what a credited item gives back of this discount, or None if it had none of it."""
        first = item.billed_from or item.start
        held = [
            one for one in self.grants if one.charge_id == item.charge.id and first <= one.start < item.end
        ]
        if not held:
            return None
        held.sort(key=attrgetter("start", "period"))
        kept = list(self._kept(held, item, self.rounded(rests.fall(position))))
        self.grants = [one for one in self.grants if one not in held] + kept
        before, after = (sum((one.amount for one in some), ZERO) for some in (held, kept))
        rests.reduce(position, before, after)
        return before - after

    def _kept(self, held: Sequence[Grant], item: RatedItem, fall: Decimal) -> Iterator[Grant]:
        """Yield what stays of these grants when an item is worth less by `fall` than it was.

        That is as much as what stays billed can take, or if the rules say so the part for its days.
        Source: Zuora, credit for prorated discounts.
        """
        items = {one.start: one.of for one in held}
        left = sum(items.values(), ZERO) - fall
        for start, grants in groupby(held, key=attrgetter("start")):
            of = room = min(items[start], left)
            left -= of
            for one in grants:
                amount = min(self._wanted(one, item), room)
                room -= amount
                if amount > 0:
                    yield one._replace(amount=amount, of=of)

    def _wanted(self, grant: Grant, item: RatedItem) -> Decimal:
        cut, prorated = item.start, self._rules.credit_prorated_discounts
        if self._charge.terms.apply_partially and grant.period >= cut:
            return ZERO
        if not prorated or self._span is None:
            return grant.amount
        index = self._span.ordinal(grant.period)
        period = self._span.start(index), self._span.start(index + 1)
        first, after = max(grant.period, grant.start), min(period[1], item.end)
        if cut >= after:
            return grant.amount
        stays, whole = (
            period_fraction(first, max(first, end), self._span, period, self._rules) for end in (cut, after)
        )
        part = stays / whole
        return self.rounded(grant.amount * part.numerator / part.denominator)
