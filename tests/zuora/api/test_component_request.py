"""Charges as the calls on subscriptions write them become those of an order."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import plan_named
from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.api._component_request import Component, ComponentUpdate, Plan, PlanChanges, Step
from toolkit.zuora.orders.pricing import ChargePricing, TieredPrice, UsagePrice
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.billing.catalog import ProductRatePlan
    from toolkit.zuora.state.world import World


def selling(tenant: Tenant, **terms: object) -> "tuple[World, ProductRatePlan]":
    """Return the world with a charge of these terms in Premium, and the plan."""
    plan: ProductRatePlan = plan_named(tenant, "Premium - 1 Year")
    charge = plan.charges[0]
    changed = replace(plan, charges=(replace(charge, terms=replace(charge.terms, **terms)),))
    return replace(tenant.world, plans=tenant.world.plans.put(changed)), changed


def pricing(tenant: Tenant, terms: "Mapping[str, object]", **said: object) -> ChargePricing:
    """Return the price of a charge of these terms as an order has it."""
    world, plan = selling(tenant, **terms)
    charge = Component(product_rate_plan_charge_id=plan.charges[0].id, **said)  # type: ignore[arg-type]
    (override,) = (
        Plan(product_rate_plan_id=plan.id, charge_overrides=(charge,)).wanted(world).charge_overrides
    )
    assert override.pricing is not None
    return override.pricing


def test_a_price_table_counts_its_steps(tenant: Tenant) -> None:
    steps = (Step(price=Decimal(3), ending_unit=Decimal(5)), Step(price=Decimal(2), starting_unit=Decimal(5)))
    found = pricing(tenant, {"model": "Tiered"}, tiers=steps, quantity=Decimal(4))
    assert isinstance(found.recurring_tiered, TieredPrice)
    assert [one.tier for one in found.recurring_tiered.tiers] == [1, 2]
    assert [one.price for one in found.recurring_tiered.tiers] == [Decimal(3), Decimal(2)]


def test_usage_has_its_own_prices(tenant: Tenant) -> None:
    terms = {"type": "Usage", "model": "Overage"}
    found = pricing(tenant, terms, included_units=Decimal(10), overage_price=Decimal(2), number_of_periods=3)
    assert isinstance(found.usage_overage, UsagePrice)
    assert found.usage_overage.included_units == 10
    assert found.usage_overage.number_of_periods == 3


def test_a_discount_has_its_own_fields(tenant: Tenant) -> None:
    found = pricing(tenant, {"model": "DiscountPercentage"}, discount_percentage=Decimal(15))
    assert found.discount is not None
    assert found.discount.discount_percentage == 15


def test_a_model_that_orders_do_not_know_is_refused(tenant: Tenant) -> None:
    with pytest.raises(InvalidValueError, match="price of a PreratedPricing charge"):
        pricing(tenant, {"model": "PreratedPricing"}, price=Decimal(1))


def test_an_update_may_move_its_charge_to_other_periods(tenant: Tenant, subscription: str) -> None:
    found = tenant.world.subscriptions.find(subscription)
    (charge,) = found.charges
    update = ComponentUpdate(
        rate_plan_charge_id=charge.id, billing_period_alignment="AlignToTermStart", trigger_event="UCA"
    )
    changes = PlanChanges(contract_effective_date=found.start, charge_update_details=(update,))
    (said,) = changes.wanted(found, tenant.world).charge_updates
    assert said.billing is not None
    assert said.billing.billing_period_alignment == "AlignToTermStart"
    assert said.effective_date is not None
    assert said.effective_date.trigger_event == "CustomerAcceptance"
