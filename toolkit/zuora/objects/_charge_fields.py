"""What clients say of a product rate plan charge and of its tiers. Source: the official SDK."""

from decimal import Decimal
from typing import ClassVar

from msgspec import UNSET, UnsetType, field

from toolkit.zuora.calls.wire import Body
from toolkit.zuora.objects._writing import Fields


class TierFields(Body, frozen=True, rename="pascal"):
    """One step of what a charge costs in a currency."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"MinimumAmount", "MaximumAmount"})

    currency: str | None = None
    price: Decimal | None = None
    discount_amount: Decimal | None = None
    discount_percentage: Decimal | None = None
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    starting_unit: Decimal | None = None
    ending_unit: Decimal | None = None
    is_overage_price: bool = False
    price_format: str | None = None


class TierData(Body, frozen=True, rename="pascal"):
    """All steps in all currencies."""

    open: ClassVar[bool] = True

    product_rate_plan_charge_tier: tuple[TierFields, ...] = ()


class Deliveries(Body, frozen=True, rename="pascal"):
    """The days of the week with a delivery; the official SDK sends Wednesday as Wendesday."""

    open: ClassVar[bool] = True

    monday: bool = False
    tuesday: bool = False
    wednesday: bool = False
    wendesday: bool = False
    thursday: bool = False
    friday: bool = False
    saturday: bool = False
    sunday: bool = False


class ChargeFields(Fields, frozen=True):
    """What may be said of a charge. What accounts for revenue changes nothing that is simulated."""

    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("ChargeModelConfiguration", "EligibleAccountConditions", "EligibleChargeConditions"),
            *("MinQuantity", "MaxQuantity", "DrawdownPriority", "SpecificValidityPeriodLength"),
            *("RolloverPeriodType", "RolloverFundPriority", "RolloverEndDateType"),
            *("FundSupportAccountHierarchy", "ValidityPeriodAlignment", "VpAlignment"),
            *("ValidityPeriodProrationOption", "VpProrationOption"),
        }
    )

    product_rate_plan_id: str | UnsetType | None = UNSET
    product_rate_plan_charge_number: str | UnsetType | None = UNSET
    product_rate_plan_charge_tier_data: TierData | UnsetType | None = UNSET
    default_quantity: Decimal | UnsetType | None = UNSET
    included_units: Decimal | UnsetType | None = UNSET

    name: str | UnsetType | None = UNSET
    charge_type: str | UnsetType | None = UNSET
    charge_model: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    uom: str | UnsetType | None = field(default=UNSET, name="UOM")
    billing_period: str | UnsetType | None = UNSET
    specific_billing_period: int | UnsetType | None = UNSET
    bill_cycle_type: str | UnsetType | None = UNSET
    bill_cycle_day: int | UnsetType | None = UNSET
    weekly_bill_cycle_day: str | UnsetType | None = UNSET
    billing_period_alignment: str | UnsetType | None = UNSET
    billing_timing: str | UnsetType | None = UNSET
    list_price_base: str | UnsetType | None = UNSET
    specific_list_price_base: int | UnsetType | None = UNSET
    trigger_event: str | UnsetType | None = UNSET
    end_date_condition: str | UnsetType | None = UNSET
    up_to_periods: int | UnsetType | None = UNSET
    up_to_periods_type: str | UnsetType | None = UNSET
    discount_level: str | UnsetType | None = UNSET
    apply_discount_to: str | UnsetType | None = UNSET
    is_stacked_discount: bool | UnsetType | None = UNSET
    apply_to_billing_period_partially: bool | UnsetType | None = UNSET
    rating_group: str | UnsetType | None = UNSET
    number_of_period: int | UnsetType | None = UNSET
    smoothing_model: str | UnsetType | None = UNSET
    proration_option: str | UnsetType | None = UNSET
    tax_mode: str | UnsetType | None = UNSET
    tax_code: str | UnsetType | None = UNSET
    taxable: bool | UnsetType | None = UNSET
    price_change_option: str | UnsetType | None = UNSET
    price_increase_percentage: Decimal | UnsetType | None = UNSET

    delivery_schedule: Deliveries | UnsetType | None = UNSET
    overage_calculation_option: str | UnsetType | None = UNSET
    usage_record_rating_option: str | UnsetType | None = UNSET
    use_tenant_default_for_price_change: bool | UnsetType | None = UNSET
    charge_function: str | UnsetType | None = UNSET
    prepaid_operation_type: str | UnsetType | None = UNSET
    commitment_type: str | UnsetType | None = UNSET
    prepayment_unit_type: str | UnsetType | None = UNSET
    prepaid_uom: str | UnsetType | None = UNSET
    prepaid_quantity: Decimal | UnsetType | None = UNSET
    validity_period_type: str | UnsetType | None = UNSET
    credit_option: str | UnsetType | None = UNSET
    is_rollover: bool | UnsetType | None = UNSET
    rollover_apply: str | UnsetType | None = UNSET
    rollover_periods: int | UnsetType | None = UNSET
    drawdown_uom: str | UnsetType | None = UNSET
    drawdown_rate: Decimal | UnsetType | None = UNSET
