"""One rate plan of a version of a subscription."""

from typing import TYPE_CHECKING

import pytest

from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Order


def test_a_rate_plan_is_shown_with_the_order_that_made_its_version(
    client: Client, subscription: str, order: "Order"
) -> None:
    (first,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    shown = client.get(f"/v1/rateplans/{first['id']}")
    assert (shown["id"], shown["lastChangeType"], "amendment" in shown) == (first["id"], "New", False)
    made = order("RemoveProduct", "2026-02-01", subscription, removeProduct={"ratePlanId": first["id"]})
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    shown = client.get(f"/v1/rate-plans/{plan['id']}")
    assert (shown["id"], shown["lastChangeType"]) == (plan["id"], "Remove")
    assert shown["amendment"]["id"] == client.get(f"/v1/amendments/{shown['amendment']['code']}")["id"]
    assert shown["order"]["orderNumber"] == made["orderNumber"]
    assert [action["type"] for action in shown["order"]["orderActions"]] == ["RemoveProduct"]
    before = client.get(f"/v1/rateplans/{plan['id']}?getPrevRatePlanVersion=true")
    assert before["id"] == first["id"]


def test_one_of_the_catalog_or_without_a_former_version_is_none(
    client: Client, tenant: Tenant, subscription: str
) -> None:
    """Source: a live tenant answered 50000040 to the id of a product rate plan."""
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    for key in (plan_named(tenant, "Premium - 1 Year").id, f"{plan['id']}?getPrevRatePlanVersion=true"):
        with pytest.raises(RefusedError) as refused:
            client.get(f"/v1/rateplans/{key}")
        assert "Cannot find entity by key" in str(refused.value)
