"""Prices as an order writes them, one object a charge type and model."""

from decimal import Decimal
from typing import ClassVar, Literal

from toolkit.billing.catalog import DiscountLevel, ListPriceBase, PriceChangeOption
from toolkit.billing.periods import WEEKDAYS, Weekday
from toolkit.zuora.calls.wire import Body


class Price(Body, frozen=True):
    """A price or quantity in place of the catalog's, for one charge model."""

    harmless: ClassVar[frozenset[str]] = frozenset({"originalListPrice", "uom"})
    lacking: ClassVar[frozenset[str]] = frozenset({"tiers"})

    list_price: Decimal | None = None
    list_price_base: ListPriceBase | None = None
    specific_list_price_base: int | None = None
    quantity: Decimal | None = None
    price_change_option: PriceChangeOption | None = None
    price_increase_percentage: Decimal | None = None


_NO_PRICE = Price()


class TierPrice(Body, frozen=True):
    """One step of a price table."""

    harmless: ClassVar[frozenset[str]] = frozenset({"originalListPrice"})

    tier: int
    starting_unit: Decimal
    price: Decimal
    price_format: Literal["FlatFee", "PerUnit"]
    ending_unit: Decimal | None = None


class TieredPrice(Price, frozen=True):
    """A price table in place of the catalog's."""

    lacking: ClassVar[frozenset[str]] = frozenset()

    tiers: tuple[TierPrice, ...] = ()


class UsagePrice(TieredPrice, frozen=True):
    """What usage costs in place of the catalog's prices, for one charge model."""

    harmless: ClassVar[frozenset[str]] = frozenset({"originalListPrice"})

    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    number_of_periods: int | None = None
    overage_unused_units_credit_option: Literal["NoCredit", "CreditBySpecificRate"] | None = None
    unused_units_credit_rates: Decimal | None = None
    rating_group: (
        Literal["ByBillingPeriod", "ByUsageStartDate", "ByUsageRecord", "ByUsageUpload", "ByGroupId"] | None
    ) = None
    uom: str | None = None


class Discount(Body, frozen=True):
    """What of a discount is different from the catalog's."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("originalDiscountAmount", "originalDiscountPercentage", "originalListDiscountAmount"),
            "originalListDiscountPercentage",
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset({"discountApplyDetails"})

    apply_discount_to: (
        Literal[
            "ONETIME",
            "RECURRING",
            "USAGE",
            "ONETIMERECURRING",
            "ONETIMEUSAGE",
            "RECURRINGUSAGE",
            "ONETIMERECURRINGUSAGE",
        ]
        | None
    ) = None
    discount_amount: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_level: DiscountLevel | None = None
    discount_class: str | None = None
    apply_to_billing_period_partially: bool | None = None
    price_change_option: Literal["NoChange"] | None = None


class DeliveryDays(Body, frozen=True):
    """A delivery schedule."""

    frequency: Literal["Weekly"] = "Weekly"
    monday: bool = False
    tuesday: bool = False
    wednesday: bool = False
    thursday: bool = False
    friday: bool = False
    saturday: bool = False
    sunday: bool = False

    @property
    def days(self) -> tuple[Weekday, ...]:
        """The days of the week with a delivery."""
        return tuple(day for day in WEEKDAYS if getattr(self, day.lower()))


class DeliveryPrice(Price, frozen=True):
    """What a delivery costs in place of the catalog's price, and when there is one."""

    delivery_schedule: DeliveryDays | None = None


class ChargePricing(Body, frozen=True):
    """The one of these that the charge's type and model call for."""

    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("chargeModelData", "recurringCalculated"),
        }
    )

    discount: Discount | None = None
    one_time_flat_fee: Price | None = None
    one_time_per_unit: Price | None = None
    one_time_tiered: TieredPrice | None = None
    one_time_volume: TieredPrice | None = None
    recurring_tiered: TieredPrice | None = None
    recurring_volume: TieredPrice | None = None
    recurring_flat_fee: Price | None = None
    recurring_per_unit: Price | None = None
    recurring_delivery: DeliveryPrice | None = None
    recurring_delivery_based: DeliveryPrice | None = None
    usage_flat_fee: UsagePrice | None = None
    usage_per_unit: UsagePrice | None = None
    usage_tiered: UsagePrice | None = None
    usage_volume: UsagePrice | None = None
    usage_overage: UsagePrice | None = None
    usage_tiered_with_overage: UsagePrice | None = None

    def only(self) -> Price:
        """Return the one that was given."""
        given = (
            self.one_time_flat_fee,
            self.one_time_per_unit,
            self.one_time_tiered,
            self.one_time_volume,
            self.recurring_tiered,
            self.recurring_volume,
            self.recurring_flat_fee,
            self.recurring_per_unit,
            self.recurring_delivery,
            self.recurring_delivery_based,
            self.usage_flat_fee,
            self.usage_per_unit,
            self.usage_tiered,
            self.usage_volume,
            self.usage_overage,
            self.usage_tiered_with_overage,
        )
        return next(filter(None, given), _NO_PRICE)
