"""Products and rate plans of the catalog, one at a time."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

DATES = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}


@pytest.fixture
def plan(call: "Caller") -> str:
    """The id of a rate plan that a store knows too."""
    product = call("POST", "/v1/object/product", {"Name": "Runners", **DATES}).body["Id"]
    store = {"ExternalRatePlanIds": ["sku.monthly"], "ExternalIdSourceSystem": "Apple"}
    body = {"Name": "Monthly", "ProductId": product, **store}
    return str(call("POST", "/v1/object/product-rate-plan", body).body["Id"])


def test_a_rate_plan_is_shown_alone(call: "Caller", plan: str) -> None:
    shown = call("GET", f"/v1/product-rate-plans/{plan}").body
    assert (shown["name"], shown["status"], shown["ExternalIdSourceSystem"]) == ("Monthly", "Active", "Apple")
    assert shown["externallyManagedPlanIds"] == ["sku.monthly"]
    assert call("GET", f"/v1/product-rate-plans/{shown['productRatePlanNumber']}").body == shown


def test_rate_plans_are_found_by_what_a_store_calls_them(call: "Caller", plan: str) -> None:
    found = call("GET", "/v1/product-rate-plans/external-id/sku.monthly").body["productRatePlans"]
    assert [one["id"] for one in found] == [plan]
    assert call("GET", "/v1/product-rate-plans/external-id/no").body["productRatePlans"] == []


@pytest.mark.parametrize("word", ["product", "products"])
def test_a_product_is_shown_alone(call: "Caller", word: str) -> None:
    first = call("GET", "/v1/catalog/products").body["products"][0]
    assert call("GET", f"/v1/catalog/{word}/{first['id']}").body == {**first, "success": True}
