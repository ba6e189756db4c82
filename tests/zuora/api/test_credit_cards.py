"""Cards and payments as older clients ask: python-zuora, node-zuora, zuora-swagger-client 1.1."""

from typing import Any

import pytest

from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

CARDS = "/v1/payment-methods/credit-cards"
VISA: dict[str, Any] = {
    "creditCardType": "Visa",
    "creditCardNumber": "4111111111111111",
    "expirationMonth": "10",
    "expirationYear": "2030",
    "securityCode": "123",
}


@pytest.fixture
def card(client: Client, account: str) -> str:
    made = client.post(
        CARDS, {**VISA, "accountKey": account, "cardHolderInfo": {"cardHolderName": "Ada", "city": "Bath"}}
    )
    return str(made["paymentMethodId"])


def cards(client: Client, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{CARDS}/accounts/{account}")["creditCards"]
    return found


def test_a_card_is_kept_masked_and_listed_among_cards_alone(client: Client, account: str, card: str) -> None:
    client.post("/v1/payment-methods", {"type": "Check", "accountKey": account})
    assert cards(client, account) == [
        {
            "id": card,
            "cardType": "Visa",
            "cardNumber": "************1111",
            "expirationMonth": 10,
            "expirationYear": 2030,
            "defaultPaymentMethod": False,
            "cardHolderInfo": {"cardHolderName": "Ada", "city": "Bath"},
        }
    ]


def test_cards_are_listed_by_pages(client: Client, account: str, card: str) -> None:
    second = client.post(CARDS, {**VISA, "accountKey": account, "defaultPaymentMethod": True})
    page = client.get(f"{CARDS}/accounts/{account}", pageSize="1")
    assert [one["id"] for one in page["creditCards"]] == [card]
    assert "page=2" in page["nextPage"]
    assert [one["defaultPaymentMethod"] for one in cards(client, account)] == [False, True]
    assert client.get(f"/v1/payment-methods/{second['paymentMethodId']}")["isDefault"]


def test_a_card_gets_another_holder_and_lasts_longer(client: Client, account: str, card: str) -> None:
    changes = {"cardHolderName": "Eve", "country": "USA", "expirationYear": "2031", "Colour__c": "blue"}
    changed = client.put(f"{CARDS}/{card}", {**changes, "defaultPaymentMethod": True})
    assert changed == {"success": True, "paymentMethodId": card}
    (shown,) = cards(client, account)
    assert shown["cardHolderInfo"] == {"cardHolderName": "Eve", "city": "Bath", "country": "USA"}
    assert (shown["expirationMonth"], shown["expirationYear"], shown["Colour__c"]) == (10, 2031, "blue")
    assert shown["defaultPaymentMethod"] is True
    nothing = {"expirationMonth": None, "expirationYear": None, "defaultPaymentMethod": None, "city": None}
    assert client.put(f"{CARDS}/{card}", nothing)["success"]
    assert cards(client, account) == [shown]


def test_a_card_of_nobody_is_no_default(client: Client) -> None:
    card = client.post(CARDS, VISA)["paymentMethodId"]
    client.put(f"{CARDS}/{card}", {"defaultPaymentMethod": True, "expirationMonth": 11})
    assert client.get(f"/v1/payment-methods/{card}")["expirationMonth"] == 11


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"expirationYear": 2015}, 52000030, "Expiration date must be a future date."),
        ({"expirationMonth": 13}, 52000020, "between 01 and 12, not 13"),
        ({"creditCardNumber": None}, 52000022, "'creditCardNumber' may not be null"),
        ({"accountKey": "x"}, 52000040, "Cannot find entity by key: 'x'"),
    ],
)
def test_a_card_that_cannot_be_kept_is_refused(
    client: Client, account: str, changes: dict[str, Any], code: int, said: str
) -> None:
    """Source: node-zuora, which takes the code apart: the resource 200, the category, this message."""
    with pytest.raises(RefusedError, match=said) as refused:
        client.post(CARDS, {**VISA, "accountKey": account, **changes})
    assert refused.value.code == code


def test_a_changed_card_has_not_expired_and_is_a_card(client: Client, account: str, card: str) -> None:
    with pytest.raises(RefusedError, match="must be a future date"):
        client.put(f"{CARDS}/{card}", {"expirationYear": 2025})
    check = client.post("/v1/payment-methods", {"type": "Check", "accountKey": account})["id"]
    with pytest.raises(RefusedError, match="is no credit card"):
        client.put(f"{CARDS}/{check}", {"city": "Bath"})
    token = {"type": "CreditCard", "cardNumber": "4111111111111111", "accountKey": account}
    endless = client.post("/v1/payment-methods", token)["id"]
    assert client.put(f"{CARDS}/{endless}", {"city": "Bath"})["success"]


def test_payments_are_listed_with_the_invoices_that_they_paid(client: Client, tenant: Tenant) -> None:
    account = next(one for one in tenant.world.accounts.latest() if tenant.world.payments.of(one.id))
    listed = client.get(f"/v1/transactions/payments/accounts/{account.number}")["payments"]
    shown = client.get(f"/v1/payments/{listed[0]['id']}")
    assert listed[0] == {
        "id": shown["id"],
        "paymentNumber": shown["number"],
        "paymentMethodId": shown["paymentMethodId"],
        "accountId": account.id,
        "accountNumber": account.number,
        "accountName": account.name,
        "type": shown["type"],
        "effectiveDate": shown["effectiveDate"],
        "gatewayTransactionNumber": shown["referenceId"],
        "status": "Processed",
        "amount": shown["amount"],
        "paidInvoices": listed[0]["paidInvoices"],
    }
    (paid,) = listed[0]["paidInvoices"]
    invoice = client.get(f"/v1/invoices/{paid['invoiceId']}")
    assert (invoice["invoiceNumber"], invoice["paymentAmount"]) == (
        paid["invoiceNumber"],
        paid["appliedPaymentAmount"],
    )
