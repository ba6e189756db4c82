"""The product catalog: products, their rate plans, and the charges that a subscription copies."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.periods import BillingPeriod, Weekday

ChargeType = Literal["OneTime", "Recurring", "Usage"]
ChargeModel = Literal[
    "FlatFee",
    "PerUnit",
    "Overage",
    "Volume",
    "Tiered",
    "TieredWithOverage",
    "HighWatermarkVolumePricing",
    "HighWatermarkTieredPricing",
    "PreratedPerUnit",
    "PreratedPricing",
    "Delivery",
    "MultiAttributePricing",
    "Calculated",
    "DiscountFixedAmount",
    "DiscountPercentage",
]
BillingDay = Literal[
    "DefaultFromCustomer",
    "SpecificDayofMonth",
    "SubscriptionStartDay",
    "ChargeTriggerDay",
    "SpecificDayofWeek",
    "TermStartDay",
    "TermEndDay",
]
Alignment = Literal["AlignToCharge", "AlignToSubscriptionStart", "AlignToTermStart", "AlignToTermEnd"]
ListPriceBase = Literal[
    "Per_Billing_Period",
    "Per_Month",
    "Per_Week",
    "Per_Year",
    "Per_Specific_Months",
    "Per_Validity_Period",
]
TriggerEvent = Literal["ContractEffective", "ServiceActivation", "CustomerAcceptance", "SpecificDate"]
EndDateCondition = Literal["Subscription_End", "Fixed_Period", "Specific_End_Date", "One_Time"]
UpToPeriodsType = Literal["Billing_Periods", "Days", "Weeks", "Months", "Years"]
ProrationOption = Literal["NoProration", "TimeBasedProration", "DefaultFromTenantSetting", "ChargeFullPeriod"]
PriceChangeOption = Literal["NoChange", "SpecificPercentageValue", "UseLatestProductCatalogPricing"]
DiscountLevel = Literal["rateplan", "subscription", "account"]
ValidityPeriod = Literal["SUBSCRIPTION_TERM", "ANNUAL", "SEMI_ANNUAL", "QUARTER", "MONTH"]


class PriceChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a price changes with each renewal.

    Raises:
        MissingValueError: The percentage is missing where prices change by one.
        InvalidValueError: It takes off more than all.
    """

    option: PriceChangeOption = "NoChange"
    percentage: Decimal | None = None

    def __post_init__(self) -> None:
        if self.option == "SpecificPercentageValue" and self.percentage is None:
            raise MissingValueError("priceIncreasePercentage")
        if self.percentage is not None and self.percentage < -_ALL:
            raise InvalidValueError(
                f"'priceIncreasePercentage' should be at least -100, not {self.percentage}."
            )


_ALL = 100


class Tier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step of a price table; `ending_unit` is None in the last, open tier.

    Attributes:
        minimum: The least that the units of this step cost, once there are any.
        maximum: The most that they cost.
    """

    tier: int
    starting_unit: Decimal
    ending_unit: Decimal | None
    price: Decimal
    price_format: Literal["FlatFee", "PerUnit"] = "PerUnit"
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class RateCard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a charge costs where its pricing attributes have the values of `when`."""

    when: Mapping[str, str]
    price: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Pricing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a charge costs in one currency; prices are never rounded.

    Attributes:
        unused_price: What is given back for an included unit that a rolling window has left, where overage
            is billed as soon as it occurs; None for nothing.
        minimum: The least that what is rated together costs.
        maximum: The most that it costs.
        cards: A price table by attributes, one of which a subscription's charge chooses.
    """

    currency: str
    price: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    unused_price: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_amount: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    cards: tuple[RateCard, ...] = ()


class Prepaid(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a prepayment charge grants for each of its validity periods.

    Attributes:
        uom: What the units are, such as minutes.
        units: How many, for each unit of the charge's quantity.
        credit_option: What of a validity period is given back when the charge is removed within it: the part
            of its days to come, that of its units that are left, or all.
        rollover_periods: Into how many periods, one after the other, units that are left are rolled over.
        rollover_apply: Whether those are used before or after the units of the period itself.
        rollover_months: How long they hold where that is shorter than a validity period.
    """

    uom: str
    units: Decimal
    validity: ValidityPeriod
    credit_option: Literal["TimeBased", "ConsumptionBased", "FullCreditBack"] = "TimeBased"
    rollover_periods: int = 0
    rollover_apply: Literal["ApplyFirst", "ApplyLast"] = "ApplyFirst"
    rollover_months: int | None = None


class Drawdown(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From which prepaid units usage is taken, and how many of them a unit of usage takes."""

    uom: str
    rate: Decimal = Decimal(1)


class ChargeTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a charge is billed: the part that a subscription copies and an order may override.

    Attributes:
        bill_cycle_day: Day of the month (1-31) where `billing_day` is SpecificDayofMonth.
        weekly_bill_cycle_day: Day of the week where `billing_day` is SpecificDayofWeek.
        specific_billing_period: Number of months, weeks or days of the Specific_… periods.
        discount_class: Names a class of the tenant's, whose order says which discounts come first.
        stacked: For a percentage discount: whether its percentage is of the same amount as that of the other
            stacked ones, so that they add up, or of what earlier discounts have left.
        apply_partially: For a discount: whether it is taken off the part of an item's service period that
            it covers, or off all of it if it covers the first day.
        delivery_days: For delivery pricing: the days of the week on which there is a delivery.
        on_demand: Whether usage is billed as far as any target date, or at the end of its period (default).
        smoothing_model: For an overage that is smoothed: whether some billing periods share their units, or
            each leaves to the next what it has not used.
        number_of_periods: For an overage: over how many billing periods it is smoothed in a rolling
            window, or for how many what one of them leaves is kept.
        overage_per_period: Whether a smoothed overage is billed as soon as it occurs, or at the end of its
            window (default).
        prepaid: For a prepayment charge: what it grants.
        drawdown: For usage that uses up prepaid units, and is billed beyond them only.
        prepaid_periods: How many periods the first invoice asks for in advance, by the deprecated feature.
        proration_option: For usage: whether a period that is cut short costs its part only. For a recurring
            charge: as the tenant's rules say, or any part of a period as the whole.
        price_change_option: How its price changes with each renewal, where the tenant lets prices change;
            None as the tenant says.
    """

    name: str
    type: ChargeType
    model: ChargeModel
    description: str = ""
    uom: str | None = None
    billing_period: BillingPeriod | None = None
    specific_billing_period: int | None = None
    billing_day: BillingDay | None = None
    bill_cycle_day: int | None = None
    weekly_bill_cycle_day: Weekday | None = None
    alignment: Alignment | None = None
    timing: Literal["IN_ADVANCE", "IN_ARREARS"] | None = None
    list_price_base: ListPriceBase | None = None
    specific_list_price_base: int | None = None
    trigger_event: TriggerEvent = "ContractEffective"
    end_date_condition: EndDateCondition = "Subscription_End"
    up_to_periods: int | None = None
    up_to_periods_type: UpToPeriodsType | None = None
    discount_level: DiscountLevel | None = None
    discount_class: str | None = None
    apply_discount_to: str | None = None
    stacked: bool = False
    apply_partially: bool = False
    rating_group: str | None = None
    delivery_days: tuple[Weekday, ...] = ()
    on_demand: bool = False
    smoothing_model: Literal["RollingWindow", "Rollover"] | None = None
    number_of_periods: int | None = None
    overage_per_period: bool = False
    prepaid: Prepaid | None = None
    drawdown: Drawdown | None = None
    prepaid_periods: int | None = None
    proration_option: ProrationOption | None = None
    tax_mode: Literal["TaxExclusive", "TaxInclusive"] | None = None
    tax_code: str | None = None
    taxable: bool = False
    price_change_option: PriceChangeOption | None = None
    price_increase_percentage: Decimal | None = None


class ProductCharge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A charge of a product rate plan, with its prices by currency.

    Attributes:
        finance: The accounting codes of a seeded charge and their types, by the names of the API; nothing
            is posted to them.
    """

    id: str
    number: str
    terms: ChargeTerms
    pricing: Mapping[str, Pricing]
    default_quantity: Decimal | None = None
    finance: Mapping[str, str | None] = {}
    custom_fields: Mapping[str, object] = {}


class ProductRatePlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A rate plan of a product.

    Attributes:
        external_ids: What it is called in the store of a third party.
        external_system: Which store that is.
    """

    id: str
    number: str
    product_id: str
    name: str
    charges: tuple[ProductCharge, ...]
    effective_start: date
    effective_end: date
    description: str = ""
    external_ids: tuple[str, ...] = ()
    external_system: str | None = None
    custom_fields: Mapping[str, object] = {}

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of its charges."""
        return tuple(charge.id for charge in self.charges)


class Product(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A product; its rate plans name it by `product_id`."""

    id: str
    number: str
    sku: str
    name: str
    effective_start: date
    effective_end: date
    description: str = ""
    category: str | None = None
    custom_fields: Mapping[str, object] = {}
