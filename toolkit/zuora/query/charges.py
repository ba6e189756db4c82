"""Charges and tiers: the fields that those of the catalog and those of subscriptions share."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from toolkit.billing.catalog import Pricing, Tier
from toolkit.billing.money import ZERO
from toolkit.zuora.query.kinds import Field, Reader, amount, choice, count, flag, text
from toolkit.zuora.query.spellings import PRICE_FORMATS, spelt
from toolkit.zuora.state.identities import derived_id
from toolkit.zuora.state.world import World

CHARGE_FIELDS: dict[str, Field] = {
    "ApplyDiscountTo": choice("charge.terms.apply_discount_to"),
    "BillCycleDay": count("charge.terms.bill_cycle_day"),
    "BillCycleType": choice("charge.terms.billing_day"),
    "BillingPeriod": choice(spelt("billing_period")),
    "BillingPeriodAlignment": choice("charge.terms.alignment"),
    "BillingTiming": choice(spelt("timing")),
    "ChargeModel": choice(spelt("model")),
    "ChargeType": choice("charge.terms.type"),
    "Description": text("charge.terms.description"),
    "DiscountLevel": choice("charge.terms.discount_level"),
    "EndDateCondition": choice(spelt("end_date_condition")),
    "ListPriceBase": choice(spelt("list_price_base")),
    "SpecificListPriceBase": count("charge.terms.specific_list_price_base"),
    "Name": text("charge.terms.name"),
    "PriceChangeOption": choice("charge.terms.price_change_option"),
    "PriceIncreasePercentage": amount("charge.terms.price_increase_percentage"),
    "ProrationOption": choice("charge.terms.proration_option"),
    "RatingGroup": choice("charge.terms.rating_group"),
    "SpecificBillingPeriod": count("charge.terms.specific_billing_period"),
    "Taxable": flag("charge.terms.taxable"),
    "TriggerEvent": choice("charge.terms.trigger_event"),
    "UOM": text("charge.terms.uom"),
    "UpToPeriods": count("charge.terms.up_to_periods"),
    "UpToPeriodsType": choice(spelt("up_to_periods_type")),
    "WeeklyBillCycleDay": choice("charge.terms.weekly_bill_cycle_day"),
}


def steps(pricing: Pricing) -> Iterator[Tier]:
    """Yield the steps of a price: those of its table, or a single one that reaches from 0 without an end.

    Source: Zuora, product rate plan charge tier: every charge has at least one.
    """
    if pricing.tiers:
        yield from pricing.tiers
        return
    price = ZERO if pricing.price is None else pricing.price
    yield Tier(tier=1, starting_unit=ZERO, ending_unit=None, price=price)


def step_id(charge_id: str, currency: str, tier: Tier) -> str:
    """Return the id of a price's step."""
    return derived_id(charge_id, currency, tier.tier)


def _of_pricing(name: str) -> Reader:
    return lambda _, row: getattr(row.pricing, name)


def _price(_: World, row: Any) -> Decimal | None:  # noqa: ANN401 - a tier of either kind
    return None if row.charge.terms.model.startswith("Discount") else row.tier.price


TIER_FIELDS: dict[str, Field] = {
    "Currency": choice("pricing.currency"),
    "DiscountAmount": amount(_of_pricing("discount_amount")),
    "DiscountPercentage": amount(_of_pricing("discount_percentage")),
    "EndingUnit": amount("tier.ending_unit"),
    "IncludedUnits": amount(_of_pricing("included_units")),
    "OveragePrice": amount(_of_pricing("overage_price")),
    "Price": amount(_price),
    "PriceFormat": choice(lambda _, row: PRICE_FORMATS[row.tier.price_format]),
    "StartingUnit": amount("tier.starting_unit"),
    "Tier": count("tier.tier"),
}
