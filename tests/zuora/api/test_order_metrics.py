"""Order metrics over the API: what the worked examples compute, in the shapes of the official SDK."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state.world import Change

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order

DAY = [{"name": "ContractEffective", "triggerDate": "2026-07-01"}]


def update(client: Client, number: str, seats: int) -> dict[str, Any]:
    """Return the action that changes a subscription to this many seats."""
    plan = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]
    change = {
        "chargeNumber": plan["ratePlanCharges"][0]["number"],
        "pricing": {"recurringPerUnit": {"quantity": seats}},
    }
    return {
        "type": "UpdateProduct",
        "triggerDates": DAY,
        "updateProduct": {"ratePlanId": plan["id"], "chargeUpdates": [change]},
    }


def figures(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_an_order_shows_what_each_action_changed(client: Client, subscription: str, order: "Order") -> None:
    wanted = update(client, subscription, 12)["updateProduct"]
    answer = order("UpdateProduct", "2026-07-01", subscription, updateProduct=wanted)
    later = order("RenewSubscription", "2026-08-01", subscription, renewSubscription={})
    metrics = client.get(f"/v1/orders/deltaMetrics/{answer['orderNumber']}")
    assert metrics["generationStatus"] == "COMPLETED"
    shown = metrics["orderDeltaMetrics"]
    span = ("startDate", "endDate")
    assert figures(shown["orderDeltaMrr"], *span, "grossAmount", "netAmount") == [
        ("2026-07-01", "2027-01-01", -290, -290),
        ("2026-07-01", "2027-01-01", 348, 348),
    ]
    assert figures(shown["orderDeltaTcb"], "grossAmount", "currency") == [(-1740, "USD"), (2088, "USD")]
    assert figures(shown["orderDeltaTcv"], "netAmount") == [(-1740,), (2088,)]
    assert figures(shown["orderDeltaQty"], "quantity", "orderActionType", "orderActionSequence") == [
        (-10, "UpdateProduct", "0"),
        (12, "UpdateProduct", "0"),
    ]
    renewed = client.get(f"/v1/orders/deltaMetrics/{later['orderNumber']}")["orderDeltaMetrics"]
    assert figures(renewed["orderDeltaQty"], *span, "quantity") == [("2027-01-01", "2028-01-01", 12)]


def test_a_creation_with_an_update_shows_both_actions(
    client: Client, account: str, creation: dict[str, Any]
) -> None:
    actions = [
        {"type": "CreateSubscription", "triggerDates": DAY, "createSubscription": creation},
        {
            "type": "AddProduct",
            "triggerDates": DAY,
            "addProduct": creation["subscribeToRatePlans"][0],
        },
    ]
    body = {
        "orderDate": "2026-07-01",
        "existingAccountNumber": account,
        "subscriptions": [{"orderActions": actions}],
    }
    number = client.post("/v1/orders", body)["orderNumber"]
    rows = client.get(f"/v1/orders/deltaMetrics/{number}")["orderDeltaMetrics"]["orderDeltaMrr"]
    assert figures(rows, "orderActionType", "orderActionSequence", "grossAmount") == [
        ("CreateSubscription", "0", 290),
        ("AddProduct", "1", 290),
    ]


def test_an_order_that_is_not_completed_has_no_metrics_yet(
    call: "Caller", client: Client, subscription: str
) -> None:
    world = call.tenant.world
    order = world.orders.find(world.subscriptions.find(subscription).order_number or "")
    change = Change(world)
    change.put(replace(order, status="Draft"))
    call.tenant.world = change.world
    answer = client.get(f"/v1/orders/deltaMetrics/{order.number}")
    assert (answer["generationStatus"], answer.get("orderDeltaMetrics")) == ("PROCESSING", None)
    assert client.get(f"/v1/orders/{order.number}/ramp-metrics")["rampMetrics"] == []


def test_an_order_that_does_not_exist_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="Invalid orderNumber: O-1"):
        client.get("/v1/orders/deltaMetrics/O-1")


def test_a_preview_shows_the_metrics_it_is_asked_for(client: Client, account: str, subscription: str) -> None:
    body = {
        "orderDate": "2026-07-01",
        "existingAccountNumber": account,
        "previewOptions": {"previewTypes": ["OrderMetrics", "OrderDeltaMetrics"]},
        "subscriptions": [
            {"subscriptionNumber": subscription, "orderActions": [update(client, subscription, 12)]}
        ],
    }
    result = client.post("/v1/orders/preview", body)["previewResult"]
    assert set(result) == {"orderMetrics", "orderDeltaMetrics"}
    assert figures(result["orderDeltaMetrics"]["orderDeltaMrr"], "grossAmount") == [(-290,), (348,)]
    (shown,) = result["orderMetrics"]
    assert shown["subscriptionNumber"] == subscription
    (action,) = shown["orderActions"]
    assert (action["type"], action["sequence"]) == ("UpdateProduct", "0")
    (metrics,) = action["orderMetrics"]
    (slice_,) = metrics["quantity"]
    assert slice_ == {
        "amount": Decimal(2),
        "startDate": "2026-07-01",
        "endDate": "2027-01-01",
        "termNumber": 1,
        "invoiceOwner": account,
        "subscriptionOwner": account,
    }
    assert [metrics[name][0]["amount"] for name in ("mrr", "tcv", "tcb", "elp")] == [58, 348, 348, 348]


def test_an_order_that_sets_custom_fields_has_metrics(call: "Caller") -> None:
    """The subscriptions of GitLab's world were ordered with TurnOnCloudLicensing__c."""
    for order in call.tenant.world.orders.latest():
        assert call("GET", f"/v1/orders/deltaMetrics/{order.number}").body["success"] is True
