"""Percentage discounts: a part of what the lines of a bill come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from toolkit.billing.grants import Grant
from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer, in_scope
from toolkit.billing.periods import Grid
from toolkit.billing.proration import period_fraction
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rests import Rests
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, grid

_Part = Fraction | int


def take_off(offer: Offer, base: Rests, rests: Rests) -> Iterator[tuple[int, Decimal]]:
    """Take a percentage of `base` off `rests`, and yield by line what its discount line says.

    A credit takes back what the discount took off the billed item, less what it takes off the part that
    stays billed.
    Source: Zuora, process discounts; how discounts work with prorated credits; recorded previews.

    Args:
        offer: The discount.
        base: What the percentage is of: what earlier discounts have left, or those before the first of
            several stacked ones.
        rests: What is left; it is changed.
    """
    percentage = offer.charge.pricing.discount_percentage or ZERO
    currency, rules = offer.charge.pricing.currency, base.rules
    parts = _parts if offer.charge.terms.apply_partially else _whole
    since = {one.charge_id: one.start for one in offer.charge.grants}

    def off(amount: Decimal, rest: Decimal, part: _Part) -> Decimal:
        if part != 1:
            amount = amount * part.numerator / part.denominator
        found = rules.rounded(amount * percentage / 100, currency)
        return found if found <= rest else rules.rounded(rest, currency)

    for position, line in enumerate(rests.lines):
        billed, kept = rests.billed[position], rests.kept[position]
        if billed <= 0 or not in_scope(offer, line.subscription, line.plan, line.item.charge):
            continue
        of_billed, of_kept = parts(offer, line, rests)
        if not of_billed or (since and line.item.credit and not _was_taken(line.item, since)):
            continue
        off_billed = off(base.billed[position], billed, of_billed)
        off_kept = off(base.kept[position], kept, of_kept) if kept else ZERO
        rests.billed[position], rests.kept[position] = billed - off_billed, kept - off_kept
        yield position, off_billed - off_kept if line.item.credit else -off_billed


def _was_taken(credit: RatedItem, since: Mapping[str, date]) -> bool:
    """Tell whether a discount was taken off an item, by the first items of segments that it was taken off.

    Source: Zuora, enhanced discount use cases: what is billed already is not discounted afterwards.
    """
    return since.get(credit.charge.id, date.max) <= (credit.billed_from or credit.start)


def noted(discount: Charge, lines: Sequence[Line], made: Iterable[tuple[int, RatedItem]]) -> Iterator[Grant]:
    """Yield the grants of a percentage discount after a bill: the first item of each segment.

    Nothing is noted of one that was billed before without notes, because those came first.

    Args:
        discount: The discount, as it was before.
        lines: The bill's, without discounts.
        made: The positions of lines, and what is taken off them.
    """
    yield from discount.grants
    if discount.charged_through is not None and not discount.grants:
        return
    known = {one.charge_id for one in discount.grants}
    for position, off in made:
        item = lines[position].item
        if not item.credit and item.charge.id not in known:
            known.add(item.charge.id)
            yield Grant(item.charge.id, item.start, item.start, -off.amount, item.amount)


def _whole(offer: Offer, line: Line, _: Rests) -> tuple[_Part, _Part]:
    """Return 1 and 1 if a discount covers the first day of an item, billed or credited, and else 0 and 0."""
    day = line.item.billed_from or line.item.start
    covers = offer.charge.effective_start <= day < _reach(offer.charge, line.item)
    return (1, 1) if covers else (0, 0)


def _parts(offer: Offer, line: Line, rests: Rests) -> tuple[_Part, _Part]:
    """Return which part of what was billed a discount covers, and which part of what stays billed.

    Whole months count first, whatever the rules say of periods longer than one. Source: Zuora,
    enhanced discount use case 1.1: three months of a year are 3/12, where the rule is to prorate by day.
    """
    item, rules = line.item, rests.rules
    span = grid(line.subscription, item.charge, rests.day)
    monthly = replace(rules, long_period_proration="month_first")

    def covered(start: date, end: date) -> _Part:
        first, after = max(start, offer.charge.effective_start), min(end, _reach(offer.charge, item))
        if first >= after:
            return 0
        return _length(first, after, span, monthly) / _length(start, end, span, monthly)

    first = item.billed_from or item.start
    unused_alone = item.credit and rules.credit_basis == "credit_period"
    return covered(item.start if unused_alone else first, item.end), covered(first, item.start)


def _length(start: date, end: date, span: Grid, rules: BillingRules) -> Fraction:
    """Return how many billing periods [start, end) takes."""
    parts = (
        period_fraction(max(period[0], start), min(period[1], end), span, period, rules)
        for period in span.periods(start, end)
    )
    return sum(parts, Fraction(0))


def _reach(discount: Charge, item: RatedItem) -> date:
    """Return the first day that a discount does not cover.

    Of an item that a credit takes back that was, when it was billed, what the discount is charged through.
    """
    if item.credit:
        return discount.charged_through or discount.effective_start
    return discount.effective_end or date.max
