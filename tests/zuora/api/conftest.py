"""Billing an account over the API, for tests of what comes of it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.zuora.conftest import Caller, Order
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
        return str(done["subscriptions"][0]["subscriptionNumber"])

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
