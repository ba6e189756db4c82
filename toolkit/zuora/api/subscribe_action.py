"""POST /v1/action/subscribe: an account, its contacts, its payment method and a subscription in one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from msgspec import UNSET
from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.billing.metrics import subscription_mrr, subscription_tcv
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, Subscription, TermType
from toolkit.zuora.api._action_options import Options, Preview, made_by
from toolkit.zuora.api._rate_plan_data import RatePlanData
from toolkit.zuora.api.object_actions import one_by_one
from toolkit.zuora.api.subscription_creation import NewSubscription, order_of
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import bounded
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.objects import accounts, contacts, payment_methods
from toolkit.zuora.objects._writing import given
from toolkit.zuora.orders.placing import place
from toolkit.zuora.orders.processing import carry_out
from toolkit.zuora.state.world import Change, World


class SaidSubscription(Body, frozen=True, rename="pascal"):
    """A subscription to create. Source: Zuora, Subscription, field descriptions."""

    open: ClassVar[bool] = True

    term_type: TermType | None = None
    contract_effective_date: date | None = None
    service_activation_date: date | None = None
    contract_acceptance_date: date | None = None
    term_start_date: date | None = None
    initial_term: int | None = None
    initial_term_period_type: TermUnit = "Month"
    renewal_term: int | None = None
    renewal_term_period_type: TermUnit = "Month"
    renewal_setting: RenewalSetting = "RENEW_WITH_SPECIFIC_TERM"
    auto_renew: bool = False
    invoice_owner_id: str | None = None
    is_invoice_separate: bool = False
    name: str | None = None
    notes: str | None = None


class SubscriptionData(Body, frozen=True, rename="pascal"):
    """A subscription with its rate plans."""

    open: ClassVar[bool] = True

    subscription: SaidSubscription
    rate_plan_data: tuple[RatePlanData, ...] = ()


class Subscribe(Body, frozen=True, rename="pascal"):
    """One subscription and what comes before it; without options it is not billed, which is an assumption."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"ExternalPaymentOptions"})

    account: accounts.AccountFields
    subscription_data: SubscriptionData
    bill_to_contact: contacts.ContactFields | None = None
    sold_to_contact: contacts.ContactFields | None = None
    payment_method: payment_methods.MethodFields | None = None
    subscribe_options: Options = Options(generate_invoice=False)
    preview_options: Preview = Preview()


class Subscribes(Body, frozen=True):
    """Up to fifty of them."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"subscribes"})

    subscribes: tuple[dict[str, Any], ...]


def subscribe(call: Call) -> Reply:
    """Carry out each request as an order of today; what one of them lacks concerns no other."""
    said: Subscribes = call.body

    def one(world: World, document: Mapping[str, Any]) -> tuple[dict[str, Any], World]:
        wanted, change = bounded(document, Subscribe, world.today), Change(world)
        if wanted.preview_options.enable_preview_mode:
            return _previewed(change, call, wanted), world
        return _subscribed(change, wanted), change.world

    return one_by_one(call.world, said.subscribes, one)


def _previewed(change: Change, call: Call, said: Subscribe) -> dict[str, Any]:
    account = _account(change, said)
    world = change.world
    wanted = _creation(world, said, account)
    placed = place(change, world, order_of(world, wanted))
    target = said.subscribe_options.invoicing.invoice_target_date or wanted.contract_effective_date
    changed = replace(call, world=change.world)
    options, (made,) = said.preview_options, placed.latest
    return {
        "Success": True,
        "InvoiceData": options.shown(change, changed, target, placed.invoiced),
        **options.metrics(made, None, world.today),
        **_worth(made, world),
    }


def _subscribed(change: Change, said: Subscribe) -> dict[str, Any]:
    account = _account(change, said)
    world = change.world
    order = order_of(world, _creation(world, said, account))
    options = said.subscribe_options.processing
    processed = carry_out(change, world, replace(order, processing_options=options))
    made = change.table("subscriptions").find(processed.order.actions[0].number)
    return {
        "Success": True,
        "AccountId": account.id,
        "AccountNumber": account.number,
        "SubscriptionId": made.id,
        "SubscriptionNumber": made.number,
        **made_by(processed),
        **_worth(made, world),
    }


def _worth(made: Subscription, world: World) -> dict[str, Any]:
    return {
        "TotalMrr": number(subscription_mrr(made, world.today)),
        "TotalTcv": number(subscription_tcv(made)),
    }


def _creation(world: World, said: Subscribe, account: Account) -> NewSubscription:
    wanted, data = said.subscription_data.subscription, said.subscription_data.rate_plan_data
    term: TermType = given(wanted.term_type, "TermType")
    if term == "TERMED" and not (wanted.initial_term or 0) > 0:
        raise InvalidValueError("Initial Term should be greater than zero")
    if not data:
        given(None, "RatePlanData")
    return NewSubscription(
        account_key=account.id,
        contract_effective_date=given(wanted.contract_effective_date, "ContractEffectiveDate"),
        service_activation_date=wanted.service_activation_date,
        customer_acceptance_date=wanted.contract_acceptance_date,
        term_type=term,
        term_start_date=wanted.term_start_date,
        initial_term=wanted.initial_term,
        initial_term_period_type=wanted.initial_term_period_type,
        renewal_term=wanted.renewal_term,
        renewal_term_period_type=wanted.renewal_term_period_type,
        renewal_setting=wanted.renewal_setting,
        auto_renew=wanted.auto_renew,
        invoice_owner_account_key=wanted.invoice_owner_id,
        invoice_separately=wanted.is_invoice_separate,
        subscription_number=wanted.name,
        notes=wanted.notes,
        subscribe_to_rate_plans=tuple(one.plan(world) for one in data),
        custom_fields=wanted.custom_fields,
    )


def _account(change: Change, said: Subscribe) -> Account:
    """Return the account that exists, or one that is made with its contacts and its payment method.

    Without a sold-to contact it is the bill-to. Source: Zuora, invoke the subscribe() call.
    """
    wanted = said.account
    if wanted.id is not None:
        account: Account | None = change.table("accounts").rows.get(wanted.id)
        if account is None:
            raise NotFoundError(wanted.id)
        return account
    identity = accounts.create(change, replace(wanted, auto_pay=UNSET, status=UNSET))
    first = given(said.bill_to_contact, "BillToContact")
    bill_to = contacts.create(change, replace(first, account_id=identity))
    sold_to = bill_to
    if said.sold_to_contact is not None:
        sold_to = contacts.create(change, replace(said.sold_to_contact, account_id=identity))
    method: Any = UNSET
    if said.payment_method is not None:
        paying = replace(said.payment_method, account_id=identity)
        method = paying.id or payment_methods.create(change, paying)
        if paying.id is not None:
            payment_methods.update(change, paying.id, payment_methods.MethodFields(account_id=identity))
    settled = accounts.AccountFields(
        bill_to_id=bill_to,
        sold_to_id=sold_to,
        default_payment_method_id=method,
        auto_pay=wanted.auto_pay,
        status="Active",
    )
    accounts.update(change, identity, settled)
    made: Account = change.table("accounts").find(identity)
    return made


ENDPOINTS = (Endpoint("POST", "/v1/action/subscribe", subscribe, Subscribes, crud=True),)
