"""The subscription settings: read, changed, and obeyed by orders."""

from typing import Any

import pytest

from tests.zuora.conftest import Caller
from toolkit.zuora.tenant import Tenant

PATH = "/settings/subscription-settings"


def test_an_order_waits_for_what_the_settings_require(
    call: Caller, account: str, creation: dict[str, Any]
) -> None:
    shown = call("PUT", PATH, {"implementationPeriod": True}).body
    assert (shown["implementationPeriod"], shown["acceptanceOfOrders"]) == (True, False)
    dates = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
    action = {"type": "CreateSubscription", "createSubscription": creation, "triggerDates": dates}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account}
    made = call("POST", "/v1/orders", {**body, "subscriptions": [{"orderActions": [action]}]}).body
    assert made["status"] == "Pending"
    (number,) = made["subscriptionNumbers"]
    found = call("GET", f"/v1/subscriptions/{number}").body
    assert found["status"] == "Pending Activation"


def test_price_changes_are_enabled_kept_and_disabled(tenant: Tenant, call: Caller) -> None:
    before = call("GET", PATH).body
    assert (before["increasePriceRenewSubscription"], before["priceChangeOption"]) == (False, "NoChange")
    option = "SpecificPercentageValue"
    body = {"priceChangeOption": option, "priceIncreasePercentage": 5}
    assert call("PUT", PATH, body).status == 400
    unsaid = call("PUT", PATH, {"increasePriceRenewSubscription": True, "priceChangeOption": option})
    assert "priceIncreasePercentage" in unsaid.body["messages"][0]
    changed = call("PUT", PATH, {"increasePriceRenewSubscription": True, **body}).body
    assert (changed["priceChangeOption"], changed["priceIncreasePercentage"]) == (option, 5)
    call("PUT", PATH, {"contractRenewal": False})
    rule = tenant.world.rules.price_change
    assert rule is not None
    assert rule.percentage == 5
    assert call("PUT", PATH, {"increasePriceRenewSubscription": False}).body == before
    assert tenant.world.rules.price_change is None


@pytest.mark.parametrize("field", ["contractRenewal", "initialTerm", "termType"])
def test_what_is_not_simulated_is_refused_by_name(call: Caller, field: str) -> None:
    refused = call("PUT", PATH, {field: True})
    assert refused.status == 400
    assert refused.body["messages"][0].startswith(f"'{field}' is not simulated yet: ")
