"""Netting: which part of a charge's price its percentage discounts leave, stretch by stretch."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer, in_order
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


class Kept(NamedTuple):
    """A stretch of time of a segment and the part of its price that discounts leave in it.

    Attributes:
        start: First day.
        end: First day after it; the end of the calendar where nothing ends the segment.
        part: From 0 to 1.
    """

    start: date
    end: date
    part: Fraction


def kept_stretches(
    subscription: Subscription, plan: RatePlan, charge: Charge, rules: BillingRules
) -> Iterator[Kept]:
    """Yield the stretches of a segment between which the percentage discounts on it change.

    Stacked discounts are of what was there before the first of them, others of what is left. Discounts of
    the account are ignored, and so are fixed amounts, which belong to no charge alone.
    Source: Zuora, order delta MRR, object and fields: account level discounts are not taken into
    consideration; discount class and stacked discounts.
    """
    start, end = charge.effective_start, charge.effective_end or date.max
    offers = list(in_order(list(_offers(subscription, plan, charge)), rules))
    discounts = [offer.charge for together in offers for offer in together]
    inner = (day for one in discounts for day in (one.effective_start, one.effective_end or date.max))
    days = sorted({start, end, *(day for day in inner if start < day < end)})
    for first, after in pairwise(days):
        rest = Fraction(1)
        for together in offers:
            base = rest
            for offer in together:
                if offer.charge.holds(first):
                    percentage = Fraction(offer.charge.pricing.discount_percentage or ZERO)
                    rest -= min(rest, base * percentage / 100)
        yield Kept(first, after, rest)


def _offers(subscription: Subscription, plan: RatePlan, charge: Charge) -> Iterator[Offer]:
    for other in subscription.rate_plans:
        for one in other.charges:
            if one.terms.model == "DiscountPercentage" and _covers(one, charge, same_plan=other is plan):
                yield Offer(subscription, other, one)


def _covers(discount: Charge, charge: Charge, *, same_plan: bool) -> bool:
    level, kinds = discount.terms.discount_level, discount.terms.apply_discount_to or "RECURRING"
    within = level == "subscription" or (level == "rateplan" and same_plan)
    return within and charge.terms.type.upper() in kinds
