"""Suspensions: how a subscription's service stops for a while, and starts again."""

from collections import Counter
from datetime import date

from msgspec.structs import replace

from toolkit.billing import segments
from toolkit.billing.errors import MissingValueError, RuleError
from toolkit.billing.metrics import mrr, tcv
from toolkit.billing.orders import Desk, Resume, Suspend
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, Suspension, Term


def suspend(subscription: Subscription, action: Suspend, desk: Desk) -> Subscription:
    """End every charge on the day of the suspension; what was billed beyond it is to be credited.

    What an order has planned for later has no days either until the subscription is resumed.

    Raises:
        MissingValueError: The policy needs a date or a number of periods.
        RuleError: The day is before the start, the last resumption or what is processed of usage and
            discounts, or not before the term's end; or nothing was invoiced whose end it could be; or a
            charge is a prepayment. Source of the latter: Zuora, considerations of suspending a subscription.
    """
    if any(one.terms.prepaid or one.terms.prepaid_periods for one in subscription.charges):
        raise RuleError(f"The subscription {subscription.number} has prepayments and cannot be suspended.")
    day = _suspension_day(subscription, action, desk)
    start, end = subscription.resumed or subscription.first_day, subscription.term_end
    done = (one.processed_through for one in subscription.charges if _is_final(one))
    start = max([start, *(processed for processed in done if processed is not None)])
    if day < start or (end is not None and day >= end):
        raise _outside("suspended", subscription, day, start)
    plans = tuple(
        replace(plan, charges=tuple(segments.end(charge, day, desk) for charge in plan.charges))
        for plan in subscription.rate_plans
    )
    suspension = Suspension(day, None, subscription.rate_plans)
    return replace(
        subscription,
        status="Suspended",
        rate_plans=plans,
        suspensions=(*subscription.suspensions, suspension),
    )


def resume(subscription: Subscription, action: Resume, desk: Desk) -> Subscription:
    """Begin again what the suspension stopped, as far as it would not have ended by the resumption.

    Source: Zuora, subscriptions resumption; suspensions with future-dated amendments: what was to begin
    meanwhile begins on resumption, and a one-time charge of the time between does not.

    Raises:
        MissingValueError: The policy needs a date or a number of periods.
        RuleError: The day is before the suspension, or not before the term's end.
    """
    suspension, term_end = subscription.suspensions[-1], subscription.term_end
    day = _resumption_day(suspension.start, action, desk)
    if day < suspension.start or (term_end is not None and day >= term_end):
        raise _outside("resumed", subscription, day, suspension.start)
    former, resumed = suspension.rate_plans, subscription
    if action.extends_term and term_end is not None:
        resumed = replace(resumed, term_end=term_end + (day - suspension.start))
        former = tuple(segments.extend(resumed, plan, term_end) for plan in former)
    return replace(
        resumed,
        status="Active",
        rate_plans=tuple(
            _resume_plan(held, before, suspension.start, day, desk)
            for held, before in zip(subscription.rate_plans, former, strict=True)
        ),
        suspensions=(*subscription.suspensions[:-1], Suspension(suspension.start, day)),
    )


def _resume_plan(held: RatePlan, former: RatePlan, suspended: date, day: date, desk: Desk) -> RatePlan:
    charges: list[Charge] = []
    more: Counter[str] = Counter()
    for stopped, before in zip(held.charges, former.charges, strict=True):
        made = _resume_charge(stopped, before, suspended, day, desk)
        charges.extend(replace(one, segment=one.segment + more[one.number]) for one in made)
        more[stopped.number] += len(made) - 1
    return replace(held, charges=tuple(charges))


def _resume_charge(
    held: Charge, former: Charge, suspended: date, day: date, desk: Desk
) -> tuple[Charge, ...]:
    """Return the segments that follow from a stopped one.

    Args:
        held: As the suspension left it, and bills since.
        former: As it would be without the suspension.
        suspended: First day of the suspension.
        day: First day after it.
        desk: What the order needs besides.
    """
    end = former.effective_end
    if end is not None and end <= day:
        return (held,)
    begun_before = former.effective_start < suspended
    start = former.effective_start if begun_before and day == suspended else max(former.effective_start, day)
    if start == former.effective_start or (held.charged_through is None and not begun_before):
        moved = replace(
            held,
            effective_start=start,
            effective_end=end,
            term=former.term,
            version=held.version + 1,
            amended_by_order_on=desk.order_date,
        )
        return (replace(moved, dtcv=tcv(moved) - tcv(held)),)
    begun = replace(
        held,
        id=next(desk.parts),
        effective_start=start,
        effective_end=end,
        term=former.term,
        segment=held.segment + 1,
        version=held.version + 1,
        charged_through=None,
        processed_through=None,
        amended_by_order_on=None,
        original_order_date=desk.order_date,
        grants=(),
    )
    return held, replace(begun, dmrc=mrr(begun), dtcv=tcv(begun))


def _is_final(charge: Charge) -> bool:
    """Tell whether what is processed of a charge stays so. Source: Zuora, suspend date."""
    return charge.terms.type == "Usage" or charge.terms.model.startswith("Discount")


def _suspension_day(subscription: Subscription, action: Suspend, desk: Desk) -> date:
    """Return the first day of a suspension. Source: Zuora, considerations of suspending a subscription."""
    match action.policy:
        case "Today":
            return desk.today
        case "FixedPeriodsFromToday":
            return _periods(action.periods, "suspendPeriods").after(desk.today)
        case "EndOfLastInvoicePeriod":
            billed = subscription.billed_through
            if billed is None:
                raise RuleError(
                    f"The subscription {subscription.number} was never invoiced and has no last invoice "
                    "period: suspend it on a specific date."
                )
            return billed
        case _:
            if action.specific is None:
                raise MissingValueError("suspendSpecificDate")
            return action.specific


def _resumption_day(suspended: date, action: Resume, desk: Desk) -> date:
    """Return the first day after a suspension. Source: Zuora, subscriptions resumption."""
    match action.policy:
        case "Today":
            return desk.today
        case "SuspendDate":
            return suspended
        case "FixedPeriodsFromToday":
            return _periods(action.periods, "resumePeriods").after(desk.today)
        case "FixedPeriodsFromSuspendDate":
            return _periods(action.periods, "resumePeriods").after(suspended)
        case _:
            if action.specific is None:
                raise MissingValueError("resumeSpecificDate")
            return action.specific


def _periods(periods: Term | None, name: str) -> Term:
    if periods is None:
        raise MissingValueError(name)
    return periods


def _outside(verb: str, subscription: Subscription, day: date, start: date) -> RuleError:
    before = "" if subscription.term_end is None else f" and before its term's end {subscription.term_end}"
    return RuleError(
        f"The subscription {subscription.number} cannot be {verb} on {day}: the day should be on or after "
        f"{start}{before}."
    )
