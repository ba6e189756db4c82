"""POST /v1/subscriptions: create a subscription, as an order."""

from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.metrics import subscription_mrr
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, TermType
from toolkit.zuora.api._component_request import Plan
from toolkit.zuora.api._subscription_orders import (
    Billed,
    check_version,
    contracted_value,
    dates,
    show_documents,
)
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import number
from toolkit.zuora.orders.body import ElectronicPaymentOptions, NewOrder
from toolkit.zuora.orders.processing import carry_out
from toolkit.zuora.orders.request import (
    Action,
    Creation,
    InitialTerm,
    OrderedSubscription,
    RenewalTerm,
    Terms,
)
from toolkit.zuora.state.world import Change, World


class NewSubscription(Billed, frozen=True, kw_only=True):
    """A subscription to create; activation and acceptance are the contract's date unless they say more."""

    harmless: ClassVar[frozenset[str]] = Billed.harmless | {"externallyManagedBy", "lastBookingDate"}
    lacking: ClassVar[frozenset[str]] = Billed.lacking | {"prepayment"}

    account_key: str
    contract_effective_date: date
    term_type: TermType
    subscribe_to_rate_plans: tuple[Plan, ...]
    initial_term: int | None = None
    initial_term_period_type: TermUnit = "Month"
    renewal_term: int | None = None
    renewal_term_period_type: TermUnit = "Month"
    renewal_setting: RenewalSetting = "RENEW_WITH_SPECIFIC_TERM"
    auto_renew: bool = False
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    term_start_date: date | None = None
    invoice_owner_account_key: str | None = None
    invoice_separately: bool = False
    subscription_number: str | None = None
    notes: str | None = None
    payment_method_id: str | None = None
    gateway_id: str | None = None


def create(call: Call) -> Reply:
    """Create a subscription by an order of today, and bill it if that is asked for."""
    said: NewSubscription = call.body
    check_version(call.version, said)
    change = Change(call.world)
    return Reply({"success": True, **subscribe(change, said)}, change.world)


def subscribe(change: Change, said: NewSubscription) -> dict[str, object]:
    """Carry out the order that creates a subscription, and tell of it and of the documents that it led to."""
    world = change.world
    processed = carry_out(change, world, order_of(world, said))
    made = change.table("subscriptions").find(processed.order.actions[0].number)
    return {
        "subscriptionId": made.id,
        "subscriptionNumber": made.number,
        "contractedMrr": number(subscription_mrr(made, world.today)),
        "totalContractedValue": contracted_value(made),
        **show_documents(processed),
    }


def order_of(world: World, said: NewSubscription) -> NewOrder:
    """Return the order that creates it, dated today.

    Raises:
        NotFoundError: Its account, or something that it subscribes to, does not exist.
    """
    paying = ElectronicPaymentOptions(
        payment_method_id=said.payment_method_id, payment_gateway_id=said.gateway_id
    )
    return NewOrder(
        order_date=world.today,
        existing_account_number=world.accounts.find(said.account_key).number,
        subscriptions=(OrderedSubscription(order_actions=(_action(world, said),)),),
        processing_options=replace(said.processing, electronic_payment_options=paying),
    )


def _action(world: World, said: NewSubscription) -> Action:
    first, renewal = said.initial_term, said.renewal_term
    activation = said.service_activation_date or said.contract_effective_date
    unit = said.renewal_term_period_type
    return Action(
        type="CreateSubscription",
        trigger_dates=dates(
            said.contract_effective_date, activation, said.customer_acceptance_date or activation
        ),
        create_subscription=Creation(
            terms=Terms(
                initial_term=InitialTerm(
                    term_type=said.term_type,
                    period=first,
                    period_type=said.initial_term_period_type,
                    start_date=said.term_start_date,
                ),
                auto_renew=said.auto_renew,
                renewal_setting=said.renewal_setting,
                renewal_terms=() if renewal is None else (RenewalTerm(period=renewal, period_type=unit),),
            ),
            subscribe_to_rate_plans=tuple(plan.wanted(world) for plan in said.subscribe_to_rate_plans),
            subscription_number=said.subscription_number,
            invoice_owner_account_number=said.invoice_owner_account_key,
            invoice_separately=said.invoice_separately,
            notes=said.notes,
            custom_fields=said.custom_fields,
        ),
    )


ENDPOINTS = (Endpoint("POST", "/v1/subscriptions", create, NewSubscription, resource=530000),)
