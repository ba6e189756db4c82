"""What subscribe and amend say of billing, paying and previewing, and what they answer of it."""

from datetime import date
from typing import Any, ClassVar, Literal

from toolkit.billing.invoices import Invoice
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api.order_preview import PreviewOptions, billing_docs
from toolkit.zuora.calls.endpoint import Call
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.orders.body import BillingOptions, ElectronicPaymentOptions, ProcessingOptions
from toolkit.zuora.orders.charge_metrics import show_metrics
from toolkit.zuora.orders.placing import Invoiced
from toolkit.zuora.orders.processing import Processed
from toolkit.zuora.state.world import Change


class InvoiceProcessingOptions(Body, frozen=True, rename="pascal"):
    """How far a bill goes, and its date."""

    open: ClassVar[bool] = True

    invoice_date: date | None = None
    invoice_target_date: date | None = None


class PaymentOptions(Body, frozen=True, rename="pascal"):
    """What a payment is collected with."""

    open: ClassVar[bool] = True

    payment_method_id: str | None = None


class Options(Body, frozen=True, rename="pascal"):
    """Whether an action is billed and paid at once; it is billed unless they say otherwise.

    Source: Zuora, amend options, `GenerateInvoice`; subscribe options.
    """

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"ApplyCredit", "ApplyCreditBalance", "ExternalPaymentOptions"}
    )

    generate_invoice: bool = True
    process_payments: bool = False
    invoice_processing_options: InvoiceProcessingOptions = InvoiceProcessingOptions()
    subscribe_invoice_processing_options: InvoiceProcessingOptions | None = None
    electronic_payment_options: PaymentOptions = PaymentOptions()

    @property
    def invoicing(self) -> InvoiceProcessingOptions:
        """How far a bill goes; subscribe calls it otherwise."""
        return self.subscribe_invoice_processing_options or self.invoice_processing_options

    @property
    def processing(self) -> ProcessingOptions:
        """What an order says for it."""
        said, key = self.invoicing, self.electronic_payment_options.payment_method_id
        return ProcessingOptions(
            run_billing=self.generate_invoice,
            collect_payment=self.process_payments,
            billing_options=BillingOptions(
                target_date=said.invoice_target_date, document_date=said.invoice_date
            ),
            electronic_payment_options=ElectronicPaymentOptions(payment_method_id=key),
        )


class Preview(Body, frozen=True, rename="pascal"):
    """How far to preview instead."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"IncludeExistingDraftInvoiceItems"})

    enable_preview_mode: bool = False
    number_of_periods: int | None = None
    preview_through_term_end: bool = False
    preview_type: Literal["InvoiceItem", "ChargeMetrics", "InvoiceItemChargeMetrics"] = "InvoiceItem"

    def through(self, day: date) -> PreviewOptions:
        """Return how far an order preview goes for it; `day` is where nothing is said."""
        if self.preview_through_term_end:
            return PreviewOptions(preview_thru_type="TermEnd")
        if self.number_of_periods is not None:
            return PreviewOptions(
                preview_thru_type="NumberOfPeriods", preview_number_of_periods=self.number_of_periods
            )
        return PreviewOptions(preview_thru_type="SpecificDate", specific_preview_thru_date=day)

    def shown(
        self, change: Change, call: Call, day: date, parts: tuple[Invoiced, ...]
    ) -> list[dict[str, Any]]:
        """Return the invoices that subscriptions would get; what they credit is negative.

        Args:
            change: Gives the tax items their ids.
            call: The call that asks for them.
            day: How far to preview where nothing is said.
            parts: What to bill, by invoice owner.
        """
        docs = billing_docs(change, call, self.through(day), parts)
        shown = [_invoice(one, one["invoiceItems"], 1) for one in docs["invoices"]]
        return shown + [_invoice(one, one["creditMemoItems"], -1) for one in docs["creditMemos"]]

    def metrics(self, after: Subscription, before: Subscription | None, today: date) -> dict[str, Any]:
        """Return what each new charge brings, or how much more than before, if that is asked for.

        Source: Zuora, ChargeMetricsData.
        """
        if "ChargeMetrics" not in self.preview_type:
            return {}
        names = _PLANNED | (_BROUGHT if before is None else _MOVED)
        found = show_metrics(after, before, today)
        shown = [{name: one[field] for name, field in names.items()} for one in found]
        return {"ChargeMetricsData": {"ChargeMetrics": shown}}


_PLANNED = {"ProductRatePlanId": "productRatePlanId", "ProductRatePlanChargeId": "productRatePlanChargeId"}
_BROUGHT = {"MRR": "mrr", "TCV": "tcv"}
_MOVED = {
    "ChargeNumber": "number",
    "DMRR": "dmrr",
    "DTCV": "dtcv",
    "OriginalId": "originalId",
    "OriginalRatePlanId": "originRatePlanId",
}


def _invoice(document: dict[str, Any], items: list[dict[str, Any]], sign: int) -> dict[str, Any]:
    amounts = ("amount", "amountWithoutTax", "taxAmount")
    head = {name[0].upper() + name[1:]: sign * document[name] for name in amounts}
    head["TargetDate"] = document["targetDate"]
    return {"Invoice": head, "InvoiceItem": [_item(item, sign) for item in items]}


def _item(item: dict[str, Any], sign: int) -> dict[str, Any]:
    return {
        "ChargeAmount": sign * item["amountWithoutTax"],
        "ChargeDescription": item["chargeDescription"],
        "ChargeName": item["chargeName"],
        "ChargeNumber": item["chargeNumber"],
        "ProcessingType": item["processingType"],
        "ProductName": item["productName"],
        "Quantity": item["additionalInfo"]["quantity"],
        "ServiceEndDate": item["serviceEndDate"],
        "ServiceStartDate": item["serviceStartDate"],
        "SubscriptionNumber": item["subscriptionNumber"],
        "TaxAmount": sign * item["taxAmount"],
        "UOM": item["additionalInfo"]["unitOfMeasure"],
        "UnitPrice": item["unitPrice"],
    }


def made_by(processed: Processed) -> dict[str, Any]:
    """Return the invoice, the credit memo and the payment that an action made."""
    shown: dict[str, Any] = {}
    for document in processed.documents:
        kind = "Invoice" if isinstance(document, Invoice) else "CreditMemo"
        shown |= {f"{kind}Id": document.id, f"{kind}Number": document.number}
    if "InvoiceId" in shown:
        one = {"Id": shown["InvoiceId"], "InvoiceNumber": shown["InvoiceNumber"]}
        shown["InvoiceResult"] = {"Invoice": [one]}
    for payment in processed.payments:
        shown |= {
            "PaymentId": payment.id,
            "PaymentTransactionNumber": payment.number,
            "PaidAmount": number(payment.amount),
        }
    return shown
