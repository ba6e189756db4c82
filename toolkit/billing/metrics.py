"""Metrics: monthly recurring revenue and total contract value of a charge segment."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from toolkit.billing.money import ZERO
from toolkit.billing.periods import Grid
from toolkit.billing.rating import period_price
from toolkit.billing.subscriptions import Charge, Subscription
from toolkit.clock import add_months, days_in_month

_DIGITS = Decimal("1e-9")
_DAYS_OF_A_MONTH = 30


def mrr(charge: Charge) -> Decimal:
    """Return what the charge brings in a month, to nine decimal places; 0 unless it recurs at a price.

    Periods in months divide by their months, periods in days count a month as 30 days.
    Source: Zuora, monthly recurring revenue.
    """
    terms = charge.terms
    if terms.type != "Recurring" or terms.model.startswith("Discount") or terms.billing_period is None:
        return ZERO
    span = Grid.of(charge.effective_start, terms.billing_period, terms.specific_billing_period)
    price = period_price(charge, span)
    monthly = price / span.months if span.months else price * _DAYS_OF_A_MONTH / span.days
    return _round(monthly)


def subscription_mrr(subscription: Subscription, on: date) -> Decimal:
    """Sum the MRR of the last segments that have not ended by `on`; 0 unless active.

    Source: recorded subscriptions, whose contractedMrr counts charges that are still to start.
    """
    if subscription.status != "Active":
        return ZERO
    open_charges = (
        charge for charge in subscription.charges if charge.effective_end is None or charge.effective_end > on
    )
    return sum(map(mrr, _last_segments(open_charges)), ZERO)


def subscription_tcv(subscription: Subscription) -> Decimal:
    """Sum the TCV of every segment."""
    return sum(map(tcv, subscription.charges), ZERO)


def _last_segments(charges: Iterable[Charge]) -> Iterable[Charge]:
    return {charge.number: charge for charge in charges}.values()


def tcv(charge: Charge) -> Decimal:
    """Return what the segment brings over its whole time, to nine decimal places.

    MRR x months for a recurring charge, the price for a one-time charge, 0 without an end and for
    usage. Source: Zuora, how TCV is calculated; checked against recorded subscriptions.
    """
    if charge.terms.type == "OneTime":
        return period_price(charge, Grid(charge.effective_start, 1, 0, 1))
    if charge.effective_end is None:
        return ZERO
    return _round(mrr(charge) * months_between(charge.effective_start, charge.effective_end))


def months_between(start: date, end: date) -> Decimal:
    """Count months by anniversaries; what is left over counts its days by the days of its month.

    The count is rounded to nine decimal places before it multiplies. Source: recorded subscriptions,
    for example 2019-02-16 to 2022-01-20: 35 4/31 months.
    """
    if end <= start:
        return ZERO
    months = (end.year - start.year) * 12 + end.month - start.month
    anniversary = add_months(start, months)
    if anniversary > end:
        months -= 1
        anniversary = add_months(start, months)
    days = (end - anniversary).days
    return _round(months + Decimal(days) / days_in_month(end - timedelta(days=1)))


def _round(value: Decimal) -> Decimal:
    return value.quantize(_DIGITS, ROUND_HALF_UP)
