"""/v1/taxation-items and /v1/taxationitems: the tax items of invoices and credit memos."""

from collections.abc import Iterator
from typing import Any

from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import NotFoundError
from toolkit.billing.invoices import Invoice
from toolkit.billing.taxcodes import TaxItem
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.taxation import invoice_taxes, memo_taxes, show_tax
from toolkit.zuora.wire import number, stamp
from toolkit.zuora.world import World


def read(call: Call) -> Reply:
    """Show a tax item; it is looked for in every document."""
    key = call.path["taxation-item-id"]
    for document, item, tax in _all(call.world):
        if tax.id == key:
            return Reply({**_show(document, item, tax), "success": True})
    raise NotFoundError(key)


def _all(world: World) -> Iterator[tuple[Invoice | CreditMemo, DocumentItem, TaxItem]]:
    documents: tuple[Invoice | CreditMemo, ...] = (*world.invoices.latest(), *world.credit_memos.latest())
    for document in documents:
        for item in document.items:
            for tax in item.tax_items:
                yield document, item, tax


def _show(document: Invoice | CreditMemo, item: DocumentItem, tax: TaxItem) -> dict[str, Any]:
    on_invoice = isinstance(document, Invoice)
    return {
        **show_tax(tax),
        "invoiceItemId": item.id if on_invoice else None,
        "memoItemId": None if on_invoice else item.id,
        "sourceTaxItemId": None,
        "applicableTaxUnRounded": number(tax.unrounded),
        "country": tax.country,
        "taxMode": tax.mode,
        "createdDate": stamp(document.created),
        "updatedDate": stamp(document.updated),
    }


def list_of_invoice_item(call: Call) -> Reply:
    """Show the tax items of an item of an invoice."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    return _listed(call, invoice_taxes(_item(invoice, call), invoice))


def list_of_memo_item(call: Call) -> Reply:
    """Show the tax items of an item of a credit memo."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])
    return _listed(call, memo_taxes(_item(memo, call), memo))


def _item(document: Invoice | CreditMemo, call: Call) -> DocumentItem:
    key = call.path["item-id"]
    item = next((one for one in document.items if one.id == key), None)
    if item is None:
        raise NotFoundError(key)
    return item


def _listed(call: Call, taxes: list[dict[str, Any]]) -> Reply:
    rows, following = page(call, taxes)
    return Reply({"data": list(rows), **following, "success": True})


ENDPOINTS = (
    Endpoint("GET", "/v1/taxation-items/{taxation-item-id}", read),
    Endpoint("GET", "/v1/taxationitems/{taxation-item-id}", read),
    Endpoint("GET", "/v1/invoices/{invoice-key}/items/{item-id}/taxation-items", list_of_invoice_item),
    Endpoint("GET", "/v1/credit-memos/{credit-memo-key}/items/{item-id}/taxation-items", list_of_memo_item),
    Endpoint("GET", "/v1/creditmemos/{credit-memo-key}/items/{item-id}/taxation-items", list_of_memo_item),
)
