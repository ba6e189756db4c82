"""Products, their rate plans, charges and tiers as queries see them."""

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from toolkit.billing.catalog import Pricing, ProductCharge, ProductRatePlan, Tier
from toolkit.zuora.query.charges import CHARGE_FIELDS, TIER_FIELDS, step_id, steps
from toolkit.zuora.query.kinds import (
    Field,
    Kind,
    Many,
    One,
    among,
    amount,
    choice,
    day,
    every,
    everywhere,
    flag,
    history,
    in_table,
    never,
    numbered,
    owned,
    text,
    to,
    within,
)
from toolkit.zuora.state.world import World


class OfferedCharge(NamedTuple):
    """A charge of the catalog, and the rate plan that has it."""

    plan: ProductRatePlan
    charge: ProductCharge


class OfferedTier(NamedTuple):
    """A step of what a charge of the catalog costs in one currency."""

    plan: ProductRatePlan
    charge: ProductCharge
    pricing: Pricing
    tier: Tier


def offered_charges(plan: ProductRatePlan) -> Iterator[OfferedCharge]:
    """Yield the charges of a rate plan."""
    return (OfferedCharge(plan, charge) for charge in plan.charges)


def offered_charge(world: World, identity: str) -> OfferedCharge | None:
    """Return the charge of the catalog with this id, or None."""
    return next(iter(_with_id(world, identity)), None)


_with_id = among(within(owned("plans"), offered_charges), "charge.id")


def _tiers(offered: OfferedCharge) -> Iterator[OfferedTier]:
    for pricing in offered.charge.pricing.values():
        for tier in steps(pricing):
            yield OfferedTier(offered.plan, offered.charge, pricing, tier)


def _begun(world: World, row: Any) -> datetime:  # noqa: ANN401 - of any kind of this file
    plan = row if hasattr(row, "effective_start") else row.plan
    return datetime.combine(plan.effective_start, datetime.min.time(), world.zone)


_HISTORY: dict[str, Field] = history(_begun, _begun)
"""That a product is as old as its effective period is an assumption: a catalog has no history."""

PRODUCT = Kind(
    name="Product",
    plural="products",
    rows=every("products"),
    finders={"Id": in_table("products"), "ProductNumber": numbered("products")},
    custom=attrgetter("custom_fields"),
    many={"productRatePlans": Many("ProductRatePlan", "ProductId")},
    fields={
        "Id": text("id"),
        "AllowFeatureChanges": flag(never),
        "Category": choice("category"),
        "Description": text("description"),
        "EffectiveEndDate": day("effective_end"),
        "EffectiveStartDate": day("effective_start"),
        "Name": text("name"),
        "ProductNumber": text("number"),
        "SKU": text("sku"),
        **_HISTORY,
    },
)

PRODUCT_RATE_PLAN = Kind(
    name="ProductRatePlan",
    plural="product-rate-plans",
    rows=every("plans"),
    finders={
        "Id": in_table("plans"),
        "ProductId": owned("plans"),
        "ProductRatePlanNumber": numbered("plans"),
    },
    custom=attrgetter("custom_fields"),
    ones={"Product": to("Product", "products", "product_id")},
    many={"productRatePlanCharges": Many("ProductRatePlanCharge", "ProductRatePlanId")},
    fields={
        "Id": text("id"),
        "Description": text("description"),
        "EffectiveEndDate": day("effective_end"),
        "EffectiveStartDate": day("effective_start"),
        "Name": text("name"),
        "ProductId": text("product_id"),
        "ProductRatePlanNumber": text("number"),
        **_HISTORY,
    },
)

PRODUCT_RATE_PLAN_CHARGE = Kind(
    name="ProductRatePlanCharge",
    plural="product-rate-plan-charges",
    rows=everywhere("plans", offered_charges),
    finders={"Id": _with_id, "ProductRatePlanId": within(in_table("plans"), offered_charges)},
    custom=attrgetter("charge.custom_fields"),
    ones={"ProductRatePlan": One("ProductRatePlan", lambda _, row: row.plan)},
    many={"productRatePlanChargeTiers": Many("ProductRatePlanChargeTier", "ProductRatePlanChargeId")},
    fields={
        "Id": text("charge.id"),
        **CHARGE_FIELDS,
        "DefaultQuantity": amount("charge.default_quantity"),
        "IsStackedDiscount": flag("charge.terms.stacked"),
        "ProductRatePlanChargeNumber": text("charge.number"),
        "ProductRatePlanId": text("plan.id"),
        "TaxCode": text("charge.terms.tax_code"),
        "TaxMode": choice("charge.terms.tax_mode"),
        **_HISTORY,
    },
)

PRODUCT_RATE_PLAN_CHARGE_TIER = Kind(
    name="ProductRatePlanChargeTier",
    plural="product-rate-plan-charge-tiers",
    rows=everywhere("plans", lambda plan: (tier for one in offered_charges(plan) for tier in _tiers(one))),
    finders={"ProductRatePlanChargeId": within(_with_id, _tiers)},
    ones={
        "ProductRatePlanCharge": One(
            "ProductRatePlanCharge", lambda _, row: OfferedCharge(row.plan, row.charge)
        )
    },
    fields={
        "Id": text(lambda _, row: step_id(row.charge.id, row.pricing.currency, row.tier)),
        **TIER_FIELDS,
        "ProductRatePlanChargeId": text("charge.id"),
        **_HISTORY,
    },
)
