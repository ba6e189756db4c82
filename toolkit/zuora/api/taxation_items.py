"""/v1/taxation-items and /v1/taxationitems: the tax items of invoices, credit memos and debit memos."""

from collections.abc import Callable
from typing import Any

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import NotFoundError
from toolkit.billing.invoices import Invoice
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Body, number, stamp
from toolkit.zuora.documents.taxation import debit_taxes, invoice_taxes, memo_taxes, show_tax
from toolkit.zuora.documents.taxing import Found, NewTax, TaxChange, add, amend, find_tax, remove
from toolkit.zuora.state.identities import with_id
from toolkit.zuora.state.world import Change


class NewInvoiceTax(NewTax, frozen=True, kw_only=True):
    """A tax item to create for an item of an invoice."""

    invoice_item_id: str


class NewMemoTax(NewTax, frozen=True, kw_only=True):
    """A tax item to create for an item of a memo."""

    memo_item_id: str | None = None
    source_tax_item_id: str | None = None


class NewInvoiceTaxes(Body, frozen=True):
    """Tax items to create for an invoice."""

    taxation_items: tuple[NewInvoiceTax, ...]


class NewMemoTaxes(Body, frozen=True):
    """Tax items to create for a memo."""

    taxation_items: tuple[NewMemoTax, ...]


def read(call: Call) -> Reply:
    """Show a tax item."""
    return Reply({**_show(find_tax(call.world, _key(call))), "success": True})


def update(call: Call) -> Reply:
    """Change a tax item of a draft."""
    said: TaxChange = call.body
    change = Change(call.world)
    found = amend(change, find_tax(call.world, _key(call)), said)
    return Reply({**_show(found), "success": True}, change.world)


def delete(call: Call) -> Reply:
    """Take a tax item off a draft."""
    change = Change(call.world)
    remove(change, find_tax(call.world, _key(call)))
    return Reply({"success": True}, change.world)


def _key(call: Call) -> str:
    return call.path["taxation-item-id"]


def _show(found: Found) -> dict[str, Any]:
    document, item, tax = found
    on_invoice = isinstance(document, Invoice)
    return {
        **show_tax(tax),
        "invoiceItemId": item.id if on_invoice else None,
        "memoItemId": None if on_invoice else item.id,
        "sourceTaxItemId": tax.source_id,
        "applicableTaxUnRounded": number(tax.unrounded),
        "country": tax.country,
        "taxMode": tax.mode,
        "createdDate": stamp(document.created),
        "updatedDate": stamp(document.updated),
    }


def tax_invoice(call: Call) -> Reply:
    """Create tax items of a draft invoice."""
    said: NewInvoiceTaxes = call.body
    change, made = Change(call.world), []
    for one in said.taxation_items:
        invoice = change.table("invoices").find(call.path["invoice-key"])
        made.append(add(change, invoice, with_id(invoice.items, one.invoice_item_id), one, None))
    return _answer(change, made)


def _taxing(table: str, key: str) -> Callable[[Call], Reply]:
    def tax_memo(call: Call) -> Reply:
        """Create tax items of a draft memo."""
        said: NewMemoTaxes = call.body
        change, made = Change(call.world), []
        for one in said.taxation_items:
            memo = change.table(table).find(call.path[key])
            item = with_id(memo.items, needed(one.memo_item_id, "taxationItems.memoItemId"))
            _check_source(call, memo, one.source_tax_item_id)
            made.append(add(change, memo, item, one, one.source_tax_item_id))
        return _answer(change, made)

    return tax_memo


def _check_source(call: Call, memo: CreditMemo | DebitMemo, key: str | None) -> None:
    """Refuse a source that is no tax item of the invoice from which a memo was made."""
    if key is not None and find_tax(call.world, key).document.id != memo.invoice_id:
        raise NotFoundError(key)


def _answer(change: Change, made: list[Found]) -> Reply:
    return Reply({"taxationItems": [_show(one) for one in made], "success": True}, change.world)


def list_of_invoice_item(call: Call) -> Reply:
    """Show the tax items of an item of an invoice."""
    invoice = call.world.invoices.find(call.path["invoice-key"])
    return listing(call, "data", invoice_taxes(with_id(invoice.items, call.path["item-id"]), invoice))


def list_of_credit_item(call: Call) -> Reply:
    """Show the tax items of an item of a credit memo."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])
    return listing(call, "data", memo_taxes(with_id(memo.items, call.path["item-id"]), memo))


def list_of_debit_item(call: Call) -> Reply:
    """Show the tax items of an item of a debit memo."""
    memo = call.world.debit_memos.find(call.path["debit-memo-key"])
    return listing(call, "data", debit_taxes(with_id(memo.items, call.path["item-id"]), memo))


_INVOICE = "/v1/invoices/{invoice-key}"


def _of_memos(spelling: str, items: str) -> tuple[Endpoint, ...]:
    """Return the endpoints of memos; as clients of 2023 have it, one is spelt the old way to its end."""
    credit, debit = f"/v1/credit{spelling}/{{credit-memo-key}}", f"/v1/debit{spelling}/{{debit-memo-key}}"
    return (
        Endpoint("GET", f"{credit}/items/{{item-id}}/taxation-items", list_of_credit_item),
        Endpoint("GET", f"{debit}/items/{{item-id}}/taxation-items", list_of_debit_item),
        *(
            Endpoint("POST", f"{memo}/{items}", _taxing(table, key), NewMemoTaxes, resource=resource)
            for memo, table, key, resource in (
                (credit, "credit_memos", "credit-memo-key", 539400),
                (debit, "debit_memos", "debit-memo-key", 549400),
            )
        ),
    )


_SPELLINGS = ("taxation-items", "taxationitems")

ENDPOINTS = (
    *(
        endpoint
        for spelling in _SPELLINGS
        for endpoint in (
            Endpoint("GET", f"/v1/{spelling}/{{taxation-item-id}}", read),
            Endpoint("PUT", f"/v1/{spelling}/{{taxation-item-id}}", update, TaxChange),
            Endpoint("DELETE", f"/v1/{spelling}/{{taxation-item-id}}", delete),
            Endpoint("POST", f"{_INVOICE}/{spelling}", tax_invoice, NewInvoiceTaxes, resource=592100),
        )
    ),
    Endpoint("GET", f"{_INVOICE}/items/{{item-id}}/taxation-items", list_of_invoice_item),
    *_of_memos("-memos", "taxation-items"),
    *_of_memos("memos", "taxationitems"),
)
