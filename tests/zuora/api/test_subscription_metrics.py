"""Metrics of subscriptions by their numbers."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Order

PATH = "/v1/subscriptions/subscription-metrics"


def metrics(client: Client, number: str, **query: str) -> dict[str, Any]:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    (found,) = client.get(f"{PATH}?subscriptionNumbers[]={number}{more}")["subscriptionMetrics"]
    return dict(found)


def test_without_discounts_gross_is_net(client: Client, subscription: str) -> None:
    """What is contracted is what the subscription itself shows, as recorded ones do."""
    shown, found = client.get(f"/v1/subscriptions/{subscription}"), metrics(client, subscription)
    assert found == {
        "subscriptionNumber": subscription,
        **dict.fromkeys(
            ("contractedMrr", "contractedNetMrr", "asOfDayGrossMrr", "asOfDayNetMrr"), shown["contractedMrr"]
        ),
        **dict.fromkeys(("totalContractedValue", "netTotalContractedValue"), shown["totalContractedValue"]),
    }
    assert found["contractedMrr"] > 0


def test_a_day_beyond_the_term_has_no_revenue(client: Client, subscription: str) -> None:
    found = metrics(client, subscription, asOfDay="2027-01-01")
    assert (found["asOfDayGrossMrr"], found["asOfDayNetMrr"]) == (0, 0)
    assert found["contractedMrr"] > 0


def test_a_discount_makes_the_difference(client: Client, subscription: str, order: "Order") -> None:
    off = client.post(
        "/v1/object/product-rate-plan-charge",
        {
            "ProductRatePlanId": _new_plan(client),
            "Name": "Half off",
            "ChargeModel": "Discount-Percentage",
            "ChargeType": "Recurring",
            "BillCycleType": "DefaultFromCustomer",
            "BillingPeriod": "Annual",
            "TriggerEvent": "ContractEffective",
            "ApplyDiscountTo": "RECURRING",
            "DiscountLevel": "subscription",
            "ProductRatePlanChargeTierData": {
                "ProductRatePlanChargeTier": [{"Currency": "USD", "DiscountPercentage": 50}]
            },
        },
    )
    plan = client.get(f"/v1/object/product-rate-plan-charge/{off['Id']}")["ProductRatePlanId"]
    order("AddProduct", "2026-01-01", subscription, addProduct={"productRatePlanId": plan})
    found = metrics(client, subscription)
    assert found["contractedNetMrr"] * 2 == found["contractedMrr"]
    assert found["asOfDayNetMrr"] * 2 == found["asOfDayGrossMrr"]
    assert found["netTotalContractedValue"] * 2 == found["totalContractedValue"]


def _new_plan(client: Client) -> str:
    days = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2040-01-01"}
    product = client.post("/v1/object/product", {"Name": "Discounts", **days})["Id"]
    plan = {"Name": "Half off", "ProductId": product, **days}
    return str(client.post("/v1/object/product-rate-plan", plan)["Id"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "subscriptionNumbers"),
        ("subscriptionNumbers=A-S0", "A-S0"),
        ("subscriptionNumbers=A-S0&asOfDay=soon", "asOfDay"),
    ],
)
def test_what_is_wrong_is_named(client: Client, query: str, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.get(f"{PATH}?{query}")
