"""Billing an account over the API, for tests of what comes of it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.zuora.conftest import Caller, Order, subscribed
from toolkit import worlds
from toolkit.billing.catalog import ChargeTerms
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant

Find = Callable[[Client, str], str]
Run = Callable[..., dict[str, Any]]
Invoices = Callable[[Client, str], list[dict[str, Any]]]


@pytest.fixture
def account_id() -> Find:
    """Return the id of the account with this number."""

    def find(client: Client, number: str) -> str:
        return str(client.get(f"/v1/accounts/{number}")["basicInfo"]["id"])

    return find


@pytest.fixture
def run_for(account_id: Find) -> Run:
    """Bill one account."""

    def run(client: Client, account: str, target: str, **more: object) -> dict[str, Any]:
        filters = [{"filterType": "Account", "accountId": account_id(client, account)}]
        return client.post("/v1/bill-runs", {"targetDate": target, "billRunFilters": filters, **more})

    return run


@pytest.fixture
def invoices() -> Invoices:
    """List the invoices of an account, latest first."""

    def find(client: Client, account: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
        return found

    return find


Meter = Callable[..., str]


@pytest.fixture
def meter(tenant: Tenant, account: str, order: Order) -> Meter:
    """Subscribe the account to a usage charge from January, for a year; return the subscription's number."""

    def subscribe(
        pricing: dict[str, Any], override: dict[str, Any] | None = None, *, of: str = account, **terms: object
    ) -> str:
        wanted = {"name": "Minutes", "type": "Usage", "uom": "Minute", "billing_period": "Month", **terms}
        plan, tenant.world = worlds.make(
            tenant.world,
            "product_rate_plan",
            charge__terms=msgspec.convert(wanted, ChargeTerms),
            charge__pricing={"USD": {"currency": "USD", **pricing}},
        )
        charge = {"productRatePlanChargeId": plan.charges[0].id, "pricing": override}
        creation = {
            "terms": {"initialTerm": {"period": 12, "periodType": "Month"}},
            "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [charge]}],
            "invoiceOwnerAccountNumber": of,
        }
        done = order("CreateSubscription", "2026-01-01", createSubscription=creation)
        return subscribed(done)

    return subscribe


Record = Callable[..., str]


@pytest.fixture
def used(call: Caller, account: str) -> Record:
    """Record usage of the account in minutes, and return its id."""

    def record(quantity: int, day: str, **more: object) -> str:
        body = {"AccountNumber": account, "UOM": "Minute", "Quantity": quantity, "StartDateTime": day}
        answer = call("POST", "/v1/object/usage", {**body, **more})
        assert answer.body["Success"]
        return str(answer.body["Id"])

    return record


Place = Callable[..., dict[str, Any]]


@pytest.fixture
def body(account: str, creation: dict[str, Any]) -> dict[str, Any]:
    """An order that creates a subscription from 1 January 2026, its contract date."""
    action = {
        "type": "CreateSubscription",
        "triggerDates": [{"name": "ContractEffective", "triggerDate": "2026-01-01"}],
        "createSubscription": creation,
    }
    return {
        "orderDate": "2026-01-01",
        "existingAccountNumber": account,
        "subscriptions": [{"orderActions": [action]}],
    }


@pytest.fixture
def place(client: Client, body: dict[str, Any]) -> Place:
    """Places that order with more fields."""

    def place(**more: object) -> dict[str, Any]:
        return client.post("/v1/orders", {**body, **more})

    return place


@pytest.fixture
def renewal() -> Callable[[str, str], dict[str, Any]]:
    """Return an order that renews a subscription of an account."""

    def renewal(subscription: str, account: str) -> dict[str, Any]:
        dates = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
        action = {"type": "RenewSubscription", "triggerDates": dates, "renewSubscription": {}}
        return {
            "orderDate": "2026-01-01",
            "existingAccountNumber": account,
            "subscriptions": [{"subscriptionNumber": subscription, "orderActions": [action]}],
        }

    return renewal


@pytest.fixture
def require(tenant: Tenant) -> Callable[..., None]:
    """Sets rules of the tenant."""

    def require(**rules: bool) -> None:
        tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, **rules))

    return require


CARD = {"type": "CreditCard", "expirationMonth": 12, "expirationYear": 2030, "makeDefault": True}


@pytest.fixture
def card(client: Client, account: str) -> Callable[..., str]:
    """Make a test card, or what is asked for instead, the account's default; return its id."""

    def make(number: str = "4242424242424242", **more: object) -> str:
        body = {**CARD, "cardNumber": number, "accountKey": account, **more}
        return str(client.post("/v1/payment-methods", body)["id"])

    return make


@pytest.fixture
def invoice(
    client: Client, account: str, subscription: str, run_for: Run, invoices: Invoices
) -> dict[str, Any]:
    """The posted invoice of ten seats for a year: 3480, one item, due on 1 January 2026."""
    assert subscription
    run_for(client, account, "2026-01-01", autoPost=True)
    return invoices(client, account)[0]


Pay = Callable[..., dict[str, Any]]


@pytest.fixture
def pay(client: Client, account: str) -> Pay:
    """Make a payment of the account, external unless said."""

    def make(amount: object, *parts: tuple[str, object], **more: object) -> dict[str, Any]:
        to = [{"invoiceId": key, "amount": part} for key, part in parts]
        body = {"accountNumber": account, "amount": amount, "currency": "USD", "type": "External"}
        return client.post("/v1/payments", {**body, "invoices": to, **more})

    return make


@pytest.fixture
def two(
    client: Client,
    account: str,
    invoice: dict[str, Any],
    order: Callable[..., dict[str, Any]],
    creation: dict[str, Any],
    run_for: Run,
    invoices: Invoices,
) -> list[str]:
    """The ids of two posted invoices of 3480 of the account."""
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    run_for(client, account, "2026-01-01", autoPost=True)
    return [invoice["id"], invoices(client, account)[0]["id"]]


Standalone = Callable[..., dict[str, Any]]


@pytest.fixture
def standalone(client: Client, account: str) -> Standalone:
    """Make an invoice of items of these amounts, posted unless said; it is shown with its items."""

    def make(*amounts: int, status: str = "Posted") -> dict[str, Any]:
        item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01"}
        items = [{**item, "amount": amount} for amount in amounts]
        body = {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": items}
        made = client.post("/v1/invoices", {**body, "status": status})
        return {**made, **client.get(f"/v1/invoices/{made['id']}/items")}

    return make
