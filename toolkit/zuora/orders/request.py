"""An order as a client writes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec import Raw

from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, TermType
from toolkit.zuora.calls.wire import Body, parse
from toolkit.zuora.contact_fields import ContactFields
from toolkit.zuora.orders.plan_request import PlanOverride, PlanRemoval, PlanUpdate
from toolkit.zuora.orders.ramp_request import RampDefinition


class Addressed(Body, frozen=True):
    """What is said of those who get the bills and the goods."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("clearingExistingCommunicationProfile", "clearingExistingInvoiceTemplate"),
            *("clearingExistingSequenceSet", "clearingExistingShipToContact"),
            *("clearingExistingSoldToContact", "communicationProfileId", "invoiceTemplateId"),
            *("sequenceSetId", "shipToContact", "shipToContactId", "soldToContact", "soldToContactId"),
        }
    )

    bill_to_contact: ContactFields | None = None
    bill_to_contact_id: str | None = None
    payment_term: str | None = None
    invoice_group_number: str | None = None
    clearing_existing_bill_to_contact: bool = False
    clearing_existing_payment_term: bool = False
    clearing_existing_invoice_group_number: bool = False

    @property
    def addressed(self) -> Mapping[str, str | None]:
        """The new values of an `Addressee`, by their names."""
        said = {
            "bill_to_id": (self.bill_to_contact_id, self.clearing_existing_bill_to_contact),
            "payment_term": (self.payment_term, self.clearing_existing_payment_term),
            "group": (self.invoice_group_number, self.clearing_existing_invoice_group_number),
        }
        return {name: new for name, (new, cleared) in said.items() if cleared or new is not None}


class TriggerDate(Body, frozen=True):
    """One of an action's three dates."""

    name: Literal["ContractEffective", "ServiceActivation", "CustomerAcceptance"]
    trigger_date: date | None = None


class RenewalTerm(Body, frozen=True):
    """Length of the terms to come."""

    period: int
    period_type: TermUnit = "Month"


class InitialTerm(Body, frozen=True):
    """Length and kind of the first term."""

    lacking: ClassVar[frozenset[str]] = frozenset({"endDate"})

    term_type: TermType = "TERMED"
    period: int | None = None
    period_type: TermUnit = "Month"
    start_date: date | None = None


class Terms(Body, frozen=True):
    """The terms of a new subscription."""

    initial_term: InitialTerm
    auto_renew: bool = False
    renewal_setting: RenewalSetting = "RENEW_WITH_SPECIFIC_TERM"
    renewal_terms: tuple[RenewalTerm, ...] = ()


class Creation(Addressed, frozen=True, kw_only=True):
    """A subscription to create."""

    harmless: ClassVar[frozenset[str]] = Addressed.harmless | {"currency", "uniqueToken"}
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"newSubscriptionOwnerAccount", "subscribeToProducts", "subscriptionOwnerAccountNumber"}
    )

    terms: Terms
    subscribe_to_rate_plans: tuple[PlanOverride, ...] = ()
    subscription_number: str | None = None
    invoice_owner_account_number: str | None = None
    invoice_separately: bool = False
    notes: str | None = None


class Renewal(Addressed, frozen=True, kw_only=True):
    """A renewal by the renewal term."""


class Cancellation(Body, frozen=True):
    """A cancellation by a policy."""

    cancellation_policy: Literal["EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate"]
    cancellation_effective_date: date | None = None


class LastTerm(Body, frozen=True):
    """The current term, anew."""

    lacking: ClassVar[frozenset[str]] = frozenset({"endDate"})

    term_type: TermType
    period: int | None = None
    period_type: TermUnit = "Month"
    start_date: date | None = None


class Conditions(Addressed, frozen=True, kw_only=True):
    """New terms and conditions."""

    harmless: ClassVar[frozenset[str]] = Addressed.harmless | {
        *("clearingScheduledCancelDate", "clearingScheduledResumeDate", "clearingScheduledSuspendDate"),
    }
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("scheduledCancelDate", "scheduledResumeDate", "scheduledSuspendDate"),
            "termIncreaseToNewContractLine",
        }
    )

    auto_renew: bool | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_terms: tuple[RenewalTerm, ...] = ()
    last_term: LastTerm | None = None
    invoice_separately: bool | None = None


class Suspension(Body, frozen=True):
    """A suspension by a policy."""

    suspend_policy: Literal["Today", "EndOfLastInvoicePeriod", "FixedPeriodsFromToday", "SpecificDate"]
    suspend_periods: int | None = None
    suspend_periods_type: TermUnit | None = None
    suspend_specific_date: date | None = None


class Resumption(Body, frozen=True):
    """A resumption by a policy."""

    resume_policy: Literal[
        "Today", "FixedPeriodsFromSuspendDate", "FixedPeriodsFromToday", "SpecificDate", "SuspendDate"
    ]
    resume_periods: int | None = None
    resume_periods_type: TermUnit | None = None
    resume_specific_date: date | None = None
    extends_term: bool = False


class OwnerTransfer(Addressed, frozen=True, kw_only=True):
    """The accounts that get the subscription and its invoices."""

    harmless: ClassVar[frozenset[str]] = Addressed.harmless | {"paymentProfile"}

    destination_account_number: str | None = None
    destination_invoice_account_number: str | None = None


class PlanChange(Body, frozen=True):
    """A rate plan to replace, and the one to subscribe to instead; the sub type is recorded."""

    lacking: ClassVar[frozenset[str]] = frozenset({"externalCatalogPlanId"})

    new_product_rate_plan: PlanOverride
    reset_bcd: bool = False
    effective_policy: (
        Literal["EffectiveImmediately", "EffectiveEndOfBillingPeriod", "SpecificDate"] | None
    ) = None
    sub_type: Literal["Upgrade", "Downgrade", "Crossgrade", "PlanChanged"] | None = None
    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None
    product_rate_plan_id: str | None = None
    product_rate_plan_number: str | None = None


class Action(Body, frozen=True):
    """One order action: its type, its dates and the object that the type names."""

    type: Literal[
        "CreateSubscription",
        "AddProduct",
        "UpdateProduct",
        "RemoveProduct",
        "RenewSubscription",
        "CancelSubscription",
        "TermsAndConditions",
        "Suspend",
        "Resume",
        "OwnerTransfer",
        "ChangePlan",
    ]
    trigger_dates: tuple[TriggerDate, ...] = ()
    create_subscription: Creation | None = None
    add_product: PlanOverride | None = None
    update_product: PlanUpdate | None = None
    remove_product: PlanRemoval | None = None
    renew_subscription: Renewal | None = None
    cancel_subscription: Cancellation | None = None
    terms_and_conditions: Conditions | None = None
    suspend: Suspension | None = None
    resume: Resumption | None = None
    owner_transfer: OwnerTransfer | None = None
    change_plan: PlanChange | None = None
    change_reason: str | None = None


class OrderedSubscription(Body, frozen=True):
    """The actions on one subscription; without a number the first must create it."""

    harmless: ClassVar[frozenset[str]] = frozenset({"notes", "quote"})
    order_actions: tuple[Action, ...]
    subscription_number: str | None = None
    ramp: RampDefinition | None = None
    clearing_custom_fields: tuple[str, ...] = ()

    def fields(self) -> Mapping[str, Any]:
        """Return the custom fields that its subscription is to have, with None for those to clear."""
        return {**self.custom_fields, **dict.fromkeys(self.clearing_custom_fields)}


def show_action(action: Raw) -> dict[str, Any]:
    """Return an action as GET order shows it: what was asked for, without what was left out.

    In charge overrides the id is spelt `productRateplanChargeId` there. Source: the official SDK.
    """
    shown: dict[str, Any] = parse(action)
    created = shown.get("createSubscription", {}).get("subscribeToRatePlans", ())
    added = (shown.get("addProduct", {}), shown.get("changePlan", {}).get("newProductRatePlan", {}))
    for plan in (*created, *added):
        for override in plan.get("chargeOverrides", ()):
            override["productRateplanChargeId"] = override.pop("productRatePlanChargeId")
    return {"customFields": {}, **shown}
