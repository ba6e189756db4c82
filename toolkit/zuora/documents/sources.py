"""Sources: of what documents and their items are made, as answers and queries name it."""

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.invoices import Invoice


def source(invoice: Invoice) -> str:
    """Return what has made an invoice. Source: Zuora, invoice, source: BillRun or API."""
    return "API" if invoice.source == "Standalone" else invoice.source


def source_type(document: Invoice | CreditMemo | DebitMemo) -> str:
    """Return of what a document is made. Source: MemoSourceType, InvoiceSourceType of the official SDK."""
    match document.source:
        case "AdhocFromInvoice":
            return "Invoice"
        case "AdhocFromCreditMemo":
            return "CreditMemo"
        case "AdhocFromDebitMemo":
            return "DebitMemo"
        case "AdhocFromPrpc" | "Standalone":
            return "Standalone"
        case _:
            return "Subscription"


def source_item_type(item: DocumentItem) -> str:
    """Return of what an item is made. Source: Zuora, invoice item, source item type."""
    if item.processing_type == "Rounding":
        return "Rounding"
    if item.subscription_id is not None:
        return "SubscriptionComponent"
    return "None" if item.charge_id is None else "ProductRatePlanCharge"
