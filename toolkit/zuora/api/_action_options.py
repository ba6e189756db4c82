"""What subscribe and amend say of billing, paying and previewing, and what they answer of it."""

from datetime import date
from typing import Any, ClassVar

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.invoices import Invoice
from toolkit.zuora.api._order_placing import Invoiced
from toolkit.zuora.api._order_processing import Processed
from toolkit.zuora.api.order_preview import PreviewOptions, billing_docs
from toolkit.zuora.endpoint import Call
from toolkit.zuora.wire import Body, number
from toolkit.zuora.world import Change


class Invoicing(Body, frozen=True, rename="pascal"):
    """Up to which day is billed, and of which day the invoice is."""

    open: ClassVar[bool] = True

    invoice_target_date: date | None = None
    invoice_date: date | None = None


class Options(Body, frozen=True, rename="pascal"):
    """Whether an action bills and pays."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"ApplyCredit", "ApplyCreditBalance"})

    generate_invoice: bool = False
    process_payments: bool = False
    subscribe_invoice_processing_options: Invoicing = Invoicing()
    invoice_processing_options: Invoicing = Invoicing()

    @property
    def billed(self) -> dict[str, Any]:
        """What the calls on subscriptions say for it."""
        first, second = self.subscribe_invoice_processing_options, self.invoice_processing_options
        return {
            "run_billing": self.generate_invoice,
            "collect": self.process_payments and self.generate_invoice,
            "target_date": first.invoice_target_date or second.invoice_target_date,
            "document_date": first.invoice_date or second.invoice_date,
        }


class Preview(Body, frozen=True, rename="pascal"):
    """Whether an action only shows what it would bill, and how far. Source: Zuora, PreviewOptions."""

    open: ClassVar[bool] = True

    enable_preview_mode: bool = False
    number_of_periods: int = 1
    preview_through_term_end: bool = False
    preview_type: str = "InvoiceItem"

    def shown(self, change: Change, call: Call, parts: tuple[Invoiced, ...]) -> list[dict[str, Any]]:
        """Return the invoices that these subscriptions would get; credits are below 0.

        Raises:
            InvalidValueError: The preview is of metrics.
        """
        if self.preview_type not in {"InvoiceItem", "LegalDoc"}:
            raise InvalidValueError(f"'PreviewType' {self.preview_type} is not simulated yet.")
        options = PreviewOptions(
            preview_thru_type="TermEnd" if self.preview_through_term_end else "NumberOfPeriods",
            preview_number_of_periods=self.number_of_periods,
        )
        docs = billing_docs(change, call, options, parts)
        invoices = [_document(one, one["invoiceItems"], 1) for one in docs["invoices"]]
        return invoices + [_document(one, one["creditMemoItems"], -1) for one in docs["creditMemos"]]


def _document(shown: dict[str, Any], items: list[dict[str, Any]], sign: int) -> dict[str, Any]:
    head = {name: sign * shown[name] for name in ("amount", "amountWithoutTax", "taxAmount")}
    invoice = {name[:1].upper() + name[1:]: value for name, value in head.items()}
    return {
        "Invoice": {**invoice, "TargetDate": shown["targetDate"]},
        "InvoiceItem": [_item(item, sign) for item in items],
    }


def _item(item: dict[str, Any], sign: int) -> dict[str, Any]:
    more = item["additionalInfo"]
    return {
        "ChargeAmount": sign * item["amountWithoutTax"],
        "ChargeDescription": item["chargeDescription"],
        "ChargeName": item["chargeName"],
        "ChargeNumber": item["chargeNumber"],
        "ProductName": item["productName"],
        "ProductRatePlanChargeId": item["productRatePlanChargeId"],
        "Quantity": more["quantity"],
        "ServiceEndDate": item["serviceEndDate"],
        "ServiceStartDate": item["serviceStartDate"],
        "TaxAmount": sign * item["taxAmount"],
        "UOM": more["unitOfMeasure"],
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
