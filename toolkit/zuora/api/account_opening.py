"""POST /v1/accounts: open an account, with a way to pay and a first subscription if they are given."""

from datetime import date
from typing import ClassVar

from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, TermType
from toolkit.zuora.api import subscription_creation
from toolkit.zuora.api._component_request import Plan
from toolkit.zuora.api._customer import NewCustomer, opened
from toolkit.zuora.api._subscription_orders import Billed, check_version
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.holdings import ORDER, HoldingKind
from toolkit.zuora.state.world import Change


class FirstSubscription(Body, frozen=True, kw_only=True):
    """The subscription of a new account."""

    harmless: ClassVar[frozenset[str]] = frozenset({"lastBookingDate"})

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


class Opening(NewCustomer, frozen=True):
    """An account, what pays for it, what it subscribes to, and whether that is billed at once."""

    harmless: ClassVar[frozenset[str]] = NewCustomer.harmless | {
        *("applyCreditBalance", "creditMemoReasonCode"),
    }

    subscription: FirstSubscription | None = None
    run_billing: bool | None = None
    collect: bool | None = None
    invoice: bool | None = None
    invoice_collect: bool | None = None
    apply_credit: bool = False
    application_order: tuple[HoldingKind, ...] = ORDER
    target_date: date | None = None
    invoice_target_date: date | None = None
    document_date: date | None = None


_TEXTS = frozenset({"contractedMrr", "paidAmount", "totalContractedValue"})
"""Amounts that are texts here. Source: the official SDK, CreateAccountResponse."""

_BILLED = tuple(name for name in Billed.__struct_fields__ if name in Opening.__struct_fields__)


def create(call: Call) -> Reply:
    """Open an account; what is given for it is its default payment method, and its subscription an order.

    Source: the official SDK, create an account; python-zuora and node-zuora for `creditCard`.
    """
    said: Opening = call.body
    change = Change(call.world)
    answer = opened(change, said)
    if said.subscription is not None:
        answer |= _subscribe(call, change, said, said.subscription, str(answer["accountNumber"]))
    return Reply(answer, change.world)


def _subscribe(
    call: Call, change: Change, said: Opening, wanted: FirstSubscription, number: str
) -> dict[str, object]:
    fields = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    billing = {name: getattr(said, name) for name in _BILLED if name != "custom_fields"}
    subscription = subscription_creation.NewSubscription(account_key=number, **fields, **billing)
    check_version(call.version, subscription)
    shown = subscription_creation.subscribe(change, subscription)
    return {name: str(value) if name in _TEXTS else value for name, value in shown.items()}


ENDPOINTS = (Endpoint("POST", "/v1/accounts", create, Opening, resource=510000),)
