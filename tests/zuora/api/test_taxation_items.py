"""Tax items that a client computes are written on drafts."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Standalone
    from tests.zuora.conftest import Caller

VAT = {
    "name": "VAT",
    "jurisdiction": "Ireland",
    "taxAmount": 23,
    "taxRate": Decimal("0.23"),
    "taxRateType": "Percentage",
    "taxDate": "2026-01-01",
}


@pytest.fixture
def draft(standalone: "Standalone") -> dict[str, Any]:
    """A draft invoice of 100 and 20."""
    made: dict[str, Any] = standalone(100, 20, status="Draft")
    return made


@pytest.fixture
def tax(client: Client) -> "Callable[..., dict[str, Any]]":
    """Tax the first item of an invoice with more fields, and return its tax item."""

    def write(invoice: dict[str, Any], **more: object) -> dict[str, Any]:
        body = {"taxationItems": [{**VAT, "invoiceItemId": invoice["invoiceItems"][0]["id"], **more}]}
        made: dict[str, Any]
        (made,) = client.post(f"/v1/invoices/{invoice['id']}/taxation-items", body)["taxationItems"]
        return made

    return write


def test_a_draft_is_taxed_item_by_item(
    client: Client, draft: dict[str, Any], tax: "Callable[..., dict[str, Any]]"
) -> None:
    made = tax(draft, taxCode="Digital", country="Ireland", applicableTaxUnRounded=Decimal("23.004"))
    assert made.items() >= {**VAT, "taxCode": "Digital", "country": "Ireland"}.items()
    assert made["applicableTaxUnRounded"] == Decimal("23.004")
    invoice = client.get(f"/v1/invoices/{draft['id']}")
    assert (invoice["amount"], invoice["taxAmount"], invoice["balance"]) == (143, 23, 143)
    tax(draft, name="Levy", taxAmount=1)
    item = draft["invoiceItems"][0]["id"]
    listed = client.get(f"/v1/invoices/{draft['id']}/items/{item}/taxation-items")["data"]
    assert [one["name"] for one in listed] == ["VAT", "Levy"]
    assert client.get(f"/v1/taxation-items/{made['id']}") == {**made, "success": True}


@pytest.mark.parametrize("spelling", ["taxation-items", "taxationitems"])
def test_a_tax_item_is_changed_and_deleted(
    client: Client, draft: dict[str, Any], tax: "Callable[..., dict[str, Any]]", spelling: str
) -> None:
    first, second = tax(draft), tax(draft, name="Levy", taxAmount=1)
    path = f"/v1/{spelling}/{first['id']}"
    changed = client.put(path, {"taxAmount": 20, "taxRate": Decimal("0.2"), "locationCode": "IE"})
    assert (changed["taxAmount"], changed["applicableTaxUnRounded"], changed["name"]) == (20, 20, "VAT")
    assert (changed["taxRate"], changed["locationCode"]) == (Decimal("0.2"), "IE")
    assert client.get(f"/v1/invoices/{draft['id']}")["taxAmount"] == 21
    client.delete(path)
    assert client.get(f"/v1/invoices/{draft['id']}")["taxAmount"] == 1
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.get(path)
    assert client.get(f"/v1/{spelling}/{second['id']}")["name"] == "Levy"
    tip = {**VAT, "name": "Tip", "invoiceItemId": draft["invoiceItems"][0]["id"]}
    (made,) = client.post(f"/v1/invoices/{draft['id']}/{spelling}", {"taxationItems": [tip]})["taxationItems"]
    assert made["name"] == "Tip"


def test_what_is_posted_is_taxed_no_more(
    client: Client, draft: dict[str, Any], tax: "Callable[..., dict[str, Any]]"
) -> None:
    made = tax(draft)
    with pytest.raises(RefusedError, match="Tax items of prices that include tax cannot be written"):
        tax(draft, taxMode="TaxInclusive")
    client.put(f"/v1/invoices/{draft['id']}/post")
    path, final = f"/v1/taxation-items/{made['id']}", "The taxes of INV.* cannot change: it is Posted"
    with pytest.raises(RefusedError, match=final):
        tax(draft)
    with pytest.raises(RefusedError, match=final):
        client.put(path, {"taxAmount": 1})
    with pytest.raises(RefusedError, match=final):
        client.delete(path)


@pytest.mark.parametrize("kind", ["credit-memos", "creditmemos", "debit-memos", "debitmemos"])
def test_a_memo_is_taxed_from_the_tax_of_its_invoice(
    client: Client, draft: dict[str, Any], tax: "Callable[..., dict[str, Any]]", kind: str
) -> None:
    spelling = "taxation-items" if "-" in kind else "taxationitems"
    source = tax(draft)["id"]
    client.put(f"/v1/invoices/{draft['id']}/post")
    part = {"invoiceItemId": draft["invoiceItems"][0]["id"], "amount": 10}
    body = {"items": [part], "taxAutoCalculation": False}
    memo = client.post(f"/v1/{kind}/invoice/{draft['id']}", body)
    path = f"/v1/{kind}/{memo['id']}"
    (item,) = client.get(f"{path}/items")["items"]
    wanted = {**VAT, "taxAmount": Decimal("2.3"), "memoItemId": item["id"], "sourceTaxItemId": source}
    (made,) = client.post(f"{path}/{spelling}", {"taxationItems": [wanted]})["taxationItems"]
    assert (made["memoItemId"], made["invoiceItemId"], made["sourceTaxItemId"]) == (item["id"], None, source)
    shown = client.get(path)
    assert (shown["amount"], shown["taxAmount"]) == (Decimal("12.3"), Decimal("2.3"))
    (listed,) = client.get(f"{path}/items/{item['id']}/taxation-items")["data"]
    assert (listed["id"], listed["sourceTaxItemId"], listed["taxAmount"]) == (
        made["id"],
        source,
        Decimal("2.3"),
    )
    for fields, message in (
        ({"sourceTaxItemId": made["id"]}, f"Cannot find entity by key: '{made['id']}'"),
        ({"memoItemId": None}, "'taxationItems.memoItemId' may not be null"),
    ):
        with pytest.raises(RefusedError, match=message):
            client.post(f"{path}/{spelling}", {"taxationItems": [{**wanted, **fields}]})


def test_a_memo_says_of_which_tax_it_takes_a_part(
    client: Client, draft: dict[str, Any], tax: "Callable[..., dict[str, Any]]"
) -> None:
    source = tax(draft)["id"]
    client.put(f"/v1/invoices/{draft['id']}/post")
    part = {"invoiceItemId": draft["invoiceItems"][0]["id"], "amount": 10}
    memo = client.post(f"/v1/credit-memos/invoice/{draft['id']}", {"items": [part]})
    reversal = client.put(f"/v1/invoices/{draft['id']}/reverse", {})["creditMemo"]
    for key in (memo["id"], reversal["id"]):
        item = client.get(f"/v1/credit-memos/{key}/items")["items"][0]
        (shown,) = client.get(f"/v1/credit-memos/{key}/items/{item['id']}/taxation-items")["data"]
        assert shown["sourceTaxItemId"] == source


def test_a_tax_item_is_written_by_crud_calls(client: Client, draft: dict[str, Any], call: "Caller") -> None:
    """Source: the official SDK, ProxyCreateTaxationItemRequest."""
    fields = {name[:1].upper() + name[1:]: value for name, value in VAT.items()}
    body = {**fields, "InvoiceItemId": draft["invoiceItems"][1]["id"], "TaxCode": "Digital"}
    made = call("POST", "/v1/object/taxation-item", body)
    assert made.body["Success"]
    path = f"/v1/object/taxation-item/{made.body['Id']}"
    assert call("GET", path).body.items() >= {"TaxAmount": 23, "TaxCode": "Digital"}.items()
    assert call("PUT", path, {"TaxAmount": 4, "InvoiceItemId": "other"}).body["Success"]
    assert client.get(f"/v1/invoices/{draft['id']}")["taxAmount"] == 4
    assert call("DELETE", path).body["success"]
    assert client.get(f"/v1/invoices/{draft['id']}")["taxAmount"] == 0
    for refused in (
        call("PUT", path, {"TaxAmount": 4}),
        call("DELETE", path),
        call("POST", "/v1/object/taxation-item", {**body, "InvoiceItemId": "none"}),
    ):
        assert refused.body["Errors"][0]["Message"].startswith("invalid id for")
    missing = call("POST", "/v1/object/taxation-item", fields)
    assert missing.body["Errors"][0]["Message"] == "Missing required value: InvoiceItemId"
