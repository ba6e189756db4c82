"""Charge models: what a quantity costs."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from toolkit.billing.catalog import ChargeModel, Pricing, Tier
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.money import ZERO


def price_of(model: ChargeModel, pricing: Pricing, quantity: Decimal) -> Decimal:
    """Return the unrounded price of a whole quantity; 0 where the prices that the model needs are absent.

    Source: Zuora, charge models - configure any pricing.
    """
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

    Source: 25 units of 10 at 10 and 15 at 8 cost 220; Zuora, unbilled usage, on rating without it.
    """
    total, below = ZERO, ZERO
    for index, tier in enumerate(pricing.tiers):
        top = quantity if tier.ending_unit is None else min(quantity, tier.ending_unit)
        if top > below or index == 0:
            total += tier.price if tier.price_format == "FlatFee" else tier.price * (top - below)
            below = top
    return total


def _volume(pricing: Pricing, quantity: Decimal) -> Decimal:
    """Price all units in the tier that the quantity reaches. Source: 25 units at 8 cost 200."""
    for tier in pricing.tiers:
        if tier.ending_unit is None or quantity <= tier.ending_unit:
            return tier.price if tier.price_format == "FlatFee" else tier.price * quantity
    return ZERO


def _overage(pricing: Pricing, beyond: Decimal) -> Decimal:
    """Price the units beyond those that cost nothing more."""
    return (pricing.overage_price or ZERO) * max(beyond, ZERO)


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
