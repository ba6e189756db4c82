"""Orders that cancel a subscription refund what was paid for it and write off what is owed."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Run, Standalone
    from tests.zuora.conftest import Order

CREDIT = Decimal(1740)
"""Half of a year for 3480."""

BILLED = {"runBilling": True, "billingOptions": {"targetDate": "2026-07-01", "documentDate": "2026-07-01"}}
END = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}

Pay = Callable[..., str]
Cancel = Callable[..., dict[str, Any]]


@pytest.fixture
def pay(client: Client, account: str) -> Pay:
    """Pay part of an invoice, electronically unless said; return the payment's id."""

    def make(invoice: dict[str, Any], amount: int, **more: object) -> str:
        body = {"accountNumber": account, "amount": amount, "currency": "USD", "type": "Electronic"}
        parts = [{"invoiceId": invoice["id"], "amount": amount}]
        return str(client.post("/v1/payments", {**body, "invoices": parts, **more})["id"])

    return make


@pytest.fixture
def cancel(order: "Order", subscription: str) -> Cancel:
    """Cancel the subscription on 1 July, which is billed unless said."""

    def make(**options: object) -> dict[str, Any]:
        said = {**BILLED, **options}
        return order(
            "CancelSubscription", "2026-07-01", subscription, cancelSubscription=END, processingOptions=said
        )

    return make


def memo(client: Client, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the memo that the order made."""
    (number,) = answer["creditMemoNumbers"]
    return client.get(f"/v1/credit-memos/{number}")


@pytest.mark.parametrize(
    ("amount", "left", "balance"),
    [(CREDIT, 0, 0), (Decimal(400), CREDIT - 400, 0), (Decimal(3480), 0, 3480 - CREDIT)],
)
def test_the_memo_takes_the_place_of_what_is_refunded(
    client: Client,
    invoice: dict[str, Any],
    card: Callable[..., str],
    pay: Pay,
    cancel: Cancel,
    amount: Decimal,
    left: Decimal,
    balance: Decimal,
) -> None:
    """Source: canceling a subscription and refunding, examples 1 to 3 (AMD-025 to AMD-027)."""
    card()
    payment = pay(invoice, 3480)
    answer = cancel(refund=True, refundAmount=amount, refundReasonCode="Moved")
    (refunded,) = answer["refunds"]
    assert (refunded["status"], refunded["refundInvoiceNumbers"]) == ("Success", [invoice["invoiceNumber"]])
    noted = client.get(f"/v1/refunds/{refunded['number']}")
    assert (noted["amount"], noted["paymentId"], noted["reasonCode"]) == (amount, payment, "Moved")
    paid = client.get(f"/v1/payments/{payment}")
    assert (paid["appliedAmount"], paid["refundAmount"], paid["unappliedAmount"]) == (
        3480 - amount,
        amount,
        0,
    )
    assert memo(client, answer)["unappliedAmount"] == left
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == balance


def test_what_is_open_after_a_refund_is_written_off(
    client: Client, invoice: dict[str, Any], card: Callable[..., str], pay: Pay, cancel: Cancel
) -> None:
    """Source: Zuora, subscription cancelation with a refund using the REST API."""
    card()
    pay(invoice, 3480)
    answer = cancel(refund=True, refundAmount=3480, writeOff=True)
    (written,) = answer["writeOff"]
    rest = 3480 - CREDIT
    assert (written["invoiceNumber"], written["amount"], written["status"]) == (
        invoice["invoiceNumber"],
        rest,
        "Success",
    )
    made = client.get(f"/v1/credit-memos/{written['writeOffCreditMemoNumber']}")
    assert (made["reasonCode"], made["amount"], made["creditMemoDate"]) == ("Write-off", rest, "2026-07-01")
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0


def test_unpaid_invoices_are_written_off_without_a_refund(
    client: Client, invoice: dict[str, Any], cancel: Cancel
) -> None:
    """Source: Zuora, subscriptions cancelation and write off all unpaid invoices."""
    answer = cancel(runBilling=False, billingOptions={}, writeOff=True)
    (written,) = answer["writeOff"]
    assert (written["amount"], "refunds" in answer) == (3480, False)
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0
    assert client.get(f"/v1/credit-memos/{written['writeOffCreditMemoNumber']}")["unappliedAmount"] == 0


def test_payments_are_refunded_one_by_one(
    client: Client, invoice: dict[str, Any], card: Callable[..., str], pay: Pay, cancel: Cancel
) -> None:
    """Source: subscriptions cancelation with different refunds, notes and limitations."""
    card()
    first, second, third = (pay(invoice, amount) for amount in (1000, 480, 2000))
    answer = cancel(refund=True, refundAmount=1200)
    assert [one["status"] for one in answer["refunds"]] == ["Success", "Success"]
    refunded = [client.get(f"/v1/payments/{key}")["refundAmount"] for key in (first, second, third)]
    assert refunded == [1000, 200, 0]


def test_only_electronic_payments_are_refunded(
    client: Client, invoice: dict[str, Any], pay: Pay, cancel: Cancel
) -> None:
    """Source: the same. The order is carried out all the same."""
    payment = pay(invoice, 3480, type="External")
    answer = cancel(refund=True, refundAmount=100, writeOff=True)
    assert (answer["refunds"], "writeOff" in answer) == ([{"status": "Error"}], False)
    assert client.get(f"/v1/payments/{payment}")["appliedAmount"] == 3480
    assert memo(client, answer)["unappliedAmount"] == CREDIT


def test_a_refund_that_the_gateway_declines_changes_no_document(
    client: Client, invoice: dict[str, Any], card: Callable[..., str], pay: Pay, cancel: Cancel
) -> None:
    card("4000000000005126")
    payment = pay(invoice, 3480)
    answer = cancel(refund=True, refundAmount=100, runBilling=False)
    (refunded,) = answer["refunds"]
    assert refunded["status"] == "Error"
    assert client.get(f"/v1/refunds/{refunded['number']}")["status"] == "Error"
    assert client.get(f"/v1/payments/{payment}")["appliedAmount"] == 3480
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, "'processingOptions.refundAmount' may not be null"), ({"refundAmount": 0}, "greater than 0")],
)
def test_a_refund_says_how_much(cancel: Cancel, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        cancel(refund=True, **options)


def test_only_what_is_cancelled_is_refunded(order: "Order", subscription: str) -> None:
    with pytest.raises(RefusedError, match="Only an order that cancels a subscription"):
        order(
            "RenewSubscription",
            "2026-07-01",
            subscription,
            renewSubscription={},
            processingOptions={"refund": True, "refundAmount": 1},
        )


def test_an_order_that_refunds_is_not_placed_asynchronously(client: Client, account: str) -> None:
    """Source: subscription cancelation with a refund using the REST API."""
    body = {"orderDate": "2026-07-01", "existingAccountNumber": account}
    job = client.post("/v1/async/orders", {**body, "processingOptions": {"writeOff": True}})
    ended = client.get(f"/v1/async-jobs/{job['jobId']}")
    assert (ended["status"], "asynchronously" in ended["errors"]) == ("Failed", True)


def test_what_is_owed_for_anything_else_stays(
    client: Client,
    account: str,
    creation: dict[str, Any],
    order: "Order",
    subscription: str,
    run_for: "Run",
    standalone: "Standalone",
    cancel: Cancel,
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    run_for(client, account, "2026-01-01", autoPost=True)
    (both,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    assert (both["balance"], bool(subscription)) == (6960, True)
    alone = standalone(5)
    assert [one["amount"] for one in cancel(runBilling=False, writeOff=True)["writeOff"]] == [3480]
    assert [client.get(f"/v1/invoices/{one['id']}")["balance"] for one in (both, alone)] == [3480, 5]
