"""Versions: what each order action makes of a subscription."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from toolkit.billing.catalog import Pricing, ProductCharge
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.metrics import mrr, tcv
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
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, Term, end_day, trigger_day


def create(action: CreateSubscription, account_id: str, currency: str, desk: Desk) -> Subscription:
    """Return the first version of a new subscription.

    Raises:
        InvalidValueError: A termed subscription has no initial term, a rate plan is not effective on
            the contract's date, or it has no price in the account's currency.
        NotFoundError: A rate plan or an overridden charge does not exist.
    """
    triggers = action.triggers
    term_start = action.term_start or triggers.contract_effective
    termed = action.term_type == "TERMED"
    if termed and action.initial_term is None:
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
        start=triggers.contract_effective,
        term_start=term_start,
        term_end=action.initial_term.after(term_start) if termed and action.initial_term else None,
        initial_term=action.initial_term if termed else None,
        current_term=action.initial_term if termed else None,
        renewal_term=action.renewal_term or (action.initial_term if termed else None),
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
    if action.triggers.contract_effective < subscription.start:
        raise RuleError(
            f"The contract effective date {action.triggers.contract_effective} should not be before the "
            f"start {subscription.start} of the subscription {subscription.number}."
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
        case TermsAndConditions():
            return _restate(following, action)
        case _:
            assert_never(action)


def renew(subscription: Subscription) -> Subscription:
    """Add the renewal term, or make the subscription evergreen, and extend its open charges.

    Raises:
        RuleError: The subscription is evergreen.
    """
    if subscription.term_end is None:
        raise RuleError(f"The subscription {subscription.number} is evergreen and has no term to renew.")
    if subscription.renewal_setting == "RENEW_TO_EVERGREEN":
        renewed = replace(
            subscription,
            term_type="EVERGREEN",
            term_start=subscription.term_end,
            term_end=None,
            current_term=None,
        )
    else:
        term = subscription.renewal_term or subscription.current_term or Term(12, "Month")
        renewed = replace(
            subscription,
            term_start=subscription.term_end,
            term_end=term.after(subscription.term_end),
            current_term=term,
        )
    return _reach(renewed, subscription.end)


def renewed_through(subscription: Subscription, day: date) -> Subscription:
    """Return the subscription as automatic renewals would leave it on `day`."""
    while subscription.term_end is not None and subscription.term_end <= day:
        subscription = renew(subscription)
    return subscription


def _reach(subscription: Subscription, former_end: date | None) -> Subscription:
    """Let the charges that ran to the subscription's former end run to its new end."""

    def extended(charge: Charge) -> Charge:
        if charge.effective_end != former_end or charge.terms.end_date_condition == "One_Time":
            return charge
        end = end_day(charge.terms, charge.effective_start, subscription.end, charge.specific_end_date)
        if end == charge.effective_end:
            return charge
        return _redated(charge, end)

    return _with_charges(
        subscription, lambda plan, charge: charge if plan.last_change == "Remove" else extended(charge)
    )


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
            _copy_charge(subscription, charge, overrides.get(charge.id), triggers, desk)
            for charge in plan.charges
        ),
    )


def _copy_charge(
    subscription: Subscription,
    charge: ProductCharge,
    override: Override | None,
    triggers: Triggers,
    desk: Desk,
) -> Charge:
    pricing = charge.pricing.get(subscription.currency)
    if pricing is None:
        raise InvalidValueError(f"The charge {charge.number} has no price in {subscription.currency}.")
    wanted = override or Override(key=charge.id)
    effective = replace(
        subscription,
        contract_effective=triggers.contract_effective,
        service_activation=triggers.activation,
        customer_acceptance=triggers.acceptance,
    )
    start = trigger_day(effective, charge.terms, wanted.specific_trigger)
    identity = desk.names.id()
    quantity = charge.default_quantity if wanted.quantity is None else wanted.quantity
    terms = charge.terms
    if wanted.description is not None:
        terms = replace(terms, description=wanted.description)
    copied = Charge(
        id=identity,
        original_id=identity,
        number=desk.names.number("charge"),
        product_charge_id=charge.id,
        terms=terms,
        pricing=_repriced(pricing, wanted),
        quantity=Decimal(1) if quantity is None and terms.model == "FlatFee" else quantity,
        trigger_day=start,
        effective_start=start,
        effective_end=end_day(terms, start, subscription.end, wanted.specific_end),
        original_order_date=desk.order_date,
        trigger_date=wanted.specific_trigger,
        specific_end_date=wanted.specific_end,
    )
    return replace(copied, dmrc=mrr(copied), dtcv=tcv(copied))


def _repriced(pricing: Pricing, override: Override) -> Pricing:
    return pricing if override.price is None else replace(pricing, price=override.price)


def _update(subscription: Subscription, action: UpdateProduct, desk: Desk) -> Subscription:
    plan = _plan(subscription, action.rate_plan_id)
    charges = plan.charges
    for wanted in action.changes:
        last = next(
            (c for c in reversed(charges) if wanted.key in {c.number, c.id, c.product_charge_id}), None
        )
        if last is None:
            raise NotFoundError(wanted.key)
        day = wanted.specific_trigger or _effective(action.triggers, last)
        if last.effective_end is not None and day > last.effective_end:
            raise RuleError(
                f"The charge {last.number} ends on {last.effective_end} and cannot change on {day}."
            )
        if day < last.effective_start:
            raise RuleError(
                f"The charge {last.number} starts on {last.effective_start} and cannot change on {day}."
            )
        charges = tuple(
            segment
            for charge in charges
            for segment in (_split(charge, wanted, day, desk) if charge is last else (charge,))
        )
    changed = replace(plan, charges=charges, last_change="Update")
    return _with_plan(subscription, changed)


def _effective(triggers: Triggers, charge: Charge) -> date:
    match charge.terms.trigger_event:
        case "ServiceActivation":
            return triggers.activation
        case "CustomerAcceptance":
            return triggers.acceptance
        case _:
            return triggers.contract_effective


def _split(charge: Charge, wanted: Override, day: date, desk: Desk) -> tuple[Charge, Charge]:
    """Cut a segment on `day` and begin the next one there with the new price or quantity."""
    former = replace(_redated(charge, day), version=charge.version + 1, amended_by_order_on=desk.order_date)
    following = replace(
        charge,
        id=desk.names.id(),
        segment=charge.segment + 1,
        version=1,
        effective_start=day,
        pricing=_repriced(charge.pricing, wanted),
        quantity=charge.quantity if wanted.quantity is None else wanted.quantity,
        charged_through=None,
        processed_through=None,
        original_order_date=desk.order_date,
    )
    return former, replace(
        following, dmrc=mrr(following) - mrr(charge), dtcv=tcv(following) + tcv(former) - tcv(charge)
    )


def _redated(charge: Charge, end: date | None) -> Charge:
    """End a segment elsewhere, and note by how much its contract value changes."""
    changed = replace(charge, effective_end=end)
    return replace(changed, dmrc=Decimal(0), dtcv=tcv(changed) - tcv(charge))


def _remove(subscription: Subscription, action: RemoveProduct, desk: Desk) -> Subscription:
    plan = _plan(subscription, action.rate_plan_id)
    charges = tuple(_ended(charge, _effective(action.triggers, charge), desk) for charge in plan.charges)
    return _with_plan(subscription, replace(plan, charges=charges, last_change="Remove"))


def _ended(charge: Charge, day: date, desk: Desk) -> Charge:
    """End a segment on `day` unless it has ended before; a one-time charge is never taken back."""
    if charge.terms.type == "OneTime" or (charge.effective_end is not None and charge.effective_end <= day):
        return charge
    ended = _redated(charge, max(day, charge.effective_start))
    return replace(ended, version=charge.version + 1, amended_by_order_on=desk.order_date)


def _cancel(subscription: Subscription, action: CancelSubscription, desk: Desk) -> Subscription:
    match action.policy:
        case "EndOfCurrentTerm":
            day = subscription.term_end
        case "EndOfLastInvoicePeriod":
            billed = [charge.charged_through for charge in subscription.charges if charge.charged_through]
            day = max(billed, default=subscription.start)
        case "SpecificDate":
            day = action.effective
        case _:
            assert_never(action.policy)
    if day is None:
        raise InvalidValueError("'cancellationEffectiveDate' may not be null for this cancellation policy")
    if day < subscription.start or (subscription.term_end is not None and day > subscription.term_end):
        raise RuleError(
            f"The cancellation effective date {day} should be between the start {subscription.start} and "
            f"the term end {subscription.term_end} of the subscription {subscription.number}."
        )
    end = subscription.term_end and day  # the term ends with the subscription, as recorded ones show
    cancelled = replace(subscription, status="Cancelled", cancelled=day, term_end=end)
    return _with_charges(cancelled, lambda _, charge: _ended(charge, day, desk))


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
        if key in {plan.id, plan.number} and plan.last_change != "Remove":
            return plan
    raise NotFoundError(key)


def _with_plan(subscription: Subscription, changed: RatePlan) -> Subscription:
    plans = tuple(changed if plan.id == changed.id else plan for plan in subscription.rate_plans)
    return replace(subscription, rate_plans=plans)


def _with_charges(subscription: Subscription, turn: Callable[[RatePlan, Charge], Charge]) -> Subscription:
    plans = tuple(
        replace(plan, charges=tuple(turn(plan, charge) for charge in plan.charges))
        for plan in subscription.rate_plans
    )
    return replace(subscription, rate_plans=plans)
