"""Order delta metrics: what an order changes of quantity, recurring revenue, contract value and billing."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.catalog import Pricing
from toolkit.billing.metrics import mrr, tcb, tcv
from toolkit.billing.money import ZERO
from toolkit.billing.netting import Kept, kept_stretches
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


class Delta(NamedTuple):
    """A stretch of time in which a charge segment begins to count, or no longer does.

    Attributes:
        subscription: The version that holds the segment: the former one where it no longer counts.
        start: First day.
        end: First day after it; None for good.
        sign: 1 where the segment begins to count, -1 where it no longer does.
        kept: The part of its price that percentage discounts leave.
        term: Number of the subscription's term in which it lies, from 1.
    """

    subscription: Subscription
    plan: RatePlan
    charge: Charge
    start: date
    end: date | None
    sign: int
    kept: Fraction
    term: int

    @property
    def part(self) -> Charge:
        """The segment as if it lasted this stretch only; a later part of it is no first segment."""
        cut = self.start > self.charge.effective_start
        return replace(
            self.charge,
            segment=self.charge.segment + cut,
            effective_start=self.start,
            effective_end=self.end,
        )


class Row(NamedTuple):
    """One metric of one delta; `net` is what percentage discounts leave of the `gross` amount."""

    delta: Delta
    gross: Decimal
    net: Decimal


Measure = Callable[[Delta], Decimal]
"""Tells what a segment is worth in the stretch of a delta, without its sign."""


class _Piece(NamedTuple):
    """A stretch in which a segment and the discounts on it stay the same."""

    subscription: Subscription
    plan: RatePlan
    charge: Charge
    kept: Kept

    @property
    def worth(self) -> tuple[object, ...]:
        """What makes a difference to metrics."""
        return self.charge.id, self.charge.quantity, self.charge.pricing, self.kept.part


def deltas(
    before: Subscription | None,
    after: Subscription,
    rules: BillingRules = DEFAULT_RULES,
    *,
    discounted: bool = True,
) -> Iterator[Delta]:
    """Yield how the charges of two versions of a subscription differ.

    Where a segment takes another's place, the former is told first. Each is split where a term begins,
    and where percentage discounts of the rate plan or the subscription change. What lasts no time
    changes nothing; usage and the discounts themselves have no metrics.

    Source: Zuora, order delta MRR, TCB, TCV and quantity: versions before and after an order are compared.

    Args:
        before: The version before the order; None if the order creates the subscription.
        after: The version after it.
        rules: The tenant's, by which discounts are ordered.
        discounted: Whether discounts are looked at.
    """
    former = _pieces(before, rules, discounted=discounted) if before else {}
    latter = _pieces(after, rules, discounted=discounted)
    turns = (*after.former_terms, after.term_start)
    for number in dict.fromkeys((*latter, *former)):
        old, new = former.get(number, []), latter.get(number, [])
        days = {day for piece in (*old, *new) for day in piece.kept[:2]}
        first, last = min(days), max(days)
        days.update(day for day in turns if first < day < last)
        for start, end in pairwise(sorted(days)):
            was, now = _on(start, old), _on(start, new)
            if was is not None and now is not None and was.worth == now.worth:
                continue
            for piece, sign in ((was, -1), (now, 1)):
                if piece is not None:
                    yield Delta(
                        subscription=piece.subscription,
                        plan=piece.plan,
                        charge=piece.charge,
                        start=start,
                        end=None if end == date.max else end,
                        sign=sign,
                        kept=piece.kept.part,
                        term=max(bisect_right(turns, start), 1),
                    )


def _pieces(
    subscription: Subscription, rules: BillingRules, *, discounted: bool
) -> Mapping[str, list[_Piece]]:
    found: dict[str, list[_Piece]] = defaultdict(list)
    for plan in subscription.rate_plans:
        for charge in plan.charges:
            start, end = charge.effective_start, charge.effective_end or date.max
            if start == end or charge.terms.type == "Usage" or charge.terms.model.startswith("Discount"):
                continue
            whole = (Kept(start, end, Fraction(1)),)
            for kept in kept_stretches(subscription, plan, charge, rules) if discounted else whole:
                found[charge.number].append(_Piece(subscription, plan, charge, kept))
    return found


def _on(day: date, pieces: Iterable[_Piece]) -> _Piece | None:
    return next((one for one in pieces if one.kept.start <= day < one.kept.end), None)


def rows(changes: Iterable[Delta], measure: Measure) -> Iterator[Row]:
    """Yield the metric of each delta that has one; of those that have none, nothing."""
    for delta in changes:
        worth = measure(delta) * delta.sign
        if worth:
            yield Row(delta, worth, worth * delta.kept.numerator / delta.kept.denominator)


def monthly(delta: Delta) -> Decimal:
    """Return the monthly recurring revenue of a segment."""
    return mrr(delta.charge)


def contracted(delta: Delta) -> Decimal:
    """Return the contract value of the stretch; 0 where nothing ends it."""
    return tcv(delta.part)


def quantity(delta: Delta) -> Decimal:
    """Return the quantity of a one-time or recurring charge; of other charges 0."""
    return delta.charge.quantity or ZERO


def billed(bill_cycle_day: int, rules: BillingRules) -> Measure:
    """Return the measure of what a stretch is estimated to be billed; of evergreen subscriptions 0.

    Source: Zuora, order delta TCB: it is not generated for evergreen subscriptions.
    """

    def measure(delta: Delta) -> Decimal:
        if delta.subscription.term_end is None:
            return ZERO
        return tcb(delta.subscription, delta.part, bill_cycle_day, rules)

    return measure


def listed(find_pricing: Callable[[RatePlan, Charge], Pricing], bill: Measure) -> Measure:
    """Return the measure of what a stretch would be billed at the catalog's prices: extended list price."""
    return lambda delta: bill(
        delta._replace(charge=replace(delta.charge, pricing=find_pricing(delta.plan, delta.charge)))
    )
