"""ProductRatePlanChargeTier: one step of what a charge of the catalog costs."""

from decimal import Decimal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.catalog import ChargeModel, Pricing
from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.objects._writing import Fields, Writer, said, unknown
from toolkit.zuora.objects.charges import keep
from toolkit.zuora.query.catalogs import PRODUCT_RATE_PLAN_CHARGE_TIER, OfferedTier
from toolkit.zuora.state.world import Change


class TierFields(Fields, frozen=True):
    """The one thing of a tier that may be changed by itself. Source: the official SDK."""

    price: Decimal | UnsetType | None = UNSET


def update(change: Change, identity: str, fields: TierFields) -> None:
    """Change the price of one step."""
    price: Decimal = said(fields).given("price")
    offered: OfferedTier | None = PRODUCT_RATE_PLAN_CHARGE_TIER.get(change.world, identity)
    if offered is None:
        raise unknown("update")
    charge = offered.charge
    repriced = _repriced(charge.terms.model, offered, price)
    keep(change, offered.plan, replace(charge, pricing={**charge.pricing, repriced.currency: repriced}))


def _repriced(model: ChargeModel, offered: OfferedTier, price: Decimal) -> Pricing:
    """Return what the charge costs in the step's currency with another price in the step."""
    pricing = offered.pricing
    if model.startswith("Discount"):
        raise InvalidValueError(f"A tier of the model {model} has no price.")
    if model == "Overage":
        return replace(pricing, overage_price=price)
    if not pricing.tiers:
        return replace(pricing, price=price)
    tiers = tuple(
        replace(tier, price=price) if tier.tier == offered.tier.tier else tier for tier in pricing.tiers
    )
    return replace(pricing, tiers=tiers)


WRITERS = (Writer("ProductRatePlanChargeTier", TierFields, update),)
