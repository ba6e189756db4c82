"""Prices that change with renewals over the API: orders, automatic renewals and previews that assume them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.zuora.api.conftest import Meter
from tests.zuora.conftest import Order
from toolkit import worlds
from toolkit.billing.catalog import ChargeTerms, PriceChange
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state.world import Change
from toolkit.zuora.tenant import Tenant

RAISED: dict[str, Any] = {
    "recurringFlatFee": {"priceChangeOption": "SpecificPercentageValue", "priceIncreasePercentage": 10}
}


@pytest.fixture
def yearly(tenant: Tenant, meter: Meter) -> str:
    """Return the number of a subscription to 100 a year, whose price rises by a tenth with each renewal."""
    rules = replace(tenant.world.rules, price_change=PriceChange())
    tenant.world = replace(tenant.world, rules=rules)
    return meter({"price": 100}, RAISED, type="Recurring", model="FlatFee", billing_period="Annual")


def charges(client: Client, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/subscriptions/{number}?charge-detail=all-segments")[
        "ratePlans"
    ][0]["ratePlanCharges"]
    return found


def test_an_order_says_how_a_price_changes(client: Client, yearly: str) -> None:
    """Source: the official SDK's PriceChangeParams."""
    (charge,) = charges(client, yearly)
    assert charge["priceChangeOption"] == "SpecificPercentageValue"
    assert charge["priceIncreasePercentage"] == 10


def test_a_renewal_that_is_ordered_raises_the_price(client: Client, order: Order, yearly: str) -> None:
    order("RenewSubscription", "2027-01-01", yearly, renewSubscription={})
    assert charges(client, yearly)[-1]["price"] == 110


def test_an_automatic_renewal_raises_the_price(tenant: Tenant, client: Client, yearly: str) -> None:
    change = Change(tenant.world)
    change.put(replace(tenant.world.subscriptions.find(yearly), auto_renew=True))
    tenant.world = change.world
    tenant.advance_to(datetime(2027, 1, 2, tzinfo=UTC))
    assert [one["price"] for one in charges(client, yearly)] == [100, 110]


def test_a_preview_that_assumes_renewal_bills_what_it_will_cost(
    client: Client, account: str, yearly: str
) -> None:
    preview = {"accountNumber": account, "targetDate": "2028-01-01", "assumeRenewal": "All"}
    items = client.post("/v1/operations/billing-preview", preview)["invoiceItems"]
    amounts = [one["chargeAmount"] for one in items if one["subscriptionNumber"] == yearly]
    assert amounts == [Decimal(100), Decimal(110), Decimal(121)]


def test_without_the_feature_a_price_cannot_be_told_to_change(meter: Meter) -> None:
    with pytest.raises(RefusedError, match="automatic price change is not enabled"):
        meter({"price": 100}, RAISED, type="Recurring", model="FlatFee", billing_period="Annual")


CREATION: dict[str, Any] = {
    "termType": "TERMED",
    "initialTerm": 12,
    "renewalTerm": 12,
    "contractEffectiveDate": "2026-01-01",
}


def sold(tenant: Tenant, **terms: object) -> dict[str, Any]:
    """Return a component of a new plan of the catalog at 100 a year, whose price rises by a tenth."""
    wanted = {"name": "Seats", "type": "Recurring", "model": "FlatFee", "billing_period": "Annual", **terms}
    pricing = {"USD": {"currency": "USD", "price": 100, "discount_percentage": 10}}
    if wanted["model"] == "FlatFee":
        del pricing["USD"]["discount_percentage"]
    plan, tenant.world = worlds.make(
        tenant.world,
        "product_rate_plan",
        charge__terms=msgspec.convert(wanted, ChargeTerms),
        charge__pricing=pricing,
    )
    component = {"productRatePlanChargeId": plan.charges[0].id, **RAISED["recurringFlatFee"]}
    return {"productRatePlanId": plan.id, "chargeOverrides": [component]}


def test_a_component_says_how_a_price_changes(
    tenant: Tenant, client: Client, account: str, order: Order
) -> None:
    """Source: the official SDK, CreateSubscriptionComponent."""
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, price_change=PriceChange()))
    body = {**CREATION, "accountKey": account, "subscribeToRatePlans": [sold(tenant)]}
    number = client.post("/v1/subscriptions", body)["subscriptionNumber"]
    order("RenewSubscription", "2027-01-01", number, renewSubscription={})
    assert [one["price"] for one in charges(client, number)] == [100, 110]
    assert charges(client, number)[0]["priceIncreasePercentage"] == 10


def test_a_component_that_is_a_discount_does_not_change_with_renewals(
    tenant: Tenant, client: Client, account: str
) -> None:
    plan = sold(tenant, model="DiscountPercentage")
    with pytest.raises(RefusedError, match="DiscountPercentage charge cannot change with renewals"):
        client.post("/v1/subscriptions", {**CREATION, "accountKey": account, "subscribeToRatePlans": [plan]})
