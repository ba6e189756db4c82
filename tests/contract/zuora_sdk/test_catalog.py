"""The catalog through the SDK: written, sold at once, changed, and kept while it is sold."""

from datetime import timedelta
from typing import Any

import pytest

STEPS = [
    {"Currency": "USD", "StartingUnit": 0, "EndingUnit": 10, "Price": 10, "PriceFormat": "Per Unit"},
    {"Currency": "USD", "StartingUnit": 10, "Price": 8, "PriceFormat": "Per Unit"},
]


@pytest.fixture
def product(client: Any, ask: Any, write: Any) -> str:
    dates = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}
    wanted = write("CreateProductRequest", Name="Runners", Category="Base Products", **dates)
    return str(ask(client.products_api().create_product, wanted).id)


@pytest.fixture
def plan(client: Any, ask: Any, write: Any, product: str) -> str:
    wanted = write("CreateProductRatePlanRequest", Name="Monthly", ProductId=product)
    return str(ask(client.product_rate_plans_api().create_product_rate_plan, wanted).id)


@pytest.fixture
def charge(client: Any, ask: Any, write: Any, plan: str) -> str:
    """The id of a charge of 10 each for 10 units and of 8 each beyond."""
    wanted = write(
        "CreateProductRatePlanChargeRequest",
        ProductRatePlanId=plan,
        Name="Minutes",
        ChargeModel="Tiered Pricing",
        ChargeType="Recurring",
        BillCycleType="DefaultFromCustomer",
        BillingPeriod="Month",
        TriggerEvent="ContractEffective",
        UOM="Each",
        DefaultQuantity=25,
        UseDiscountSpecificAccountingCode=False,
        ProductRatePlanChargeTierData={"ProductRatePlanChargeTier": STEPS},
    )
    return str(ask(client.product_rate_plan_charges_api().create_product_rate_plan_charge, wanted).id)


def test_a_written_charge_is_sold_and_billed(desk: Any, plan: str, charge: str) -> None:
    account = desk.open_account("Kestrel Press")
    day = desk.clock.today()
    pricing = {"recurringTiered": {"quantity": 25}}
    override = {"productRatePlanChargeId": charge, "pricing": pricing}
    creation = {
        "terms": {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}},
        "subscribeToRatePlans": [{"productRatePlanId": plan, "chargeOverrides": [override]}],
    }
    create = desk.sdk.CreateOrderCreateSubscription.from_dict(creation)
    order = desk.request(account, day, "CreateSubscription", create_subscription=create)
    placed = desk.place(order)
    assert placed.status == "Completed"
    bought = desk.subscription(placed.subscriptions[0].subscription_number)
    assert bought.contracted_mrr == 10 * 10 + 15 * 8
    desk.bill(account, day + timedelta(days=62))
    queries = desk.client.object_queries_api()
    items = desk.ask(queries.query_invoice_items, filter=[f"subscriptionId.EQ:{bought.id}"]).data
    assert 10 * 10 + 15 * 8 in [one.charge_amount for one in items]


def test_a_charge_and_its_steps_are_read_and_repriced(client: Any, ask: Any, write: Any, charge: str) -> None:
    charges, tiers = client.product_rate_plan_charges_api(), client.product_rate_plan_charge_tiers_api()
    read = ask(charges.get_product_rate_plan_charge, charge)
    assert (read.charge_model, read.billing_period) == ("Tiered Pricing", "Month")
    queries = client.object_queries_api()
    found = ask(
        queries.query_product_rate_plan_charge_tiers, filter=[f"productRatePlanChargeId.EQ:{charge}"]
    ).data
    (second,) = [one.id for one in found if one.price == 8]
    ask(
        tiers.update_product_rate_plan_charge_tier,
        second,
        write("UpdateProductRatePlanChargeTierRequest", Price=7),
    )
    assert ask(tiers.get_product_rate_plan_charge_tier, second).price == 7


def test_a_catalog_is_changed_and_deleted(
    client: Any, ask: Any, write: Any, product: str, plan: str, charge: str
) -> None:
    products, plans = client.products_api(), client.product_rate_plans_api()
    ask(products.update_product, product, write("UpdateProductRequest", Description="Minutes of runners"))
    shown = ask(products.get_product, product)
    assert shown.description == "Minutes of runners"
    ask(plans.update_product_rate_plan, plan, write("UpdateProductRatePlanRequest", Name="Every month"))
    assert ask(plans.get_product_rate_plan, plan).name == "Every month"
    assert ask(client.product_rate_plan_charges_api().delete_product_rate_plan_charge, charge).success
    assert ask(plans.delete_product_rate_plan, plan).success
    assert ask(products.delete_product, product).success


def test_a_charge_is_described_anew(client: Any, ask: Any, write: Any, plan: str, charge: str) -> None:
    """The SDK wants to be told again what stays."""
    charges = client.product_rate_plan_charges_api()
    stays: dict[str, Any] = {
        "ProductRatePlanId": plan,
        "BillCycleType": "DefaultFromCustomer",
        "TriggerEvent": "ContractEffective",
    }
    stays |= {"UseDiscountSpecificAccountingCode": False, "Name": "Minutes", "ChargeModel": "Tiered Pricing"}
    stays |= {"BillingPeriod": "Month"}
    stays |= {"ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": STEPS}}
    request = write("UpdateProductRatePlanChargeRequest", Description="By the minute", **stays)
    assert ask(charges.update_product_rate_plan_charge, charge, request).success
    assert ask(charges.get_product_rate_plan_charge, charge).description == "By the minute"


def test_a_plan_is_found_by_what_a_store_calls_it(client: Any, ask: Any, write: Any, product: str) -> None:
    plans = client.product_rate_plans_api()
    store = {"ExternalRatePlanIds": ["sku.runners"], "ExternalIdSourceSystem": "Apple"}
    wanted = write("CreateProductRatePlanRequest", Name="Yearly", ProductId=product, **store)
    made = ask(plans.create_product_rate_plan, wanted).id
    (found,) = ask(plans.get_product_rate_plans_by_external_id, "sku.runners").product_rate_plans
    assert (found.id, found.name) == (made, "Yearly")
