"""Uplift: the segments that begin with a renewal because prices change with it."""

from msgspec.structs import replace

from toolkit.billing import segments
from toolkit.billing.catalog import ProductCharge
from toolkit.billing.errors import NotFoundError
from toolkit.billing.identities import unused
from toolkit.billing.orders import Desk, Override
from toolkit.billing.pricechanges import next_pricing
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


def uplift(renewed: Subscription, desk: Desk) -> Subscription:
    """Change the prices of a subscription that has just been renewed, from the first day of its new term on.

    Nothing changes where the tenant has not enabled it. Discounts, one-time charges and removed plans stay.
    Source: Zuora, automated price change (uplift) for renewed subscriptions (AMD-031).
    """
    if desk.rules.price_change is None:
        return renewed
    desk = desk._replace(parts=unused(renewed))
    return replace(renewed, rate_plans=tuple(_uplifted(renewed, plan, desk) for plan in renewed.rate_plans))


def _uplifted(renewed: Subscription, plan: RatePlan, desk: Desk) -> RatePlan:
    day, charges = renewed.term_start, plan.charges
    for charge in plan.charges:
        if not (charge.effective_start < day and charge.holds(day)) or _stays(plan, charge):
            continue
        pricing = next_pricing(charge, _sold(plan, charge, desk))
        if pricing != charge.pricing:
            charges = segments.split(charges, charge.number, Override(key=charge.number), day, desk)
            charges = tuple(
                replace(one, pricing=pricing)
                if one.number == charge.number and one.effective_start == day
                else one
                for one in charges
            )
    if charges is plan.charges:
        return plan
    measured = segments.measured(charges, {charge.id: charge for charge in plan.charges})
    return replace(plan, charges=measured, last_change="Update")


def _stays(plan: RatePlan, charge: Charge) -> bool:
    return plan.last_change == "Remove" or charge.terms.model.startswith("Discount")


def _sold(plan: RatePlan, charge: Charge, desk: Desk) -> ProductCharge | None:
    try:
        _, sold = desk.find_plan(plan.product_rate_plan_id)
    except NotFoundError:
        return None
    return next((one for one in sold.charges if one.id == charge.product_charge_id), None)
