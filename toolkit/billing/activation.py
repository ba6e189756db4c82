"""Activation: which dates an order still waits for, and what a subscription becomes when they are known."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec.structs import replace

from toolkit.billing import segments
from toolkit.billing.orders import Triggers
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, Subscription

Awaited = Literal["Pending Activation", "Pending Acceptance"]


def awaited(triggers: Triggers, rules: BillingRules) -> Awaited | None:
    """Return what an action waits for by the tenant's rules, or None.

    Source: Zuora, create an order, `triggerDates`: without both dates it waits for the activation.
    """
    if rules.require_service_activation and triggers.service_activation is None:
        return "Pending Activation"
    if rules.require_customer_acceptance and triggers.customer_acceptance is None:
        return "Pending Acceptance"
    return None


def dated(subscription: Subscription, triggers: Triggers, rules: BillingRules) -> Subscription:
    """Return a first version with the status that follows from the dates of its creation.

    A charge with a trigger date of its own that nobody has said makes it wait like a missing acceptance.
    Source: Zuora, pending orders and subscriptions.
    """
    missing = awaited(triggers, rules)
    if missing is None:
        unsaid = (
            one.terms.trigger_event == "SpecificDate" and one.trigger_date is None
            for one in subscription.charges
        )
        if not any(unsaid):
            return subscription
        missing = "Pending Acceptance"
    return replace(
        subscription,
        status=missing,
        service_activation=triggers.service_activation
        if rules.require_service_activation
        else triggers.activation,
        customer_acceptance=triggers.customer_acceptance
        if rules.require_customer_acceptance
        else triggers.acceptance,
    )


def is_triggered(subscription: Subscription, charge: Charge) -> bool:
    """Tell whether the date is known on which a charge of a subscription that awaits its acceptance begins.

    Such a charge is billed. Source: Zuora community, invoice generated for pending subscription.
    """
    match charge.terms.trigger_event:
        case "CustomerAcceptance":
            return subscription.customer_acceptance is not None
        case "SpecificDate":
            return charge.trigger_date is not None
        case _:
            return True


def activate(
    subscription: Subscription, triggers: Triggers, specific: Mapping[str, date], rules: BillingRules
) -> Subscription:
    """Return a pending subscription with its dates as they are known now, active when none is missing.

    Its charges start where their triggers say, and so does the term unless the order fixed its start. What is
    billed already stays where it is.

    Args:
        subscription: Its first version.
        triggers: All dates of its creation that are known.
        specific: The trigger dates of single charges, by charge number.
        rules: The tenant's.
    """
    day = triggers.contract_effective
    moved = replace(
        subscription,
        status="Active",
        contract_effective=day,
        service_activation=triggers.activation,
        customer_acceptance=triggers.acceptance,
    )
    if subscription.start == subscription.contract_effective != day:
        term = subscription.initial_term
        moved = replace(moved, start=day, term_start=day, term_end=term.after(day) if term else None)
    plans = tuple(
        replace(
            plan,
            charges=tuple(
                charge
                if charge.charged_through is not None
                else segments.retrigger(moved, charge, triggers, specific.get(charge.number))
                for charge in plan.charges
            ),
        )
        for plan in moved.rate_plans
    )
    return dated(replace(moved, rate_plans=plans), triggers, rules)
