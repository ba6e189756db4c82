"""Validity periods: how long the units of a prepayment charge hold."""

from toolkit.billing.catalog import Prepaid
from toolkit.billing.periods import MONTHS, Grid
from toolkit.billing.subscriptions import Charge, Subscription, term_day, term_grid

_PERIODS = {"ANNUAL": "Annual", "SEMI_ANNUAL": "Semi_Annual", "QUARTER": "Quarter", "MONTH": "Month"}


def validity_periods(subscription: Subscription, charge: Charge) -> Grid:
    """Return the validity periods of a prepayment charge: they follow one another from the term's start.

    Where its periods are aligned to the term's end, they are so too, and a partial one comes first.
    Source: Zuora, prepaid with drawdown; create a subscription with a partial period.
    """
    start = subscription.term_start
    period = _PERIODS.get(charge.terms.prepaid.validity) if charge.terms.prepaid else None
    if period is None:
        return term_grid(start, subscription.current_term, term_day(subscription, start))
    if charge.terms.alignment == "AlignToTermEnd" and subscription.term_end is not None:
        start = subscription.term_end
    return Grid.of(start, period, None, term_day(subscription, start))


def validity_months(charge: Charge, prepaid: Prepaid) -> int | None:
    """Return the length of a charge's validity periods in months, if they have one."""
    if prepaid.validity != "SUBSCRIPTION_TERM":
        return MONTHS[_PERIODS[prepaid.validity]]
    return term_grid(charge.effective_start, charge.term, 1).months or None
