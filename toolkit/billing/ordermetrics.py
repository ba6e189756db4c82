"""Order metrics: the deltas of an order action as tenants from before order delta metrics see them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from toolkit.billing.deltas import Row
from toolkit.billing.money import ZERO


class Slice(NamedTuple):
    """By how much one metric of a charge changes in a stretch of time within one term.

    Attributes:
        end: First day after the stretch; None for good.
        term: Number of the subscription's term, from 1.
    """

    charge_number: str
    start: date
    end: date | None
    term: int
    amount: Decimal


def slices(rows: Iterable[Row]) -> Iterator[Slice]:
    """Yield what the rows of one metric add up to: what a segment loses and the next one gains is one amount.

    Source: Zuora, product order update to increase quantity: 10 units that become 13 are a delta of 3.
    """
    return _added(rows, lambda row: row.gross)


def discounts(rows: Iterable[Row]) -> Iterator[Slice]:
    """Yield in the same way what percentage discounts take off the metric, as negative amounts.

    Source: Zuora, order MRR data source: 10 percent off 50 a month are -5, and 5 from the day without them.
    """
    return _added(rows, lambda row: row.net - row.gross)


def _added(rows: Iterable[Row], amount_of: Callable[[Row], Decimal]) -> Iterator[Slice]:
    for key, same in groupby(rows, _stretch):
        amount = sum(map(amount_of, same), ZERO)
        if amount:
            yield Slice(*key, amount)


def _stretch(row: Row) -> tuple[str, date, date | None, int]:
    delta = row.delta
    return delta.charge.number, delta.start, delta.end, delta.term
