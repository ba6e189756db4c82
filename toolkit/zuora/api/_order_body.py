"""An order as a client sends it: who orders, what is done, and how it is scheduled, billed and paid."""

from datetime import date
from typing import ClassVar, Literal

from toolkit.billing.catalog import ChargeType
from toolkit.zuora.api._line_items import NewLineItem
from toolkit.zuora.api._order_request import OrderedSubscription
from toolkit.zuora.wire import Body


class BillingOptions(Body, frozen=True):
    """How the documents of an order are made."""

    harmless: ClassVar[frozenset[str]] = frozenset({"creditMemoReasonCode"})
    target_date: date | None = None
    document_date: date | None = None
    generate_draft_invoice: bool = False
    charge_type_to_exclude: tuple[ChargeType, ...] = ()


class ProcessingOptions(Body, frozen=True):
    """Whether an order is billed and paid at once."""

    harmless: ClassVar[frozenset[str]] = frozenset({"applicationOrder", "electronicPaymentOptions"})
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("allowPaymentFailure", "applyCredit", "applyCreditBalance", "reAssociation", "refund"),
            *("refundAmount", "refundReasonCode", "writeOff", "writeOffBehavior"),
        }
    )

    run_billing: bool = False
    collect_payment: bool = False
    billing_options: BillingOptions = BillingOptions()


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
