"""Wallets over the API: tokens that nobody can open, and sessions for a browser."""

import pytest

from toolkit.zuora.client import Client, RefusedError

HEADER = {"ephemeralPublicKey": "k", "publicKeyHash": "h", "transactionId": "t"}
TOKEN = {"data": "d", "header": HEADER, "signature": "s", "version": "EC_v1"}


def test_a_token_of_apple_pay_is_not_opened_without_the_merchants_key(client: Client) -> None:
    said = {"integrationType": "ApplePay", "merchantID": "merchant.example", "paymentToken": TOKEN}
    with pytest.raises(RefusedError, match="no certificate for 'merchantID'"):
        client.post("/v1/payment-methods/decryption", said)


def test_a_session_has_a_token_of_its_own(client: Client, account: str) -> None:
    (gateway,) = client.get("/v1/payment-gateways")["paymentgateways"]
    said = {"accountId": account, "authAmount": 1, "currency": "USD", "paymentGateway": gateway["id"]}
    first = client.post("/web-payments/sessions", said)["token"]
    assert client.post("/web-payments/sessions", said)["token"] != first


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"processPayment": True, "authAmount": 1}, "'amount' may not be null"),
        ({"amount": 1}, "'authAmount' may not be null"),
        ({"authAmount": -1}, "'authAmount' should be greater than 0, not -1"),
        ({"authAmount": 1, "accountId": "nobody"}, "nobody"),
        ({"amount": 1, "processPayment": True, "invoices": [{"invoiceNumber": "INV9"}]}, "INV9"),
    ],
)
def test_a_session_for_nothing_is_refused(client: Client, said: dict[str, object], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/web-payments/sessions", said)
