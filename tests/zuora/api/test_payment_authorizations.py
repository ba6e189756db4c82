"""Authorizations over the API: money that is held and let go, and the logs of what gateways were asked."""

from typing import Any

import pytest

from toolkit.zuora.client import Client, RefusedError

CARD = {"type": "CreditCard", "cardType": "Visa", "expirationMonth": 12, "expirationYear": 2031}
LOG = "payment-method-transaction-log"


def card(client: Client, account: str, number: str = "4242424242424242") -> str:
    """Return the path of a card of the account."""
    made = client.post("/v1/payment-methods", {**CARD, "cardNumber": number, "accountKey": account})
    return f"/v1/payment-methods/{made['id']}"


def logs(client: Client, path: str) -> list[dict[str, Any]]:
    query = f"select Id from PaymentMethodTransactionLog where PaymentMethodId = '{path[-32:]}'"  # noqa: S608 - ZOQL, of our own ids
    found = client.post("/v1/action/query", {"queryString": query})["records"]
    return [client.get(f"/v1/object/{LOG}/{one['Id']}") for one in found]


def test_money_is_held_and_let_go_once(client: Client, account: str) -> None:
    path = card(client, account)
    wanted = {"accountNumber": account, "amount": 30, "gatewayOrderId": "O-1"}
    held = client.post(f"{path}/authorize", wanted)
    assert (held["resultCode"], held["gatewayOrderId"], held["currency"]) == ("0", "O-1", "USD")
    assert held["paymentGatewayResponse"]["gatewayResponseCode"] == "Approved"
    void = {"accountNumber": account, "transactionId": held["transactionId"], "gatewayOrderId": ""}
    ended = client.post(f"{path}/voidAuthorize", void)
    assert (ended["transactionId"], ended["gatewayOrderId"]) == (held["transactionId"], "O-1")
    with pytest.raises(RefusedError, match="voided already"):
        client.post(f"{path}/voidAuthorize", void)
    assert {one["GatewayTransactionType"] for one in logs(client, path)} == {"Authorization", "VoidAuth"}
    assert {one["TransactionId"] for one in logs(client, path)} == {held["transactionId"]}
    assert {one["Gateway"] for one in logs(client, path)} == {"Test Gateway"}


def test_what_is_declined_is_logged_and_cannot_be_voided(client: Client, account: str) -> None:
    path = card(client, account, "4000000000000002")
    with pytest.raises(RefusedError, match="card_declined"):
        client.post(f"{path}/authorize", {"accountNumber": account, "amount": 30, "gatewayOrderId": ""})
    (log,) = logs(client, path)
    assert (log["GatewayReasonCode"], log["PaymentMethodType"]) == ("card_declined", "CreditCard")
    void = {"transactionId": log["TransactionId"], "gatewayOrderId": ""}
    with pytest.raises(RefusedError, match=log["TransactionId"]):
        client.post(f"{path}/voidAuthorize", void)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": 0}, "'amount' should be greater than 0, not 0"),
        ({"accountNumber": None}, "'accountId' may not be null"),
        ({"paymentGatewayId": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: Client, account: str, change: dict[str, object], message: str
) -> None:
    wanted = {"accountNumber": account, "amount": 30, "gatewayOrderId": "O-1", **change}
    with pytest.raises(RefusedError, match=message):
        client.post(f"{card(client, account)}/authorize", wanted)


def test_a_payment_leaves_a_log_and_a_snapshot_of_its_method(client: Client, account: str) -> None:
    path = card(client, account)
    said = {"amount": 5, "currency": "USD", "accountNumber": account, "paymentMethodId": path[-32:]}
    paid = client.post("/v1/payments", {"type": "Electronic", **said})
    client.post("/v1/payments", {"type": "External", **said})
    query = f"select Id from PaymentTransactionLog where PaymentId = '{paid['id']}'"  # noqa: S608 - ZOQL, of our own ids
    (found,) = client.post("/v1/action/query", {"queryString": query})["records"]
    log = client.get(f"/v1/object/payment-transaction-log/{found['Id']}")
    assert (log["PaymentId"], log["GatewayTransactionType"]) == (paid["id"], "Sale")
    assert (log["Gateway"], log["GatewayReasonCode"]) == ("Test Gateway", "Approved")
    (found,) = client.post("/v1/action/query", {"queryString": "select Id from PaymentMethodSnapshot"})[
        "records"
    ]
    kept = client.get(f"/v1/object/payment-method-snapshot/{found['Id']}")
    assert (kept["PaymentMethodId"], kept["CreditCardMaskNumber"]) == (path[-32:], "************4242")
    assert "Active" not in kept
    client.put(f"{path}/scrub", {})
    assert "CreditCardMaskNumber" not in client.get(f"/v1/object/payment-method-snapshot/{found['Id']}")


@pytest.mark.parametrize("query", ["PaymentId = 'nothing'", "PaymentId = '{}'"])
def test_a_payment_that_no_gateway_was_asked_for_has_no_log(client: Client, account: str, query: str) -> None:
    said = {"type": "External", "amount": 5, "currency": "USD", "accountNumber": account}
    paid = client.post("/v1/payments", said)["id"]
    asked = f"select Id from PaymentTransactionLog where {query.format(paid)}"  # noqa: S608 - ZOQL, of our own ids
    assert client.post("/v1/action/query", {"queryString": asked})["size"] == 0


def test_a_log_outlives_an_account_and_its_methods(client: Client, account: str) -> None:
    path = card(client, account)
    client.post(f"{path}/authorize", {"accountNumber": account, "amount": 30, "gatewayOrderId": "O-1"})
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    client.delete(f"/v1/object/account/{key}")
    (log,) = logs(client, path)
    assert "PaymentMethodType" not in log
