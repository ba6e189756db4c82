"""Discounts: what percentage discounts take off the lines of a bill."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from toolkit.billing.money import ZERO
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


class _Offer(NamedTuple):
    subscription: Subscription
    plan: RatePlan
    charge: Charge


def discount_lines(
    lines: Sequence[Line], subscriptions: Sequence[Subscription], rules: BillingRules
) -> Iterator[Line]:
    """Yield one discount line for each line and percentage discount that applies to it.

    Only positive amounts are discounted, and credits of amounts that were. A discount is computed on
    the rounded amount that earlier discounts have left: rate plan before subscription before account,
    then by charge number. A credit takes back what the discount took off the billed item, less what it
    takes off the part that stays billed.
    Source: Zuora, process discounts; how discounts work with prorated credits; recorded previews.
    """
    offers = sorted((offer for subscription in subscriptions for offer in _offers(subscription)), key=_rank)
    if not offers:
        return
    for position, line in enumerate(lines):
        item = line.item
        kept = item.kept
        billed = kept - item.amount if item.credit else item.amount
        for offer in offers:
            if billed <= 0 or not _applies(offer, line):
                continue
            charge = offer.charge
            off_billed, off_kept = _off(billed, charge, rules), _off(kept, charge, rules)
            billed, kept = billed - off_billed, kept - off_kept
            discount = RatedItem(
                charge=charge,
                start=item.start,
                end=item.end,
                amount=off_billed - off_kept if item.credit else -off_billed,
                quantity=Decimal(1),
                processing_type="Discount",
                partial=item.partial,
                credit=item.credit,
                applied_to=position,
            )
            yield Line(offer.subscription, offer.plan, discount)


_LEVELS = {"rateplan": 0, "subscription": 1, "account": 2}


def _offers(subscription: Subscription) -> Iterator[_Offer]:
    for plan in subscription.rate_plans:
        for charge in plan.charges:
            if charge.terms.model == "DiscountPercentage":
                yield _Offer(subscription, plan, charge)


def _rank(offer: _Offer) -> tuple[int, str]:
    return _LEVELS[offer.charge.terms.discount_level or "account"], offer.charge.number


def _applies(offer: _Offer, line: Line) -> bool:
    """Tell whether a discount covers the first day of a line, or of the item that a credit takes back.

    What a discount covered when it was billed is what it has been charged through.
    """
    discount, item = offer.charge, line.item
    match discount.terms.discount_level:
        case "rateplan":
            within = offer.plan.id == line.plan.id
        case "subscription":
            within = offer.subscription.id == line.subscription.id
        case _:
            within = True
    kinds = discount.terms.apply_discount_to or "RECURRING"
    if not within or item.charge.terms.type.upper() not in kinds:
        return False
    first = item.billed_from or item.start
    end = discount.charged_through or discount.effective_start if item.credit else discount.effective_end
    return discount.effective_start <= first and (end is None or first < end)


def _off(amount: Decimal, discount: Charge, rules: BillingRules) -> Decimal:
    percentage = discount.pricing.discount_percentage or ZERO
    return rules.rounded(amount * percentage / 100, discount.pricing.currency)


def reached(discount: Charge, items: Sequence[RatedItem]) -> tuple[date | None, date | None]:
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
