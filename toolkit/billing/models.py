"""Charge models: what a quantity costs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeModel, Pricing, Tier
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.money import ZERO


def price_of(model: ChargeModel, pricing: Pricing, quantity: Decimal) -> Decimal:
    """Return the unrounded price of a whole quantity; 0 where the prices that the model needs are absent.

    It is at least the charge's minimum and at most its maximum.
    Source: Zuora, charge models - configure any pricing; charge-level min/max rules for per unit pricing.
    """
    price = _modelled(model, pricing, quantity)
    if pricing.minimum is None and pricing.maximum is None:
        return price
    return _within(price, pricing)


def _within(price: Decimal, bounds: Pricing | Tier) -> Decimal:
    """Raise or lower a price to the bounds that there are."""
    if bounds.minimum is not None:
        price = max(price, bounds.minimum)
    return price if bounds.maximum is None else min(price, bounds.maximum)


def _modelled(model: ChargeModel, pricing: Pricing, quantity: Decimal) -> Decimal:
    match model:
        case "PerUnit":
            return (pricing.price or ZERO) * quantity
        case "Tiered" | "HighWatermarkTieredPricing":
            return _tiered(pricing, quantity)
        case "Volume" | "HighWatermarkVolumePricing":
            return _volume(pricing, quantity)
        case "Overage":
            return _overage(pricing, quantity - (pricing.included_units or ZERO))
        case "TieredWithOverage":
            top = pricing.tiers[-1].ending_unit if pricing.tiers else ZERO
            beyond = ZERO if top is None else quantity - top
            return _tiered(pricing, quantity) + _overage(pricing, beyond)
        case _:
            return pricing.price or ZERO


def _tiered(pricing: Pricing, quantity: Decimal) -> Decimal:
    """Price each unit in its own tier, and the flat fee of each tier reached, of the first one always.

    Each tier's price keeps to the bounds of the tier. Source: Zuora, tier-level and charge-level min/max.
    Source: 25 units of 10 at 10 and 15 at 8 cost 220; Zuora, unbilled usage, on rating without it.
    """
    total, below = ZERO, ZERO
    for index, tier in enumerate(pricing.tiers):
        top = quantity if tier.ending_unit is None else min(quantity, tier.ending_unit)
        if top > below or index == 0:
            price = tier.price if tier.price_format == "FlatFee" else tier.price * (top - below)
            total += _within(price, tier)
            below = top
    return total


def _volume(pricing: Pricing, quantity: Decimal) -> Decimal:
    """Price all units in the tier that the quantity reaches. Source: 25 units at 8 cost 200."""
    for tier in pricing.tiers:
        if tier.ending_unit is None or quantity <= tier.ending_unit:
            price = tier.price if tier.price_format == "FlatFee" else tier.price * quantity
            return _within(price, tier)
    return ZERO


def _overage(pricing: Pricing, beyond: Decimal) -> Decimal:
    """Price the units beyond those that cost nothing more."""
    return (pricing.overage_price or ZERO) * max(beyond, ZERO)


def chosen(pricing: Pricing, attributes: Mapping[str, str]) -> Pricing:
    """Return the pricing with the prices of the card that these attributes choose, the first that fits.

    Source: Zuora, dynamic pricing.

    Raises:
        InvalidValueError: No card fits.
    """
    for card in pricing.cards:
        if card.when.items() <= attributes.items():
            return replace(
                pricing, price=card.price, tiers=card.tiers, minimum=card.minimum, maximum=card.maximum
            )
    said = ", ".join(f"{name} '{value}'" for name, value in sorted(attributes.items())) or "no attributes"
    raise InvalidValueError(f"The price table has no price for {said}.")


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Refuse a price table whose steps do not follow one another, only the last of which may be open.

    Source: Zuora, tiered pricing: tiers are numbered from 1, each begins after the one before ends.

    Raises:
        InvalidValueError: They do not.
    """
    if [tier.tier for tier in tiers] != list(range(1, len(tiers) + 1)):
        raise InvalidValueError("'tiers' should be numbered from 1, in their order.")
    for tier, following in pairwise(tiers):
        if tier.ending_unit is None or not tier.ending_unit <= following.starting_unit:
            raise InvalidValueError(
                f"The tier {tier.tier} should end before the tier {following.tier} begins."
            )
