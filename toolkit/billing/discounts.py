"""Discounts: what percentage discounts take off the lines of a bill."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from toolkit.billing.money import ZERO, round_money
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


def discount_lines(
    lines: Sequence[Line], subscriptions: Sequence[Subscription], rules: BillingRules
) -> Iterator[Line]:
    """Yield one discount line for each line and percentage discount that applies to it.

    Only positive amounts are discounted, and credits of amounts that were. A discount is computed on
    the rounded amount that earlier discounts have left: rate plan before subscription before account,
    then by charge number. Source: Zuora, process discounts; recorded previews.
    """
    offers = [offer for subscription in subscriptions for offer in _offers(subscription)]
    if not offers:
        return
    offers.sort(key=lambda offer: (_LEVELS[offer[2].terms.discount_level or "account"], offer[2].number))
    for position, line in enumerate(lines):
        if line.item.amount <= 0 and not line.item.credit:
            continue
        left = line.item.amount
        for subscription, plan, charge in offers:
            if not _applies(subscription, plan, charge, line):
                continue
            percentage = charge.pricing.discount_percentage or ZERO
            amount = -round_money(left * percentage / 100, charge.pricing.currency, rules.rounding)
            left += amount
            item = RatedItem(
                charge=charge,
                start=line.item.start,
                end=line.item.end,
                amount=amount,
                quantity=Decimal(1),
                processing_type="Discount",
                credit=line.item.credit,
                applied_to=position,
            )
            yield Line(subscription, plan, item)


_LEVELS = {"rateplan": 0, "subscription": 1, "account": 2}


def _offers(subscription: Subscription) -> Iterator[tuple[Subscription, RatePlan, Charge]]:
    for plan in subscription.rate_plans:
        for charge in plan.charges:
            if charge.terms.model == "DiscountPercentage":
                yield subscription, plan, charge


def _applies(subscription: Subscription, plan: RatePlan, discount: Charge, line: Line) -> bool:
    match discount.terms.discount_level:
        case "rateplan":
            within = plan.id == line.plan.id
        case "subscription":
            within = subscription.id == line.subscription.id
        case _:
            within = True
    kinds = discount.terms.apply_discount_to or "RECURRING"
    if not within or line.item.charge.terms.type.upper() not in kinds:
        return False
    end = discount.effective_end
    return discount.effective_start <= line.item.start and (end is None or line.item.start < end)
