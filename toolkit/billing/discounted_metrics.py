"""Discounted metrics: what discounts leave of monthly recurring revenue and of total contract value."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from toolkit.billing.metrics import measured_periods, months_between, per_month, tcv, unrounded_mrr
from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer, in_order, in_scope
from toolkit.billing.rating import per_period
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription
from toolkit.clock import add_months, days_in_month

_DIGITS = Decimal("1e-9")

Pots = dict[str, Decimal]
"""What is left of fixed discounts, by the ids of their segments."""


class _Held(NamedTuple):
    """A segment of a regular charge, with the subscription and the rate plan that hold it."""

    subscription: Subscription
    plan: RatePlan
    charge: Charge


def net_mrr(subscriptions: Sequence[Subscription], day: date, rules: BillingRules) -> dict[str, Decimal]:
    """Return what the discounts in force leave of the MRR of each recurring segment in force on a day.

    Bills let a fixed discount be used up as early as possible; here it is spread evenly over the months of
    its billing period, and what it is worth a month goes to recurring charges by their numbers. Discounts
    come in the order in which bills take them off. Source: Zuora, process discounts in MRR metrics.

    Args:
        subscriptions: An account's, all of them if it has discounts of the account.
        day: The day.
        rules: The tenant's: the order of discount classes.

    Returns:
        By the id of the segment, to nine decimal places.
    """
    recurring, _, offers = _sorted_out(subscriptions)
    here = [one for one in recurring if one.charge.holds(day)]
    left, _ = _rates(here, offers, day, rules)
    return {one.charge.id: _round(rest) for one, rest in zip(here, left, strict=True)}


def net_tcv(subscriptions: Sequence[Subscription], rules: BillingRules) -> dict[str, Decimal]:
    """Return what discounts leave of the TCV of each one-time and recurring segment.

    In each calendar month a discount counts for its actual days in that month. Recurring charges come
    first; what they leave of a fixed discount in a month goes to the one-time charges of that month, by
    their numbers. As in `tcv` a segment without an end counts for 0.
    Source: Zuora, how TCV is calculated; account level fixed-amount discount charge application to
    multiple subscriptions. That the months of a segment which begins within one are counted as in `tcv`,
    so that half off leaves half, is an assumption.

    Args:
        subscriptions: An account's, all of them if it has discounts of the account.
        rules: The tenant's: the order of discount classes.

    Returns:
        By the id of the segment, to nine decimal places.
    """
    recurring, once, offers = _sorted_out(subscriptions)
    taken: Pots = defaultdict(Decimal)
    pots: dict[date, Pots] = defaultdict(lambda: defaultdict(Decimal))
    for start, end in _stretches([one.charge for one in recurring] + [one.charge for one in offers]):
        part = Decimal((end - start).days) / days_in_month(start)
        here = [one for one in recurring if one.charge.holds(start)]
        left, over = _rates(here, offers, start, rules)
        for one, rest in zip(here, left, strict=True):
            taken[one.charge.id] += (unrounded_mrr(one.charge) - rest) * part
        for identity, rate in over.items():
            pots[_month(start)][identity] += rate * part
    for offer in offers:
        if offer.fixed and offer.charge.terms.type == "OneTime":
            amount = offer.charge.pricing.discount_amount or ZERO
            pots[_month(offer.charge.effective_start)][offer.charge.id] = amount
    net = {one.charge.id: _less(one.charge, taken[one.charge.id]) for one in recurring}
    for one in once:
        start = one.charge.effective_start
        ordered = list(in_order([offer for offer in offers if offer.charge.holds(start)], rules))
        net[one.charge.id] = _round(_left(tcv(one.charge), one, ordered, pots[_month(start)]))
    return net


def _less(charge: Charge, discount: Decimal) -> Decimal:
    """Return the TCV of a recurring segment less a discount that was added up by calendar months."""
    start, end = charge.effective_start, charge.effective_end
    if end is None or start == end:
        return ZERO
    scale = months_between(start, end) / (_calendar_months(end) - _calendar_months(start))
    return _round(tcv(charge) - discount * scale)


def _calendar_months(day: date) -> Decimal:
    """Return how many calendar months lie before a day since the year 0, days being parts of their month."""
    return day.year * 12 + day.month + Decimal(day.day - 1) / days_in_month(day)


def _month(day: date) -> date:
    return day.replace(day=1)


def _sorted_out(subscriptions: Sequence[Subscription]) -> tuple[list[_Held], list[_Held], list[Offer]]:
    """Return recurring and one-time segments, each by charge number and time, and the discounts."""
    recurring: list[_Held] = []
    once: list[_Held] = []
    offers: list[Offer] = []
    for subscription in subscriptions:
        for plan in subscription.rate_plans:
            for charge in plan.charges:
                if charge.terms.model.startswith("Discount"):
                    offers.append(Offer(subscription, plan, charge))
                elif charge.terms.type != "Usage":
                    kind = once if charge.terms.type == "OneTime" else recurring
                    kind.append(_Held(subscription, plan, charge))
    for kind in (recurring, once):
        kind.sort(key=lambda one: (len(one.charge.number), one.charge.number, one.charge.effective_start))
    return recurring, once, offers


def _stretches(charges: Sequence[Charge]) -> Iterator[tuple[date, date]]:
    """Yield the stretches of time, within a calendar month each, between which no segment begins or ends."""
    days = {day for one in charges for day in (one.effective_start, one.effective_end) if day is not None}
    if days:
        month, last = add_months(_month(min(days)), 1, 1), max(days)
        while month < last:
            days.add(month)
            month = add_months(month, 1, 1)
    return pairwise(sorted(days))


def _rates(
    held: Sequence[_Held], offers: Sequence[Offer], day: date, rules: BillingRules
) -> tuple[list[Decimal], Pots]:
    """Return what is left a month of recurring segments in force, and of the fixed discounts."""
    here = [offer for offer in offers if offer.charge.terms.type == "Recurring" and offer.charge.holds(day)]
    pots = {offer.charge.id: _monthly(offer.charge) for offer in here if offer.fixed}
    ordered = list(in_order(here, rules))
    return [_left(unrounded_mrr(one.charge), one, ordered, pots) for one in held], pots


def _monthly(discount: Charge) -> Decimal:
    """Return what a fixed discount is worth a month."""
    span = measured_periods(discount)
    amount = discount.pricing.discount_amount or ZERO
    return per_month(per_period(amount, discount.terms, span), span)


def _left(amount: Decimal, one: _Held, ordered: Sequence[Sequence[Offer]], pots: Pots) -> Decimal:
    """Return what discounts leave of an amount of a segment, taking fixed ones out of their pots."""
    for together in ordered:
        base = amount
        for offer in together:
            if amount <= 0 or not in_scope(offer, one.subscription, one.plan, one.charge):
                continue
            if offer.fixed:
                taken = min(amount, pots[offer.charge.id])
                pots[offer.charge.id] -= taken
            else:
                taken = min(amount, base * (offer.charge.pricing.discount_percentage or ZERO) / 100)
            amount -= taken
    return amount


def _round(value: Decimal) -> Decimal:
    return value.quantize(_DIGITS, ROUND_HALF_UP)
