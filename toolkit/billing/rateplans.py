"""Rate plans: how orders add, change, remove and replace those of a subscription."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing import segments
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.orders import (
    AddProduct,
    ChangePlan,
    Desk,
    Override,
    RemoveProduct,
    Subscribe,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.subscriptions import LastChange, RatePlan, Subscription, grid


def change(
    subscription: Subscription, action: AddProduct | UpdateProduct | RemoveProduct | ChangePlan, desk: Desk
) -> Subscription:
    """Return the subscription with its rate plans as the action leaves them.

    Raises:
        RuleError: A plan is removed already, or a charge does not run on the day of its change.
        InvalidValueError: A rate plan is not effective, or has no price in the currency.
        NotFoundError: A rate plan or charge does not exist.
    """
    match action:
        case AddProduct():
            return _add(subscription, action.rate_plan, action.triggers, desk)
        case UpdateProduct():
            return _update(subscription, action, desk)
        case RemoveProduct():
            return _remove(subscription, _plan(subscription, action.rate_plan_id), action.triggers, desk)
        case _:
            triggers = dates(subscription, action, desk)
            replaced = _replaced_plan(subscription, action.rate_plan, desk)
            removed = _remove(subscription, replaced, triggers, desk)
            return _add(removed, action.new_rate_plan, triggers, desk)


def dates(subscription: Subscription, action: ChangePlan, desk: Desk) -> Triggers:
    """Return the dates of a change of plan: its own, or else by its policy.

    Immediately is on the order's date; a billing period is that of the plan's recurring charges which
    today lies in, the longest of them. Source: Zuora, change plan: effective policy.

    Raises:
        RuleError: No billing period could end.
        NotFoundError: The subscription has no such plan.
    """
    if action.triggers is not None or action.policy != "EffectiveEndOfBillingPeriod":
        return action.triggers or Triggers(desk.order_date)
    plan, today = _replaced_plan(subscription, action.rate_plan, desk), desk.today
    spans = (
        grid(subscription, charge, desk.bill_cycle_day)
        for charge in plan.charges
        if charge.terms.type == "Recurring" and charge.holds(today)
    )
    end = max((span.start(span.ordinal(today) + 1) for span in spans), default=None)
    if end is None:
        raise RuleError(f"The rate plan {plan.number} has no billing period on {today} that could end.")
    return Triggers(end)


def check_resumed(subscription: Subscription, day: date) -> None:
    """Refuse to add or update products before the last resumption. Source: Zuora, subscriptions resumption.

    Raises:
        RuleError: The day is before it.
    """
    resumed = subscription.resumed
    if resumed is not None and day < resumed:
        raise RuleError(
            f"The subscription {subscription.number} was resumed on {resumed}: no product can be added or "
            f"updated on {day}, before that."
        )


def copy(subscription: Subscription, wanted: Subscribe, triggers: Triggers, desk: Desk) -> RatePlan:
    """Copy a rate plan of the catalog into a subscription.

    Raises:
        InvalidValueError: It is not effective on the contract's date, or has no price in the currency.
        NotFoundError: It does not exist, or an overridden charge does not.
    """
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
        id=next(desk.parts),
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
        custom_fields=wanted.custom_fields,
    )


def _add(subscription: Subscription, wanted: Subscribe, triggers: Triggers, desk: Desk) -> Subscription:
    plan = copy(subscription, wanted, triggers, desk)
    return replace(subscription, rate_plans=(*subscription.rate_plans, plan))


def _update(subscription: Subscription, action: UpdateProduct, desk: Desk) -> Subscription:
    """Change charges of a plan, also of one that an earlier order has removed from a later day on."""
    plan = _plan(subscription, action.rate_plan_id)
    charges = plan.charges
    for wanted in action.changes:
        charge = next((c for c in charges if wanted.key in {c.number, c.id, c.product_charge_id}), None)
        if charge is None:
            raise NotFoundError(wanted.key)
        day = wanted.specific_trigger or action.triggers.start(segments.described(charge.terms, wanted, desk))
        check_resumed(subscription, day)
        if charge.terms.proration_option == "ChargeFullPeriod":
            raise RuleError(f"The charge {charge.number} charges full periods and cannot be updated.")
        charges = segments.split(charges, charge.number, wanted, day, desk)
    charges = segments.measured(charges, {charge.id: charge for charge in plan.charges})
    last_change: LastChange = "Remove" if plan.last_change == "Remove" else "Update"
    fields = {**plan.custom_fields, **action.custom_fields} if action.custom_fields else plan.custom_fields
    changed = replace(plan, charges=charges, last_change=last_change, custom_fields=fields)
    return _with_plan(subscription, changed)


def _remove(subscription: Subscription, plan: RatePlan, triggers: Triggers, desk: Desk) -> Subscription:
    if plan.last_change == "Remove":
        raise RuleError(f"The rate plan {plan.number} is removed already.")
    charges = tuple(segments.remove(charge, triggers.start(charge.terms), desk) for charge in plan.charges)
    return _with_plan(subscription, replace(plan, charges=charges, last_change="Remove"))


def _replaced_plan(subscription: Subscription, key: str, desk: Desk) -> RatePlan:
    """Return the plan with this id or number, or else the only one that copies this product rate plan."""
    if any(key in {plan.id, plan.number} for plan in subscription.rate_plans):
        return _plan(subscription, key)
    _, copied = desk.find_plan(key)
    plans = [plan for plan in subscription.rate_plans if plan.product_rate_plan_id == copied.id]
    if len(plans) > 1:
        raise RuleError(
            f"The subscription has {len(plans)} copies of the rate plan {key}: name one by its id."
        )
    if not plans:
        raise NotFoundError(key)
    return plans[0]


def _plan(subscription: Subscription, key: str) -> RatePlan:
    for plan in subscription.rate_plans:
        if key in {plan.id, plan.number}:
            return plan
    raise NotFoundError(key)


def _with_plan(subscription: Subscription, changed: RatePlan) -> Subscription:
    plans = tuple(changed if plan.id == changed.id else plan for plan in subscription.rate_plans)
    return replace(subscription, rate_plans=plans)
