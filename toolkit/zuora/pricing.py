"""Prices as answers show them."""

from decimal import Decimal
from typing import Any

from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.money import ZERO
from toolkit.billing.periods import WEEKDAYS
from toolkit.zuora.calls.wire import number, optional


def pricing_summary(terms: ChargeTerms, pricing: Pricing) -> str:
    """Return a price in words; the unit is after a slash.

    Source: recorded, GBP13.75 and 10% discount; of a fixed discount the words are an assumption.
    """
    if terms.model == "DiscountPercentage":
        return f"{(pricing.discount_percentage or ZERO).normalize():f}% discount"
    if terms.model == "DiscountFixedAmount":
        return f"{pricing.currency}{(pricing.discount_amount or ZERO).normalize():f} discount"
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


def show_deliveries(terms: ChargeTerms) -> dict[str, Any] | None:
    """Return a delivery schedule, or None without one. Source: the models of the official SDK."""
    if not terms.delivery_days:
        return None
    return {"frequency": "Weekly", **{day.lower(): day in terms.delivery_days for day in WEEKDAYS}}


def show_rating(terms: ChargeTerms, unused_price: Decimal | None) -> dict[str, Any]:
    """Return how usage is rated; of other charges nothing is said, and of what is usual little.

    Source: the enums of the official SDK; recorded, whose usage charges with overage have no option.
    """
    usage = terms.type == "Usage"
    smoothed = terms.model == "Overage" and terms.number_of_periods is not None
    end = "PerBillingPeriod" if terms.overage_per_period else "EndOfSmoothingPeriod"
    return {
        "ratingGroup": terms.rating_group or ("ByBillingPeriod" if usage else None),
        "smoothingModel": terms.smoothing_model or ("RollingWindow" if smoothed else None),
        "numberOfPeriods": terms.number_of_periods,
        "overageCalculationOption": end if smoothed else None,
        "overageUnusedUnitsCreditOption": "CreditBySpecificRate" if unused_price else None,
        "usageRecordRatingOption": "OnDemand" if terms.on_demand else None,
        "prorationOption": terms.proration_option,
    }


def show_prepaid(terms: ChargeTerms, quantity: Decimal | None) -> dict[str, Any]:
    """Return what a charge prepays or draws down; other charges have no such fields.

    Source: Zuora, fields related to prepaid with drawdown; the official SDK.
    """
    if terms.drawdown is not None:
        return {
            "isPrepaid": True,
            "chargeFunction": "Drawdown",
            "prepaidOperationType": "drawdown",
            "drawdownUom": terms.drawdown.uom,
            "drawdownRate": number(terms.drawdown.rate),
        }
    prepaid = terms.prepaid
    if prepaid is None:
        return {}
    rolls = prepaid.rollover_periods > 0
    return {
        "isPrepaid": True,
        "chargeFunction": "Prepayment",
        "commitmentType": "UNIT",
        "prepaidOperationType": "topup",
        "prepaidQuantity": number(prepaid.units),
        "prepaidTotalQuantity": number(prepaid.units * (Decimal(1) if quantity is None else quantity)),
        "validityPeriodType": prepaid.validity,
        "creditOption": prepaid.credit_option,
        "isRollover": rolls,
        "rolloverApply": prepaid.rollover_apply if rolls else None,
        "rolloverPeriods": prepaid.rollover_periods if rolls else None,
    }


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
