"""RatePlanData: rate plans and their charges as the actions subscribe and amend write them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from msgspec import field
from msgspec.structs import asdict

from toolkit.billing.catalog import ChargeTerms
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.subscriptions import Charge, RatePlan
from toolkit.zuora.api._component_request import Component, ComponentUpdate, Plan, Step
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.objects._charge_fields import TierFields
from toolkit.zuora.objects._charge_terms import CHOICES
from toolkit.zuora.objects._writing import given, meant, on_the_wire
from toolkit.zuora.state.world import World

_EVENTS: Mapping[str, Literal["UCE", "USA", "UCA", "USD"]] = {
    "ContractEffective": "UCE",
    "ServiceActivation": "USA",
    "CustomerAcceptance": "UCA",
    "SpecificDate": "USD",
}
_SPELT = {
    "bill_cycle_type": "billing_day",
    "billing_period": "billing_period",
    "billing_period_alignment": "alignment",
    "billing_timing": "timing",
    "end_date_condition": "end_date_condition",
    "list_price_base": "list_price_base",
    "up_to_periods_type": "up_to_periods_type",
}
"""The fields whose values queries spell otherwise, and what the terms call them."""

_STEPPED = frozenset({"Tiered", "Volume", "TieredWithOverage"})


class SaidCharge(Body, frozen=True, rename="pascal"):
    """What of a charge is different in the subscription. Source: Zuora, RatePlanCharge."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"ChargeModelConfiguration", "PriceIncreasePercentage", "UnusedUnitsCreditRates", "IsStackedDiscount"}
    )

    product_rate_plan_charge_id: str | None = None
    price: Decimal | None = None
    quantity: Decimal | None = None
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    discount_amount: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_level: Literal["rateplan", "subscription", "account"] | None = None
    apply_discount_to: str | None = None
    description: str | None = None
    trigger_event: (
        Literal["ContractEffective", "ServiceActivation", "CustomerAcceptance", "SpecificDate"] | None
    ) = None
    trigger_date: date | None = None
    bill_cycle_day: int | None = None
    bill_cycle_type: str | None = None
    billing_period: str | None = None
    billing_period_alignment: str | None = None
    billing_timing: str | None = None
    specific_billing_period: int | None = None
    weekly_bill_cycle_day: str | None = None
    end_date_condition: str | None = None
    specific_end_date: date | None = None
    up_to_periods: int | None = None
    up_to_periods_type: str | None = None
    list_price_base: str | None = None
    number_of_periods: int | None = None
    rating_group: str | None = None


class SaidChargeData(Body, frozen=True, rename="pascal"):
    """A charge with the tiers of its price."""

    open: ClassVar[bool] = True

    rate_plan_charge: SaidCharge
    rate_plan_charge_tier: tuple[TierFields, ...] = ()


class SaidPlan(Body, frozen=True, rename="pascal"):
    """Which rate plan: one of the catalog, or one that the subscription has."""

    open: ClassVar[bool] = True

    product_rate_plan_id: str | None = None
    amendment_subscription_rate_plan_id: str | None = None


class RatePlanData(Body, frozen=True, rename="pascal"):
    """A rate plan with what is different in it."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"SubscriptionProductFeatureList"})

    rate_plan: SaidPlan
    rate_plan_charge_data: tuple[SaidChargeData, ...] = field(default=(), name="RatePlanChargeData")

    def plan(self, world: World) -> Plan:
        """Return a rate plan to subscribe to.

        Raises:
            Refusal: It, or a charge of it, is not named.
            NotFoundError: It does not exist.
        """
        key = given(self.rate_plan.product_rate_plan_id, "ProductRatePlanId")
        known = {charge.id: charge.terms for charge in world.plan(key)[1].charges}
        overrides = tuple(_override(one, known) for one in self.rate_plan_charge_data)
        custom = self.rate_plan.custom_fields
        return Plan(product_rate_plan_id=key, charge_overrides=overrides, custom_fields=custom)

    def updates(self, plan: RatePlan) -> tuple[ComponentUpdate, ...]:
        """Return the changes of the charges that a subscription's rate plan has.

        Raises:
            Refusal: A charge is not named.
        """
        known = {charge.product_charge_id: charge for charge in plan.charges}
        return tuple(_update(one, known) for one in self.rate_plan_charge_data)


def _key(said: SaidChargeData) -> str:
    return given(said.rate_plan_charge.product_rate_plan_charge_id, "ProductRatePlanChargeId")


def _override(said: SaidChargeData, known: Mapping[str, ChargeTerms]) -> Component:
    key = _key(said)
    changes = _said(said, known.get(key), Component.__struct_fields__)
    return Component(product_rate_plan_charge_id=key, **changes)


def _update(said: SaidChargeData, known: Mapping[str, Charge]) -> ComponentUpdate:
    key = _key(said)
    charge = known.get(key)
    changes = _said(said, charge.terms if charge else None, ComponentUpdate.__struct_fields__)
    return ComponentUpdate(rate_plan_charge_id=charge.id if charge else key, **changes)


def _said(data: SaidChargeData, terms: ChargeTerms | None, fields: Iterable[str]) -> dict[str, Any]:
    """Return what is said of a charge, by the names and with the values of calls on subscriptions.

    A single tier is the price of a charge whose model has no steps.

    Raises:
        InvalidValueError: Something is said that can be said of new charges only.
    """
    said = {name: value for name, value in asdict(data.rate_plan_charge).items() if value is not None}
    said.pop("product_rate_plan_charge_id")
    for name, ours in _SPELT.items():
        if name in said:
            said[name] = meant(on_the_wire(name), said[name], CHOICES[ours])
    if "trigger_event" in said:
        said["trigger_event"] = _EVENTS[said["trigger_event"]]
    tiers = data.rate_plan_charge_tier
    if tiers and terms is not None and terms.model not in _STEPPED:
        said["price"] = tiers[0].price
    elif tiers:
        said["tiers"] = tuple(_step(tier) for tier in tiers)
    for name in said.keys() - set(fields):
        raise InvalidValueError(f"'{on_the_wire(name)}' of a charge cannot be changed by an amendment.")
    return said


def _step(said: TierFields) -> Step:
    return Step(
        price=given(said.price, "Price"),
        starting_unit=said.starting_unit or Decimal(0),
        ending_unit=said.ending_unit,
        price_format="FlatFee" if said.price_format in {"FlatFee", "Flat Fee"} else "PerUnit",
    )
