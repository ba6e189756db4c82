"""/v1/invoices: show and change invoices."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.crediting import available_to_credit
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import redate
from toolkit.billing.money import ZERO
from toolkit.billing.settlement import item_balances
from toolkit.zuora.api._batches import check_size
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing, page
from toolkit.zuora.calls.wire import Body, day, number, stamp
from toolkit.zuora.documents.sources import source, source_item_type, source_type
from toolkit.zuora.documents.taxation import invoice_taxes, tax_terms
from toolkit.zuora.files import billing_files
from toolkit.zuora.state.world import Change, World


class InvoiceChange(Body, frozen=True):
    """New values for some fields of an invoice."""

    harmless: ClassVar[frozenset[str]] = frozenset({"templateId", "transferredToAccounting"})
    lacking: ClassVar[frozenset[str]] = frozenset({"invoiceItems"})

    due_date: date | None = None
    invoice_date: date | None = None
    comments: str | None = None
    auto_pay: bool | None = None


class NamedChange(InvoiceChange, frozen=True, kw_only=True):
    """New values for some fields of one of several invoices."""

    id: str


class InvoiceChanges(Body, frozen=True):
    """What changes of several invoices."""

    invoices: tuple[NamedChange, ...]


def read(call: Call) -> Reply:
    """Show an invoice; its fields stand at the top level. Source: a live tenant."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    return Reply({**show_invoice(invoice, call.world.accounts.find(invoice.account_id)), "success": True})


def list_items(call: Call) -> Reply:
    """Show the items of an invoice."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    rows, following = page(call, invoice.items)
    return Reply({"invoiceItems": show_items(invoice, rows, call.world), **following, "success": True})


def list_by_account(call: Call) -> Reply:
    """Show an account's invoices with their items and files, latest first.

    Source: recorded, guardian/support-service-lambdas, an account's invoices; its `body` is the latest file.
    """
    account = call.world.accounts.find(call.path["account-key"])

    def show(invoice: Invoice) -> dict[str, Any]:
        items = show_items(invoice, invoice.items, call.world)
        files = [
            {"id": one.file.id, "versionNumber": one.number, "pdfFileUrl": f"/v1/files/{one.file.handle}"}
            for one in billing_files.versions(call.world, invoice)
        ]
        return {
            **show_invoice(invoice, account),
            "accountName": account.name,
            "accountNumber": account.number,
            "invoiceTargetDate": day(invoice.target_date),
            "createdBy": SYSTEM_USER,
            "body": files[0]["pdfFileUrl"] if files else None,
            "invoiceItems": items,
            "invoiceFiles": files,
        }

    return listing(call, "invoices", call.world.invoices.of(account.id)[::-1], show)


def change_invoice(call: Call) -> Reply:
    """Change the dates or the comments of an invoice; only a draft's date can change."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    changed, change = _changed(call.world, invoice, call.body), Change(call.world)
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
        **changed.custom_fields,
        "success": True,
    }
    return Reply(answer, change.world)


def change_several(call: Call) -> Reply:
    """Change several invoices, all of them or none, as no answer says which. Source: the official SDK."""
    said: InvoiceChanges = call.body
    check_size(said.invoices, "invoices")
    change = Change(call.world)
    for one in said.invoices:
        change.put(_changed(call.world, change.table("invoices").find(one.id), one))
    return Reply({"success": True}, change.world)


def _changed(world: World, invoice: Invoice, said: InvoiceChange) -> Invoice:
    if said.invoice_date is not None and invoice.status != "Draft":
        raise RuleError(f"The date of {invoice.number} cannot change: it is {invoice.status}.")
    if said.invoice_date is not None and said.due_date is not None:
        raise RuleError("Either 'invoiceDate' or 'dueDate' can be specified, not both.")
    term = world.accounts.find(invoice.account_id).payment_term
    dated = redate(invoice, said.invoice_date, term, world.payment_terms)
    return replace(
        dated,
        due_date=said.due_date or dated.due_date,
        comments=invoice.comments if said.comments is None else said.comments,
        auto_pay=invoice.auto_pay if said.auto_pay is None else said.auto_pay,
        custom_fields={**invoice.custom_fields, **said.custom_fields},
        updated=world.now,
    )


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
        "source": source(invoice),
        "sourceId": invoice.source_id,
        "sourceType": source_type(invoice),
        "autoPay": account.auto_pay if invoice.auto_pay is None else invoice.auto_pay,
        "paymentTerm": invoice.payment_term or account.payment_term,
        "billToContactId": invoice.bill_to_id or account.bill_to_id,
        "soldToContactId": account.sold_to_id,
        "comments": invoice.comments,
        "includesOneTime": "OneTime" in types,
        "includesRecurring": "Recurring" in types,
        "includesUsage": "Usage" in types,
        "invoiceGroupNumber": invoice.group,
        "postedDate": invoice.posted and day(invoice.posted.date()),
        "createdDate": stamp(invoice.created),
        "updatedDate": stamp(invoice.updated),
        **invoice.custom_fields,
    }


def show_items(invoice: Invoice, items: Iterable[DocumentItem], world: World) -> list[dict[str, Any]]:
    """Return items of an invoice, with what is open and what can be credited of each."""
    memos, invoices = world.credit_memos.of(invoice.account_id), world.invoices.of(invoice.account_id)
    left = item_balances(invoice)
    available = available_to_credit(invoice, memos, invoices, world.rules).items
    return [
        {
            **_show_item(item, invoice),
            "balance": number(left[item.id]),
            "availableToCreditAmount": number(available[item.id]),
        }
        for item in items
    ]


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
        "chargeId": item.shown_charge_id,
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
        "sku": item.sku,
        "sourceItemType": source_item_type(item),
        **item.custom_fields,
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/invoices/{invoice-key}", read),
    Endpoint("GET", "/v1/invoices/{invoice-key}/items", list_items),
    Endpoint("PUT", "/v1/invoices", change_several, InvoiceChanges, resource=592100),
    Endpoint("PUT", "/v1/invoices/{invoice-key}", change_invoice, InvoiceChange, resource=592100),
    Endpoint("GET", "/v1/transactions/invoices/accounts/{account-key}", list_by_account),
)
