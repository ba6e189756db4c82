"""Delivery pricing over the API: the schedule in catalog, order, subscription and preview."""

from decimal import Decimal
from typing import Any

import pytest

from tests.zuora.api.conftest import Meter
from toolkit.zuora.client import Client

SUNDAYS: dict[str, Any] = {"frequency": "Weekly", "sunday": True}
REST = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"), False)


@pytest.fixture
def paper(meter: Meter) -> str:
    """Return the number of a subscription to a paper at 2 on weekdays, sold at 5 on Sundays, from January."""
    return meter(
        {"price": 2},
        {"recurringDelivery": {"listPrice": 5, "deliverySchedule": SUNDAYS}},
        type="Recurring",
        model="Delivery",
        delivery_days=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    )


def test_an_order_may_have_another_schedule_than_the_catalog(client: Client, paper: str) -> None:
    """Source: the official SDK's RecurringDeliveryPricingOverride and DeliverySchedule."""
    plan = client.get(f"/v1/subscriptions/{paper}")["ratePlans"][0]
    (charge,) = plan["ratePlanCharges"]
    assert charge["subscriptionChargeDeliverySchedule"] == {**REST, **SUNDAYS}
    products = client.get("/v1/catalog/products")["products"]
    plans = [
        one for product in products for one in client.get(product["productRatePlans"])["productRatePlans"]
    ]
    charges = [one for plan in plans for one in plan["productRatePlanCharges"]]
    schedules = [one["deliverySchedule"] for one in charges if one["model"] == "Delivery"]
    assert [(one["monday"], one["sunday"]) for one in schedules] == [(True, False)]


def test_a_preview_counts_the_deliveries(client: Client, account: str, paper: str) -> None:
    preview = {"accountNumber": account, "targetDate": "2026-02-01"}
    items = client.post("/v1/operations/billing-preview", preview)["invoiceItems"]
    mine = [one for one in items if one["subscriptionNumber"] == paper]
    assert [(one["numberOfDeliveries"], one["chargeAmount"]) for one in mine] == [
        (Decimal(4), Decimal(20)),
        (Decimal(4), Decimal(20)),
    ]
    assert {one["numberOfDeliveries"] for one in items if one["subscriptionNumber"] != paper} <= {0}


def test_a_price_may_change_without_its_schedule(client: Client, meter: Meter) -> None:
    number = meter(
        {"price": 2},
        {"recurringDelivery": {"listPrice": 5}},
        type="Recurring",
        model="Delivery",
        delivery_days=["Sunday"],
    )
    (charge,) = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"]
    assert (charge["price"], charge["subscriptionChargeDeliverySchedule"]["sunday"]) == (5, True)
