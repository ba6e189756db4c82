"""Metrics: recurring revenue, contract value and estimated billing of charge segments and subscriptions."""

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from toolkit.billing.money import ZERO, round_money
from toolkit.billing.periods import Grid
from toolkit.billing.proration import period_fraction
from toolkit.billing.rating import list_price, period_price
from toolkit.billing.rules import BillingRules
from toolkit.billing.stubs import billed_days, bills_stubs, costs_whole
from toolkit.billing.subscriptions import Charge, Subscription, grid, term_grid
from toolkit.clock import days_in_month

_DIGITS = Decimal("1e-9")
_LAST_OF_NONE = 28
"""Earlier days are the last ones of no month, so that the anniversaries of one are all of that day."""
_DAYS_OF_A_MONTH = 30


def mrr(charge: Charge) -> Decimal:
    """Return what the charge brings in a month, to nine decimal places; 0 unless it recurs at a price.

    Periods in months divide by their months, periods in days count a month as 30 days.
    Source: Zuora, monthly recurring revenue.
    """
    return _round(unrounded_mrr(charge))


def unrounded_mrr(charge: Charge) -> Decimal:
    """Return the MRR with all its digits."""
    terms = charge.terms
    if terms.type != "Recurring" or terms.model.startswith("Discount") or terms.billing_period is None:
        return ZERO
    span = measured_periods(charge)
    return per_month(period_price(charge, span), span)


def measured_periods(charge: Charge) -> Grid:
    """Return the billing periods of a recurring charge as metrics take them: from its segment's first day."""
    terms, start = charge.terms, charge.effective_start
    if terms.billing_period == "Subscription_Term":
        return term_grid(start, charge.term, start.day)
    return Grid.of(start, terms.billing_period or "Month", terms.specific_billing_period)


def per_month(price: Decimal, span: Grid) -> Decimal:
    """Return what the price of a billing period is for a month, unrounded."""
    return price / span.months if span.months else price * _DAYS_OF_A_MONTH / span.days


def subscription_mrr(subscription: Subscription, on: date) -> Decimal:
    """Sum the MRR of the last segments that have not ended by `on`, to the currency's unit.

    A suspended subscription counts as before; one that is neither active nor suspended counts for 0.

    Source: recorded subscriptions, whose contractedMrr counts charges that are still to start and leaves
    out those that an order has removed, though they run on for a while; Zuora, suspend subscriptions.
    """
    return round_money(sum(map(mrr, contracted_segments(subscription, on)), ZERO), subscription.currency)


def contracted_segments(subscription: Subscription, on: date) -> Collection[Charge]:
    """Return the segments of which `subscription_mrr` is the sum."""
    if subscription.status not in {"Active", "Suspended"}:
        return ()
    last = {
        charge.number: charge
        for plan in subscription.contracted_plans
        if plan.last_change != "Remove"
        for charge in plan.charges
        if charge.effective_end is None or charge.effective_end > on
    }
    return last.values()


def subscription_tcv(subscription: Subscription) -> Decimal:
    """Sum the TCV of every segment, to the currency's unit. Source: recorded totalContractedValue."""
    return round_money(sum(map(tcv, subscription.charges), ZERO), subscription.currency)


def tcv(charge: Charge) -> Decimal:
    """Return what the segment brings over its whole time, to nine decimal places.

    Unrounded MRR x months for a recurring charge, the price for a one-time charge, 0 without an end and
    for usage. Source: Zuora, how TCV is calculated; recorded subscriptions: 49 a year for 7 years is 343.
    """
    if charge.effective_end is None or charge.effective_end == charge.effective_start:
        return ZERO
    if charge.terms.type == "OneTime":
        return _round(list_price(charge))
    return _round(unrounded_mrr(charge) * months_between(charge.effective_start, charge.effective_end))


def tcb(subscription: Subscription, charge: Charge, bill_cycle_day: int, rules: BillingRules) -> Decimal:
    """Return what the segment is to be billed over its whole time, to nine decimal places.

    The tenant's proration rules apply, as they do in rating, but nothing is rounded to money. It is 0
    without an end, and for usage and discounts.
    Source: Zuora, order delta TCB calculation III; calculation of order metrics: 35 a month from
    2018-08-18 to the end of the year by 30-day months is 156.33.

    Args:
        subscription: The version that holds the segment.
        charge: The segment.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
    """
    start, end, terms = charge.effective_start, charge.effective_end, charge.terms
    if end is None or end == start or terms.type == "Usage" or terms.model.startswith("Discount"):
        return ZERO
    if terms.type == "OneTime":
        return _round(list_price(charge))
    span = grid(subscription, charge, bill_cycle_day)
    if not bills_stubs(charge, rules):
        start, end = billed_days(charge, span, rules)
    whole = costs_whole(charge) or (not rules.prorate_partial_period and span.months > 1)
    part = Fraction(0)
    for period in span.periods(start, end):
        first, after = max(period[0], start), min(period[1], end)
        part += 1 if whole else period_fraction(first, after, span, period, rules)
    return _round(period_price(charge, span) * part.numerator / part.denominator)


def months_between(start: date, end: date) -> Decimal:
    """Count months by anniversaries; what is left over counts its days by those of the month it has begun.

    That month reaches from the last anniversary to the next one. Anniversaries of a month's last day are
    last days. The count is rounded to nine decimal places before it multiplies. Source: recorded
    subscriptions, for example 2019-12-18 to 2022-12-14: 35 26/30 months; 2024-02-29 to 2025-08-29:
    17 29/31.
    """
    if start.day == end.day < _LAST_OF_NONE:
        return _round(Decimal((end.year - start.year) * 12 + end.month - start.month))
    day = 31 if start.day == days_in_month(start) else start.day
    months = Grid(start, 1, 0, day)
    whole = months.ordinal(end)
    begun, following = months.start(whole), months.start(whole + 1)
    return _round(whole + Decimal((end - begun).days) / (following - begun).days)


def _round(value: Decimal) -> Decimal:
    return value.quantize(_DIGITS, ROUND_HALF_UP)
