"""Rate plans as an order writes them: to subscribe to, to change and to remove."""

from datetime import date
from typing import ClassVar, Literal

from toolkit.billing.catalog import (
    Alignment,
    BillingDay,
    EndDateCondition,
    ProrationOption,
    UpToPeriodsType,
)
from toolkit.billing.periods import BillingPeriod, Weekday
from toolkit.billing.taxcodes import TaxMode
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.orders.pricing import ChargePricing

_PLAN_HARMLESS = frozenset(
    {
        *("clearingExistingFeatures", "externalCatalogPlanId", "externallyManagedPlanId"),
        *("isFromExternalCatalog", "ratePlanName", "subscriptionProductFeatures", "uniqueToken"),
    }
)

_ACCOUNTING = frozenset(
    {
        *("accountReceivableAccountingCode", "adjustmentLiabilityAccountingCode"),
        *("adjustmentRevenueAccountingCode", "contractAssetAccountingCode", "estimatedStartDate"),
        *("contractLiabilityAccountingCode", "contractRecognizedRevenueAccountingCode"),
        *("deferredRevenueAccountingCode", "excludeItemBillingFromRevenueAccounting"),
        *("excludeItemBookingFromRevenueAccounting", "isAllocationEligible", "isBillable", "isUnbilled"),
        *("recognizedRevenueAccountingCode", "revRecCode", "revRecTriggerCondition"),
        *("revenueRecognitionRuleName", "unBilledReceivablesAccountingCode", "uniqueToken"),
    }
)


class Start(Body, frozen=True):
    """When a charge starts, or an update takes effect."""

    lacking: ClassVar[frozenset[str]] = frozenset(
        {"periodsAfterChargeStart", "startDatePolicy", "startPeriodsType"}
    )

    specific_trigger_date: date | None = None
    trigger_event: (
        Literal["ContractEffective", "ServiceActivation", "CustomerAcceptance", "SpecificDate"] | None
    ) = None


class End(Body, frozen=True):
    """When a charge ends."""

    lacking: ClassVar[frozenset[str]] = frozenset({"endDatePolicy"})

    end_date_condition: EndDateCondition | None = None
    specific_end_date: date | None = None
    up_to_periods: int | None = None
    up_to_periods_type: UpToPeriodsType | None = None


class Billing(Body, frozen=True):
    """How a charge is billed."""

    bill_cycle_day: int | None = None
    bill_cycle_type: BillingDay | None = None
    billing_period: BillingPeriod | None = None
    billing_period_alignment: Alignment | None = None
    billing_timing: Literal["IN_ADVANCE", "IN_ARREARS"] | None = None
    specific_billing_period: int | None = None
    weekly_bill_cycle_day: Weekday | None = None


class ChargeOverride(Body, frozen=True):
    """What of a catalog charge is different in this subscription."""

    harmless: ClassVar[frozenset[str]] = _ACCOUNTING | {
        *("chargeNumber", "productRatePlanChargeNumber", "name"),
    }
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("chargeModel", "chargeType", "drawdownRate", "isPrepaid", "isRollover"),
            *("pricingAttributes", "prepaidQuantity", "negotiatedPriceTable"),
        }
    )

    product_rate_plan_charge_id: str
    pricing: ChargePricing | None = None
    start_date: Start | None = None
    end_date: End | None = None
    billing: Billing | None = None
    proration_option: ProrationOption | None = None
    description: str | None = None
    taxable: bool | None = None
    tax_code: str | None = None
    tax_mode: TaxMode | None = None


class PlanOverride(Body, frozen=True):
    """A rate plan to subscribe to."""

    harmless: ClassVar[frozenset[str]] = _PLAN_HARMLESS
    lacking: ClassVar[frozenset[str]] = frozenset({"isAddingSubsetCharges", "ratePlanOverrides"})

    product_rate_plan_id: str | None = None
    product_rate_plan_number: str | None = None
    subscription_rate_plan_number: str | None = None
    charge_overrides: tuple[ChargeOverride, ...] = ()


class ChargeUpdate(Body, frozen=True):
    """What changes of a charge that the subscription has."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"clearingCustomFields", "estimatedStartDate", "productRatePlanChargeNumber", "uniqueToken"}
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"negotiatedPriceTable", "prepaidQuantity", "pricingAttributes"}
    )

    charge_number: str | None = None
    product_rate_plan_charge_id: str | None = None
    pricing: ChargePricing | None = None
    effective_date: Start | None = None
    billing: Billing | None = None
    description: str | None = None


class PlanUpdate(Body, frozen=True):
    """Changes within a rate plan that the subscription has."""

    harmless: ClassVar[frozenset[str]] = _PLAN_HARMLESS | {"clearingCustomFields", "productRatePlanNumber"}
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"chargeOverrides", "chargeRemovals", "isAddingSubsetCharges"}
    )

    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None
    specific_update_date: date | None = None
    charge_updates: tuple[ChargeUpdate, ...] = ()


class PlanRemoval(Body, frozen=True):
    """A rate plan to remove."""

    harmless: ClassVar[frozenset[str]] = _PLAN_HARMLESS | {"productRatePlanNumber"}
    lacking: ClassVar[frozenset[str]] = frozenset({"chargeUpdates", "productRatePlanId"})

    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None
