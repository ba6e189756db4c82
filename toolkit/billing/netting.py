"""Netting: which part of a charge's price its percentage discounts leave, stretch by stretch."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from toolkit.billing.money import ZERO
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


def kept_stretches(subscription: Subscription, plan: RatePlan, charge: Charge) -> Iterator[Kept]:
    """Yield the stretches of a segment between which the percentage discounts on it change.

    Discounts of the account are ignored. Source: Zuora, order delta MRR, object and fields: account
    level discounts are not taken into consideration.
    """
    start, end = charge.effective_start, charge.effective_end or date.max
    discounts = [one for one in _discounts(subscription, plan) if _covers(one, charge)]
    inner = (day for one in discounts for day in (one.effective_start, one.effective_end or date.max))
    days = sorted({start, end, *(day for day in inner if start < day < end)})
    for first, after in pairwise(days):
        part = Fraction(1)
        for one in discounts:
            part *= 1 - Fraction(one.pricing.discount_percentage or ZERO) / 100 if one.holds(first) else 1
        yield Kept(first, after, part)


def _discounts(subscription: Subscription, plan: RatePlan) -> Iterator[Charge]:
    for other in subscription.rate_plans:
        for one in other.charges:
            level = one.terms.discount_level
            if one.terms.model == "DiscountPercentage" and (
                level == "subscription" or (level == "rateplan" and other.id == plan.id)
            ):
                yield one


def _covers(discount: Charge, charge: Charge) -> bool:
    kinds = discount.terms.apply_discount_to or "RECURRING"
    return charge.terms.type.upper() in kinds and not charge.terms.model.startswith("Discount")
