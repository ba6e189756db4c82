"""Products and rate plans written over /v1/object."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.objects.conftest import PRODUCT

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from tests.zuora.objects.conftest import Create, Refuse, Shown


def test_a_product_is_shown_as_it_was_written(create: "Create", shown: "Shown") -> None:
    key = create("product", PRODUCT, Category="Base Products", Description="Minutes", Team__c="verify")
    product = shown(f"product/{key}")
    assert {name: product[name] for name in PRODUCT} == PRODUCT
    assert (product["Category"], product["Team__c"]) == ("Base Products", "verify")
    assert product["ProductNumber"].startswith("PC-")
    assert product["SKU"].startswith("SKU-")


@pytest.mark.parametrize(
    ("missing", "message"), [("Name", "Name"), ("EffectiveStartDate", "EffectiveStartDate")]
)
def test_a_product_needs_a_name_and_dates(refused: "Refuse", missing: str, message: str) -> None:
    body = {name: value for name, value in PRODUCT.items() if name != missing}
    assert refused("POST", "product", body) == (
        "MISSING_REQUIRED_VALUE",
        f"Missing required value: {message}",
    )


@pytest.mark.parametrize("field", ["SKU", "ProductNumber"])
def test_sku_and_number_are_unique(create: "Create", refused: "Refuse", field: str) -> None:
    create("product", PRODUCT, **{field: "X-1"})
    assert refused("POST", "product", {**PRODUCT, field: "X-1"})[0] == "DUPLICATE_VALUE"


def test_an_update_changes_what_it_says(call: "Caller", product: str, shown: "Shown") -> None:
    body = {"Description": "New", "Category": "Add On Services", "EffectiveEndDate": "2030-01-01", "X__c": 1}
    assert call("PUT", f"/v1/object/product/{product}", body).body == {"Success": True, "Id": product}
    changed = shown(f"product/{product}")
    assert {name: changed[name] for name in body} == body
    assert changed["Name"] == PRODUCT["Name"]


def test_fields_to_null_take_values_away(call: "Caller", create: "Create", shown: "Shown") -> None:
    key = create("product", PRODUCT, Category="Base Products", Description="Old", X__c=1)
    body = {"fieldsToNull": ["Category", "Description", "X__c"]}
    call("PUT", f"/v1/object/product/{key}", body)
    assert {"Category", "X__c"}.isdisjoint(shown(f"product/{key}"))
    assert shown(f"product/{key}")["Description"] == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"fieldsToNull": ["Name"]}, "MISSING_REQUIRED_VALUE"),
        ({"fieldsToNull": ["Nonsense"]}, "INVALID_FIELD"),
        ({"ProductNumber": "PC-9"}, "INVALID_VALUE"),
        ({"EffectiveEndDate": "2019-12-31"}, "INVALID_VALUE"),
    ],
)
def test_an_update_that_cannot_be_is_refused(
    refused: "Refuse", product: str, body: dict[str, Any], code: str
) -> None:
    assert refused("PUT", f"product/{product}", body)[0] == code


def test_an_unknown_id_is_refused_as_recorded(refused: "Refuse") -> None:
    assert refused("PUT", "product/no", {"Name": "X"}) == ("INVALID_ID", "invalid id for update")
    assert refused("DELETE", "product/no") == ("INVALID_ID", "invalid id for delete")


def test_a_rate_plan_has_the_dates_of_its_product(plan: str, shown: "Shown") -> None:
    made = shown(f"product-rate-plan/{plan}")
    assert (made["EffectiveStartDate"], made["EffectiveEndDate"]) == ("2020-01-01", "2099-12-31")
    assert made["ProductRatePlanNumber"].startswith("PRP-")


def test_a_rate_plan_needs_its_product(refused: "Refuse") -> None:
    assert refused("POST", "product-rate-plan", {"Name": "X", "ProductId": "no"})[0] == "INVALID_VALUE"


def test_names_of_rate_plans_are_unique_within_a_product(
    refused: "Refuse", create: "Create", product: str, plan: str
) -> None:
    assert plan
    assert refused("POST", "product-rate-plan", {"Name": "Monthly", "ProductId": product})[0] == (
        "DUPLICATE_VALUE"
    )
    other = create("product", PRODUCT)
    assert create("product-rate-plan", {"Name": "Monthly", "ProductId": other})


def test_numbers_of_rate_plans_are_unique(refused: "Refuse", create: "Create", product: str) -> None:
    body = {"ProductId": product, "ProductRatePlanNumber": "PRP-9"}
    create("product-rate-plan", {**body, "Name": "One"})
    assert refused("POST", "product-rate-plan", {**body, "Name": "Two"})[0] == "DUPLICATE_VALUE"


def test_a_rate_plan_is_changed(call: "Caller", plan: str, shown: "Shown") -> None:
    body = {"Name": "Renamed", "EffectiveEndDate": "2026-06-30", "Grade__c": 2}
    call("PUT", f"/v1/object/product-rate-plan/{plan}", body)
    changed = shown(f"product-rate-plan/{plan}")
    assert {name: changed[name] for name in body} == body


def test_a_rate_plan_stays_with_its_product(refused: "Refuse", create: "Create", plan: str) -> None:
    body = {"ProductId": create("product", PRODUCT)}
    assert refused("PUT", f"product-rate-plan/{plan}", body)[0] == "INVALID_VALUE"


def test_deleting_a_product_deletes_its_rate_plans(call: "Caller", product: str, plan: str) -> None:
    assert call("DELETE", f"/v1/object/product/{product}").body == {"success": True, "id": product}
    assert call("GET", f"/v1/object/product-rate-plan/{plan}").status == 404


def test_what_a_subscription_has_cannot_be_deleted(
    call: "Caller", refused: "Refuse", subscription: str
) -> None:
    sold = call("GET", f"/v1/subscriptions/{subscription}").body["ratePlans"][0]
    charge = sold["ratePlanCharges"][0]["productRatePlanChargeId"]
    for path in (
        f"product-rate-plan/{sold['productRatePlanId']}",
        f"product/{sold['productId']}",
        f"product-rate-plan-charge/{charge}",
    ):
        assert refused("DELETE", path)[0] == "CANNOT_DELETE"
