"""Prices as answers show them."""

from typing import Any

from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.money import ZERO
from toolkit.zuora.wire import number, optional


def pricing_summary(terms: ChargeTerms, pricing: Pricing) -> str:
    """Return a price in words. Source: recorded, GBP13.75 and 10% discount; the unit is after a slash."""
    if terms.model == "DiscountPercentage":
        return f"{(pricing.discount_percentage or ZERO).normalize():f}% discount"
    price = f"{pricing.currency}{(pricing.price or ZERO).normalize():f}"
    return f"{price}/{terms.uom}" if terms.model == "PerUnit" and terms.uom else price


def show_tiers(pricing: Pricing) -> list[dict[str, Any]] | None:
    """Return the price table, or None without one."""
    if not pricing.tiers:
        return None
    return [
        {
            "tier": tier.tier,
            "startingUnit": number(tier.starting_unit),
            "endingUnit": optional(tier.ending_unit),
            "price": number(tier.price),
            "priceFormat": tier.price_format,
        }
        for tier in pricing.tiers
    ]


def show_pricing(pricing: Pricing) -> dict[str, Any]:
    """Return what a catalog charge costs in one currency. Source: recorded catalog."""
    return {
        "currency": pricing.currency,
        "price": optional(pricing.price),
        "tiers": show_tiers(pricing),
        "includedUnits": optional(pricing.included_units),
        "overagePrice": optional(pricing.overage_price),
        "discountPercentage": optional(pricing.discount_percentage),
        "discountAmount": optional(pricing.discount_amount),
    }
