"""What an account holds settles the invoices of an order or of a call on a subscription that asks for it."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Invoices
    from tests.zuora.conftest import Order

BILLED = {"runBilling": True, "applyCredit": True}


@pytest.fixture
def paid(client: Client, account: str) -> str:
    """The id of an unapplied payment of 100."""
    body = {"accountNumber": account, "amount": 100, "currency": "USD", "type": "External"}
    return str(client.post("/v1/payments", body)["id"])


@pytest.fixture
def memo(client: Client, account: str, creation: dict[str, Any]) -> str:
    """The id of a posted credit memo of 30."""
    seats = creation["subscribeToRatePlans"][0]["chargeOverrides"][0]
    charge = {"amount": 30, "productRatePlanChargeId": seats["productRatePlanChargeId"]}
    body = {"accountNumber": account, "charges": [charge], "autoPost": True}
    return str(client.post("/v1/creditmemos", body)["id"])


def left(client: Client, payment: str, memo: str) -> tuple[Any, Any]:
    """Return what is left of a payment and of a credit memo."""
    return (
        client.get(f"/v1/payments/{payment}")["unappliedAmount"],
        client.get(f"/v1/creditmemos/{memo}")["unappliedAmount"],
    )


def test_credit_memos_come_first(
    client: Client,
    account: str,
    order: "Order",
    creation: dict[str, Any],
    invoices: "Invoices",
    paid: str,
    memo: str,
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=BILLED)
    (invoice,) = invoices(client, account)
    assert invoice["amount"] - invoice["balance"] == 130
    assert left(client, paid, memo) == (0, 0)


def test_only_what_is_named_is_used(
    client: Client,
    account: str,
    order: "Order",
    creation: dict[str, Any],
    invoices: "Invoices",
    paid: str,
    memo: str,
) -> None:
    options = {**BILLED, "applicationOrder": ["UnappliedPayment"]}
    order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    (invoice,) = invoices(client, account)
    assert invoice["amount"] - invoice["balance"] == 100
    assert left(client, paid, memo) == (0, 30)


def test_a_draft_is_left_alone(
    order: "Order", creation: dict[str, Any], client: Client, paid: str, memo: str
) -> None:
    options = {**BILLED, "billingOptions": {"generateDraftInvoice": True}}
    order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    assert left(client, paid, memo) == (100, 30)


def test_what_an_order_credits_does_not_pay_for_it(
    client: Client, account: str, order: "Order", subscription: str, creation: dict[str, Any], paid: str
) -> None:
    """One subscription is cancelled and another one created by the same order."""
    order("TermsAndConditions", "2026-01-01", subscription, termsAndConditions={}, processingOptions=BILLED)
    assert client.get(f"/v1/payments/{paid}")["unappliedAmount"] == 0
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-02-01"}
    begin = {"type": "CreateSubscription", "createSubscription": {**creation, "invoiceSeparately": True}}
    cancel = {"type": "CancelSubscription", "cancelSubscription": end}
    options = {**BILLED, "billingOptions": {"targetDate": "2026-02-01"}}
    body = {
        "orderDate": "2026-02-01",
        "existingAccountNumber": account,
        "subscriptions": [
            {"subscriptionNumber": subscription, "orderActions": [cancel]},
            {"orderActions": [begin]},
        ],
        "processingOptions": options,
    }
    made = client.post("/v1/orders", body)
    (number,) = made["creditMemoNumbers"]
    shown = client.get(f"/v1/creditmemos/{number}")
    assert shown["unappliedAmount"] == shown["amount"] > 0
    invoice = client.get(f"/v1/invoices/{made['invoiceNumbers'][0]}")
    assert invoice["balance"] == invoice["amount"]


def test_a_call_that_creates_a_subscription_uses_them_too(
    client: Client, account: str, creation: dict[str, Any], invoices: "Invoices", paid: str, memo: str
) -> None:
    plan = creation["subscribeToRatePlans"][0]
    seats = {
        "productRatePlanChargeId": plan["chargeOverrides"][0]["productRatePlanChargeId"],
        "quantity": 10,
    }
    wanted = {"productRatePlanId": plan["productRatePlanId"], "chargeOverrides": [seats]}
    terms = {"termType": "TERMED", "initialTerm": 12, "renewalTerm": 12}
    body = {"accountKey": account, "contractEffectiveDate": "2026-01-01", **terms, **BILLED}
    client.post("/v1/subscriptions", {**body, "subscribeToRatePlans": [wanted]})
    (invoice,) = invoices(client, account)
    assert invoice["amount"] - invoice["balance"] == 130
    assert left(client, paid, memo) == (0, 0)


def test_a_new_subscription_is_paid_with_the_method_that_is_named(
    client: Client, account: str, creation: dict[str, Any], card: "Callable[..., str]"
) -> None:
    named = card(makeDefault=False)
    plan = creation["subscribeToRatePlans"][0]
    key = plan["chargeOverrides"][0]["productRatePlanChargeId"]
    seats = {"productRatePlanChargeId": key, "quantity": 10}
    wanted = {"productRatePlanId": plan["productRatePlanId"], "chargeOverrides": [seats]}
    terms = {"termType": "TERMED", "initialTerm": 12, "renewalTerm": 12, "paymentMethodId": named}
    body = {"accountKey": account, "contractEffectiveDate": "2026-01-01", "runBilling": True, **terms}
    made = client.post("/v1/subscriptions", {**body, "collect": True, "subscribeToRatePlans": [wanted]})
    assert client.get(f"/v1/payments/{made['paymentId']}")["paymentMethodId"] == named
