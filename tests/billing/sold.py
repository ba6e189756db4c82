"""A charge as tests write it: terms, price and what the order says of it in one record."""

from datetime import date
from decimal import Decimal

from toolkit.billing.catalog import ChargeModel, ChargeTerms, ChargeType, PriceChange, Pricing, RateCard, Tier
from toolkit.billing.periods import BillingPeriod


class Sold(ChargeTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A charge with its price, as a catalog offers it and an order buys it; a month's flat fee unless said.

    Attributes:
        attributes: The pricing attributes that the order says.
        own_change: How the order says that its price changes with each renewal.
        sold_at: What the order pays in place of the catalog's price.
        discount: The amount of a fixed discount.
        trigger: Its specific trigger date.
        end: Its specific end date.
    """

    name: str = "Charge"
    type: ChargeType = "Recurring"
    model: ChargeModel = "FlatFee"
    uom: str | None = "Each"
    billing_period: BillingPeriod | None = "Month"
    price: Decimal | None = None
    quantity: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    unused_price: Decimal | None = None
    percentage: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    cards: tuple[RateCard, ...] = ()
    attributes: dict[str, str] | None = None
    sold_at: Decimal | None = None
    own_change: PriceChange | None = None
    discount: Decimal | None = None
    trigger: date | None = None
    end: date | None = None

    def pricing(self, currency: str) -> Pricing:
        """Return what the catalog asks for it."""
        same = ("price", "tiers", "included_units", "overage_price", "unused_price", "minimum", "maximum")
        return Pricing(
            currency=currency,
            discount_percentage=self.percentage,
            discount_amount=self.discount,
            cards=self.cards,
            **{name: getattr(self, name) for name in same},
        )
