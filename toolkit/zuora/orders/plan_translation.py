"""Translation of rate plans and prices from the wire into the domain."""

from datetime import date
from typing import Any

from toolkit.billing import orders
from toolkit.billing.catalog import PriceChange, ProrationOption, Tier
from toolkit.billing.models import check_tiers
from toolkit.billing.money import ZERO
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.orders.plan_request import Billing, ChargeOverride, ChargeUpdate, End, PlanOverride, Start
from toolkit.zuora.orders.pricing import (
    ChargePricing,
    DeliveryPrice,
    Discount,
    Price,
    TieredPrice,
    UsagePrice,
)


def subscribe(plan: PlanOverride) -> orders.Subscribe:
    """Translate a rate plan to subscribe to.

    Raises:
        MissingValueError: It is not named.
        InvalidValueError: A price table is not in order.
    """
    key = plan.product_rate_plan_id or plan.product_rate_plan_number
    overrides = tuple(map(_override, plan.charge_overrides))
    return orders.Subscribe(needed(key, "productRatePlanId"), overrides, plan.custom_fields)


def _override(said: ChargeOverride) -> orders.Override:
    start, end = said.start_date, said.end_date
    taxation = said.taxable, said.tax_code, said.tax_mode
    return _wanted(
        said.product_rate_plan_charge_id,
        said.pricing,
        specific_trigger=start.specific_trigger_date if start else None,
        specific_end=end.specific_end_date if end else None,
        description=said.description,
        schedule=_schedule(said.pricing, start, said.billing, end, said.proration_option),
        taxation=None if taxation == _UNTAXED else orders.Taxation(*taxation),
        custom_fields=said.custom_fields,
    )


_UNTAXED = (None, None, None)


def change_of(said: ChargeUpdate, day: date | None) -> orders.Override:
    """Translate the change of a charge; `day` is that of its whole rate plan.

    Raises:
        MissingValueError: It is not named.
        InvalidValueError: A price table is not in order.
    """
    start = said.effective_date or Start(specific_trigger_date=day)
    return _wanted(
        needed(said.charge_number or said.product_rate_plan_charge_id, "chargeNumber"),
        said.pricing,
        specific_trigger=start.specific_trigger_date,
        description=said.description,
        schedule=_schedule(said.pricing, start, said.billing),
        custom_fields=said.custom_fields,
    )


def _wanted(key: str, pricing: ChargePricing | None, **more: Any) -> orders.Override:  # noqa: ANN401 - of any field
    if pricing is None:
        return orders.Override(key=key, **more)
    price = pricing.only()
    return orders.Override(
        key=key,
        price=price.list_price,
        quantity=price.quantity,
        metering=_metering(price) if isinstance(price, TieredPrice) else None,
        discount=_discounting(pricing.discount) if pricing.discount else None,
        price_change=_price_change(price) if price.price_change_option else None,
        **more,
    )


def _price_change(price: Price) -> PriceChange:
    return PriceChange(
        option=price.price_change_option or "NoChange", percentage=price.price_increase_percentage
    )


def _schedule(
    pricing: ChargePricing | None,
    start: Start | None,
    billing: Billing | None,
    end: End | None = None,
    proration: ProrationOption | None = None,
) -> orders.Schedule | None:
    """Translate when a charge begins, is billed and ends; None when all of that stays."""
    price = pricing.only() if pricing else _NO_PRICE
    delivers = price.delivery_schedule if isinstance(price, DeliveryPrice) else None
    if not (start or billing or end or proration or price.list_price_base or delivers):
        return None
    start, billing, end = start or Start(), billing or Billing(), end or End()
    return orders.Schedule(
        trigger_event=start.trigger_event,
        end_date_condition=end.end_date_condition,
        up_to_periods=end.up_to_periods,
        up_to_periods_type=end.up_to_periods_type,
        billing_period=billing.billing_period,
        specific_billing_period=billing.specific_billing_period,
        billing_day=billing.bill_cycle_type,
        bill_cycle_day=billing.bill_cycle_day,
        weekly_bill_cycle_day=billing.weekly_bill_cycle_day,
        alignment=billing.billing_period_alignment,
        timing=billing.billing_timing,
        list_price_base=price.list_price_base,
        specific_list_price_base=price.specific_list_price_base,
        proration_option=proration,
        delivery_days=delivers.days if delivers else None,
    )


_NO_PRICE = Price()


def _discounting(said: Discount) -> orders.Discounting:
    return orders.Discounting(
        discount_amount=said.discount_amount,
        discount_percentage=said.discount_percentage,
        discount_level=said.discount_level,
        discount_class=said.discount_class,
        apply_discount_to=said.apply_discount_to,
        apply_partially=said.apply_to_billing_period_partially,
    )


def _metering(price: TieredPrice) -> orders.Metering:
    """Translate a price table, and what else usage costs.

    Raises:
        InvalidValueError: The price table is not in order.
    """
    tiers = tuple(
        Tier(
            tier=step.tier,
            starting_unit=step.starting_unit,
            ending_unit=step.ending_unit,
            price=step.price,
            price_format=step.price_format,
        )
        for step in price.tiers
    )
    check_tiers(tiers)
    if not isinstance(price, UsagePrice):
        return orders.Metering(tiers=tiers or None)
    return orders.Metering(
        tiers=tiers or None,
        included_units=price.included_units,
        overage_price=price.overage_price,
        unused_price=ZERO
        if price.overage_unused_units_credit_option == "NoCredit"
        else price.unused_units_credit_rates,
        number_of_periods=price.number_of_periods,
        rating_group=price.rating_group,
        uom=price.uom,
    )
