"""Payment methods over the API: of every type, changed, verified, scrubbed and deleted."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Pay
    from toolkit.zuora.tenant import Tenant

HOLDER = {"accountHolderName": "Ada Tanaka", "city": "Kyoto"}
BANK = {"bankABACode": "110000000", "bankAccountName": "Ada Tanaka", "bankName": "Bank of Kyoto"}
ACH = {"type": "ACH", **BANK, "bankAccountNumber": "000123456789", "bankAccountType": "Checking"}
TOKEN = {"type": "CreditCardReferenceTransaction", "tokenId": "pm_card_visa", "secondTokenId": "cus_1"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (ACH, {"bankAccountNumber": "********6789", "bankName": "Bank of Kyoto", "cardNumber": None}),
        (
            {"type": "SEPA", "IBAN": "DE89 3704 0044 0532 0130 00", "accountHolderInfo": HOLDER},
            {"IBAN": "******************3000", "accountHolderInfo": HOLDER},
        ),
        (TOKEN, {"tokenId": "pm_card_visa", "secondTokenId": "cus_1", "cardNumber": None}),
        (
            {"type": "CreditCardReferenceTransaction", "tokens": {"tokenId": "t", "secondTokenId": "s"}},
            {"tokenId": "t", "secondTokenId": "s"},
        ),
        (
            {**TOKEN, "creditCardMaskNumber": "************4242"},
            {"cardNumber": "************4242"},
        ),
        (
            {"type": "Bacs", "accountNumber": "00012345", "bankCode": "108800", "accountHolderInfo": HOLDER},
            {"accountNumber": "****2345", "bankCode": "108800"},
        ),
        ({"type": "PayPalEC", "BAID": "B-1", "email": "ada@example.com"}, {"BAID": "B-1"}),
    ],
)
def test_a_method_of_any_type_is_kept_without_its_number(
    client: Client, account: str, body: dict[str, Any], shown: dict[str, Any]
) -> None:
    key = client.post("/v1/payment-methods", {**body, "accountKey": account})["id"]
    kept = client.get(f"/v1/payment-methods/{key}")
    assert {name: kept[name] for name in shown} == shown
    assert kept["type"] == body["type"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({**ACH, "bankABACode": None}, "'bankABACode' may not be null"),
        ({"type": "CreditCardReferenceTransaction"}, "'tokenId' may not be null"),
        ({"type": "SEPA", "IBAN": "DE89"}, "'accountHolderInfo' may not be null"),
        ({**ACH, "bankAccountNumber": "12-34"}, "'bankAccountNumber' should be an account number"),
        ({**TOKEN, "paymentMethodNumber": "PM-00000001"}, "PM-00000001 is used already"),
        ({**TOKEN, "tokens": {"thirdTokenId": "x"}}, "'thirdTokenId' is not simulated yet"),
        (
            {**TOKEN, "useDefaultRetryRule": False, "maxConsecutivePaymentFailures": 101},
            "failures is 1 to 100, not 101",
        ),
    ],
)
def test_a_method_that_cannot_be_is_refused(client: Client, body: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/payment-methods", body)


def test_a_number_that_a_client_chose_is_not_given_out_again(client: Client, tenant: "Tenant") -> None:
    taken = f"PM-{len(tenant.world.payment_methods.ids) + 1:08}"
    first = client.post("/v1/payment-methods", {**TOKEN, "paymentMethodNumber": taken})["id"]
    second = client.post("/v1/payment-methods", TOKEN)["id"]
    numbers = [tenant.world.payment_methods.find(key).number for key in (first, second)]
    assert numbers[0] == taken != numbers[1]


def test_expiry_holder_and_retry_rule_change_one_by_one(client: Client, card: "Callable[..., str]") -> None:
    path = f"/v1/payment-methods/{card()}"
    client.put(path, {"expirationMonth": 1})
    client.put(path, {"expirationYear": 2031})
    client.put(path, {"accountHolderInfo": HOLDER})
    client.put(path, {"accountHolderInfo": {"city": "Nara"}})
    shown = client.get(path)
    assert (shown["expirationMonth"], shown["expirationYear"]) == (1, 2031)
    assert shown["accountHolderInfo"] == {"accountHolderName": "Ada Tanaka", "city": "Nara"}
    client.put(path, {"useDefaultRetryRule": False, "maxConsecutivePaymentFailures": 3})
    client.put(path, {"paymentRetryWindow": 8})
    shown = client.get(path)
    assert (shown["maxConsecutivePaymentFailures"], shown["paymentRetryWindow"]) == (3, 8)
    client.put(path, {"useDefaultRetryRule": True})
    assert client.get(path)["maxConsecutivePaymentFailures"] is None


def test_a_method_of_its_own_rule_counts_its_failures(client: Client, account: str, pay: "Pay") -> None:
    rule = {"useDefaultRetryRule": False, "maxConsecutivePaymentFailures": 1, "paymentRetryWindow": 2}
    bad = {"type": "CreditCard", "cardNumber": "4000000000000002", "accountKey": account, **rule}
    path = f"/v1/payment-methods/{client.post('/v1/payment-methods', {**bad, 'makeDefault': True})['id']}"
    assert client.get(path)["lastTransaction"] is None
    with pytest.raises(RefusedError, match="card_declined"):
        pay(1, type="Electronic")
    shown = client.get(path)
    assert (shown["useDefaultRetryRule"], shown["paymentRetryWindow"]) == (False, 2)
    assert (shown["numConsecutiveFailures"], shown["totalNumberOfErrorPayments"]) == (1, 1)
    assert shown["lastFailedSaleTransactionDate"] == "2026-01-01 00:00:00"


def test_a_successful_payment_is_noted(client: Client, pay: "Pay", card: "Callable[..., str]") -> None:
    path = f"/v1/payment-methods/{card()}"
    pay(1, type="Electronic")
    shown = client.get(path)
    assert (shown["lastTransaction"], shown["totalNumberOfProcessedPayments"]) == ("Approved", 1)


def test_a_method_of_nobody_is_taken_by_an_account_once(client: Client, account: str) -> None:
    path = f"/v1/payment-methods/{client.post('/v1/payment-methods', TOKEN)['id']}"
    with pytest.raises(RefusedError, match="belongs to no account"):
        client.put(f"{path}/verify", {})
    client.put(path, {"accountKey": account})
    listed = client.get(f"/v1/accounts/{account}/payment-methods")["creditcardreferencetransaction"]
    assert [one["tokenId"] for one in listed] == ["pm_card_visa"]
    with pytest.raises(RefusedError, match="belongs to an account already"):
        client.put(path, {"accountKey": account})


def test_the_default_method_is_shown_where_there_is_one(
    client: Client, account: str, card: "Callable[..., str]"
) -> None:
    """Source: a live tenant: no default method is 50000040."""
    path = f"/v1/accounts/{account}/payment-methods/default"
    with pytest.raises(RefusedError, match="code 50000040"):
        client.get(path)
    key = card()
    assert (client.get(path)["id"], client.get(path)["isDefault"]) == (key, True)


def test_a_default_method_is_not_deleted_and_another_one_is(
    client: Client, account: str, pay: "Pay", card: "Callable[..., str]"
) -> None:
    """Source: Zuora, delete a payment method."""
    first, second = card(), card(makeDefault=False)
    with pytest.raises(RefusedError, match="is the default of"):
        client.delete(f"/v1/payment-methods/{first}")
    assert client.delete(f"/v1/payment-methods/{second}") == {"success": True}
    assert client.get(f"/v1/payment-methods/{second}")["status"] == "Closed"
    with pytest.raises(RefusedError, match="is Closed"):
        pay(1, type="Electronic", paymentMethodId=second)
    assert len(client.get(f"/v1/accounts/{account}/payment-methods")["creditcard"]) == 1
    orphan = client.post("/v1/payment-methods", TOKEN)["id"]
    assert client.delete(f"/v1/payment-methods/{orphan}") == {"success": True}


def test_a_scrubbed_method_says_nothing_and_is_no_default_any_more(
    client: Client, account: str, card: "Callable[..., str]"
) -> None:
    """Source: a live tenant: auto-pay goes too, and a second time is 50000020."""
    key = card()
    client.put(f"/v1/accounts/{account}", {"autoPay": True})
    client.put(f"/v1/payment-methods/{key}/scrub", {})
    shown = client.get(f"/v1/payment-methods/{key}")
    assert (shown["status"], shown["cardNumber"], shown["expirationYear"]) == ("Scrubbed", None, None)
    billing = client.get(f"/v1/accounts/{account}")["billingAndPayment"]
    assert (billing["defaultPaymentMethodId"], billing["autoPay"]) == (None, False)
    with pytest.raises(RefusedError, match="code 50000020"):
        client.put(f"/v1/payment-methods/{key}/scrub", {})
    other = card(makeDefault=False)
    client.put(f"/v1/payment-methods/{other}/scrub", {})
    orphan = client.post("/v1/payment-methods", TOKEN)["id"]
    client.put(f"/v1/payment-methods/{orphan}/scrub", {})


def test_a_gateway_verifies_a_method(client: Client, card: "Callable[..., str]") -> None:
    good, bad = card(), card("4000000000000002")
    assert client.put(f"/v1/payment-methods/{good}/verify", {})["paymentMethodId"] == good
    with pytest.raises(RefusedError, match="card_declined"):
        client.put(f"/v1/payment-methods/{bad}/verify", {"paymentGatewayName": "Test Gateway"})
    client.post("/__toolkit/payment-gateways", {"name": "Amounts", "kind": "Braintree"})
    client.put(f"/v1/payment-methods/{bad}/verify", {"paymentGatewayName": "Amounts"})
    client.put(f"/v1/payment-methods/{bad}/verify", {"paymentGatewayNumber": "PG-00000001"})
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'Nobody'"):
        client.put(f"/v1/payment-methods/{bad}/verify", {"paymentGatewayName": "Nobody"})
