"""Stubs: which parts of a month, a week or a period are billed at the ends of a charge."""

from datetime import date

from toolkit.billing.periods import Grid
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, Subscription, end_day, own_end

_WEEKLY = frozenset({"Week", "Specific_Weeks"})


def bills_stubs(charge: Charge, rules: BillingRules) -> bool:
    """Tell whether a recurring segment bills its own days, no more and no fewer."""
    return rules.bill_partial_month and rules.bill_partial_week and not costs_whole(charge)


def costs_whole(charge: Charge) -> bool:
    """Tell whether a charge costs the whole period for any part of it, whatever the tenant's rules."""
    return charge.terms.proration_option == "ChargeFullPeriod"


def billed_days(charge: Charge, span: Grid, rules: BillingRules) -> tuple[date, date]:
    """Return the first day that a segment bills, and the first day after the last that it may bill.

    Where parts are not billed, a segment that follows another begins where that one stops. Nothing is billed
    of one that has no days.
    Source: Zuora, proration; proration credit; charge level proration option for a recurring charge. That
    changes in the midst of what is billed whole take effect after it is an assumption.

    Args:
        charge: A recurring segment.
        span: Its billing periods.
        rules: The tenant's.
    """
    start, end = charge.effective_start, charge.effective_end or date.max
    begin, stop = start, end
    if costs_whole(charge):
        begin, stop = start if charge.segment == 1 else span.ceiling(start), _ceiling(span, end)
    elif span.months and not rules.bill_partial_month:
        months = span.monthly(span.anchor)
        whole = months if rules.prorate_partial_period else span
        begin = (months if charge.segment == 1 else whole).ceiling(start)
        stop = _ceiling(whole, end)
    elif charge.terms.billing_period in _WEEKLY and not rules.bill_partial_week:
        weeks = span._replace(days=7)
        begin = weeks.ceiling(start) if charge.segment == 1 else weeks.floor(start)
        stop = weeks.floor(end) if end != date.max else end
    return begin, max(begin, stop) if start < end else begin


def _ceiling(span: Grid, day: date) -> date:
    return day if day == date.max else span.ceiling(day)


def first_used_day(charge: Charge, span: Grid, rules: BillingRules) -> date:
    """Return the first day whose usage a segment bills.

    Source: Zuora, proration: only the part that a charge begins with can be left out.
    """
    start = charge.effective_start
    if charge.segment > 1:
        return start
    if span.months and not rules.bill_usage_partial_month:
        return span.monthly(span.anchor).ceiling(start)
    if charge.terms.billing_period in _WEEKLY and not rules.bill_usage_partial_week:
        return span._replace(days=7).ceiling(start)
    return start


def is_billed_whole(
    subscription: Subscription, charge: Charge, after: date, target: date, rules: BillingRules
) -> bool:
    """Tell whether a period that the end of a charge cuts off is billed whole, up to `after`.

    That is so while the term that ends within it lasts, unless an order has cut the charge short, and
    before a suspension that cuts it off. A prepayment never is: its units end with the term.
    Source: Zuora, billing rules - billing document; Zuora's community: a custom initial term; bills for
    customers in a suspend status. That of prepayments is an assumption.
    """
    if charge.terms.prepaid is not None:
        return False
    if any(
        pause.start == charge.effective_end and target < pause.start for pause in subscription.suspensions
    ):
        return True
    term_end = subscription.term_end
    if term_end is None or not target < term_end < after or subscription.status == "Cancelled":
        return False
    if not (rules.past_term_end_renewing if subscription.auto_renew else rules.past_term_end):
        return False
    own = own_end(charge.terms, charge.trigger_day, charge.specific_end_date)
    if rules.prorate_to_charge_end and own is not None and own <= term_end:
        return False
    planned = end_day(charge.terms, charge.trigger_day, subscription.end, charge.specific_end_date)
    return charge.effective_end == planned
