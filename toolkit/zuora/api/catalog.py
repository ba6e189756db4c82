"""/v1/catalog/products: products, rate plans and charges."""

from typing import Any

from toolkit.billing.catalog import Product, ProductCharge, ProductRatePlan
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import page
from toolkit.zuora.calls.wire import day, optional
from toolkit.zuora.pricing import (
    pricing_summary,
    show_deliveries,
    show_prepaid,
    show_pricing,
    show_rating,
)
from toolkit.zuora.state.world import World


def list_products(call: Call) -> Reply:
    """Show the catalog; from version 230.0 each product names the URL of its rate plans instead."""
    products = sorted(call.world.products.latest(), key=lambda product: product.number)
    rows, following = page(call, products, relative=True)
    return Reply({"products": [_product(call, one) for one in rows], **following, "success": True})


def read_product(call: Call) -> Reply:
    """Show one product."""
    product = call.world.products.find(call.path["product-key"])
    return Reply({**_product(call, product), "success": True})


def list_rate_plans(call: Call) -> Reply:
    """Show the rate plans of a product."""
    product = call.world.products.find(call.path["product-key"])
    rows, following = page(call, call.world.plans.of(product.id), relative=True)
    return Reply(
        {"productRatePlans": [_rate_plan(call.world, one) for one in rows], **following, "success": True}
    )


def read_rate_plan(call: Call) -> Reply:
    """Show one rate plan, without its charges. Source: the official SDK."""
    return Reply({**_plan_alone(call.world, call.world.plans.find(call.path["id"])), "success": True})


def list_by_external_id(call: Call) -> Reply:
    """Show the rate plans that a third party calls so. Source: the official SDK."""
    key, world = call.path["external-id"], call.world
    plans = sorted(world.plans.latest(), key=lambda plan: plan.number)
    shown = [_plan_alone(world, plan) for plan in plans if key in plan.external_ids]
    return Reply({"productRatePlans": shown, "success": True})


def _plan_alone(world: World, plan: ProductRatePlan) -> dict[str, Any]:
    """Return a rate plan as calls for one show it, which spell a field otherwise. Source: the SDK."""
    shown = _rate_plan(world, plan)
    del shown["productRatePlanCharges"]
    shown["ExternalIdSourceSystem"] = shown.pop("externalIdSourceSystem")
    return shown


def _product(call: Call, product: Product) -> dict[str, Any]:
    plans: object = f"/v1/rateplan/{product.id}/productRatePlan"
    if call.version < versions.RATE_PLANS_BY_URL:
        plans = [_rate_plan(call.world, plan) for plan in call.world.plans.of(product.id)]
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "description": product.description,
        "category": product.category,
        "effectiveStartDate": day(product.effective_start),
        "effectiveEndDate": day(product.effective_end),
        "productNumber": product.number,
        "allowFeatureChanges": False,
        "productRatePlans": plans,
        "productFeatures": [],
        **product.custom_fields,
    }


def _rate_plan(world: World, plan: ProductRatePlan) -> dict[str, Any]:
    active = plan.effective_start <= world.today < plan.effective_end
    return {
        "id": plan.id,
        "status": "Active" if active else "Expired",
        "name": plan.name,
        "description": plan.description,
        "effectiveStartDate": day(plan.effective_start),
        "effectiveEndDate": day(plan.effective_end),
        "externalIdSourceSystem": plan.external_system,
        "externallyManagedPlanIds": list(plan.external_ids),
        "productRatePlanCharges": [_charge(charge) for charge in plan.charges],
        "productRatePlanNumber": plan.number,
        **plan.custom_fields,
    }


def _charge(charge: ProductCharge) -> dict[str, Any]:
    terms = charge.terms
    return {
        "id": charge.id,
        "name": terms.name,
        "type": terms.type,
        "model": terms.model,
        "uom": terms.uom,
        "pricingSummary": [pricing_summary(terms, pricing) for pricing in charge.pricing.values()],
        "pricing": [show_pricing(pricing) for pricing in charge.pricing.values()],
        "defaultQuantity": optional(charge.default_quantity),
        "applyDiscountTo": terms.apply_discount_to,
        "discountLevel": terms.discount_level,
        "discountClass": terms.discount_class,
        "applyToBillingPeriodPartially": terms.apply_partially,
        "productDiscountApplyDetails": [],
        "endDateCondition": terms.end_date_condition,
        "upToPeriods": terms.up_to_periods,
        "upToPeriodsType": terms.up_to_periods_type,
        "billingDay": terms.billing_day,
        "listPriceBase": terms.list_price_base,
        "specificListPriceBase": terms.specific_list_price_base,
        "billingTiming": terms.timing,
        **show_rating(terms, next((one.unused_price for one in charge.pricing.values()), None)),
        **show_prepaid(terms, charge.default_quantity),
        **({"prepaidUom": terms.prepaid.uom} if terms.prepaid else {}),
        **({"prepayPeriods": terms.prepaid_periods} if terms.prepaid_periods else {}),
        "billingPeriod": terms.billing_period,
        "billingPeriodAlignment": terms.alignment,
        "specificBillingPeriod": terms.specific_billing_period,
        "unusedIncludedUnitPrice": None,
        "priceChangeOption": terms.price_change_option or "NoChange",
        "priceIncreasePercentage": optional(terms.price_increase_percentage),
        "useTenantDefaultForPriceChange": terms.price_change_option is None,
        "taxable": terms.taxable,
        "taxCode": terms.tax_code or "",
        "taxMode": terms.tax_mode,
        "triggerEvent": terms.trigger_event,
        "description": terms.description,
        "revRecCode": None,
        "revRecTriggerCondition": None,
        "revenueRecognitionRuleName": "Recognize upon invoicing",
        "useDiscountSpecificAccountingCode": None,
        "financeInformation": charge.finance or _FINANCE,
        "deliverySchedule": show_deliveries(terms),
        "reflectDiscountInNetAmount": False,
        "isStackedDiscount": terms.stacked,
        "productRatePlanChargeNumber": charge.number,
        **charge.custom_fields,
    }


_FINANCE = {
    "deferredRevenueAccountingCode": "Deferred Revenue",
    "deferredRevenueAccountingCodeType": "DeferredRevenue",
    "recognizedRevenueAccountingCode": "Subscription Revenue",
    "recognizedRevenueAccountingCodeType": "SalesRevenue",
    "accountsReceivableAccountingCode": "Accounts Receivable",
    "accountsReceivableAccountingCodeType": "AccountsReceivable",
}

ENDPOINTS = (
    Endpoint("GET", "/v1/catalog/products", list_products),
    Endpoint("GET", "/v1/catalog/products/{product-key}", read_product),
    Endpoint("GET", "/v1/catalog/product/{product-key}", read_product),
    Endpoint("GET", "/v1/product-rate-plans/{id}", read_rate_plan),
    Endpoint("GET", "/v1/product-rate-plans/external-id/{external-id}", list_by_external_id),
    Endpoint("GET", "/v1/rateplan/{product-key}/productRatePlan", list_rate_plans),
)
