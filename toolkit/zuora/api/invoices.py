"""/v1/invoices: show, change and post invoices."""

from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post
from toolkit.billing.money import ZERO
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.taxation import invoice_taxes, tax_terms
from toolkit.zuora.wire import Body, day, number, stamp
from toolkit.zuora.world import Change


class Posting(Body, frozen=True):
    """Nothing can be said about it."""


class InvoiceChange(Body, frozen=True):
    """New values for some fields of an invoice."""

    harmless: ClassVar[frozenset[str]] = frozenset({"templateId", "transferredToAccounting"})
    lacking: ClassVar[frozenset[str]] = frozenset({"autoPay", "invoiceItems"})

    due_date: date | None = None
    invoice_date: date | None = None
    comments: str | None = None


def read(call: Call) -> Reply:
    """Show an invoice; its fields stand at the top level. Source: a live tenant."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    return Reply({**show_invoice(invoice, call.world.accounts.find(invoice.account_id)), "success": True})


def list_items(call: Call) -> Reply:
    """Show the items of an invoice."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    rows, following = page(call, invoice.items)
    return Reply({"invoiceItems": [_show_item(item, invoice) for item in rows], **following, "success": True})


def list_by_account(call: Call) -> Reply:
    """Show an account's invoices with their items, latest first."""
    account = call.world.accounts.find(call.path["account-key"])
    rows, following = page(call, list(call.world.invoices.of(account.id))[::-1])
    shown = [
        {**show_invoice(one, account), "invoiceItems": [_show_item(item, one) for item in one.items]}
        for one in rows
    ]
    return Reply({"invoices": shown, **following, "success": True})


def change_invoice(call: Call) -> Reply:
    """Change the dates or the comments of an invoice; only a draft's date can change."""
    said: InvoiceChange = call.body
    invoice = call.world.invoices.find(call.path["invoice-key"])
    if said.invoice_date is not None and invoice.status != "Draft":
        raise RuleError(f"The date of {invoice.number} cannot change: it is {invoice.status}.")
    changed = replace(
        invoice,
        due_date=said.due_date or invoice.due_date,
        invoice_date=said.invoice_date or invoice.invoice_date,
        comments=invoice.comments if said.comments is None else said.comments,
        updated=call.world.now,
    )
    change = Change(call.world)
    change.put(changed)
    answer = {
        "id": changed.id,
        "number": changed.number,
        "accountId": changed.account_id,
        "amount": number(changed.amount),
        "balance": number(changed.balance),
        "comment": changed.comments,
        "createdDate": stamp(changed.created),
        "currency": changed.currency,
        "dueDate": day(changed.due_date),
        "invoiceDate": day(changed.invoice_date),
        "postedOn": changed.posted and stamp(changed.posted),
        "status": changed.status,
        "targetDate": day(changed.target_date),
        "taxAmount": number(changed.tax_amount),
        "updatedDate": stamp(changed.updated),
        "success": True,
    }
    return Reply(answer, change.world)


def post_invoice(call: Call) -> Reply:
    """Post a draft."""
    invoice = post(call.world.invoices.find(call.path["invoice-key"]), call.world.now)
    change = Change(call.world)
    change.put(invoice)
    account = call.world.accounts.find(invoice.account_id)
    return Reply({**show_invoice(invoice, account), "success": True}, change.world)


def show_invoice(invoice: Invoice, account: Account) -> dict[str, Any]:
    """Return an invoice as answers show it. Source: recorded object query."""
    types = {item.charge_type for item in invoice.items}
    return {
        "id": invoice.id,
        "invoiceNumber": invoice.number,
        "accountId": invoice.account_id,
        "amount": number(invoice.amount),
        "amountWithoutTax": number(invoice.amount - invoice.tax_amount),
        "taxAmount": number(invoice.tax_amount),
        "balance": number(invoice.balance),
        "paymentAmount": number(invoice.paid),
        "creditMemoAmount": number(invoice.credited),
        "adjustmentAmount": number(ZERO),
        "creditBalanceAdjustmentAmount": number(ZERO),
        "refundAmount": number(ZERO),
        "currency": invoice.currency,
        "invoiceDate": day(invoice.invoice_date),
        "dueDate": day(invoice.due_date),
        "targetDate": day(invoice.target_date),
        "status": invoice.status,
        "source": invoice.source,
        "sourceId": invoice.source_id,
        "sourceType": "Subscription",
        "autoPay": account.auto_pay,
        "paymentTerm": account.payment_term,
        "billToContactId": account.bill_to_id,
        "soldToContactId": account.sold_to_id,
        "comments": invoice.comments,
        "includesOneTime": "OneTime" in types,
        "includesRecurring": "Recurring" in types,
        "includesUsage": "Usage" in types,
        "invoiceGroupNumber": None,
        "postedDate": invoice.posted and day(invoice.posted.date()),
        "createdDate": stamp(invoice.created),
        "updatedDate": stamp(invoice.updated),
    }


def _show_item(item: DocumentItem, invoice: Invoice) -> dict[str, Any]:
    return {
        "id": item.id,
        "subscriptionId": item.subscription_id,
        "subscriptionName": item.subscription_number,
        "serviceStartDate": day(item.start),
        "serviceEndDate": day(item.end),
        "chargeAmount": number(item.amount),
        "chargeDescription": item.description,
        "chargeName": item.charge_name,
        "chargeId": item.charge_id,
        "chargeType": item.charge_type,
        "chargeDate": stamp(item.charge_date),
        "productName": item.product_name,
        "quantity": item.quantity,
        "unitPrice": number(item.unit_price),
        "unitOfMeasure": item.uom or "",
        "taxAmount": number(item.tax_amount),
        **tax_terms(item),
        "taxationItems": {"data": invoice_taxes(item, invoice)},
        "processingType": item.processing_type,
        "appliedToItemId": item.applied_to_item_id,
        "sourceItemType": "SubscriptionComponent",
        "balance": number(item.amount),
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/invoices/{invoice-key}", read),
    Endpoint("GET", "/v1/invoices/{invoice-key}/items", list_items),
    Endpoint("PUT", "/v1/invoices/{invoice-key}", change_invoice, InvoiceChange, resource=592100),
    Endpoint("PUT", "/v1/invoices/{invoice-key}/post", post_invoice, Posting, resource=592100),
    Endpoint("GET", "/v1/transactions/invoices/accounts/{account-key}", list_by_account),
)
