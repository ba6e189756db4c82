"""Rate plans and charges as the calls on subscriptions write them, and what an order makes of them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.catalog import (
    Alignment,
    BillingDay,
    ChargeTerms,
    DiscountLevel,
    EndDateCondition,
    ListPriceBase,
    PriceChangeOption,
    TriggerEvent,
    UpToPeriodsType,
)
from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.billing.periods import BillingPeriod, Weekday
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.orders.plan_request import (
    Billing,
    ChargeOverride,
    ChargeUpdate,
    End,
    PlanOverride,
    PlanUpdate,
    Start,
)
from toolkit.zuora.orders.pricing import (
    ChargePricing,
    Discount,
    Price,
    TieredPrice,
    TierPrice,
    UsagePrice,
)
from toolkit.zuora.state.identities import lasting_id
from toolkit.zuora.state.world import World

_EVENTS: Mapping[str, TriggerEvent] = {
    "UCE": "ContractEffective",
    "USA": "ServiceActivation",
    "UCA": "CustomerAcceptance",
    "USD": "SpecificDate",
}
"""Source: the official SDK, trigger event: upon contract effective, service activation, and so on."""


class Step(Body, frozen=True):
    """One step of a price table; they are counted in their order unless they say more."""

    price: Decimal
    tier: int = 1
    starting_unit: Decimal = Decimal(0)
    ending_unit: Decimal | None = None
    price_format: Literal["FlatFee", "PerUnit"] = "PerUnit"


class Priced(Body, frozen=True):
    """What of a charge's price is different."""

    price: Decimal | None = None
    quantity: Decimal | None = None
    tiers: tuple[Step, ...] = ()
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    price_change_option: PriceChangeOption | None = None
    price_increase_percentage: Decimal | None = None
    description: str | None = None
    trigger_event: Literal["UCE", "USA", "UCA", "USD"] | None = None
    trigger_date: date | None = None
    billing_period_alignment: Alignment | None = None

    @property
    def start(self) -> Start | None:
        """When it begins."""
        if self.trigger_event is None and self.trigger_date is None:
            return None
        event = _EVENTS[self.trigger_event] if self.trigger_event else None
        return Start(specific_trigger_date=self.trigger_date, trigger_event=event)


class Component(Priced, frozen=True, kw_only=True):
    """What of a catalog charge is different in a subscription."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("excludeItemBillingFromRevenueAccounting", "excludeItemBookingFromRevenueAccounting"),
            *("isAllocationEligible", "isUnbilled", "number", "productRatePlanChargeNumber"),
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("chargeModelConfiguration", "overageUnusedUnitsCreditOption", "unusedUnitsCreditRates"),
        }
    )

    product_rate_plan_charge_id: str
    apply_discount_to: str | None = None
    discount_amount: Decimal | None = None
    discount_level: DiscountLevel | None = None
    discount_percentage: Decimal | None = None
    bill_cycle_day: int | None = None
    bill_cycle_type: BillingDay | None = None
    billing_period: BillingPeriod | None = None
    billing_timing: Literal["IN_ADVANCE", "IN_ARREARS"] | None = None
    specific_billing_period: int | None = None
    weekly_bill_cycle_day: Weekday | None = None
    end_date_condition: EndDateCondition | None = None
    specific_end_date: date | None = None
    up_to_periods: int | None = None
    up_to_periods_type: UpToPeriodsType | None = None
    list_price_base: ListPriceBase | None = None
    number_of_periods: int | None = None
    rating_group: str | None = None


class ComponentUpdate(Priced, frozen=True, kw_only=True):
    """What changes of a charge that the subscription has."""

    lacking: ClassVar[frozenset[str]] = frozenset({"chargeModelConfiguration"})

    rate_plan_charge_id: str


class Plan(Body, frozen=True, kw_only=True):
    """A rate plan to subscribe to."""

    harmless: ClassVar[frozenset[str]] = frozenset({"externallyManagedPlanId", "bookingDate"})
    lacking: ClassVar[frozenset[str]] = frozenset({"externalCatalogPlanId", "externalIdSourceSystem"})

    product_rate_plan_id: str | None = None
    product_rate_plan_number: str | None = None
    charge_overrides: tuple[Component, ...] = ()

    def wanted(self, world: World) -> PlanOverride:
        """Return it as an order writes it.

        Raises:
            MissingValueError: It is not named.
            NotFoundError: It, or a charge of it, does not exist.
        """
        key = needed(self.product_rate_plan_id or self.product_rate_plan_number, "productRatePlanId")
        terms = {charge.id: charge.terms for charge in world.plan(key)[1].charges}
        overrides = tuple(_override(one, terms) for one in self.charge_overrides)
        return PlanOverride(
            product_rate_plan_id=key, charge_overrides=overrides, custom_fields=self.custom_fields
        )


class PlanChanges(Body, frozen=True, kw_only=True):
    """Changes within a rate plan that the subscription has."""

    harmless: ClassVar[frozenset[str]] = frozenset({"bookingDate", "productRatePlanNumber"})
    lacking: ClassVar[frozenset[str]] = frozenset({"externalCatalogPlanId", "externalIdSourceSystem"})

    contract_effective_date: date
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None
    specific_update_date: date | None = None
    charge_update_details: tuple[ComponentUpdate, ...] = ()

    def wanted(self, subscription: Subscription, world: World) -> PlanUpdate:
        """Return them as an order writes them.

        Raises:
            NotFoundError: The subscription has no such charge.
        """
        terms = {charge.id: charge.terms for charge in subscription.charges}

        def named(said: ComponentUpdate) -> ComponentUpdate:
            key = lasting_id(world.subscriptions, subscription.number, said.rate_plan_charge_id)
            return replace(said, rate_plan_charge_id=key)

        return PlanUpdate(
            rate_plan_id=self.rate_plan_id,
            subscription_rate_plan_number=self.subscription_rate_plan_number,
            specific_update_date=self.specific_update_date,
            charge_updates=tuple(_update(named(one), terms) for one in self.charge_update_details),
            custom_fields=self.custom_fields,
        )


def _override(said: Component, known: Mapping[str, ChargeTerms]) -> ChargeOverride:
    terms = _terms(said.product_rate_plan_charge_id, known)
    return ChargeOverride(
        product_rate_plan_charge_id=said.product_rate_plan_charge_id,
        pricing=_component_pricing(said, terms),
        start_date=said.start,
        end_date=End(
            end_date_condition=said.end_date_condition,
            specific_end_date=said.specific_end_date,
            up_to_periods=said.up_to_periods,
            up_to_periods_type=said.up_to_periods_type,
        ),
        billing=Billing(
            bill_cycle_day=said.bill_cycle_day,
            bill_cycle_type=said.bill_cycle_type,
            billing_period=said.billing_period,
            billing_period_alignment=said.billing_period_alignment,
            billing_timing=said.billing_timing,
            specific_billing_period=said.specific_billing_period,
            weekly_bill_cycle_day=said.weekly_bill_cycle_day,
        ),
        description=said.description,
        custom_fields=said.custom_fields,
    )


def _component_pricing(said: Component, terms: ChargeTerms) -> ChargePricing:
    if terms.model.startswith("Discount"):
        if said.price_change_option not in {None, "NoChange"}:
            raise InvalidValueError(f"The price of a {terms.model} charge cannot change with renewals.")
        changes = ("apply_discount_to", "discount_amount", "discount_level", "discount_percentage")
        return ChargePricing(discount=Discount(**{name: getattr(said, name) for name in changes}))
    usage = {"number_of_periods": said.number_of_periods, "rating_group": said.rating_group}
    return _pricing(said, terms, {"list_price_base": said.list_price_base}, usage)


def _update(said: ComponentUpdate, known: Mapping[str, ChargeTerms]) -> ChargeUpdate:
    align = said.billing_period_alignment
    return ChargeUpdate(
        charge_number=said.rate_plan_charge_id,
        pricing=_pricing(said, _terms(said.rate_plan_charge_id, known), {}, {}),
        effective_date=said.start,
        billing=Billing(billing_period_alignment=align) if align else None,
        description=said.description,
        custom_fields=said.custom_fields,
    )


def _terms(key: str, known: Mapping[str, ChargeTerms]) -> ChargeTerms:
    if key not in known:
        raise NotFoundError(key)
    return known[key]


_MODELS = {
    "FlatFee": "flat_fee",
    "PerUnit": "per_unit",
    "Tiered": "tiered",
    "Volume": "volume",
    "Overage": "overage",
    "TieredWithOverage": "tiered_with_overage",
}
_TYPES = {"OneTime": "one_time", "Recurring": "recurring", "Usage": "usage"}


def _pricing(
    said: Priced, terms: ChargeTerms, more: Mapping[str, Any], usage: Mapping[str, Any]
) -> ChargePricing:
    """Return a price in the place that a charge of these terms has for it.

    Raises:
        InvalidValueError: An order has no such place.
    """
    model = _MODELS.get(terms.model)
    if model is None:
        raise InvalidValueError(f"The price of a {terms.model} charge cannot be changed here.")
    steps = tuple(_step(number, step) for number, step in enumerate(said.tiers, 1))
    given: dict[str, Any] = {
        "list_price": said.price,
        "quantity": said.quantity,
        "price_change_option": said.price_change_option,
        "price_increase_percentage": said.price_increase_percentage,
        **more,
    }
    price: Price
    if terms.type == "Usage":
        given |= {"included_units": said.included_units, "overage_price": said.overage_price, **usage}
        price = UsagePrice(**given, tiers=steps)
    elif steps:
        price = TieredPrice(**given, tiers=steps)
    else:
        price = Price(**given)
    place: dict[str, Any] = {f"{_TYPES[terms.type]}_{model}": price}
    return ChargePricing(**place)


def _step(number: int, said: Step) -> TierPrice:
    return TierPrice(
        tier=max(number, said.tier),
        starting_unit=said.starting_unit,
        ending_unit=said.ending_unit,
        price=said.price,
        price_format=said.price_format,
    )
