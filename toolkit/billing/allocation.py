"""Allocation: how an amount is divided among items when nobody says how."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from toolkit.billing.money import ZERO, round_money
from toolkit.billing.parts import ItemAmount, nearer
from toolkit.billing.rules import AllocationRule


class Application(NamedTuple):
    """How much of a payment or a credit memo is to settle a document.

    Attributes:
        amount: Positive, in the document's currency.
        items: Which items it settles; without them `rule` divides the amount.
        rule: The default application rule.
    """

    amount: Decimal
    items: Sequence[ItemAmount] | None = None
    rule: AllocationRule = "Proration"


def allocate(
    open_amounts: Mapping[str, Decimal], amount: Decimal, currency: str, rule: AllocationRule = "Proration"
) -> dict[str, Decimal]:
    """Divide `amount` among the items with something positive open, none of which gets more than that.

    Args:
        open_amounts: What is open of each item, in the order of the document.
        amount: Positive, at most the sum of the positive `open_amounts`.
        currency: Shares are multiples of its smallest unit; what rounding leaves falls on the item at
            which it adds up to a unit. Source: an assumption.
        rule: In proportion to what is open, or one item after the other. Source of the figures: SET-027,
            where 108 paid on items of 100, 20, -10 and -2 become 90 and 18.

    Returns:
        What each item gets, without those that get nothing.
    """
    positive = {key: open_amount for key, open_amount in open_amounts.items() if open_amount > 0}
    whole = sum(positive.values(), ZERO)
    shares, before, given = {}, ZERO, ZERO
    for key, open_amount in positive.items():
        before += open_amount
        upto = min(before, amount) if rule == "FIFO" else round_money(amount * before / whole, currency)
        shares[key] = upto - given
        given = upto
    return {key: share for key, share in shares.items() if share}


def pair(sources: Mapping[str, Decimal], targets: Mapping[str, Decimal]) -> Iterator[ItemAmount]:
    """Yield what each item gives to each other until the sources are used up, first to first.

    Args:
        sources: What each item of a credit memo gives.
        targets: What each item of a debt gets, which adds up to the same; amounts of the same sign meet.
    """
    given, got = dict(sources), dict(targets)
    for target, source in product(targets, sources):
        amount = nearer(got[target], given[source])
        if amount:
            got[target] -= amount
            given[source] -= amount
            yield ItemAmount(target, amount, source)
