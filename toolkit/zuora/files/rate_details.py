"""Rate details: how the price of used units comes about, line by line, as invoices print it."""

from collections.abc import Iterator
from decimal import Decimal

from toolkit.billing.catalog import Pricing, Tier
from toolkit.billing.documents import DocumentItem
from toolkit.billing.money import ZERO, round_money, smallest_unit
from toolkit.billing.subscriptions import Charge

_FORMATS = {"PerUnit": "Per Unit", "FlatFee": "Flat Fee"}


def list_price_text(charge: Charge) -> str:
    """Return the price table of a charge, or its price. Source: Zuora, usage rate detail, the sample."""
    pricing = charge.pricing
    if not pricing.tiers:
        return _money(pricing.price or ZERO, pricing)
    rows = (
        f"{tier.tier} / {_units(tier.starting_unit)} / {_units(tier.ending_unit)}"
        f" / {_plain(tier.price, pricing)} / {_FORMATS[tier.price_format]}"
        for tier in pricing.tiers
    )
    return "\n".join(("Tier / From / To / List Price / Price Format", *rows))


def rate_detail_text(charge: Charge, item: DocumentItem) -> str:
    """Return the lines that add up to what an item of usage costs.

    Source: Zuora, usage rate detail, whose sample is tiered; the lines of other models are an assumption.
    """
    unit, pricing = item.uom or "", charge.pricing
    match charge.terms.model:
        case "Tiered":
            lines = list(_tiered(pricing, item.quantity, unit))
        case "Volume":
            lines = [_volume(pricing, item.quantity, unit)]
        case "PerUnit":
            lines = [_units_at(item.quantity, pricing.price or ZERO, pricing, unit)]
        case _:
            lines = [f"{_money(pricing.price or ZERO, pricing)} Flat Fee"]
    return "\n".join((*lines, f"Total = {_money(item.amount, pricing)}"))


def _tiered(pricing: Pricing, quantity: Decimal, unit: str) -> Iterator[str]:
    below = ZERO
    for tier in pricing.tiers:
        if tier.tier > 1 and quantity <= below:
            return
        top = quantity if tier.ending_unit is None else min(quantity, tier.ending_unit)
        yield _tier(tier, top - below, pricing, unit)
        below = top if tier.ending_unit is None else tier.ending_unit


def _volume(pricing: Pricing, quantity: Decimal, unit: str) -> str:
    reached = (tier for tier in pricing.tiers if tier.ending_unit is None or quantity <= tier.ending_unit)
    tier = next(reached, None)
    return "" if tier is None else _tier(tier, quantity, pricing, unit)


def _tier(tier: Tier, quantity: Decimal, pricing: Pricing, unit: str) -> str:
    start = _units(tier.starting_unit)
    span = f">={start}" if tier.ending_unit is None else f"{start}-{_units(tier.ending_unit)}"
    if tier.price_format == "FlatFee":
        return f"Tier {tier.tier}: {span}, {_money(tier.price, pricing)} Flat Fee"
    return f"Tier {tier.tier}: {span}, {_units_at(quantity, tier.price, pricing, unit)}"


def _units_at(quantity: Decimal, price: Decimal, pricing: Pricing, unit: str) -> str:
    amount = round_money(quantity * price, pricing.currency)
    return f"{_units(quantity)} {unit}(s) x {_money(price, pricing)}/{unit} = {_money(amount, pricing)}"


def _units(quantity: Decimal | None) -> str:
    return "" if quantity is None else f"{quantity.normalize():f}"


def _plain(amount: Decimal, pricing: Pricing) -> str:
    """Return an amount with the currency's decimals, or more where a price has them."""
    least = smallest_unit(pricing.currency)
    return f"{amount.quantize(least) if amount == amount.quantize(least) else amount.normalize():f}"


def _money(amount: Decimal, pricing: Pricing) -> str:
    sign = "$" if pricing.currency == "USD" else pricing.currency
    return f"{sign}{_plain(amount, pricing)}"
