"""Translation of an order's actions from the wire into the domain."""

from datetime import date
from typing import TypeVar

from toolkit.billing import orders
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.subscriptions import Term
from toolkit.zuora.api._order_request import (
    Action,
    ChargePricing,
    ChargeUpdate,
    PlanOverride,
    Price,
    RenewalTerm,
    Start,
)

Value = TypeVar("Value")


def creation(action: Action, invoice_owner_id: str | None) -> orders.CreateSubscription:
    """Translate a CreateSubscription action.

    Raises:
        MissingValueError: The contract effective date or the subscription itself is missing.
        InvalidValueError: The dates are out of order.
    """
    said = _given(action.create_subscription, "createSubscription")
    first = said.terms.initial_term
    return orders.CreateSubscription(
        triggers=_triggers(action),
        rate_plans=tuple(map(_subscribe, said.subscribe_to_rate_plans)),
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
    )


def translate(action: Action) -> orders.Change:
    """Translate an action on a subscription that exists.

    Raises:
        MissingValueError: The contract effective date or the object that the type names is missing.
        InvalidValueError: The dates are out of order, or the action would create a subscription.
    """
    triggers = _triggers(action)
    match action.type:
        case "AddProduct":
            return orders.AddProduct(triggers, _subscribe(_given(action.add_product, "addProduct")))
        case "UpdateProduct":
            update = _given(action.update_product, "updateProduct")
            key = update.rate_plan_id or update.subscription_rate_plan_number
            changes = tuple(_change(charge, update.specific_update_date) for charge in update.charge_updates)
            return orders.UpdateProduct(triggers, _given(key, "ratePlanId"), changes)
        case "RemoveProduct":
            removal = _given(action.remove_product, "removeProduct")
            key = removal.rate_plan_id or removal.subscription_rate_plan_number
            return orders.RemoveProduct(triggers, _given(key, "ratePlanId"))
        case "RenewSubscription":
            return orders.RenewSubscription(triggers)
        case "CancelSubscription":
            end = _given(action.cancel_subscription, "cancelSubscription")
            return orders.CancelSubscription(
                triggers, end.cancellation_policy, end.cancellation_effective_date
            )
        case "TermsAndConditions":
            terms = _given(action.terms_and_conditions, "termsAndConditions")
            return orders.TermsAndConditions(
                triggers, terms.auto_renew, terms.renewal_setting, _renewal(terms.renewal_terms)
            )
        case _:
            raise InvalidValueError("CreateSubscription should be the first action of a new subscription.")


def _given(value: Value | None, name: str) -> Value:
    if value is None:
        raise MissingValueError(name)
    return value


def _triggers(action: Action) -> orders.Triggers:
    dates = {trigger.name: trigger.trigger_date for trigger in action.trigger_dates}
    return orders.Triggers(
        _given(dates.get("ContractEffective"), "triggerDates.ContractEffective"),
        dates.get("ServiceActivation"),
        dates.get("CustomerAcceptance"),
    )


def _renewal(terms: tuple[RenewalTerm, ...]) -> Term | None:
    return Term(terms[0].period, terms[0].period_type) if terms else None


def _subscribe(plan: PlanOverride) -> orders.Subscribe:
    key = plan.product_rate_plan_id or plan.product_rate_plan_number
    overrides = (
        _override(charge.product_rate_plan_charge_id, charge.pricing, charge.start_date, charge.description)
        for charge in plan.charge_overrides
    )
    return orders.Subscribe(_given(key, "productRatePlanId"), tuple(overrides))


def _change(update: ChargeUpdate, day: date | None) -> orders.Override:
    key = _given(update.charge_number or update.product_rate_plan_charge_id, "chargeNumber")
    start = update.effective_date or Start(specific_trigger_date=day)
    return _override(key, update.pricing, start, update.description)


def _override(
    key: str, pricing: ChargePricing | None, start: Start | None, description: str | None
) -> orders.Override:
    price = pricing.only() if pricing else Price()
    return orders.Override(
        key=key,
        price=price.list_price,
        quantity=price.quantity,
        specific_trigger=start.specific_trigger_date if start else None,
        description=description,
    )
