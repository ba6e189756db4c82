"""Invoices, credit memos and payments."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Run
    from tests.zuora.conftest import Order

YEAR = Decimal(3480)  # ten seats of Premium


@pytest.mark.usefixtures("subscription")
def test_a_single_draft_is_posted_once(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    answer = client.put(f"/v1/invoices/{number}/post")
    assert answer["jobStatus"] == "Completed"
    assert client.get(f"/v1/invoices/{answer['id']}")["balance"] == YEAR
    with pytest.raises(RefusedError, match="Only invoices with Draft status can be posted") as caught:
        client.put(f"/v1/invoices/{number}/post")
    assert caught.value.status == 400


@pytest.mark.usefixtures("subscription")
def test_a_payment_in_parts_settles_an_invoice_and_no_more(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = invoices(client, account)[0]

    def pay(amount: Decimal, part: Decimal, **more: object) -> dict[str, Any]:
        to = {"invoiceNumber": invoice["invoiceNumber"], "amount": part}
        body = {
            "accountNumber": account,
            "amount": amount,
            "currency": "USD",
            "type": "External",
            "invoices": [to],
        }
        return client.post("/v1/payments", {**body, **more})

    first = pay(Decimal(1000), Decimal("999.99"), number="P-MINE", comment="c", effectiveDate="2026-01-03")
    assert (first["number"], first["appliedAmount"], first["unappliedAmount"]) == (
        "P-MINE",
        Decimal("999.99"),
        Decimal("0.01"),
    )
    assert client.get("/v1/payments/P-MINE") == first
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == YEAR - Decimal("999.99")
    with pytest.raises(RefusedError, match="should not be greater than the balance"):
        pay(YEAR, YEAR)
    pay(YEAR - Decimal("999.99"), YEAR - Decimal("999.99"))
    assert client.get(f"/v1/accounts/{account}")["metrics"]["balance"] == Decimal("-0.01")
    listed = client.get("/v1/payments", accountId=account)["payments"]
    assert len(listed) == 2
    assert len(client.get("/v1/payments")["payments"]) > 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": -1}, "'amount' should be greater than 0"),
        ({"currency": "EUR"}, "is billed in USD, not EUR"),
        ({"number": "P-00000001"}, "The payment number P-00000001 is used already"),
        ({"accountNumber": None, "type": "Electronic"}, "'accountId' may not be null"),
        ({"type": "Electronic"}, "'paymentMethodId' may not be null"),
        ({"type": "Electronic", "paymentMethodId": "x"}, "Cannot find entity by key: 'x'"),
        (
            {"invoices": [{"amount": 2, "invoiceId": "INV00000001"}], "accountNumber": "A00000001"},
            "take 2, more",
        ),
        ({"invoices": [{"amount": 1, "invoiceId": "x"}]}, "Cannot find entity by key: 'x'"),
        ({"invoices": [{"amount": 1}]}, "'invoices.invoiceId' may not be null"),
        ({"invoices": [{"amount": 1, "invoiceId": "INV00000003"}]}, "Cannot find entity"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    client: Client, account: str, change: dict[str, Any], message: str
) -> None:
    body = {"accountNumber": account, "amount": 1, "currency": "USD", "type": "External"}
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/payments", {**body, **change})


@pytest.mark.usefixtures("subscription")
@pytest.mark.parametrize("amount", [0, -1000])
def test_no_money_moves_backwards(
    client: Client, account: str, amount: int, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = invoices(client, account)[0]["id"]
    body = {"accountNumber": account, "amount": 100, "currency": "USD", "type": "External"}
    with pytest.raises(RefusedError, match=f"The amount {amount} should be greater than 0"):
        client.post("/v1/payments", {**body, "invoices": [{"invoiceId": invoice, "amount": amount}]})


def test_another_accounts_payment_method_pays_nothing(client: Client, account: str) -> None:
    card = {"type": "CreditCard", "cardNumber": "4111111111111111"}
    theirs = client.post("/v1/payment-methods", {**card, "accountKey": "A00000001"})["id"]
    nobodys = client.post("/v1/payment-methods", card)["id"]
    body = {"accountNumber": account, "amount": 1, "currency": "USD", "type": "Electronic"}
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.post("/v1/payments", {**body, "paymentMethodId": theirs})
    assert client.post("/v1/payments", {**body, "paymentMethodId": nobodys})["paymentMethodId"] == nobodys


@pytest.fixture
def cancelled(
    client: Client, account: str, order: "Order", subscription: str, run_for: "Run"
) -> dict[str, Any]:
    """The draft credit memo of a subscription that was billed for a year and cancelled after four months."""
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    order("CancelSubscription", "2026-05-01", subscription, cancelSubscription=policy)
    run_for(client, account, "2026-05-01")
    memo: dict[str, Any] = client.get("/v1/credit-memos", accountId=account)["creditmemos"][0]
    return memo


def test_a_cancellation_is_credited_and_the_credit_is_applied(
    client: Client, account: str, cancelled: dict[str, Any], invoices: "Invoices"
) -> None:
    memo = cancelled
    assert (memo["status"], memo["amount"], memo["unappliedAmount"]) == ("Draft", *[YEAR * 8 / 12] * 2)
    invoice = invoices(client, account)[0]
    part = {"invoices": [{"invoiceId": invoice["id"], "amount": 1000}]}
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be applied"):
        client.put(f"/v1/credit-memos/{memo['id']}/apply", part)
    client.put(f"/v1/bill-runs/{memo['sourceId']}/post")
    applied = client.put(f"/v1/creditmemos/{memo['number']}/apply", part)
    assert (applied["appliedAmount"], applied["unappliedAmount"]) == (1000, YEAR * 8 / 12 - 1000)
    after = client.get(f"/v1/invoices/{invoice['id']}")
    assert (after["balance"], after["creditMemoAmount"]) == (YEAR - 1000, 1000)
    metrics = client.get(f"/v1/accounts/{account}")["metrics"]
    assert metrics["balance"] == metrics["totalInvoiceBalance"] - metrics["unappliedCreditMemoAmount"]
    with pytest.raises(RefusedError, match="The amount -1 should be greater than 0"):
        client.put(
            f"/v1/credit-memos/{memo['id']}/apply",
            {"invoices": [{"invoiceId": invoice["id"], "amount": -1}]},
        )
    with pytest.raises(RefusedError, match="greater than the unapplied amount"):
        client.put(
            f"/v1/credit-memos/{memo['id']}/apply",
            {"invoices": [{"invoiceId": invoice["id"], "amount": 2000}]},
        )


def test_credit_memos_are_shown_with_their_items_under_both_spellings(
    client: Client, account: str, cancelled: dict[str, Any]
) -> None:
    memo = cancelled
    for spelling in ("credit-memos", "creditmemos"):
        assert client.get(f"/v1/{spelling}/{memo['number']}") == {**memo, "success": True}
        item = client.get(f"/v1/{spelling}/{memo['id']}/items")["items"][0]
        assert (item["amount"], item["serviceStartDate"], item["serviceEndDate"]) == (
            YEAR * 8 / 12,
            "2026-05-01",
            "2026-12-31",
        )
        assert client.get(f"/v1/{spelling}", status="Posted")["creditmemos"] == []
        assert client.get(f"/v1/{spelling}", accountNumber=account)["creditmemos"] == [memo]


def test_a_memo_is_applied_within_its_account_only(
    client: Client, cancelled: dict[str, Any], invoices: "Invoices"
) -> None:
    theirs = invoices(client, "A00000001")[0]["id"]
    with pytest.raises(RefusedError, match="belongs to another account"):
        client.put(
            f"/v1/credit-memos/{cancelled['id']}/apply", {"invoices": [{"invoiceId": theirs, "amount": 1}]}
        )


@pytest.mark.usefixtures("subscription")
def test_an_invoice_is_given_more_time_and_a_comment(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    dates = {"invoiceDate": "2026-01-02", "dueDate": "2026-04-01"}
    with pytest.raises(RefusedError, match="Either 'invoiceDate' or 'dueDate' can be specified"):
        client.put(f"/v1/invoices/{number}", dates)
    for name, day in dates.items():
        assert client.put(f"/v1/invoices/{number}", {name: day})[name] == day
    client.put(f"/v1/invoices/{number}/post")
    client.put(f"/v1/invoices/{number}", {"comments": "late"})
    assert client.get(f"/v1/invoices/{number}")["comments"] == "late"
    with pytest.raises(RefusedError, match="cannot change: it is Posted"):
        client.put(f"/v1/invoices/{number}", {"invoiceDate": "2026-01-03"})
