"""Previews for accounts that do not exist."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

STRANGER = {
    "billCycleDay": 1,
    "currency": "USD",
    "taxInfo": {"exemptStatus": "Yes"},
    "soldToContact": {"country": "USA", "postalCode": "94111"},
}


@pytest.fixture
def order(creation: dict[str, Any]) -> dict[str, Any]:
    days = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
    action = {"type": "CreateSubscription", "triggerDates": days, "createSubscription": creation}
    return {
        "orderDate": "2026-01-01",
        "previewOptions": {"previewThruType": "TermEnd", "previewTypes": ["BillingDocs", "OrderMetrics"]},
        "subscriptions": [{"orderActions": [action]}],
    }


def test_a_stranger_is_billed_like_a_customer_and_remains_a_stranger(
    call: "Caller", client: Client, account: str, order: dict[str, Any]
) -> None:
    before = call.tenant.world
    known = client.post("/v1/orders/preview", {**order, "existingAccountNumber": account})["previewResult"]
    asked = {**order, "previewAccountInfo": STRANGER}
    assert client.post("/v1/orders/preview", asked)["previewResult"]["invoices"] == known["invoices"]
    assert call.tenant.world is before


def test_an_order_is_previewed_for_one_account(client: Client, account: str, order: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="'existingAccountNumber' may not be null"):
        client.post("/v1/orders/preview", order)
    both = {**order, "existingAccountNumber": account, "previewAccountInfo": STRANGER}
    with pytest.raises(RefusedError, match="cannot be specified both"):
        client.post("/v1/orders/preview", both)
    never = {**order, "previewAccountInfo": {**STRANGER, "billCycleDay": 32}}
    with pytest.raises(RefusedError, match="between 0 and 31"):
        client.post("/v1/orders/preview", never)


def test_prices_are_those_of_its_currency(client: Client, order: dict[str, Any]) -> None:
    asked = {**order, "previewAccountInfo": {**STRANGER, "currency": "XTS"}}
    with pytest.raises(RefusedError, match="XTS"):
        client.post("/v1/orders/preview", asked)


def test_a_subscription_is_previewed_for_a_stranger(client: Client, account: str, tenant: Tenant) -> None:
    plan = plan_named(tenant, "Premium - 1 Year")
    wanted = {
        "contractEffectiveDate": "2026-01-01",
        "termType": "TERMED",
        "initialTerm": 12,
        "subscribeToRatePlans": [{"productRatePlanId": plan.id}],
    }
    stranger = {"billCycleDay": 1, "currency": "USD", "billToContact": {"country": "USA", "zipCode": "94111"}}
    path = "/v1/subscriptions/preview"
    found = client.post(path, {**wanted, "previewAccountInfo": stranger})
    assert found == client.post(path, {**wanted, "accountKey": account})
    with pytest.raises(RefusedError, match="'accountKey' may not be null"):
        client.post(path, wanted)
