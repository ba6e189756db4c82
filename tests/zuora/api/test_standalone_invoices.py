"""Invoices without a subscription, over the API."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant


def test_a_standalone_invoice_is_a_draft_due_by_its_term(client: Client, account: str) -> None:
    """Source: create a standalone invoice (SET-061)."""
    item = {
        "amount": 100,
        "chargeName": "Cable",
        "quantity": 4,
        "serviceStartDate": "2024-07-30",
        "description": "Red",
        "uom": "Each",
        "sku": "CBL",
        "bookingReference": "B",
    }
    body = {
        "accountNumber": account,
        "invoiceDate": "2024-07-30",
        "paymentTerm": "Net 30",
        "comments": "Hello",
        "autoPay": False,
        "invoiceItems": [item],
    }
    made = client.post("/v1/invoices", body)
    assert (made["amount"], made["balance"], made["status"], made["dueDate"]) == (
        100,
        100,
        "Draft",
        "2024-08-29",
    )
    assert (made["source"], made["sourceType"], made["comments"], made["autoPay"], made["paymentTerm"]) == (
        "API",
        "Standalone",
        "Hello",
        False,
        "Net 30",
    )
    (shown,) = client.get(f"/v1/invoices/{made['invoiceNumber']}/items")["invoiceItems"]
    assert (shown["chargeName"], shown["unitPrice"], shown["sku"], shown["sourceItemType"]) == (
        "Cable",
        25,
        "CBL",
        "None",
    )
    assert client.put(f"/v1/invoices/{made['id']}", {"autoPay": True})["success"]
    assert client.get(f"/v1/invoices/{made['id']}")["autoPay"]


def test_an_item_may_be_of_a_charge_of_the_catalog(client: Client, account: str, tenant: "Tenant") -> None:
    charge = plan_named(tenant, "Premium - 1 Year").charges[0]
    item = {"amount": 7, "productRatePlanChargeId": charge.id, "serviceStartDate": "2026-01-01"}
    body = {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    answer = client.post("/v1/invoices/batch", {"invoices": [body, {**body, "invoiceNumber": "INV-MINE"}]})
    assert [one["amount"] for one in answer["invoices"]] == [7, 7]
    (shown,) = client.get("/v1/invoices/INV-MINE/items")["invoiceItems"]
    assert (shown["chargeName"], shown["chargeId"], shown["sourceItemType"]) == (
        charge.terms.name,
        charge.id,
        "ProductRatePlanCharge",
    )


def test_a_number_that_a_client_chose_is_not_given_to_another_invoice(client: Client, account: str) -> None:
    item = {"amount": 1, "chargeName": "Cable", "serviceStartDate": "2026-01-01"}
    body = {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    numbers = [client.post("/v1/invoices", {**body, "invoiceNumber": "INV00000042"})["invoiceNumber"]]
    numbers += [client.post("/v1/invoices", body)["invoiceNumber"] for _ in range(50)]
    assert len(set(numbers)) == 51


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"accountNumber": None}, "'accountId' may not be null"),
        ({"invoiceNumber": "INV00000001"}, "The invoice number INV00000001 is used already"),
        ({"invoiceItems": []}, "'invoiceItems' may not be null"),
        ({"invoiceItems": [{"amount": 1, "serviceStartDate": "2026-01-01"}]}, "chargeName' may not be null"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused(
    client: Client, account: str, change: dict[str, Any], message: str
) -> None:
    item = {"amount": 1, "chargeName": "Cable", "serviceStartDate": "2026-01-01"}
    body = {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/invoices", {**body, **change})
