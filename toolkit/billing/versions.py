"""Versions: what each order action makes of a subscription."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from toolkit.billing import rateplans, segments
from toolkit.billing.activation import dated
from toolkit.billing.addressees import DEFAULT, Addressee
from toolkit.billing.errors import CancelledError, InvalidValueError, MissingValueError, RuleError
from toolkit.billing.identities import unused
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    Change,
    ChangePlan,
    CreateSubscription,
    Desk,
    LastTerm,
    RenewSubscription,
    Resume,
    Suspend,
    TermsAndConditions,
    TransferOwner,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.subscriptions import PENDING, Subscription, Term, term_day
from toolkit.billing.suspensions import resume, suspend
from toolkit.billing.uplift import uplift

_YEAR = Term(12, "Month")


def create(action: CreateSubscription, account_id: str, currency: str, desk: Desk) -> Subscription:
    """Return the first version of a new subscription.

    It starts with its first term, on the contract effective date unless that is set; charges may start
    before. It is pending while a date is missing that the tenant's rules or a charge ask for, and its
    charges are dated by what is known. Source: Zuora, subscription and amendment dates.

    Raises:
        InvalidValueError: A termed subscription has no initial term, a rate plan is not effective on
            the contract's date, or it has no price in the account's currency.
        NotFoundError: A rate plan or an overridden charge does not exist.
    """
    triggers = action.triggers
    term_start = action.term_start or triggers.contract_effective
    term = action.initial_term if action.term_type == "TERMED" else None
    if term is None and action.term_type == "TERMED":
        raise InvalidValueError("'initialTerm' may not be null for a TERMED subscription")
    identity = desk.names.id()
    subscription = Subscription(
        id=identity,
        number=action.number or desk.names.number("subscription"),
        original_id=identity,
        previous_id=None,
        account_id=account_id,
        invoice_owner_id=action.invoice_owner_id or account_id,
        version=1,
        status="Active",
        term_type=action.term_type,
        contract_effective=triggers.contract_effective,
        service_activation=triggers.activation,
        customer_acceptance=triggers.acceptance,
        start=term_start,
        term_start=term_start,
        term_end=term.after(term_start) if term else None,
        initial_term=term,
        current_term=term,
        renewal_term=action.renewal_term or term,
        renewal_setting=action.renewal_setting,
        auto_renew=action.auto_renew,
        currency=currency,
        rate_plans=(),
        order_number=desk.order_number,
        created=desk.now,
        updated=desk.now,
        last_booking=desk.order_date,
        invoice_separately=action.invoice_separately,
        notes=action.notes,
        custom_fields=action.custom_fields,
        addressee=Addressee(**action.addressed) if action.addressed else DEFAULT,
    )
    desk = desk._replace(parts=unused(subscription))
    plans = tuple(rateplans.copy(subscription, plan, triggers, desk) for plan in action.rate_plans)
    return dated(replace(subscription, rate_plans=plans), triggers, desk.rules)


def change(subscription: Subscription, action: Change, desk: Desk) -> Subscription:
    """Return the next version of a subscription after one action.

    Raises:
        CancelledError: The subscription is cancelled.
        RuleError: The subscription is not active yet, or suspended and not to be resumed,
            or the action's date lies before its start or its last resumption.
        InvalidValueError: A date lies outside the term or a value is missing.
        NotFoundError: A rate plan or charge does not exist.
    """
    if subscription.status == "Cancelled":
        raise CancelledError(subscription.number)
    if subscription.status in PENDING:
        raise RuleError(
            f"The subscription {subscription.number} is {subscription.status}: activate it first."
        )
    if (subscription.status == "Suspended") != isinstance(action, Resume):
        raise _wrong_while_suspended(subscription)
    _check_day(subscription, action, dates(subscription, action, desk).contract_effective)
    following = replace(
        subscription,
        id=desk.names.id(),
        previous_id=subscription.id,
        version=subscription.version + 1,
        order_number=desk.order_number,
        updated=desk.now,
        last_booking=desk.order_date,
    )
    return _made(following, action, desk._replace(parts=unused(following)))


def dates(subscription: Subscription, action: Change, desk: Desk) -> Triggers:
    """Return the dates of an action; a change of plan at the end of a billing period finds its own."""
    return rateplans.dates(subscription, action, desk) if isinstance(action, ChangePlan) else action.triggers


def _made(subscription: Subscription, action: Change, desk: Desk) -> Subscription:
    match action:
        case RenewSubscription():
            made = _addressed(uplift(renew(subscription), desk), action.addressed)
        case CancelSubscription():
            made = _cancel(subscription, action, desk)
        case TermsAndConditions():
            made = _addressed(_restate(subscription, action), action.addressed)
        case Suspend():
            made = suspend(subscription, action, desk)
        case Resume():
            made = resume(subscription, action, desk)
        case TransferOwner():
            made = _addressed(_transfer(subscription, action), action.addressed)
        case _:
            made = rateplans.change(subscription, action, desk)
    return made


def _addressed(subscription: Subscription, said: Mapping[str, str | None]) -> Subscription:
    return replace(subscription, addressee=replace(subscription.addressee, **said)) if said else subscription


def _wrong_while_suspended(subscription: Subscription) -> RuleError:
    if subscription.status == "Suspended":
        since = subscription.suspensions[-1].start
        return RuleError(
            f"The subscription {subscription.number} is suspended from {since}: resume it before changing it."
        )
    return RuleError(f"The subscription {subscription.number} is not suspended and cannot be resumed.")


def _check_day(subscription: Subscription, action: Change, day: date) -> None:
    start = subscription.first_day
    if day < start:
        raise RuleError(
            f"The contract effective date {day} should not be before the start {start} of the subscription "
            f"{subscription.number}."
        )
    if isinstance(action, AddProduct | UpdateProduct | ChangePlan):
        rateplans.check_resumed(subscription, day)


def renew(subscription: Subscription) -> Subscription:
    """Add the renewal term, or make the subscription evergreen, and extend its open charges.

    Raises:
        RuleError: The subscription is evergreen.
    """
    former_end = subscription.term_end
    if former_end is None:
        raise RuleError(f"The subscription {subscription.number} is evergreen and has no term to renew.")
    former_terms = (*subscription.former_terms, subscription.term_start)
    renewed = replace(subscription, term_start=former_end, former_terms=former_terms)
    if subscription.renewal_setting == "RENEW_TO_EVERGREEN":
        renewed = replace(renewed, term_type="EVERGREEN", term_end=None, current_term=None)
    else:
        term = subscription.renewal_term or subscription.current_term or _YEAR
        renewed = replace(
            renewed, term_end=term.after(former_end, term_day(renewed, former_end)), current_term=term
        )
    plans = tuple(segments.extend(renewed, plan, former_end) for plan in renewed.rate_plans)
    return replace(renewed, rate_plans=plans)


def renewed_through(subscription: Subscription, day: date, desk: Desk) -> Subscription:
    """Return the subscription as automatic renewals would leave it on `day`."""
    while subscription.term_end is not None and subscription.term_end <= day:
        subscription = uplift(renew(subscription), desk)
    return subscription


def _cancel(subscription: Subscription, action: CancelSubscription, desk: Desk) -> Subscription:
    day = _cancellation_day(subscription, action)
    start = subscription.first_day
    if day < start or (subscription.term_end is not None and day > subscription.term_end):
        raise RuleError(
            f"The cancellation effective date {day} should be between the start {start} and "
            f"the term end {subscription.term_end} of the subscription {subscription.number}."
        )
    plans = tuple(
        replace(plan, charges=tuple(segments.remove(charge, day, desk) for charge in plan.charges))
        for plan in subscription.rate_plans
    )
    end = subscription.term_end and day  # the term ends with the subscription, as recorded ones show
    return replace(subscription, status="Cancelled", cancelled=day, term_end=end, rate_plans=plans)


def _cancellation_day(subscription: Subscription, action: CancelSubscription) -> date:
    match action.policy:
        case "EndOfCurrentTerm":
            if subscription.term_end is None:
                raise RuleError(
                    f"The subscription {subscription.number} is evergreen and has no term to end: "
                    "cancel it on a specific date."
                )
            return subscription.term_end
        case "EndOfLastInvoicePeriod":
            return subscription.billed_through or subscription.start
        case _:
            if action.effective is None:
                raise MissingValueError("cancellationEffectiveDate")
            return action.effective


def _restate(subscription: Subscription, action: TermsAndConditions) -> Subscription:
    if action.last_term is not None:
        subscription = _with_term(subscription, action.last_term)
    separately = action.invoice_separately
    return replace(
        subscription,
        auto_renew=subscription.auto_renew if action.auto_renew is None else action.auto_renew,
        renewal_setting=action.renewal_setting or subscription.renewal_setting,
        renewal_term=action.renewal_term or subscription.renewal_term,
        notes=subscription.notes if action.notes is None else action.notes,
        invoice_separately=subscription.invoice_separately if separately is None else separately,
    )


def _with_term(subscription: Subscription, last: LastTerm) -> Subscription:
    """Give the current term other days; the charges that ran to its end run to the new one.

    Source: Zuora, create an order, `lastTerm`.

    Raises:
        MissingValueError: A termed subscription has no length.
    """
    start = last.start or subscription.term_start
    term = last.term if last.type == "TERMED" else None
    if last.type == "TERMED" and term is None:
        raise MissingValueError("lastTerm.period")
    initial = subscription.term_start == subscription.start
    changed = replace(
        subscription,
        term_type=last.type,
        term_start=start,
        term_end=term.after(start) if term else None,
        current_term=term,
        initial_term=term if initial else subscription.initial_term,
        start=start if initial else subscription.start,
    )
    plans = tuple(segments.extend(changed, plan, subscription.term_end) for plan in changed.rate_plans)
    return replace(changed, rate_plans=plans)


def _transfer(subscription: Subscription, action: TransferOwner) -> Subscription:
    """Give a subscription, or its invoices, to another account.

    Raises:
        RuleError: It has prepaid units, which keep their owner. Source: Zuora, prepaid with drawdown FAQs.
    """
    moves = action.account_id not in {None, subscription.account_id}
    if moves and any(one.terms.prepaid is not None for one in subscription.charges):
        raise RuleError(f"The subscription {subscription.number} has prepaid units: its owner cannot change.")
    return replace(
        subscription,
        account_id=action.account_id or subscription.account_id,
        invoice_owner_id=action.invoice_owner_id or subscription.invoice_owner_id,
    )
