"""python-zuora of 2016, for Python 2: behind /rest/v1 it signs in and asks again when it is refused."""

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import pytest

DAY = "2026-01-01"
CARD = {"creditCardType": "Visa", "creditCardNumber": "4111111111111111", "securityCode": "123"}
EXPIRY = {"expirationMonth": "10", "expirationYear": "2030"}
TERMS = {"termType": "TERMED", "initialTerm": 12, "renewalTerm": 12, "contractEffectiveDate": DAY}


@pytest.fixture
def client(simulator: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client; its modules name one another without the package."""
    found = importlib.util.find_spec("zuora")
    if found is None or found.origin is None:
        pytest.skip("python-zuora is not installed here")
    place = Path(found.origin).parent
    for folder in (place, place / "rest_wrapper"):
        monkeypatch.syspath_prepend(folder)
    base = f"{simulator}/rest/v1/"
    settings = {"username": "key", "password": "secret", "base_url": base, "baseUrl": base}
    return importlib.import_module("rest_client").RestClient(settings)


@pytest.fixture
def account(client: Any) -> str:
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "United States", "state": "GA"}
    wanted = {"name": "Rook Rest", "currency": "USD", "billCycleDay": 0, "autoPay": False}
    made = client.account.create_account(**wanted, billToContact=contact)
    assert made["success"]
    return str(made["accountNumber"])


def plan(client: Any) -> str:
    """A plan with a single charge a seat."""
    listed = client.catalog.get_catalog(pageSize=5)["products"]
    plans = (plan for product in listed for plan in product["productRatePlans"])
    return str(next(one["id"] for one in plans if _is_by_the_seat(one)))


def _is_by_the_seat(plan: Any) -> bool:
    return [charge["model"] for charge in plan["productRatePlanCharges"]] == ["PerUnit"]


def test_an_account_and_its_contact_change_together(client: Any, account: str) -> None:
    assert client.account.login() == {"success": True}
    moved = {"address1": "New Addr 1", "state": "GA", "country": "United States"}
    assert client.account.update_account(account, billToContact=moved, notes="moved")["success"]
    shown = client.account.get_account(account)
    assert (shown["billToContact"]["address1"], shown["basicInfo"]["notes"]) == ("New Addr 1", "moved")
    assert client.account.get_account_summary(account)["billToContact"]["firstName"] == "Ada"


def test_what_is_not_there_is_asked_for_twice_and_refused(client: Any) -> None:
    answer = client.account.get_account("nobody")
    assert (answer["success"], answer["reasons"][0]["code"]) == (False, 50000040)


def test_a_card_is_kept_listed_changed_and_deleted(client: Any, account: str) -> None:
    cards = client.payment_method
    key = cards.create_payment_method(accountKey=account, **CARD, **EXPIRY)["paymentMethodId"]
    changed = cards.update_payment_method(key, cardHolderName="Eve", expirationYear="2031")
    assert changed["paymentMethodId"] == key
    (shown,) = cards.get_payment_methods(account)["creditCards"]
    assert (shown["cardNumber"], shown["expirationYear"]) == ("************1111", 2031)
    assert shown["cardHolderInfo"]["cardHolderName"] == "Eve"
    assert cards.delete_payment_method(key)["success"]
    late = cards.create_payment_method(accountKey=account, **CARD, **{**EXPIRY, "expirationYear": "2015"})
    assert late["reasons"][0]["message"] == "Expiration date must be a future date."


def test_a_subscription_is_bought_changed_paid_and_ended(client: Any, account: str) -> None:
    key = client.payment_method.create_payment_method(
        accountKey=account, defaultPaymentMethod=True, **CARD, **EXPIRY
    )
    assert key["success"]
    subscriptions, transactions = client.subscription, client.transaction
    wanted = {"accountKey": account, **TERMS, "subscribeToRatePlans": [{"productRatePlanId": plan(client)}]}
    assert subscriptions.preview_subscription(wanted)["success"]
    number = subscriptions.create_subscription(wanted)["subscriptionNumber"]
    assert subscriptions.update_subscription(number, {"notes": "by REST"})["success"]
    assert subscriptions.get_subscriptions_by_key(number)["notes"] == "by REST"
    assert subscriptions.renew_subscription(number, {"orderDate": DAY})["success"]
    assert transactions.invoice_and_collect({"accountKey": account})["success"]
    assert subscriptions.cancel_subscription(number, {"orderDate": DAY})["success"]
    (listed,) = subscriptions.get_subscriptions_by_account(account)["subscriptions"]
    assert listed["subscriptionNumber"] == number
    assert len(transactions.get_invoices(account)["invoices"]) == 1
    assert transactions.get_payments(account)["success"]
    assert client.usage.get_usage(account)["usage"] == []
