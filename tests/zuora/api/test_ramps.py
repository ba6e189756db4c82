"""Ramps over the API: set by orders, shown with their metrics."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

HALVES = [
    {"name": "First half", "startDate": "2026-01-01", "endDate": "2026-06-30"},
    {"name": "Second half", "startDate": "2026-07-01", "endDate": "2026-12-31"},
]
DAY = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
LATER = [{"name": "ContractEffective", "triggerDate": "2026-07-01"}]


@pytest.fixture
def place(client: Client, account: str) -> "Callable[..., dict[str, Any]]":
    """Places, or with a path previews, an order on one subscription."""

    def placed(
        actions: list[dict[str, Any]],
        path: str = "/v1/orders",
        more: object = None,
        **subscription: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        body = {
            "orderDate": "2026-01-01",
            "existingAccountNumber": account,
            "subscriptions": [{"orderActions": actions, **subscription}],
        }
        return client.post(path, {**body, **(more if isinstance(more, dict) else {})})

    return placed


@pytest.fixture
def ramped(place: "Callable[..., dict[str, Any]]", creation: dict[str, Any]) -> dict[str, Any]:
    """The answer to an order of a subscription with a ramp."""
    action = {"type": "CreateSubscription", "triggerDates": DAY, "createSubscription": creation}
    return place([action], ramp={"name": "Deal", "description": "Two halves", "intervals": HALVES})


def update(client: Client, number: str, seats: int) -> dict[str, Any]:
    plan = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]
    pricing = {"recurringPerUnit": {"quantity": seats}}
    changes = [{"chargeNumber": plan["ratePlanCharges"][0]["number"], "pricing": pricing}]
    return {
        "type": "UpdateProduct",
        "triggerDates": LATER,
        "updateProduct": {"ratePlanId": plan["id"], "chargeUpdates": changes},
    }


def test_an_order_sets_a_ramp(client: Client, ramped: dict[str, Any]) -> None:
    (made,) = ramped["ramps"]
    assert made["rampNumber"] == "R-00000001"
    ramp = client.get(f"/v1/ramps/{made['rampNumber']}")["ramp"]
    assert (ramp["name"], ramp["description"]) == ("Deal", "Two halves")
    assert ramp["subscriptionNumber"] == made["subscriptionNumber"]
    assert [(one["startDate"], one["endDate"]) for one in ramp["intervals"]] == [
        ("2026-01-01", "2026-06-30"),
        ("2026-07-01", "2026-12-31"),
    ]
    assert len(ramp["charges"]) == 1
    assert client.get(f"/v1/subscriptions/{made['subscriptionNumber']}/ramps")["ramps"] == [ramp]


def test_a_ramp_shows_what_each_interval_is_worth(client: Client, ramped: dict[str, Any]) -> None:
    number = ramped["ramps"][0]["subscriptionNumber"]
    metrics = client.get(f"/v1/ramps/{ramped['ramps'][0]['rampNumber']}/ramp-metrics")["rampMetrics"]
    assert client.get(f"/v1/subscriptions/{number}/ramp-metrics")["rampMetrics"] == metrics
    assert (metrics["grossTcb"], metrics["netTcv"], metrics["discountTcb"]) == (3480, 3480, 0)
    first, second = metrics["intervals"]
    assert (first["grossTcb"], second["grossTcb"]) == (1740, 1740)
    (segment,) = first["intervalMetrics"]
    assert (segment["startDate"], segment["endDate"]) == ("2026-01-01", "2026-06-30")
    assert segment["quantity"] == 10
    assert segment["mrr"] == [
        {
            "startDate": "2026-01-01",
            "endDate": "2026-06-30",
            "gross": Decimal(290),
            "net": Decimal(290),
            "discount": Decimal(0),
        }
    ]


def test_an_order_shows_by_how_much_it_changed_a_ramp(
    client: Client, ramped: dict[str, Any], place: "Callable[..., dict[str, Any]]"
) -> None:
    number = ramped["ramps"][0]["subscriptionNumber"]
    actions = [update(client, number, 12)]
    more = {"previewOptions": {"previewTypes": ["RampMetrics"]}}
    preview = place(actions, "/v1/orders/preview", more, subscriptionNumber=number)["previewResult"]
    order = place(actions, subscriptionNumber=number)
    metrics = client.get(f"/v1/orders/{order['orderNumber']}/ramp-metrics")["rampMetrics"]
    first, second = metrics[0]["intervals"]
    assert first["intervalDeltaMetrics"] == []
    (delta,) = second["intervalDeltaMetrics"]
    assert (delta["deltaGrossTcb"], delta["deltaNetTcv"], delta["deltaDiscountTcb"]) == (348, 348, 0)
    assert delta["deltaQuantity"] == [{"amount": 2, "startDate": "2026-07-01", "endDate": "2026-12-31"}]
    assert [(one["gross"], one["endDate"]) for one in delta["deltaMrr"]] == [(58, "2026-12-31")]
    assert preview["rampMetrics"][0]["grossTcb"] == metrics[0]["grossTcb"] == 3480 + 348


def test_a_ramp_is_changed_and_removed(
    client: Client, ramped: dict[str, Any], place: "Callable[..., dict[str, Any]]"
) -> None:
    made = ramped["ramps"][0]
    number, charge = made["subscriptionNumber"], client.get(f"/v1/ramps/{made['rampNumber']}")["ramp"]
    ramp = {"name": "One", "intervals": HALVES[:1], "charges": charge["charges"]}
    changed = place([update(client, number, 11)], subscriptionNumber=number, ramp=ramp)
    assert changed["ramps"] == [made]
    assert client.get(f"/v1/ramps/{made['rampNumber']}")["ramp"]["name"] == "One"
    removed = place([update(client, number, 12)], subscriptionNumber=number, ramp={"delete": True})
    assert "ramps" not in removed
    assert client.get(f"/v1/orders/{removed['orderNumber']}/ramp-metrics")["rampMetrics"] == []
    assert client.get(f"/v1/subscriptions/{number}/ramps")["ramps"] == []
    for path in (f"ramps/{made['rampNumber']}", f"subscriptions/{number}/ramp-metrics"):
        with pytest.raises(RefusedError, match="Cannot find entity by key"):
            client.get(f"/v1/{path}")


@pytest.mark.parametrize(
    ("ramp", "message"),
    [
        ({}, "at least 1 interval"),
        ({"intervals": HALVES, "charges": [{}]}, "should have a 'chargeNumber'"),
        ({"intervals": HALVES, "charges": [{"chargeNumber": "C-1"}]}, "Cannot find entity by key: 'C-1'"),
        ({"intervals": HALVES, "charges": [{"uniqueToken": "a"}]}, "'uniqueToken' is not simulated yet"),
    ],
)
def test_a_ramp_that_cannot_be_is_refused(
    place: "Callable[..., dict[str, Any]]", creation: dict[str, Any], ramp: dict[str, Any], message: str
) -> None:
    action = {"type": "CreateSubscription", "triggerDates": DAY, "createSubscription": creation}
    with pytest.raises(RefusedError, match=message):
        place([action], ramp=ramp)


def test_the_ramps_of_an_order_that_does_not_exist_are_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="Invalid orderNumber: O-1"):
        client.get("/v1/orders/O-1/ramp-metrics")
