"""Orders in the place of calls on one subscription: placed, billed and answered."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from toolkit.billing.invoices import Invoice
from toolkit.billing.metrics import subscription_tcv
from toolkit.billing.money import ZERO
from toolkit.billing.movements import Movement, movement
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, Subscription, TermType, status_on
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.versions import RUN_BILLING, SEPARATE_COLLECTION, Version
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.documents.holdings import ORDER, HoldingKind
from toolkit.zuora.orders.body import BillingOptions, NewOrder, ProcessingOptions
from toolkit.zuora.orders.processing import Processed, carry_out
from toolkit.zuora.orders.request import (
    Action,
    Conditions,
    LastTerm,
    OrderedSubscription,
    RenewalTerm,
    TriggerDate,
)
from toolkit.zuora.state.world import Change, World


class Billed(Body, frozen=True):
    """Whether a call on a subscription bills it and collects; older versions name that otherwise."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"applyCreditBalance", "bookingDate", "creditMemoReasonCode"}  # a credit balance is always nothing
    )

    run_billing: bool | None = None
    collect: bool | None = None
    invoice: bool | None = None
    invoice_collect: bool | None = None
    apply_credit: bool = False
    application_order: tuple[HoldingKind, ...] = ORDER
    target_date: date | None = None
    invoice_target_date: date | None = None
    document_date: date | None = None

    @property
    def processing(self) -> ProcessingOptions:
        """What an order says for it."""
        return ProcessingOptions(
            run_billing=bool(self.run_billing or self.invoice or self.invoice_collect),
            collect_payment=bool(self.collect or self.invoice_collect),
            apply_credit=self.apply_credit,
            application_order=self.application_order,
            billing_options=BillingOptions(
                target_date=self.target_date or self.invoice_target_date, document_date=self.document_date
            ),
        )


def check_version(version: Version, said: Billed) -> None:
    """Refuse fields that the minor version does not know. Source: recorded; Zuora, API upgrades.

    Raises:
        Refusal: There is one.
    """
    unknown = {
        "invoice": said.invoice is not None and not SEPARATE_COLLECTION <= version < RUN_BILLING,
        "collect": said.collect is not None and version < SEPARATE_COLLECTION,
        "runBilling": said.run_billing is not None and version < RUN_BILLING,
        "invoiceCollect": said.invoice_collect is not None and version >= SEPARATE_COLLECTION,
    }
    names = ",".join(name for name, refused in unknown.items() if refused)
    if names:
        raise Refusal(Category.UNKNOWN_FIELD, f"Invalid parameter(s): '{names}'.")


class Ordered(Billed, frozen=True):
    """A call that a tenant with Orders answers only with the date of the order. Source: a live tenant."""

    order_date: date | None = None

    @property
    def day(self) -> date:
        """The date of the order.

        Raises:
            MissingValueError: It is missing.
        """
        return needed(self.order_date, "orderDate")


class Done(NamedTuple):
    """An order for one subscription, its latest version, and what that gained or lost."""

    processed: Processed
    subscription: Subscription
    movement: Movement


def dates(
    contract: date | None, activation: date | None = None, acceptance: date | None = None
) -> tuple[TriggerDate, ...]:
    """Return the dates of an action."""
    named: tuple[
        tuple[Literal["ContractEffective", "ServiceActivation", "CustomerAcceptance"], date | None], ...
    ] = (
        ("ContractEffective", contract),
        ("ServiceActivation", activation),
        ("CustomerAcceptance", acceptance),
    )
    return tuple(TriggerDate(name=name, trigger_date=day) for name, day in named if day is not None)


class Restated(Protocol):
    """What a call says of new terms."""

    @property
    def auto_renew(self) -> bool | None:
        """Whether the subscription renews by itself."""

    @property
    def renewal_setting(self) -> RenewalSetting | None:
        """What it renews to."""

    @property
    def renewal_term(self) -> int | None:
        """The length of the terms to come."""

    @property
    def renewal_term_period_type(self) -> TermUnit | None:
        """Its unit."""

    @property
    def term_type(self) -> TermType | None:
        """Whether the current term ends."""

    @property
    def current_term(self) -> int | None:
        """Its length."""

    @property
    def current_term_period_type(self) -> TermUnit | None:
        """The unit of that."""

    @property
    def term_start_date(self) -> date | None:
        """The first day of the current term."""


def conditions(said: Restated) -> Conditions:
    """Return new terms as an order writes them; units are months, and the current term ends, unless said."""
    last = None
    if said.term_type is not None or said.current_term is not None or said.term_start_date is not None:
        last = LastTerm(
            term_type=said.term_type or "TERMED",
            period=said.current_term,
            period_type=said.current_term_period_type or "Month",
            start_date=said.term_start_date,
        )
    renewal: tuple[RenewalTerm, ...] = ()
    if said.renewal_term is not None:
        renewal = (
            RenewalTerm(period=said.renewal_term, period_type=said.renewal_term_period_type or "Month"),
        )
    return Conditions(
        auto_renew=said.auto_renew,
        renewal_setting=said.renewal_setting,
        renewal_terms=renewal,
        last_term=last,
    )


def place(
    change: Change, subscription: Subscription, ordered: date, actions: tuple[Action, ...], said: Billed
) -> Done:
    """Carry out actions on a subscription as an order.

    Raises:
        BillingError: Something of it is not possible.
    """
    world = change.world
    processed = carry_out(change, world, order_on(world, subscription, ordered, actions, said))
    return Done(processed, *followed(change.world, subscription))


def order_on(
    world: World, subscription: Subscription, ordered: date, actions: tuple[Action, ...], said: Billed
) -> NewOrder:
    """Return an order of actions on a subscription."""
    return NewOrder(
        order_date=ordered,
        existing_account_number=world.accounts.find(subscription.account_id).number,
        subscriptions=(OrderedSubscription(order_actions=actions, subscription_number=subscription.number),),
        processing_options=said.processing,
    )


def followed(world: World, before: Subscription) -> tuple[Subscription, Movement]:
    """Return the latest version, and the sum of what each version since has moved."""
    latest = world.subscriptions.find(before.number)
    mrr, tcv, after = ZERO, ZERO, latest
    while after.version > before.version:
        former = world.subscriptions.find(after.previous_id or "")
        moved = movement(former, after)
        mrr, tcv, after = mrr + moved.mrr, tcv + moved.tcv, former
    return latest, Movement(mrr, tcv)


def contracted_value(subscription: Subscription) -> Decimal | None:
    """Return the total contracted value to show: none where no term ends.

    Source: recorded, contactually/zuora-ruby, evergreen subscriptions that are created and changed.
    """
    return None if subscription.term_type == "EVERGREEN" else number(subscription_tcv(subscription))


def delta_value(subscription: Subscription, moved: Movement) -> Decimal | None:
    """Return by how much the total contracted value moved, likewise."""
    return None if subscription.term_type == "EVERGREEN" else number(moved.tcv)


def show_done(world: World, done: Done) -> dict[str, Any]:
    """Return what calls on a subscription answer alike, with the order that they made."""
    order = done.processed.order
    status = status_on(done.subscription, world.today)
    return {
        "success": True,
        "subscriptionId": done.subscription.id,
        "totalDeltaTcv": delta_value(done.subscription, done.movement),
        **show_documents(done.processed),
        "orderNumber": order.number,
        "status": order.status,
        "accountNumber": done.processed.account.number,
        "subscriptions": [{"subscriptionNumber": done.subscription.number, "status": status}],
    }


def show_documents(processed: Processed) -> dict[str, Any]:
    """Return the invoice, credit memo and payment that a call made."""
    shown: dict[str, Any] = {}
    for document in processed.documents:
        key = "invoiceId" if isinstance(document, Invoice) else "creditMemoId"
        shown[key] = document.id
    for payment in processed.payments:
        shown |= {"paymentId": payment.id, "paidAmount": number(payment.amount)}
    return shown
