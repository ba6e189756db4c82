"""What is settled asynchronously is settled at once, and its job tells how it ended."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone
    from tests.zuora.conftest import Caller


@pytest.fixture
def invoice(standalone: "Standalone") -> dict[str, Any]:
    """A posted invoice over 100."""
    made: dict[str, Any] = standalone(100)
    return made


@pytest.fixture
def memo(client: Client, invoice: dict[str, Any]) -> dict[str, Any]:
    """A posted credit memo over 30 of it."""
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 30}]
    return client.post(f"/v1/credit-memos/invoice/{invoice['id']}", {"items": items, "autoPost": True})


def balance(client: Client, invoice: dict[str, Any]) -> object:
    return client.get(f"/v1/invoices/{invoice['id']}")["balance"]


@pytest.mark.parametrize("spelling", ["credit-memos", "creditmemos"])
def test_a_memo_is_applied_and_taken_back(
    client: Client, invoice: dict[str, Any], memo: dict[str, Any], spelling: str
) -> None:
    part = {"amount": 30, "invoiceId": invoice["id"], "invoiceNumber": invoice["invoiceNumber"]}
    path = f"/v1/{spelling}/{memo['id']}"
    job = client.put(f"{path}/apply-async", {"invoices": [part]})
    about = {
        "id": job["id"],
        "operationType": "AsyncCreditMemoApply",
        "referenceId": memo["id"],
        "referenceType": "CreditMemo",
        "success": True,
    }
    assert job == {**about, "status": "Pending"}
    ended = client.get(f"/v1/{spelling}/apply-async-jobs/{job['id']}")
    assert ended == {**about, "status": "Processed", "error": None}
    assert balance(client, invoice) == 70
    job = client.put(f"{path}/unapply-async", {"invoices": [part]})
    ended = client.get(f"/v1/{spelling}/unapply-async-jobs/{job['id']}")
    assert (ended["status"], ended["operationType"]) == ("Processed", "AsyncCreditMemoUnapply")
    assert balance(client, invoice) == 100


def test_a_job_that_fails_leaves_only_its_error(
    client: Client, invoice: dict[str, Any], memo: dict[str, Any]
) -> None:
    part = {"amount": 31, "invoiceId": invoice["id"]}
    job = client.put(f"/v1/credit-memos/{memo['id']}/apply-async", {"invoices": [part]})
    ended = client.get(f"/v1/credit-memos/apply-async-jobs/{job['id']}")
    assert (ended["status"], ended["success"]) == ("Error", True)
    assert ended["error"].startswith("[40000030]: The amount 31 should not be greater than the unapplied")
    assert balance(client, invoice) == 100


def test_an_invoice_is_written_off(client: Client, invoice: dict[str, Any]) -> None:
    job = client.post(f"/v1/invoices/{invoice['id']}/write-off-async", {"comment": "Bankrupt"})
    ended = client.get(f"/v1/invoices/write-off-async-jobs/{job['id']}")
    assert (ended["status"], ended["referenceType"]) == ("Processed", "Invoice")
    assert client.get(f"/v1/credit-memos/{ended['creditMemo']['id']}")["comment"] == "Bankrupt"
    assert balance(client, invoice) == 0


def test_an_external_payment_is_received_and_applied(
    client: Client, account: str, invoice: dict[str, Any]
) -> None:
    """Source: Zuora, create a payment asynchronously: electronic ones are not supported."""
    body = {"accountNumber": account, "amount": 50, "currency": "USD", "type": "External"}
    with pytest.raises(RefusedError, match="Electronic payments cannot be created asynchronously"):
        client.post("/v1/payments/create-async", {**body, "type": "Electronic"})
    job = client.post("/v1/payments/create-async", body)
    assert job["referenceId"] is None
    ended = client.get(f"/v1/payments/create-async-jobs/{job['id']}")
    key = ended["referenceId"]
    assert client.get(f"/v1/payments/{key}")["unappliedAmount"] == 50
    part = {"invoices": [{"invoiceId": invoice["id"], "amount": 40}]}
    job = client.put(f"/v1/payments/{key}/apply-async", part)
    ended = client.get(f"/v1/payments/apply-async-jobs/{job['id']}")
    assert (ended["status"], ended["referenceId"]) == ("Processed", key)
    assert balance(client, invoice) == 60


def test_a_job_is_found_where_it_belongs(
    client: Client, invoice: dict[str, Any], memo: dict[str, Any], call: "Caller"
) -> None:
    part = {"amount": 30, "invoiceId": invoice["id"]}
    job = client.put(f"/v1/credit-memos/{memo['id']}/apply-async", {"invoices": [part]})["id"]
    for path in ("credit-memos/unapply-async-jobs", "payments/apply-async-jobs", "operations/jobs"):
        assert call("GET", f"/v1/{path}/{job}", version="2025-08-12").status == 404
    with pytest.raises(RefusedError, match=f"Invalid jobId: {job}"):
        client.get(f"/v1/async-jobs/{job}")


@pytest.mark.parametrize(("kind", "type_"), [("credit-memos", "CreditMemo"), ("debitmemos", "DebitMemo")])
def test_a_memo_is_posted_or_cancelled_as_an_operation(
    client: Client, invoice: dict[str, Any], kind: str, type_: str
) -> None:
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 30}]
    for verb, operation, status in (("post", "Post", "Posted"), ("cancel", "Cancel", "Canceled")):
        key = client.post(f"/v1/{kind}/invoice/{invoice['id']}", {"items": items})["id"]
        answer = client.put(f"/v1/{kind}/{key}/{verb}-async")
        assert (answer["id"], answer["jobStatus"]) == (key, "Completed")
        assert client.get(f"/v1/{kind}/{key}")["status"] == status
        shown = client.get(f"/v1/operations/jobs/{answer['jobId']}")
        assert (shown["objectId"], shown["objectType"], shown["operationType"], shown["status"]) == (
            key,
            type_,
            operation,
            "Completed",
        )


def test_the_deletion_of_an_invoice_is_an_operation(client: Client, standalone: "Standalone") -> None:
    draft = standalone(5, status="Draft")
    answer = client.delete(f"/v1/invoices/{draft['id']}")
    assert (answer["objectId"], answer["objectType"], answer["operationType"]) == (
        draft["id"],
        "Invoice",
        "Delete",
    )
    assert client.get(f"/v1/operations/jobs/{answer['id']}") == answer
