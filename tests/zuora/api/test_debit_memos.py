"""Debit memos from invoices and from charges, and what becomes of them."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone
    from tests.zuora.conftest import Caller
    from toolkit.zuora.tenant import Tenant


@pytest.fixture
def memo(client: Client, account: str, tenant: "Tenant") -> dict[str, Any]:
    """A draft of 60 for a charge of the catalog."""
    charge = plan_named(tenant, "Premium - 1 Year").charges[0].id
    body = {
        "accountNumber": account,
        "charges": [{"chargeId": charge, "amount": 60}],
        "dueDate": "2026-03-01",
    }
    return client.post("/v1/debitmemos", body)


def test_a_debit_memo_of_charges_is_owed_once_it_is_posted(
    client: Client, account: str, memo: dict[str, Any]
) -> None:
    assert (memo["status"], memo["amount"], memo["balance"], memo["dueDate"], memo["sourceType"]) == (
        "Draft",
        60,
        60,
        "2026-03-01",
        "Standalone",
    )
    path = f"/v1/debit-memos/{memo['number']}"
    assert client.get(f"/v1/accounts/{account}")["metrics"]["totalDebitMemoBalance"] == 0
    assert client.put(f"{path}/post")["status"] == "Posted"
    metrics = client.get(f"/v1/accounts/{account}")["metrics"]
    assert (metrics["totalDebitMemoBalance"], metrics["balance"], metrics["totalInvoiceBalance"]) == (
        60,
        60,
        0,
    )
    (item,) = client.get(f"{path}/items")["items"]
    assert (item["balance"], item["beAppliedAmount"], item["skuName"]) == (60, 0, "Premium - 1 Year")
    assert client.get(f"{path}/items/{item['id']}") == {**item, "success": True}
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(f"{path}/items/x")


def test_a_debit_memo_of_an_invoice_asks_for_more(client: Client, standalone: "Standalone") -> None:
    invoice = standalone(100)
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 15, "skuName": "x"}
    body = {"items": [item], "autoPost": True, "effectiveDate": "2026-02-01", "autoPay": False}
    memo = client.post(f"/v1/debit-memos/invoice/{invoice['id']}", body)
    assert (memo["amount"], memo["referredInvoiceId"], memo["debitMemoDate"], memo["autoPay"]) == (
        15,
        invoice["id"],
        "2026-02-01",
        False,
    )


def test_a_draft_is_changed_a_posted_memo_only_in_part(client: Client, memo: dict[str, Any]) -> None:
    path = f"/v1/debit-memos/{memo['id']}"
    change = {"effectiveDate": "2026-02-02", "dueDate": "2026-04-01", "comment": "c", "reasonCode": "r"}
    changed = client.put(path, change)
    assert (changed["debitMemoDate"], changed["dueDate"], changed["comment"], changed["reasonCode"]) == (
        "2026-02-02",
        "2026-04-01",
        "c",
        "r",
    )
    client.put(f"{path}/post")
    kept = client.put(path, {"autoPay": False})
    assert (kept["autoPay"], kept["comment"], kept["dueDate"]) == (False, "c", "2026-04-01")
    with pytest.raises(RefusedError, match="cannot change: it is Posted"):
        client.put(path, {"effectiveDate": "2026-02-03"})


def test_a_memo_goes_back_and_away(client: Client, memo: dict[str, Any], call: "Caller") -> None:
    path = f"/v1/debit-memos/{memo['id']}"
    client.put(f"{path}/post")
    assert client.put(f"{path}/unpost")["status"] == "Draft"
    with pytest.raises(RefusedError, match="Only debit memos with Canceled status can be deleted"):
        client.delete(path)
    assert client.put(f"{path}/cancel")["balance"] == 0
    assert client.delete(path)["success"]
    assert call("GET", path, version="2025-08-12").status == 404


def test_what_is_not_paid_is_written_off(client: Client, memo: dict[str, Any]) -> None:
    path = f"/v1/debitmemos/{memo['id']}"
    client.put(f"{path}/post")
    part = client.put(f"{path}/write-off", {"amount": 20})
    assert client.get(path)["balance"] == 40
    client.put(f"{path}/write-off", {})
    assert (client.get(path)["balance"], client.get(path)["beAppliedAmount"]) == (0, 60)
    credit = client.get(f"/v1/credit-memos/{part['creditMemo']['id']}")
    assert (credit["amount"], credit["sourceType"], credit["unappliedAmount"]) == (20, "DebitMemo", 0)
    applied = client.get(f"{path}/application-parts")["applicationParts"]
    assert [one["appliedAmount"] for one in applied] == [20, 40]


def test_memos_are_narrowed(client: Client, account: str, memo: dict[str, Any]) -> None:
    assert client.get("/v1/debit-memos", accountId=account)["debitmemos"] == [
        {key: value for key, value in memo.items() if key != "success"}
    ]
    assert client.get("/v1/debitmemos", status="Posted")["debitmemos"] == []


def test_an_item_is_called_by_the_version_s_names(memo: dict[str, Any], call: "Caller") -> None:
    path = f"/v1/debit-memos/{memo['id']}/items"
    old, new = (call("GET", path, version=version).body["items"][0] for version in ("224.0", "2025-08-12"))
    assert {"comment", "taxItems"} <= old.keys()
    assert {"description", "taxationItems"} <= new.keys()
