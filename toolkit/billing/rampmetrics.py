"""Ramp metrics: what the charges of a subscription are worth in each interval of its ramp."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from toolkit.billing.deltas import Delta, Measure, contracted, monthly, quantity, rows
from toolkit.billing.money import ZERO
from toolkit.billing.ramps import Interval, Ramp


class Amount(NamedTuple):
    """An amount before and after percentage discounts."""

    gross: Decimal
    net: Decimal

    @property
    def discount(self) -> Decimal:
        """What discounts take off, as a negative amount."""
        return self.net - self.gross


class Stretch(NamedTuple):
    """An amount in a stretch of time; `end` is the first day after it."""

    start: date
    end: date
    amount: Amount


class RampCharge(NamedTuple):
    """What one charge segment, or one charge, is worth in an interval, or by how much that changes.

    Attributes:
        delta: Its first stretch in the interval.
        end: First day after its last one.
    """

    delta: Delta
    end: date
    quantities: tuple[Stretch, ...]
    mrr: tuple[Stretch, ...]
    tcb: Amount
    tcv: Amount


def worth(found: Iterable[Delta], ramp: Ramp, interval: Interval, bill: Measure) -> list[RampCharge]:
    """Return what each charge segment of a ramp is worth in an interval.

    Source: Zuora, calculate TCB, TCV, MRR and quantity in ramp interval metrics.

    Args:
        found: The deltas that would create the subscription as it is.
        ramp: Its ramp.
        interval: One of the ramp's.
        bill: The measure of what will be billed.
    """
    return _measured(_within(found, ramp, interval), bill, lambda delta: delta.charge.id)


def change(found: Iterable[Delta], ramp: Ramp, interval: Interval, bill: Measure) -> list[RampCharge]:
    """Return by how much the deltas of an order change what each charge of a ramp is worth in an interval.

    Source: Zuora, calculate delta TCB, TCV, MRR and quantity in ramp interval delta metrics: one for each
    charge and interval, of all its segments together. Arguments as of `worth`.
    """
    return _measured(_within(found, ramp, interval), bill, lambda delta: delta.charge.number)


def _within(found: Iterable[Delta], ramp: Ramp, interval: Interval) -> Iterator[Delta]:
    for delta in found:
        start, end = max(delta.start, interval.start), min(delta.end or date.max, interval.end)
        if start < end and (not ramp.charges or delta.charge.number in ramp.charges):
            yield delta._replace(start=start, end=end)


def _measured(found: Iterable[Delta], bill: Measure, key: Callable[[Delta], str]) -> list[RampCharge]:
    groups: dict[str, list[Delta]] = defaultdict(list)
    for delta in found:
        groups[key(delta)].append(delta)
    return [
        RampCharge(
            delta=held[0],
            end=held[-1].end or date.max,
            quantities=_stretches((delta._replace(kept=Fraction(1)) for delta in held), quantity),
            mrr=_stretches(held, monthly),
            tcb=_sum(held, bill),
            tcv=_sum(held, contracted),
        )
        for held in groups.values()
    ]


def _sum(held: Iterable[Delta], measure: Measure) -> Amount:
    found = list(rows(held, measure))
    return Amount(sum((row.gross for row in found), ZERO), sum((row.net for row in found), ZERO))


def _stretches(held: Iterable[Delta], measure: Measure) -> tuple[Stretch, ...]:
    """Add up the rows of each stretch, and join stretches in which the same counts."""
    amounts: dict[tuple[date, date], Amount] = {}
    for row in rows(held, measure):
        span = row.delta.start, row.delta.end or date.max
        former = amounts.get(span, Amount(ZERO, ZERO))
        amounts[span] = Amount(former.gross + row.gross, former.net + row.net)
    joined: list[Stretch] = []
    for (start, end), amount in amounts.items():
        if amount == (ZERO, ZERO):
            continue
        if joined and (joined[-1].end, joined[-1].amount) == (start, amount):
            joined[-1] = Stretch(joined[-1].start, end, amount)
        else:
            joined.append(Stretch(start, end, amount))
    return tuple(joined)
