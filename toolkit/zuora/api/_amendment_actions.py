"""What amendments are as actions of an order."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from toolkit.billing.errors import NotFoundError
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api._amendment_request import NewAmendment
from toolkit.zuora.api._component_request import PlanChanges
from toolkit.zuora.api._subscription_orders import conditions, dates
from toolkit.zuora.objects._writing import given
from toolkit.zuora.orders.plan_request import PlanRemoval
from toolkit.zuora.orders.request import (
    Action,
    Cancellation,
    OwnerTransfer,
    Renewal,
    Resumption,
    Suspension,
)
from toolkit.zuora.state.identities import lasting_id
from toolkit.zuora.state.world import World


def action_of(said: NewAmendment, world: World, base: Subscription) -> Action:
    """Return the order action that an amendment is.

    Args:
        said: The amendment.
        world: Where the catalog is.
        base: The version to change.

    Raises:
        Refusal: A field that its type needs is missing.
        NotFoundError: A rate plan or a charge does not exist.
    """
    days = dates(said.contract, said.service_activation_date, said.customer_acceptance_date)
    return replace(_ACTIONS[said.type](said, world, base), trigger_dates=days)


def _addition(said: NewAmendment, world: World, _: Subscription) -> Action:
    return Action(type="AddProduct", add_product=said.plan.plan(world).wanted(world))


def _update(said: NewAmendment, world: World, base: Subscription) -> Action:
    """Return the change of a rate plan; its charges are named by the catalog's. Source: the amend call."""
    key = lasting_id(world.subscriptions, base.number, said.base_plan)
    plan = next((one for one in base.rate_plans if one.id == key), None)
    if plan is None:
        raise NotFoundError(said.base_plan)
    changes = PlanChanges(
        contract_effective_date=said.contract,
        rate_plan_id=plan.id,
        specific_update_date=said.specific_update_date,
        charge_update_details=said.plan.updates(plan),
        custom_fields=said.plan.rate_plan.custom_fields,
    )
    return Action(type="UpdateProduct", update_product=changes.wanted(base, world))


def _removal(said: NewAmendment, *_: object) -> Action:
    return Action(type="RemoveProduct", remove_product=PlanRemoval(rate_plan_id=said.base_plan))


def _cancellation(said: NewAmendment, *_: object) -> Action:
    end = Cancellation(
        cancellation_policy="SpecificDate",
        cancellation_effective_date=given(said.effective_date, "EffectiveDate"),
    )
    return Action(type="CancelSubscription", cancel_subscription=end)


def _restatement(said: NewAmendment, *_: object) -> Action:
    return Action(type="TermsAndConditions", terms_and_conditions=conditions(said))


def _transfer(said: NewAmendment, *_: object) -> Action:
    owners = OwnerTransfer(
        destination_account_number=said.destination_account_id,
        destination_invoice_account_number=said.destination_invoice_owner_id,
    )
    return Action(type="OwnerTransfer", owner_transfer=owners)


def _suspension(said: NewAmendment, *_: object) -> Action:
    pause = Suspension(
        suspend_policy="SpecificDate", suspend_specific_date=given(said.suspend_date, "SuspendDate")
    )
    return Action(type="Suspend", suspend=pause)


def _resumption(said: NewAmendment, *_: object) -> Action:
    end = Resumption(resume_policy="SpecificDate", resume_specific_date=given(said.resume_date, "ResumeDate"))
    return Action(type="Resume", resume=end)


_ACTIONS: Mapping[str, Callable[[NewAmendment, World, Subscription], Action]] = {
    "NewProduct": _addition,
    "UpdateProduct": _update,
    "RemoveProduct": _removal,
    "Renewal": lambda *_: Action(type="RenewSubscription", renew_subscription=Renewal()),
    "Cancellation": _cancellation,
    "TermsAndConditions": _restatement,
    "OwnerTransfer": _transfer,
    "SuspendSubscription": _suspension,
    "ResumeSubscription": _resumption,
}
