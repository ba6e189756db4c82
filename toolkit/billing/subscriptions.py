"""Subscriptions: versions, rate plans and the segments of their charges."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.money import ZERO
from toolkit.billing.periods import MONTHS, Grid, TermUnit, add_term, first_on_day

SubscriptionStatus = Literal[
    "Draft", "Pending Activation", "Pending Acceptance", "Active", "Cancelled", "Expired", "Suspended"
]
TermType = Literal["TERMED", "EVERGREEN"]
RenewalSetting = Literal["RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"]
LastChange = Literal["Add", "Update", "Remove"]


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """One segment of a subscription's charge: the stretch of time in which it has one price and quantity.

    Attributes:
        original_id: Id of the charge's first segment in the subscription's first version.
        trigger_day: First day of the charge's first segment, which fixes its billing day.
        effective_start: First day of the segment.
        effective_end: First day after the segment; None while nothing ends it.
        charged_through: First day that is not billed yet; None before the first bill. Later than
            `effective_end` when the segment was cut short after it was billed: a credit is due.
        processed_through: First day of the period billed last.
    """

    id: str
    original_id: str
    number: str
    product_charge_id: str
    terms: ChargeTerms
    pricing: Pricing
    quantity: Decimal | None
    trigger_day: date
    effective_start: date
    effective_end: date | None
    original_order_date: date
    segment: int = 1
    version: int = 1
    trigger_date: date | None = None
    specific_end_date: date | None = None
    charged_through: date | None = None
    processed_through: date | None = None
    amended_by_order_on: date | None = None
    dmrc: Decimal = ZERO
    dtcv: Decimal = ZERO

    @property
    def done(self) -> bool:
        """Whether nothing is left to bill."""
        return self.effective_end is not None and self.charged_through == self.effective_end


class RatePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A rate plan as the subscription copied it from the catalog."""

    id: str
    number: str
    product_id: str
    product_name: str
    product_sku: str
    product_rate_plan_id: str
    name: str
    charges: tuple[Charge, ...]
    last_change: LastChange | None = "Add"


class Term(msgspec.Struct, frozen=True):
    """A length of time in whole units."""

    length: int
    unit: TermUnit

    def after(self, start: date) -> date:
        """Return the first day after a term that begins on `start`."""
        return add_term(start, self.length, self.unit)


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a subscription; every change makes a new version with a new id and the same number.

    Attributes:
        term_end: First day after the current term; None for an evergreen subscription.
        cancelled: First day on which a cancelled subscription no longer holds.
    """

    id: str
    number: str
    original_id: str
    previous_id: str | None
    account_id: str
    invoice_owner_id: str
    version: int
    status: SubscriptionStatus
    term_type: TermType
    contract_effective: date
    service_activation: date
    customer_acceptance: date
    start: date
    term_start: date
    term_end: date | None
    initial_term: Term | None
    current_term: Term | None
    renewal_term: Term | None
    renewal_setting: RenewalSetting
    auto_renew: bool
    currency: str
    rate_plans: tuple[RatePlan, ...]
    order_number: str | None
    created: datetime
    updated: datetime
    last_booking: date
    cancelled: date | None = None
    cancel_reason: str | None = None
    invoice_separately: bool = False
    notes: str | None = None
    custom_fields: Mapping[str, object] = {}

    @property
    def end(self) -> date | None:
        """First day on which the subscription no longer holds, as far as its term says."""
        return self.cancelled or self.term_end

    @property
    def charges(self) -> Iterator[Charge]:
        """Every segment of every charge."""
        return (charge for plan in self.rate_plans for charge in plan.charges)


def trigger_day(subscription: Subscription, terms: ChargeTerms, specific: date | None) -> date:
    """Return the day on which a charge of these terms takes effect."""
    match terms.trigger_event:
        case "ContractEffective":
            return subscription.contract_effective
        case "ServiceActivation":
            return subscription.service_activation
        case "CustomerAcceptance":
            return subscription.customer_acceptance
        case "SpecificDate":
            return specific or subscription.contract_effective


def end_day(
    terms: ChargeTerms, start: date, subscription_end: date | None, specific: date | None
) -> date | None:
    """Return the first day after a charge that starts on `start`.

    The earlier of its own end and the subscription's. A one-time charge ends the day after it starts.
    Source: recorded subscriptions; Zuora, date attributes for product rate plan charges.
    """
    own: date | None = None
    match terms.end_date_condition:
        case "One_Time":
            return add_term(start, 1, "Day")
        case "Specific_End_Date":
            own = specific
        case "Fixed_Period":
            own = _after_periods(terms, start)
        case "Subscription_End":
            return subscription_end
    days = [day for day in (own, subscription_end) if day is not None]
    return max(start, min(days)) if days else None


def _after_periods(terms: ChargeTerms, start: date) -> date:
    count = terms.up_to_periods or 1
    match terms.up_to_periods_type:
        case "Days":
            return add_term(start, count, "Day")
        case "Weeks":
            return add_term(start, count, "Week")
        case "Months":
            return add_term(start, count, "Month")
        case "Years":
            return add_term(start, count, "Year")
        case _:
            return Grid.of(start, terms.billing_period or "Month", terms.specific_billing_period).start(count)


def grid(subscription: Subscription, charge: Charge, bill_cycle_day: int) -> Grid:
    """Return the billing periods of a recurring charge.

    The grid is anchored on the first billing day on or after the charge's first segment, the
    subscription's start or the current term's start, as its alignment says, and reaches both ways.
    Source: Zuora, date attributes for product rate plan charges; recorded previews.

    Args:
        subscription: The version that holds the charge.
        charge: The segment to bill.
        bill_cycle_day: The account's, 1-31.
    """
    terms = charge.terms
    base = {
        "AlignToSubscriptionStart": subscription.start,
        "AlignToTermStart": subscription.term_start,
        "AlignToTermEnd": subscription.term_end or subscription.term_start,
    }.get(terms.alignment or "", charge.trigger_day)
    period, count = terms.billing_period or "Month", terms.specific_billing_period
    if period == "Subscription_Term":
        return _term_grid(subscription)
    if period not in MONTHS and period != "Specific_Months":
        return Grid.of(base, period, count)
    day = _billing_day(subscription, charge, bill_cycle_day)
    return Grid.of(first_on_day(base, day), period, count, day)


def _billing_day(subscription: Subscription, charge: Charge, bill_cycle_day: int) -> int:
    match charge.terms.billing_day:
        case "ChargeTriggerDay":
            return charge.trigger_day.day
        case "SpecificDayofMonth":
            return charge.terms.bill_cycle_day or bill_cycle_day
        case "SubscriptionStartDay":
            return subscription.start.day
        case "TermStartDay":
            return subscription.term_start.day
        case "TermEndDay":
            return (subscription.term_end or subscription.term_start).day
        case _:
            return bill_cycle_day


def _term_grid(subscription: Subscription) -> Grid:
    term = subscription.current_term or Term(1, "Month")
    months = {"Month": term.length, "Year": 12 * term.length}.get(term.unit, 0)
    days = {"Week": 7 * term.length, "Day": term.length}.get(term.unit, 0)
    return Grid(subscription.term_start, months, days, subscription.term_start.day)
