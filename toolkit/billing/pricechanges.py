"""Price changes: how a charge's price changes by itself with each renewal."""

from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeTerms, PriceChange, Pricing, ProductCharge
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.subscriptions import Charge

_SAME = ("type", "model", "billing_period", "specific_billing_period", "uom")


def inherit(terms: ChargeTerms, own: PriceChange | None, tenants: PriceChange | None) -> ChargeTerms:
    """Return the terms of a subscription's charge with how its price is to change.

    The subscription's charge decides before the catalog's, that before the tenant; what the tenant says
    later is for later subscriptions.
    Source: Zuora, override the price increase options at the product rate plan charge level (AMD-031).

    Args:
        terms: The catalog's, or those of the segment that changes.
        own: What the order says.
        tenants: The tenant's default; None where it does not let prices change by themselves.

    Raises:
        InvalidValueError: The order wants a change that the tenant has not enabled.
    """
    if tenants is None and own is not None and own.option != "NoChange":
        raise InvalidValueError(
            f"'priceChangeOption' cannot be {own.option}: automatic price change is not enabled; "
            "set 'increasePriceRenewSubscription'."
        )
    change = own or (tenants if terms.price_change_option is None else None)
    if change is None:
        return terms
    return replace(terms, price_change_option=change.option, price_increase_percentage=change.percentage)


def next_pricing(charge: Charge, sold: ProductCharge | None) -> Pricing:
    """Return what a charge costs after a renewal, unrounded: percentages compound with each.

    The latest price of the catalog is taken only where its charge still is of the same type, model, billing
    period and unit, and its price table has the quantity.
    Source: Zuora, automated price change (uplift) for renewed subscriptions, and its details. That usage and
    tiers follow the percentage, and that a price table by attributes stays, is an assumption.

    Args:
        charge: The segment that runs up to the renewal.
        sold: The catalog's charge, where there still is one.
    """
    pricing, terms = charge.pricing, charge.terms
    if terms.price_change_option == "SpecificPercentageValue":
        return _raised(pricing, 1 + (terms.price_increase_percentage or 0) / Decimal(100))
    if terms.price_change_option != "UseLatestProductCatalogPricing" or sold is None:
        return pricing
    latest = sold.pricing.get(pricing.currency)
    same = all(getattr(terms, name) == getattr(sold.terms, name) for name in _SAME)
    if latest is None or latest.cards or not same or not _has(latest, charge.quantity):
        return pricing
    return latest


def _raised(pricing: Pricing, factor: Decimal) -> Pricing:
    return replace(
        pricing,
        price=None if pricing.price is None else pricing.price * factor,
        overage_price=None if pricing.overage_price is None else pricing.overage_price * factor,
        tiers=tuple(replace(tier, price=tier.price * factor) for tier in pricing.tiers),
    )


def _has(pricing: Pricing, quantity: Decimal | None) -> bool:
    if not pricing.tiers or quantity is None:
        return True
    last = pricing.tiers[-1].ending_unit
    return pricing.tiers[0].starting_unit <= quantity and (last is None or quantity <= last)
