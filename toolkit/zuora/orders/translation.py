"""Translation of an order's actions from the wire into the domain."""

from collections.abc import Callable, Mapping
from datetime import date

from toolkit.billing import orders
from toolkit.billing.accounts import Account
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import Term
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.orders.plan_translation import change_of, subscribe
from toolkit.zuora.orders.request import Action, LastTerm, RenewalTerm


def creation(action: Action, invoice_owner_id: str | None, ordered: date) -> orders.CreateSubscription:
    """Translate a CreateSubscription action.

    Raises:
        MissingValueError: The subscription itself is missing.
        InvalidValueError: The dates are out of order, or the first term has no days. Source of that
            sentence: recorded.
    """
    said = needed(action.create_subscription, "createSubscription")
    first = said.terms.initial_term
    if first.term_type == "TERMED" and first.period is not None and first.period <= 0:
        raise InvalidValueError("Initial Term should be greater than zero")
    return orders.CreateSubscription(
        triggers=triggers_of(action, ordered),
        rate_plans=tuple(map(subscribe, said.subscribe_to_rate_plans)),
        number=said.subscription_number,
        term_type=first.term_type,
        initial_term=Term(first.period, first.period_type) if first.period else None,
        term_start=first.start_date,
        renewal_term=_renewal(said.terms.renewal_terms),
        renewal_setting=said.terms.renewal_setting,
        auto_renew=said.terms.auto_renew,
        invoice_owner_id=invoice_owner_id,
        invoice_separately=said.invoice_separately,
        notes=said.notes,
        custom_fields=said.custom_fields,
        addressed=said.addressed,
    )


def translate(action: Action, find_account: Callable[[str], Account], ordered: date) -> orders.Change:
    """Translate an action on a subscription that exists.

    Args:
        action: The action.
        find_account: Returns an account by its number; raises NotFoundError.
        ordered: The date of the order.

    Raises:
        MissingValueError: The object that the type names is missing.
        InvalidValueError: The dates are out of order, or the action would create a subscription.
        NotFoundError: An account does not exist.
    """
    match action.type:
        case "CreateSubscription":
            raise InvalidValueError("CreateSubscription should be the first action of a new subscription.")
        case "ChangePlan":
            return _plan_change(action, ordered)
        case "OwnerTransfer":
            return _transfer(action, find_account, ordered)
        case kind:
            return _TRANSLATIONS[kind](action, triggers_of(action, ordered))


def _addition(action: Action, triggers: orders.Triggers) -> orders.AddProduct:
    return orders.AddProduct(triggers, subscribe(needed(action.add_product, "addProduct")))


def _update(action: Action, triggers: orders.Triggers) -> orders.UpdateProduct:
    update = needed(action.update_product, "updateProduct")
    key = update.rate_plan_id or update.subscription_rate_plan_number
    changes = tuple(change_of(charge, update.specific_update_date) for charge in update.charge_updates)
    return orders.UpdateProduct(triggers, needed(key, "ratePlanId"), changes, update.custom_fields)


def _removal(action: Action, triggers: orders.Triggers) -> orders.RemoveProduct:
    removal = needed(action.remove_product, "removeProduct")
    key = removal.rate_plan_id or removal.subscription_rate_plan_number
    return orders.RemoveProduct(triggers, needed(key, "ratePlanId"))


def _extension(action: Action, triggers: orders.Triggers) -> orders.RenewSubscription:
    said = action.renew_subscription
    return orders.RenewSubscription(triggers, said.addressed if said else {})


def _cancellation(action: Action, triggers: orders.Triggers) -> orders.CancelSubscription:
    end = needed(action.cancel_subscription, "cancelSubscription")
    return orders.CancelSubscription(triggers, end.cancellation_policy, end.cancellation_effective_date)


def _conditions(action: Action, triggers: orders.Triggers) -> orders.TermsAndConditions:
    terms = needed(action.terms_and_conditions, "termsAndConditions")
    return orders.TermsAndConditions(
        triggers,
        terms.auto_renew,
        terms.renewal_setting,
        _renewal(terms.renewal_terms),
        last_term=_last_term(terms.last_term) if terms.last_term else None,
        invoice_separately=terms.invoice_separately,
        addressed=terms.addressed,
    )


def _last_term(said: LastTerm) -> orders.LastTerm:
    term = _periods(said.period, said.period_type)
    return orders.LastTerm(type=said.term_type, term=term, start=said.start_date)


def _suspension(action: Action, triggers: orders.Triggers) -> orders.Suspend:
    said = needed(action.suspend, "suspend")
    periods = _periods(said.suspend_periods, said.suspend_periods_type)
    return orders.Suspend(triggers, said.suspend_policy, periods, said.suspend_specific_date)


def _resumption(action: Action, triggers: orders.Triggers) -> orders.Resume:
    said = needed(action.resume, "resume")
    periods = _periods(said.resume_periods, said.resume_periods_type)
    return orders.Resume(triggers, said.resume_policy, periods, said.resume_specific_date, said.extends_term)


_TRANSLATIONS: Mapping[str, Callable[[Action, orders.Triggers], orders.Change]] = {
    "AddProduct": _addition,
    "UpdateProduct": _update,
    "RemoveProduct": _removal,
    "RenewSubscription": _extension,
    "CancelSubscription": _cancellation,
    "TermsAndConditions": _conditions,
    "Suspend": _suspension,
    "Resume": _resumption,
}


def _transfer(action: Action, find_account: Callable[[str], Account], ordered: date) -> orders.TransferOwner:
    said = needed(action.owner_transfer, "ownerTransfer")
    owner, payer = said.destination_account_number, said.destination_invoice_account_number
    needed(owner or payer, "destinationAccountNumber")
    return orders.TransferOwner(
        triggers_of(action, ordered),
        find_account(owner).id if owner else None,
        find_account(payer).id if payer else None,
        said.addressed,
    )


_POLICIES: Mapping[str | None, orders.PlanPolicy] = {
    "Upgrade": "EffectiveImmediately",
    "Downgrade": "EffectiveEndOfBillingPeriod",
}
"""Source: Zuora, change plan: the effective policy by default; of any other sub type it is SpecificDate."""


def _plan_change(action: Action, ordered: date) -> orders.ChangePlan:
    said = needed(action.change_plan, "changePlan")
    policy = said.effective_policy or _POLICIES.get(said.sub_type, "SpecificDate")
    if policy == "EffectiveEndOfBillingPeriod" and action.trigger_dates:
        raise InvalidValueError("'triggerDates' cannot be set for the policy EffectiveEndOfBillingPeriod.")
    own = said.rate_plan_id or said.subscription_rate_plan_number
    copied = said.product_rate_plan_id or said.product_rate_plan_number
    if own and copied:
        raise InvalidValueError("A change of plan should give either 'ratePlanId' or 'productRatePlanId'.")
    return orders.ChangePlan(
        triggers_of(action, ordered) if policy == "SpecificDate" or action.trigger_dates else None,
        needed(own or copied, "ratePlanId"),
        subscribe(said.new_product_rate_plan),
        policy,
    )


def _periods(count: int | None, unit: TermUnit | None) -> Term | None:
    return None if count is None or unit is None else Term(count, unit)


def triggers_of(action: Action, ordered: date) -> orders.Triggers:
    """Return the dates of an action; without a contract effective date it is the order's.

    Source: the official SDK, create order request, `orderDate`.

    Raises:
        InvalidValueError: The dates are out of order.
    """
    dates = {trigger.name: trigger.trigger_date for trigger in action.trigger_dates}
    return orders.Triggers(
        dates.get("ContractEffective") or ordered,
        dates.get("ServiceActivation"),
        dates.get("CustomerAcceptance"),
    )


def _renewal(terms: tuple[RenewalTerm, ...]) -> Term | None:
    return Term(terms[0].period, terms[0].period_type) if terms else None
