"""Tax items through the SDK: written, changed and deleted."""

from typing import Any

import pytest

VAT = {
    "name": "VAT",
    "jurisdiction": "Ireland",
    "taxAmount": 7,
    "taxRate": 0.23,
    "taxRateType": "Percentage",
    "taxDate": "2026-01-01",
}


@pytest.fixture
def unposted(ask: Any, client: Any, invoice: Any) -> Any:
    """The invoice as a draft, and its item."""
    api = client.invoices_api()
    ask(api.unpost_invoice, invoice.id)
    (item,) = ask(api.get_invoice_items, invoice.id).invoice_items
    return item


def test_an_invoice_is_taxed(desk: Any, ask: Any, client: Any, invoice: Any, unposted: Any) -> None:
    invoices, taxes = client.invoices_api(), client.taxation_items_api()
    wanted = {"taxationItems": [{**VAT, "invoiceItemId": unposted.id}]}
    request = desk.sdk.CreateTaxationItemsRequest.from_dict(wanted)
    (made,) = ask(invoices.create_invoice_taxation_items, invoice.id, request).taxation_items
    assert (made.tax_amount, made.invoice_item_id) == (7, unposted.id)
    change = desk.write("UpdateTaxationItemRequest", taxAmount=8)
    assert ask(taxes.put_taxation_item, made.id, change).tax_amount == 8
    assert ask(taxes.get_taxation_item, made.id).name == "VAT"
    assert ask(invoices.get_invoice, invoice.id).amount == 108
    ask(taxes.delete_taxation_item, made.id)
    fields = {name[:1].upper() + name[1:]: value for name, value in VAT.items()}
    crud = desk.write("ProxyCreateTaxationItemRequest", **fields, InvoiceItemId=unposted.id)
    assert ask(taxes.create_taxation_item, crud).id
    (listed,) = ask(invoices.get_taxation_items_of_invoice_item, invoice.id, unposted.id).data
    assert listed.tax_amount == 7


@pytest.mark.parametrize("kind", ["Credit", "Debit"])
def test_a_memo_is_taxed(desk: Any, ask: Any, client: Any, draft: Any, debit: Any, kind: str) -> None:
    api, memo = getattr(client, f"{kind.lower()}_memos_api")(), draft if kind == "Credit" else debit
    (item,) = ask(getattr(api, f"get_{kind.lower()}_memo_items"), memo.id).items
    wanted = {"taxationItems": [{**VAT, "memoItemId": item.id}]}
    if kind == "Credit":
        request = desk.write("CreateCreditMemoTaxationItemsRequest", **wanted)
        (made,) = ask(api.create_credit_memo_taxation_items, memo.id, request).taxation_items
    else:
        request = desk.write("CreateTaxationItemsForDebitMemoRequest", **wanted)
        (made,) = ask(api.create_taxation_items_for_debit_memo, memo.id, request).taxation_items
    (listed,) = ask(getattr(api, f"get_taxation_items_of_{kind.lower()}_memo_item"), memo.id, item.id).data
    assert (listed.id, listed.tax_amount) == (made.id, 7)
