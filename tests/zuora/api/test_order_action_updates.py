"""Why an action of an order was taken is noted afterwards."""

from typing import Any

import pytest

from toolkit.zuora.client import Client, RefusedError


def action_of(client: Client, number: str) -> dict[str, Any]:
    """Return the only action of the only order on a subscription."""
    (order,) = client.get(f"/v1/orders/subscription/{number}")["orders"]
    (ordered,) = order["subscriptions"]
    return dict(ordered["orderActions"][0])


def test_its_reason_and_custom_fields_are_set(client: Client, subscription: str) -> None:
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    (action,) = client.get(f"/v1/rateplans/{plan['id']}")["order"]["orderActions"]
    path = f"/v1/orderActions/{action['id']}"
    client.put(path, {"changeReason": "Promised", "customFields": {"Kind__c": "a"}})
    client.put(path, {"customFields": {"Other__c": "b"}})
    shown = action_of(client, subscription)
    assert shown["changeReason"] == "Promised"
    assert shown["customFields"] == {"Kind__c": "a", "Other__c": "b"}


def test_one_that_is_not_there_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.put("/v1/orderActions/nothing", {"changeReason": "?"})
