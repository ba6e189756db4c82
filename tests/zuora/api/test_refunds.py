"""Refunds over the API: of payments and credit memos, cancelled and declined."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Pay
    from tests.zuora.conftest import Caller, Order

CHECK = {"type": "External", "methodType": "Check"}


def refund(client: Client, payment: str, amount: int, verb: str = "", **more: object) -> dict[str, Any]:
    return client.post(f"/v1/payments/{payment}/refunds{verb}", {**CHECK, "totalAmount": amount, **more})


def test_what_is_unapplied_of_a_payment_is_refunded(client: Client, pay: "Pay") -> None:
    made = pay(100)
    given = refund(client, made["id"], 30, comment="sorry", referenceId="r", reasonCode="Goodwill")
    assert (given["amount"], given["status"], given["paymentId"]) == (30, "Processed", made["id"])
    assert (given["methodType"], given["refundDate"], given["reasonCode"]) == (
        "Check",
        "2026-01-01",
        "Goodwill",
    )
    after = client.get(f"/v1/payments/{made['id']}")
    assert (after["refundAmount"], after["unappliedAmount"]) == (30, 70)
    with pytest.raises(RefusedError, match="71 should not be greater than the unapplied amount 70"):
        refund(client, made["id"], 71)


@pytest.mark.parametrize("named", [False, True])
def test_a_payment_is_taken_back_from_its_invoice_to_be_refunded(
    client: Client, pay: "Pay", invoice: dict[str, Any], *, named: bool
) -> None:
    """Source: Zuora, refund a payment with auto-unapplying."""
    made = pay(100, (invoice["id"], 90))
    what = {"invoices": [{"invoiceId": invoice["id"], "amount": 40}]} if named else {}
    refund(client, made["id"], 50, "/unapply", **what)
    after = client.get(f"/v1/payments/{made['id']}")
    assert (after["appliedAmount"], after["refundAmount"], after["unappliedAmount"]) == (50, 50, 0)
    assert client.get(f"/v1/invoices/{invoice['id']}")["paymentAmount"] == 50
    with pytest.raises(RefusedError, match="51 should not be greater than the unapplied amount 50"):
        refund(client, made["id"], 51, "/unapply")


def test_older_clients_take_back_and_refund_by_another_path(
    client: Client, pay: "Pay", invoice: dict[str, Any]
) -> None:
    """Source: zuora-swagger-client 1.2, refund a payment with auto-unapplying."""
    made = pay(100, (invoice["id"], 90))
    body = {"totalAmount": 50, "type": "External", "methodType": "Check"}
    assert client.post(f"/v1/payments/{made['id']}/unapply", body)["amount"] == 50
    assert client.get(f"/v1/payments/{made['id']}")["appliedAmount"] == 50


def test_what_was_applied_first_comes_back_first(client: Client, pay: "Pay", two: list[str]) -> None:
    made = pay(100, (two[0], 60), (two[1], 40))
    refund(client, made["id"], 50, "/unapply")
    assert [client.get(f"/v1/invoices/{one}")["paymentAmount"] for one in two] == [10, 40]
    refund(client, made["id"], 30, "/unapply")
    assert [client.get(f"/v1/invoices/{one}")["paymentAmount"] for one in two] == [0, 20]


def test_what_is_unapplied_already_is_enough(client: Client, pay: "Pay", invoice: dict[str, Any]) -> None:
    made = pay(100, (invoice["id"], 90))
    refund(client, made["id"], 10, "/unapply")
    assert client.get(f"/v1/payments/{made['id']}")["appliedAmount"] == 90


def test_a_refund_is_changed_cancelled_and_deleted(client: Client, pay: "Pay") -> None:
    made = pay(100)
    path = f"/v1/refunds/{refund(client, made['id'], 30)['number']}"
    with pytest.raises(RefusedError, match="Only Canceled refunds can be deleted"):
        client.delete(path)
    assert client.put(path, {"comment": "c"})["comment"] == "c"
    assert client.get(path)["referenceId"] is None
    assert client.put(f"{path}/cancel", {})["status"] == "Canceled"
    assert client.get(f"/v1/payments/{made['id']}")["unappliedAmount"] == 100
    with pytest.raises(RefusedError, match="Only External refunds with Processed status"):
        client.put(f"{path}/cancel", {})
    assert client.delete(path) == {"success": True}


def test_refunds_are_listed_with_their_part(client: Client, pay: "Pay") -> None:
    made = pay(100)
    first, second = (refund(client, made["id"], amount)["number"] for amount in (1, 2))
    assert [one["number"] for one in client.get("/v1/refunds")["refunds"]] == [second, first]
    assert [one["number"] for one in client.get("/v1/refunds", amount="1")["refunds"]] == [first]
    path = f"/v1/refunds/{first}/parts"
    (part,) = client.get(path)["parts"]
    assert (part["paymentId"], part["amount"]) == (made["id"], 1)
    assert client.get(f"{path}/{part['id']}")["creditMemoId"] is None
    for spelling in ("item-parts", "itemparts"):
        assert client.get(f"{path}/{part['id']}/{spelling}")["itemParts"] == []
    for wrong in (f"{path}/x", f"{path}/{part['id']}/item-parts/x"):
        with pytest.raises(RefusedError, match="Cannot find entity by key: 'x'"):
            client.get(wrong)


@pytest.fixture
def memo(
    client: Client, account: str, order: "Order", subscription: str, invoice: dict[str, Any]
) -> dict[str, Any]:
    """The posted credit memo of a subscription that is cancelled after four months of twelve: 2320."""
    assert invoice
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    options = {"runBilling": True, "billingOptions": {"targetDate": "2026-05-01"}}
    order(
        "CancelSubscription",
        "2026-05-01",
        subscription,
        cancelSubscription=policy,
        processingOptions=options,
    )
    made: dict[str, Any] = client.get("/v1/credit-memos", accountId=account)["creditmemos"][0]
    assert (made["status"], made["unappliedAmount"]) == ("Posted", 2320)
    return made


@pytest.mark.parametrize("spelling", ["credit-memos", "creditmemos"])
def test_a_credit_memo_is_refunded_and_gets_it_back(
    client: Client, memo: dict[str, Any], spelling: str, card: "Callable[..., str]"
) -> None:
    """Source: POST refund credit memo (PAY-007): electronic, 10, Processed."""
    method = card()
    wanted = {"type": "Electronic", "totalAmount": 10}
    given = client.post(f"/v1/{spelling}/{memo['id']}/refunds", wanted)
    assert (given["amount"], given["status"], given["creditMemoId"]) == (10, "Processed", memo["id"])
    assert (given["methodType"], given["paymentMethodId"]) == ("CreditCard", method)
    assert client.get(f"/v1/credit-memos/{memo['id']}")["refundAmount"] == 10
    cheque = client.post(f"/v1/{spelling}/{memo['id']}/refunds", {**CHECK, "totalAmount": 20})
    path = f"/v1/refunds/{cheque['id']}/parts"
    (part,) = client.get(path)["parts"]
    (item,) = client.get(f"{path}/{part['id']}/item-parts")["itemParts"]
    assert item["amount"] == 20
    assert client.get(f"{path}/{part['id']}/item-parts/{item['id']}") == {**item, "success": True}
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'x'"):
        client.get(f"{path}/{part['id']}/item-parts/x")
    client.put(f"/v1/refunds/{cheque['id']}/cancel", {})
    assert client.get(f"/v1/credit-memos/{memo['id']}")["refundAmount"] == 10


def test_an_electronic_refund_goes_back_to_a_method_of_the_account(
    client: Client, account: str, memo: dict[str, Any]
) -> None:
    path = f"/v1/credit-memos/{memo['id']}/refunds"
    wanted = {"type": "Electronic", "totalAmount": 10}
    with pytest.raises(RefusedError, match="'paymentMethodId' may not be null"):
        client.post(path, wanted)
    with pytest.raises(RefusedError, match="'methodType' may not be null"):
        client.post(path, {"type": "External", "totalAmount": 10})
    card = {"type": "CreditCard", "cardNumber": "4111111111111111"}
    theirs = client.post("/v1/payment-methods", {**card, "accountKey": "A00000001"})["id"]
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.post(path, {**wanted, "paymentMethodId": theirs})
    own = client.post("/v1/payment-methods", {**card, "accountKey": account})["id"]
    assert client.post(path, {**wanted, "paymentMethodId": own})["paymentMethodId"] == own


def test_cash_is_not_given_back_by_a_gateway(client: Client, pay: "Pay", card: "Callable[..., str]") -> None:
    card()
    with pytest.raises(RefusedError, match="is External: only External refunds can be made of it"):
        refund(client, pay(10)["id"], 1, type="Electronic")


def test_a_refund_that_the_gateway_declines_is_refused_and_kept(
    call: "Caller", account: str, card: "Callable[..., str]"
) -> None:
    card("4000000000005126")
    body = {"accountNumber": account, "amount": 10, "currency": "USD", "type": "Electronic"}
    payment = call("POST", "/v1/payments", body).body["id"]
    asked = {"type": "Electronic", "totalAmount": 10}
    answer = call("POST", f"/v1/payments/{payment}/refunds", asked, version="2025-08-12")
    assert (answer.status, answer.reason[0]) == (500, 53870099)
    (kept,) = call("GET", "/v1/refunds").body["refunds"]
    assert (kept["status"], kept["gatewayResponseCode"]) == ("Error", "refund_failed")
    assert call("GET", f"/v1/payments/{payment}").body["refundAmount"] == 0


@pytest.mark.parametrize(("outcome", "left"), [(None, 0), ("approved", 0), ("declined", 10)])
def test_a_refund_that_takes_a_while_holds_the_money(
    client: Client, pay: "Pay", card: "Callable[..., str]", outcome: str | None, left: int
) -> None:
    card("4000000000007726")
    payment = pay(10, type="Electronic")["id"]
    given = refund(client, payment, 10, type="Electronic")
    assert given["status"] == "Processing"
    assert client.get(f"/v1/payments/{payment}")["unappliedAmount"] == 0
    if outcome is None:
        client.advance("P2D")
    else:
        client.post(f"/__toolkit/gateway-answers/{given['number']}", {"outcome": outcome})
    assert client.get(f"/v1/payments/{payment}")["unappliedAmount"] == left
    status = client.get(f"/v1/refunds/{given['id']}")["status"]
    assert status == ("Error" if outcome == "declined" else "Processed")
