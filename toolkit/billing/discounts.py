"""Discounts: the lines by which percentage and fixed discounts lessen a bill."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from toolkit.billing.fixed_discounts import spend
from toolkit.billing.grants import Grant
from toolkit.billing.offers import Offer, in_order
from toolkit.billing.percentage_discounts import noted, take_off
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rests import Rests
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge


class Discounted(NamedTuple):
    """What discounts add to a bill.

    Attributes:
        lines: The discount lines, in the order of the lines that they discount.
        marks: By the id of a discount's segment, its `charged_through` and `processed_through` since.
        grants: By the id of a discount's segment, its grants since.
    """

    lines: Sequence[Line]
    marks: Mapping[str, tuple[date | None, date | None]]
    grants: Mapping[str, tuple[Grant, ...]]


_NOTHING = Discounted((), {}, {})


def discounted(lines: Sequence[Line], offers: Sequence[Offer], day: int, rules: BillingRules) -> Discounted:
    """Return the discount lines of a bill, one for each line and discount that applies to it.

    Only positive amounts are discounted, and credits of amounts that were.
    Source: Zuora, process discounts; how discounts work with prorated credits.

    Args:
        lines: The bill's, without discounts.
        offers: The account's discounts.
        day: The account's bill cycle day.
        rules: The tenant's.
    """
    if not offers or not lines:
        return _NOTHING
    found: list[tuple[int, Line]] = []
    marks: dict[str, tuple[date | None, date | None]] = {}
    grants: dict[str, tuple[Grant, ...]] = {}
    rests = Rests.of(lines, day, rules)
    for together in in_order(offers, rules):
        base = rests.copy() if len(together) > 1 else rests
        for offer in together:
            charge = offer.charge
            amounts: Iterable[tuple[int, Decimal]]
            if offer.fixed:
                amounts, grants[charge.id] = spend(offer, rests)
            else:
                amounts = take_off(offer, base, rests)
            made = [
                (position, _discount_of(lines[position].item, charge, amount, position))
                for position, amount in amounts
            ]
            if made:
                if not offer.fixed:
                    grants[charge.id] = tuple(noted(charge, lines, made))
                marks[charge.id] = _reached(charge, [item for _, item in made])
                found.extend(
                    (position, Line(offer.subscription, offer.plan, item)) for position, item in made
                )
    found.sort(key=itemgetter(0))
    return Discounted([line for _, line in found], marks, grants)


def _discount_of(item: RatedItem, charge: Charge, amount: Decimal, position: int) -> RatedItem:
    return RatedItem(
        charge=charge,
        start=item.start,
        end=item.end,
        amount=amount,
        quantity=Decimal(1),
        processing_type="Discount",
        partial=item.partial,
        credit=item.credit,
        applied_to=position,
    )


def _reached(discount: Charge, items: Sequence[RatedItem]) -> tuple[date | None, date | None]:
    """Return a discount's `charged_through` and `processed_through` after these items of it.

    They are those of the latest item that it was taken off, as far as the discount itself reaches.
    Source: recorded subscriptions.
    """
    through, processed = discount.charged_through, discount.processed_through
    for item in items:
        if not item.credit:
            through = max(through or item.end, item.end)
            processed = max(processed or item.start, item.start)
    if through is not None and discount.effective_end is not None:
        through = min(through, discount.effective_end)
    return through, processed
