"""Invoices are posted, unposted, cancelled, split, reversed and written off over the API."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Run, Standalone
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant


def test_several_are_posted_each_by_itself(client: Client, standalone: "Standalone") -> None:
    """Source: recorded: the answer is a success though one of them fails."""
    draft, posted = standalone(5, status="Draft"), standalone(6)
    body = {"invoices": [{"id": draft["id"], "invoiceDate": "2026-03-03"}, {"id": posted["id"]}, {"id": "x"}]}
    answer = client.post("/v1/invoices/bulk-post", body)
    assert answer["success"]
    first, second, third = answer["invoices"]
    assert first == {"success": True, "id": draft["id"]}
    said = "Only invoices with Draft status can be posted."
    assert second["reasons"] == [{"code": 59210020, "message": said}]
    assert (third["success"], third["id"], len(third["processId"])) == (False, "x", 16)
    assert client.get(f"/v1/invoices/{draft['id']}")["invoiceDate"] == "2026-03-03"


def test_an_invoice_is_unposted_unless_a_memo_was_made_from_it(
    client: Client, standalone: "Standalone"
) -> None:
    invoice = standalone(5)
    path = f"/v1/invoices/{invoice['id']}"
    assert client.put(f"{path}/unpost")["invoice"]["status"] == "Draft"
    client.put(f"{path}/post")
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 1}
    memo = client.post(f"/v1/debit-memos/invoice/{invoice['id']}", {"items": [item]})
    with pytest.raises(RefusedError, match=f"cannot be unposted: {memo['number']} was made from it"):
        client.put(f"{path}/unpost")
    client.put(f"/v1/debit-memos/{memo['id']}/cancel")
    assert client.put(f"{path}/unpost")["success"]


def test_a_draft_is_cancelled_and_deleted(client: Client, standalone: "Standalone", call: "Caller") -> None:
    first, second, third = standalone(5, status="Draft"), standalone(5, status="Draft"), standalone(5)
    assert client.put(f"/v1/invoices/{first['id']}/cancel")["jobStatus"] == "Completed"
    assert client.get(f"/v1/invoices/{first['id']}")["status"] == "Canceled"
    for invoice in (first, second):
        client.delete(f"/v1/invoices/{invoice['id']}")
        assert call("GET", f"/v1/invoices/{invoice['id']}", version="2025-08-12").status == 404
    with pytest.raises(RefusedError, match="Only invoices with Draft or Canceled status can be deleted"):
        client.delete(f"/v1/invoices/{third['id']}")


@pytest.mark.usefixtures("subscription")
def test_what_a_cancelled_invoice_billed_is_billed_again(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    first = invoices(client, account)[0]
    client.put(f"/v1/invoices/{first['id']}/cancel")
    assert client.put(f"/v1/bill-runs/{run['id']}/cancel")["status"] == "Canceled"
    run_for(client, account, "2026-01-01")
    again = invoices(client, account)[0]
    assert (again["amount"], again["status"]) == (first["amount"], "Draft")
    client.delete(f"/v1/invoices/{again['id']}")
    assert len(invoices(client, account)) == 1


def test_a_draft_is_split_where_the_tenant_allows_it(
    client: Client, account: str, standalone: "Standalone", tenant: "Tenant", invoices: "Invoices"
) -> None:
    """Source: split invoices overview (SET-035)."""
    invoice = standalone(100000, status="Draft")
    splits = [
        {"splitPercentage": share, "invoiceDate": f"2026-0{month}-01", "paymentTerm": "Net 30"}
        for month, share in enumerate((40, 30, 20, 10), 1)
    ]
    path, body = f"/v1/invoices/{invoice['id']}/split", {"splitType": "Percentage", "splits": splits}
    with pytest.raises(RefusedError, match="do not allow to split invoices"):
        client.put(path, body)
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, split_invoices=True))
    answer = client.put(path, body)
    assert (answer["jobStatus"], answer["id"]) == ("Completed", invoice["id"])
    assert [one["amount"] for one in answer["invoices"]] == [40000, 30000, 20000, 10000]
    assert [one["dueDate"] for one in answer["invoices"][:2]] == ["2026-01-31", "2026-03-03"]
    assert answer["invoices"][0]["paymentTerm"] == "Net 30"
    assert len(invoices(client, account)) == 5
    whole = client.get(f"/v1/invoices/{invoice['id']}")
    assert (whole["status"], whole["amount"], whole["balance"]) == ("Split", 100000, 0)
    with pytest.raises(RefusedError, match="Only invoices with Draft or Canceled status can be deleted"):
        client.delete(f"/v1/invoices/{invoice['id']}")


@pytest.fixture
def halves(client: Client, standalone: "Standalone", tenant: "Tenant") -> list[dict[str, Any]]:
    """The drafts of 70 and 30 of an invoice over 100."""
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, split_invoices=True))
    splits = [
        {"splitAmount": amount, "invoiceDate": f"2026-01-0{day}", "paymentTerm": "Net 30"}
        for day, amount in enumerate((70, 30), 1)
    ]
    body = {"splitType": "Amount", "splits": splits}
    answer = client.put(f"/v1/invoices/{standalone(100, status='Draft')['id']}/split", body)
    found: list[dict[str, Any]] = answer["invoices"]
    return found


def test_a_draft_is_split_by_amounts(client: Client, halves: list[dict[str, Any]]) -> None:
    assert [(one["amount"], one["status"]) for one in halves] == [(70, "Draft"), (30, "Draft")]
    part = {"splitPercentage": 100, "invoiceDate": "2026-01-01", "paymentTerm": "Net 30"}
    with pytest.raises(RefusedError, match="'splitAmount' may not be null"):
        client.put(f"/v1/invoices/{halves[0]['id']}/split", {"splitType": "Amount", "splits": [part, part]})
    wrong = {"splitType": "Percentage", "splits": [{**part, "paymentTerm": "Never"}, part]}
    with pytest.raises(RefusedError, match="The payment term Never is invalid"):
        client.put(f"/v1/invoices/{halves[0]['id']}/split", wrong)


def test_all_parts_of_an_invoice_are_reversed_with_one(client: Client, halves: list[dict[str, Any]]) -> None:
    """Source: Zuora, reverse split invoices."""
    paths = [f"/v1/invoices/{one['id']}" for one in halves]
    client.put(f"{paths[1]}/post")
    with pytest.raises(RefusedError, match="is Draft: only Posted ones"):
        client.put(f"{paths[1]}/reverse", {"memoDate": "2026-01-02"})
    client.put(f"{paths[0]}/post")
    with pytest.raises(RefusedError, match="'memoDate' should not be before the invoice date, 2026-01-02"):
        client.put(f"{paths[0]}/reverse", {"memoDate": "2026-01-01"})
    answer = client.put(f"{paths[0]}/reverse", {"memoDate": "2026-01-02"})
    memos = [client.get(f"/v1/credit-memos/{one['id']}") for one in answer["creditMemos"]]
    assert answer["creditMemo"] == answer["creditMemos"][0]
    assert [(one["amount"], one["referredInvoiceId"]) for one in memos] == [
        (70, halves[0]["id"]),
        (30, halves[1]["id"]),
    ]
    assert [client.get(path)["balance"] for path in paths] == [0, 0]


@pytest.mark.usefixtures("subscription")
def test_the_parts_of_an_invoice_belong_to_its_bill_run(
    client: Client, account: str, run_for: "Run", invoices: "Invoices", tenant: "Tenant"
) -> None:
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, split_invoices=True))
    run = run_for(client, account, "2026-01-01")
    (whole,) = invoices(client, account)
    half = {"splitPercentage": 50, "invoiceDate": "2026-01-01", "paymentTerm": "Net 30"}
    client.put(f"/v1/invoices/{whole['id']}/split", {"splits": [half, half]})
    before = tenant.world
    client.put(f"/v1/bill-runs/{run['id']}/post")
    assert {one["status"] for one in invoices(client, account)} == {"Posted", "Split"}
    tenant.world = before
    client.put(f"/v1/bill-runs/{run['id']}/cancel")
    assert [one["status"] for one in invoices(client, account)] == ["Canceled", "Canceled", "Split"]
    client.delete(f"/v1/bill-runs/{run['id']}")
    assert invoices(client, account) == []


def test_an_invoice_is_reversed_unless_it_is_paid_in_part(
    client: Client, account: str, standalone: "Standalone"
) -> None:
    """Source: reversal, case VI (SET-025)."""
    invoice, paid = standalone(100, 20, 10, 2), standalone(100, 20, 10, 2)
    answer = client.put(f"/v1/invoices/{invoice['id']}/reverse", {"memoDate": "2026-02-01", "comment": "No"})
    memo = client.get(f"/v1/credit-memos/{answer['creditMemo']['id']}")
    assert (memo["amount"], memo["unappliedAmount"], memo["reasonCode"], memo["comment"]) == (
        132,
        0,
        "Invoice reversal",
        "No",
    )
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0
    assert client.get(f"/object-query/invoices/{invoice['id']}")["reversed"]
    payment = {"accountNumber": account, "amount": 12, "currency": "USD", "type": "External"}
    client.post("/v1/payments", {**payment, "invoices": [{"invoiceId": paid["id"], "amount": 12}]})
    with pytest.raises(RefusedError, match="is settled in part: it cannot be reversed"):
        client.put(f"/v1/invoices/{paid['id']}/reverse", {})
    with pytest.raises(RefusedError, match="'memoDate' should not be before the invoice date"):
        client.put(f"/v1/invoices/{paid['id']}/write-off", {"memoDate": "2025-12-31"})
    answer = client.put(f"/v1/invoices/{paid['id']}/write-off", {})
    memo = client.get(f"/v1/credit-memos/{answer['creditMemo']['id']}")
    assert (memo["amount"], memo["reasonCode"], memo["referredInvoiceId"]) == (120, "Write-off", paid["id"])
    applied = client.get(f"/v1/invoices/{paid['id']}/application-parts")["applicationParts"]
    assert [one["appliedAmount"] for one in applied] == [12, 120]
    assert "paymentId" in applied[0]
    assert "creditMemoId" in applied[1]


def test_only_a_posted_invoice_is_sent(client: Client, standalone: "Standalone") -> None:
    draft, posted = standalone(5, status="Draft"), standalone(5)
    body = {"emailAddresses": "ada@example.com"}
    assert client.post(f"/v1/invoices/{posted['id']}/emails", body)["success"]
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be sent"):
        client.post(f"/v1/invoices/{draft['id']}/emails", body)


@pytest.mark.usefixtures("subscription")
def test_the_item_that_rounds_a_total_is_called_so(
    client: Client, account: str, run_for: "Run", invoices: "Invoices", tenant: "Tenant"
) -> None:
    """Source: invoice-level rounding example (SET-034)."""
    rules = replace(tenant.world.rules, round_invoices=True, rounding_increments={"USD": Decimal(7)})
    tenant.world = replace(tenant.world, rules=rules)
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = invoices(client, account)[0]
    *_, item = invoice["invoiceItems"]
    assert (item["chargeName"], item["processingType"], item["sourceItemType"], item["chargeAmount"]) == (
        "Rounding Amount",
        "Rounding",
        "Rounding",
        -1,
    )
    assert invoice["amount"] == 3479


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_posts_the_drafts_that_are_left(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    client.delete(f"/v1/invoices/{invoices(client, account)[0]['id']}")
    assert client.put(f"/v1/bill-runs/{run['id']}/post")["status"] == "Posted"
    assert invoices(client, account) == []


def test_a_bill_run_leaves_a_memo_that_was_posted_by_itself(
    client: Client, account: str, order: "Order", subscription: str, run_for: "Run"
) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    order("CancelSubscription", "2026-05-01", subscription, cancelSubscription=policy)
    run = run_for(client, account, "2026-05-01")
    (memo,) = client.get("/v1/credit-memos", accountId=account)["creditmemos"]
    client.put(f"/v1/credit-memos/{memo['id']}/post", {"creditMemoDate": "2026-04-30"})
    client.put(f"/v1/bill-runs/{run['id']}/post")
    (posted,) = client.get("/v1/credit-memos", accountId=account)["creditmemos"]
    assert (posted["status"], posted["creditMemoDate"]) == ("Posted", "2026-04-30")
