"""Accounts are billed and collected from in one call, and debit memos are settled in one."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Invoices, Run, Standalone
    from tests.zuora.conftest import Order
    from toolkit.zuora.tenant import Tenant

DECLINED = "4000000000000002"
COLLECT = "/v1/operations/invoice-collect"


def test_an_account_is_billed_and_pays_all_that_it_owes(
    client: Client,
    account: str,
    subscription: str,
    standalone: "Standalone",
    card: "Callable[..., str]",
) -> None:
    """Source: Zuora, invoice and collect."""
    method, older = card(), standalone(20)
    answer = client.post(COLLECT, {"accountKey": account, "documentDate": "2026-01-02"})
    (invoice,) = answer["invoices"]
    assert (invoice["invoiceAmount"], answer["creditMemos"]) == ("3480.0", [])
    assert answer["amountCollected"] == "3500.0"
    payment = client.get(f"/v1/payments/{answer['paymentId']}")
    assert (payment["amount"], payment["paymentMethodId"]) == (3500, method)
    for key in (invoice["invoiceId"], older["id"]):
        assert client.get(f"/v1/invoices/{key}")["balance"] == 0
    assert client.get(f"/v1/invoices/{invoice['invoiceId']}")["invoiceDate"] == "2026-01-02"
    again = client.post(COLLECT, {"accountKey": account})
    assert (again["invoices"], again["amountCollected"]) == ([], "0.0")
    assert "paymentId" not in again
    assert subscription


def test_drafts_of_bills_are_posted_and_those_made_by_hand_are_not(
    client: Client,
    account: str,
    subscription: str,
    order: "Order",
    run_for: "Run",
    standalone: "Standalone",
    card: "Callable[..., str]",
) -> None:
    """Source: Zuora, invoice and collect: drafts that were made by hand are not posted."""
    card()
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    order("CancelSubscription", "2026-07-01", subscription, cancelSubscription=policy)
    run_for(client, account, "2026-07-01")
    draft = standalone(5, status="Draft")
    answer = client.post(COLLECT, {"accountKey": account, "targetDate": "2026-07-01"})
    (memo,) = answer["creditMemos"]
    assert client.get(f"/v1/credit-memos/{memo['id']}")["status"] == "Posted"
    assert client.get(f"/v1/invoices/{draft['id']}")["status"] == "Draft"
    assert answer["amountCollected"] == "3480.0"


def test_one_invoice_is_collected_alone(
    client: Client, account: str, standalone: "Standalone", card: "Callable[..., str]", subscription: str
) -> None:
    method = card(makeDefault=False)
    first, other, draft = standalone(20), standalone(30), standalone(5, status="Draft")
    body = {
        "accountKey": account,
        "invoiceId": first["id"],
        "paymentMethodId": method,
        "paymentGateway": "Test Gateway",
    }
    answer = client.post(COLLECT, body)
    assert [one["invoiceId"] for one in answer["invoices"]] == [first["id"]]
    assert answer["amountCollected"] == "20.0"
    assert client.post(COLLECT, body)["amountCollected"] == "0.0"
    assert client.get(f"/v1/invoices/{other['id']}")["balance"] == 30
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be paid"):
        client.post(COLLECT, {**body, "invoiceId": draft["id"]})
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'No Gateway'"):
        client.post(COLLECT, {**body, "invoiceId": other["id"], "paymentGateway": "No Gateway"})
    with pytest.raises(RefusedError, match=f"Cannot find entity by key: '{other['id']}'"):
        client.post(COLLECT, {**body, "accountKey": "A00000001", "invoiceId": other["id"]})
    assert subscription


def test_a_declined_payment_undoes_the_bill(
    client: Client, account: str, subscription: str, card: "Callable[..., str]", invoices: "Invoices"
) -> None:
    """Source: Zuora, invoice and collect: the operation is atomic."""
    card(DECLINED)
    with pytest.raises(RefusedError, match="declined"):
        client.post(COLLECT, {"accountKey": account})
    assert invoices(client, account) == []
    assert subscription


@pytest.fixture
def debit(client: Client, standalone: "Standalone") -> dict[str, Any]:
    """A posted debit memo over 50."""
    invoice = standalone(100)
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 50}
    return client.post(f"/v1/debit-memos/invoice/{invoice['id']}", {"items": [item], "autoPost": True})


@pytest.fixture
def credited(client: Client, standalone: "Standalone") -> "Callable[..., dict[str, Any]]":
    """Make a posted credit memo of this amount."""

    def make(amount: int, day: str = "2026-01-01", **more: object) -> dict[str, Any]:
        invoice = standalone(100)
        item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": amount}
        body = {"items": [item], "autoPost": True, "effectiveDate": day, **more}
        return client.post(f"/v1/credit-memos/invoice/{invoice['id']}", body)

    return make


def test_a_debit_memo_is_settled_by_credit_and_then_by_a_payment(
    client: Client,
    account: str,
    debit: dict[str, Any],
    credited: "Callable[..., dict[str, Any]]",
    pay: "Callable[..., dict[str, Any]]",
    card: "Callable[..., str]",
) -> None:
    """Source: Zuora, collect a posted debit memo: oldest first, largest first."""
    method = card()
    late, small, large = credited(3, "2026-02-01"), credited(4), credited(5)
    credited(9, excludeFromAutoApplyRules=True)
    unapplied = pay(10)
    body = {"applyCredit": True, "collect": True}
    answer = client.post(f"/v1/debit-memos/{debit['id']}/collect", body)
    assert answer["debitMemo"] == {"id": debit["id"], "number": debit["number"]}
    assert [one["number"] for one in answer["appliedCreditMemos"]] == [
        one["number"] for one in (large, small, late)
    ]
    assert [one["appliedAmount"] for one in answer["appliedCreditMemos"]] == [5, 4, 3]
    (applied,) = answer["appliedPayments"]
    assert (applied["id"], applied["appliedAmount"], applied["unappliedAmount"]) == (unapplied["id"], 10, 0)
    paid = answer["processedPayment"]
    assert (paid["amount"], paid["status"], paid["paymentMethodId"]) == (28, "Processed", method)
    assert client.get(f"/v1/debit-memos/{debit['id']}")["balance"] == 0
    again = client.post(f"/v1/debit-memos/{debit['id']}/collect", body)
    assert (again["appliedCreditMemos"], again["appliedPayments"]) == ([], [])
    assert "processedPayment" not in again
    assert account


def test_only_what_is_asked_for_is_used(
    client: Client,
    debit: dict[str, Any],
    credited: "Callable[..., dict[str, Any]]",
    pay: "Callable[..., dict[str, Any]]",
) -> None:
    credited(60)
    pay(20)
    body = {"applyCredit": True, "applicationOrder": ["UnappliedPayment"]}
    answer = client.post(f"/v1/debitmemos/{debit['number']}/collect", body)
    assert "appliedCreditMemos" not in answer
    assert client.get(f"/v1/debit-memos/{debit['id']}")["balance"] == 30
    body = {"applyCredit": True, "applicationOrder": ["CreditMemo"]}
    (used,) = client.post(f"/v1/debitmemos/{debit['number']}/collect", body)["appliedCreditMemos"]
    assert (used["appliedAmount"], used["unappliedAmount"]) == (30, 30)


def test_a_declined_payment_of_a_debit_memo_is_kept_with_its_error(
    client: Client, debit: dict[str, Any], card: "Callable[..., str]"
) -> None:
    card(DECLINED)
    paid = client.post(f"/v1/debit-memos/{debit['id']}/collect", {"collect": True})["processedPayment"]
    assert client.get(f"/v1/payments/{paid['id']}")["status"] == paid["status"] == "Error"
    assert client.get(f"/v1/debit-memos/{debit['id']}")["balance"] == 50


def test_a_debit_memo_is_collected_within_bounds(
    client: Client, debit: dict[str, Any], pay: "Callable[..., dict[str, Any]]", tenant: "Tenant"
) -> None:
    """Source: Zuora, collect a posted debit memo, restrictions."""
    for _ in range(26):
        pay(1)
    path = f"/v1/debit-memos/{debit['id']}"
    with pytest.raises(RefusedError, match="More than 25 credit memos or payments"):
        client.post(f"{path}/collect", {"applyCredit": True})
    assert client.get(path)["balance"] == 50
    memo = tenant.world.debit_memos.find(debit["id"])
    wide = replace(memo, items=memo.items * 11)
    tenant.world = replace(tenant.world, debit_memos=tenant.world.debit_memos.put(wide))
    with pytest.raises(RefusedError, match="with more than 10 items cannot be collected"):
        client.post(f"{path}/collect", {})
    client.put(f"{path}/unpost")
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be collected"):
        client.post(f"{path}/collect", {})
