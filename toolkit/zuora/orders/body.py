"""An order as a client sends it: who orders, what is done, and how it is scheduled, billed and paid."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from toolkit.billing.catalog import ChargeType
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.holdings import ORDER, HoldingKind
from toolkit.zuora.orders.line_items import NewLineItem
from toolkit.zuora.orders.request import OrderedSubscription
from toolkit.zuora.payments.collecting import Choice


class BillingOptions(Body, frozen=True):
    """How the documents of an order are made."""

    harmless: ClassVar[frozenset[str]] = frozenset({"creditMemoReasonCode"})
    target_date: date | None = None
    document_date: date | None = None
    generate_draft_invoice: bool = False
    charge_type_to_exclude: tuple[ChargeType, ...] = ()


class ElectronicPaymentOptions(Body, frozen=True):
    """What the payment is collected with."""

    harmless: ClassVar[frozenset[str]] = frozenset({"authTransactionId", "gatewayOptions"})

    payment_method_id: str | None = None
    payment_gateway_id: str | None = None


class ProcessingOptions(Body, frozen=True):
    """Whether an order is billed and paid at once, and what it gives back of what it cancels."""

    harmless: ClassVar[frozenset[str]] = frozenset({"applyCreditBalance", "writeOffBehavior"})
    lacking: ClassVar[frozenset[str]] = frozenset({"reAssociation"})

    run_billing: bool = False
    apply_credit: bool = False
    application_order: tuple[HoldingKind, ...] = ORDER
    collect_payment: bool = False
    allow_payment_failure: bool = False
    billing_options: BillingOptions = BillingOptions()
    electronic_payment_options: ElectronicPaymentOptions = ElectronicPaymentOptions()
    refund: bool = False
    refund_amount: Decimal | None = None
    refund_reason_code: str | None = None
    write_off: bool = False

    @property
    def gives_back(self) -> bool:
        """Whether what was paid is refunded, or what is owed written off."""
        return self.refund or self.write_off

    @property
    def choice(self) -> Choice:
        """What the payment is collected with."""
        said = self.electronic_payment_options
        return Choice(said.payment_method_id, said.payment_gateway_id, self.allow_payment_failure)


class Scheduling(Body, frozen=True):
    """When an order is to be carried out."""

    scheduled_date: date | None = None
    scheduled_date_policy: Literal["SpecificDate"] = "SpecificDate"


class NewOrder(Body, frozen=True):
    """An order for an account that exists."""

    harmless: ClassVar[frozenset[str]] = frozenset({"category", "reasonCode"})
    lacking: ClassVar[frozenset[str]] = frozenset({"commitments", "newAccount"})

    order_date: date
    existing_account_number: str
    subscriptions: tuple[OrderedSubscription, ...] = ()
    order_line_items: tuple[NewLineItem, ...] = ()
    order_number: str | None = None
    description: str | None = None
    status: Literal["Draft", "Pending", "Completed", "Scheduled", "Executing", "Failed"] | None = None
    processing_options: ProcessingOptions = ProcessingOptions()
    scheduling_options: Scheduling | None = None
