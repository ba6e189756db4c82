"""Versions: what each order action makes of a subscription."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing import segments
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    Change,
    CreateSubscription,
    Desk,
    Override,
    RemoveProduct,
    RenewSubscription,
    Subscribe,
    TermsAndConditions,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.subscriptions import LastChange, RatePlan, Subscription, Term, term_day

_YEAR = Term(12, "Month")


def create(action: CreateSubscription, account_id: str, currency: str, desk: Desk) -> Subscription:
    """Return the first version of a new subscription.

    It starts with its first term, on the contract effective date unless that is set; charges may start
    before. Source: Zuora, subscription and amendment dates.

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
    )
    plans = tuple(_copy_plan(subscription, plan, triggers, desk) for plan in action.rate_plans)
    return replace(subscription, rate_plans=plans)


def change(subscription: Subscription, action: Change, desk: Desk) -> Subscription:
    """Return the next version of a subscription after one action.

    Raises:
        RuleError: The subscription is cancelled, or the action's date lies before its start.
        InvalidValueError: A date lies outside the term or a value is missing.
        NotFoundError: A rate plan or charge does not exist.
    """
    if subscription.status == "Cancelled":
        raise RuleError(f"The subscription {subscription.number} is cancelled and cannot be changed.")
    start = _first_day(subscription)
    if action.triggers.contract_effective < start:
        raise RuleError(
            f"The contract effective date {action.triggers.contract_effective} should not be before the "
            f"start {start} of the subscription {subscription.number}."
        )
    following = replace(
        subscription,
        id=desk.names.id(),
        previous_id=subscription.id,
        version=subscription.version + 1,
        order_number=desk.order_number,
        updated=desk.now,
        last_booking=desk.order_date,
    )
    match action:
        case AddProduct():
            plan = _copy_plan(following, action.rate_plan, action.triggers, desk)
            return replace(following, rate_plans=(*following.rate_plans, plan))
        case UpdateProduct():
            return _update(following, action, desk)
        case RemoveProduct():
            return _remove(following, action, desk)
        case RenewSubscription():
            return renew(following)
        case CancelSubscription():
            return _cancel(following, action, desk)
        case _:
            return _restate(following, action)


def _first_day(subscription: Subscription) -> date:
    """Return the day from which changes may take effect: the contract can precede the first term."""
    return min(subscription.start, subscription.contract_effective)


def renew(subscription: Subscription) -> Subscription:
    """Add the renewal term, or make the subscription evergreen, and extend its open charges.

    Raises:
        RuleError: The subscription is evergreen.
    """
    former_end = subscription.term_end
    if former_end is None:
        raise RuleError(f"The subscription {subscription.number} is evergreen and has no term to renew.")
    renewed = replace(subscription, term_start=former_end)
    if subscription.renewal_setting == "RENEW_TO_EVERGREEN":
        renewed = replace(renewed, term_type="EVERGREEN", term_end=None, current_term=None)
    else:
        term = subscription.renewal_term or subscription.current_term or _YEAR
        renewed = replace(
            renewed, term_end=term.after(former_end, term_day(renewed, former_end)), current_term=term
        )
    plans = tuple(segments.extend(renewed, plan, former_end) for plan in renewed.rate_plans)
    return replace(renewed, rate_plans=plans)


def renewed_through(subscription: Subscription, day: date) -> Subscription:
    """Return the subscription as automatic renewals would leave it on `day`."""
    while subscription.term_end is not None and subscription.term_end <= day:
        subscription = renew(subscription)
    return subscription


def _copy_plan(subscription: Subscription, wanted: Subscribe, triggers: Triggers, desk: Desk) -> RatePlan:
    product, plan = desk.find_plan(wanted.product_rate_plan_id)
    if not plan.effective_start <= triggers.contract_effective < plan.effective_end:
        raise InvalidValueError(
            f'Rate plan "{plan.name}" is not effective on the contract effective date of '
            f"{triggers.contract_effective:%m/%d/%Y}."
        )
    overrides = {override.key: override for override in wanted.overrides}
    unknown = overrides.keys() - {charge.id for charge in plan.charges}
    if unknown:
        raise NotFoundError(min(unknown))
    return RatePlan(
        id=desk.names.id(),
        number=desk.names.number("rate plan"),
        product_id=product.id,
        product_name=product.name,
        product_sku=product.sku,
        product_rate_plan_id=plan.id,
        name=plan.name,
        charges=tuple(
            segments.begin(
                subscription, charge, overrides.get(charge.id) or Override(key=charge.id), triggers, desk
            )
            for charge in plan.charges
        ),
    )


def _update(subscription: Subscription, action: UpdateProduct, desk: Desk) -> Subscription:
    """Change charges of a plan, also of one that an earlier order has removed from a later day on."""
    plan = _plan(subscription, action.rate_plan_id)
    charges = plan.charges
    for wanted in action.changes:
        charge = next((c for c in charges if wanted.key in {c.number, c.id, c.product_charge_id}), None)
        if charge is None:
            raise NotFoundError(wanted.key)
        day = wanted.specific_trigger or action.triggers.start(charge.terms)
        charges = segments.split(charges, charge.number, wanted, day, desk)
    charges = segments.measured(charges, {charge.id: charge for charge in plan.charges})
    last_change: LastChange = "Remove" if plan.last_change == "Remove" else "Update"
    return _with_plan(subscription, replace(plan, charges=charges, last_change=last_change))


def _remove(subscription: Subscription, action: RemoveProduct, desk: Desk) -> Subscription:
    plan = _plan(subscription, action.rate_plan_id)
    if plan.last_change == "Remove":
        raise RuleError(f"The rate plan {plan.number} is removed already.")
    charges = tuple(
        segments.end(charge, action.triggers.start(charge.terms), desk) for charge in plan.charges
    )
    return _with_plan(subscription, replace(plan, charges=charges, last_change="Remove"))


def _cancel(subscription: Subscription, action: CancelSubscription, desk: Desk) -> Subscription:
    day = _cancellation_day(subscription, action)
    start = _first_day(subscription)
    if day < start or (subscription.term_end is not None and day > subscription.term_end):
        raise RuleError(
            f"The cancellation effective date {day} should be between the start {start} and "
            f"the term end {subscription.term_end} of the subscription {subscription.number}."
        )
    plans = tuple(
        replace(plan, charges=tuple(segments.end(charge, day, desk) for charge in plan.charges))
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
            billed = (
                charge.charged_through
                for charge in subscription.charges
                if charge.terms.type == "Recurring" and charge.charged_through is not None
            )
            return max(billed, default=subscription.start)
        case _:
            if action.effective is None:
                raise MissingValueError("cancellationEffectiveDate")
            return action.effective


def _restate(subscription: Subscription, action: TermsAndConditions) -> Subscription:
    return replace(
        subscription,
        auto_renew=subscription.auto_renew if action.auto_renew is None else action.auto_renew,
        renewal_setting=action.renewal_setting or subscription.renewal_setting,
        renewal_term=action.renewal_term or subscription.renewal_term,
        notes=subscription.notes if action.notes is None else action.notes,
    )


def _plan(subscription: Subscription, key: str) -> RatePlan:
    for plan in subscription.rate_plans:
        if key in {plan.id, plan.number}:
            return plan
    raise NotFoundError(key)


def _with_plan(subscription: Subscription, changed: RatePlan) -> Subscription:
    plans = tuple(changed if plan.id == changed.id else plan for plan in subscription.rate_plans)
    return replace(subscription, rate_plans=plans)
