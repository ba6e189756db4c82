"""Accounts that are opened with a way to pay and a subscription, as older and newer clients write them."""

from typing import Any

import pytest

from tests.zuora.conftest import ADA, Caller, triggers
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

BODY = {"name": "Opened", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
HOLDER = {"cardHolderName": "Ada", "addressLine1": "1 Lee Way", "city": "Cork"}
CARD: dict[str, Any] = {
    "cardType": "Visa",
    "cardNumber": "4242424242424242",
    "expirationMonth": "10",
    "expirationYear": "2030",
    "securityCode": "123",
    "cardHolderInfo": HOLDER,
}


@pytest.fixture
def wanted(tenant: Tenant) -> dict[str, Any]:
    """A year of ten seats."""
    plan = next(one for one in tenant.world.plans.latest() if one.name == "Premium - 1 Year")
    seats = {"productRatePlanChargeId": plan.charges[0].id, "quantity": 10, "price": 12}
    return {
        "termType": "TERMED",
        "initialTerm": 12,
        "renewalTerm": 12,
        "autoRenew": True,
        "contractEffectiveDate": "2026-01-01",
        "notes": "first",
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [seats]}],
    }


def test_a_card_becomes_the_default_payment_method(client: Client) -> None:
    """Source: node-zuora and the official SDK, creditCard."""
    made = client.post("/v1/accounts", {**BODY, "creditCard": CARD, "autoPay": True})
    card = client.get(f"/v1/accounts/{made['accountId']}/payment-methods/default")
    assert (card["id"], card["cardNumber"], card["creditCardType"]) == (
        made["paymentMethodId"],
        "************4242",
        "Visa",
    )
    assert card["accountHolderInfo"]["city"] == "Cork"
    assert (card["expirationMonth"], card["expirationYear"]) == (10, 2030)


def test_any_other_method_does_as_well(client: Client) -> None:
    """Source: the official SDK, paymentMethod."""
    token = {"type": "CreditCardReferenceTransaction", "tokenId": "pm_card_visa", "secondTokenId": "cus_1"}
    made = client.post("/v1/accounts", {**BODY, "paymentMethod": token})
    shown = client.get(f"/v1/payment-methods/{made['paymentMethodId']}")
    assert (shown["tokenId"], shown["isDefault"]) == ("pm_card_visa", True)


def test_a_subscription_begins_with_its_account(client: Client, wanted: dict[str, Any]) -> None:
    """Source: python-zuora, node-zuora, the official SDK: subscription."""
    made = client.post("/v1/accounts", {**BODY, "subscription": wanted})
    assert (made["contractedMrr"], made["totalContractedValue"]) == ("10.0", "120.0")
    assert "invoiceId" not in made
    shown = client.get(f"/v1/subscriptions/{made['subscriptionNumber']}")
    assert (shown["id"], shown["accountNumber"], shown["notes"], shown["autoRenew"]) == (
        made["subscriptionId"],
        made["accountNumber"],
        "first",
        True,
    )


@pytest.mark.parametrize(
    ("version", "billed"),
    [("186.0", {"invoiceCollect": True}), ("2025-08-12", {"runBilling": True, "collect": True})],
)
def test_it_is_billed_and_paid_at_once_if_asked_for(
    call: Caller, client: Client, wanted: dict[str, Any], version: str, billed: dict[str, bool]
) -> None:
    body = {**BODY, "creditCard": CARD, "subscription": wanted, **billed, "targetDate": "2026-01-01"}
    made = call("POST", "/v1/accounts", body, version=version).body
    assert made["paidAmount"] == "120.0"
    invoice = client.get(f"/v1/invoices/{made['invoiceId']}")
    assert (invoice["amount"], invoice["balance"], invoice["accountId"]) == (120, 0, made["accountId"])
    assert client.get(f"/v1/payments/{made['paymentId']}")["paymentMethodId"] == made["paymentMethodId"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subscription": {"termType": "TERMED"}}, "may not be null"),
        ({"creditCard": {**CARD, "cardNumber": None}}, "'creditCard.cardNumber' may not be null"),
    ],
)
def test_what_cannot_be_done_opens_nothing(
    client: Client, tenant: Tenant, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        client.post("/v1/accounts", {**BODY, **changes})
    assert not [one for one in tenant.world.accounts.latest() if one.name == "Opened"]


def test_a_credit_balance_of_nothing_may_be_applied(client: Client) -> None:
    """Source: recorded, contactually/zuora-ruby, subscriptions created with applyCreditBalance."""
    assert client.post("/v1/accounts", {**BODY, "applyCreditBalance": True})["success"]


def test_a_version_knows_its_own_fields_for_billing(call: Caller, wanted: dict[str, Any]) -> None:
    body = {**BODY, "subscription": wanted, "runBilling": True}
    answer = call("POST", "/v1/accounts", body, version="186.0")
    assert answer.reason == (51000021, "Invalid parameter(s): 'runBilling'.")
    assert not [one for one in call.tenant.world.accounts.latest() if one.name == "Opened"]


@pytest.fixture
def order(wanted: dict[str, Any]) -> dict[str, Any]:
    """An order of a subscription for an account that it opens."""
    (plan,) = wanted["subscribeToRatePlans"]
    creation = {
        "terms": {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}},
        "subscribeToRatePlans": [{"productRatePlanId": plan["productRatePlanId"]}],
    }
    action = {
        "type": "CreateSubscription",
        "createSubscription": creation,
        "triggerDates": triggers("2026-01-01"),
    }
    return {
        "orderDate": "2026-01-01",
        "newAccount": {
            **BODY,
            "billToContact": {**ADA, "postalCode": "94105"},
            "creditCard": CARD,
            "notes": "by order",
        },
        "subscriptions": [{"orderActions": [action]}],
    }


@pytest.mark.parametrize("status", ["Completed", "Draft"])
def test_an_order_opens_its_account(client: Client, order: dict[str, Any], status: str) -> None:
    """Source: the official SDK, newAccount; Zuora's coding agent, from subscribe() to orders."""
    made = client.post("/v1/orders", {**order, "status": status})
    shown = client.get(f"/v1/accounts/{made['accountNumber']}")
    assert (shown["basicInfo"]["name"], shown["basicInfo"]["notes"]) == ("Opened", "by order")
    assert shown["billToContact"]["zipCode"] == "94105"
    assert client.get(f"/v1/accounts/{made['accountNumber']}/payment-methods/default")["success"]
    placed = client.get(f"/v1/orders/{made['orderNumber']}")["order"]
    assert (placed["existingAccountNumber"], placed["status"]) == (made["accountNumber"], status)
    if status == "Draft":
        client.put(f"/v1/orders/{made['orderNumber']}/activate")
    (listed,) = client.get(f"/v1/subscriptions/accounts/{made['accountNumber']}")["subscriptions"]
    assert listed["status"] == "Active"


def test_an_order_that_is_placed_later_opens_its_account_then(client: Client, order: dict[str, Any]) -> None:
    job = client.post("/v1/async/orders", order)["jobId"]
    result = client.get(f"/v1/async-jobs/{job}")["result"]
    assert client.get(f"/v1/accounts/{result['accountNumber']}")["basicInfo"]["name"] == "Opened"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"existingAccountNumber": "A00000001"}, "not both"),
        ({"newAccount": None}, "'existingAccountNumber' may not be null"),
        ({"subscriptions": [{"orderActions": [{"type": "RemoveProduct"}]}]}, "may not be null"),
    ],
)
def test_an_order_without_one_account_opens_none(
    client: Client, tenant: Tenant, order: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        client.post("/v1/orders", {**order, **changes})
    assert not [one for one in tenant.world.accounts.latest() if one.name == "Opened"]
