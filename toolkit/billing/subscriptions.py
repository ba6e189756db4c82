"""Subscriptions: versions, rate plans and the segments of their charges."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from toolkit.billing.addressees import DEFAULT, Addressee
from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.funds import Fund
from toolkit.billing.grants import Grant
from toolkit.billing.installments import Installment
from toolkit.billing.money import ZERO
from toolkit.billing.periods import (
    MONTHS,
    WEEKDAYS,
    Grid,
    TermUnit,
    add_term,
    first_on_day,
    first_on_weekday,
    on_day,
)
from toolkit.billing.ramps import Ramp

SubscriptionStatus = Literal[
    "Draft", "Pending Activation", "Pending Acceptance", "Active", "Cancelled", "Expired", "Suspended"
]
TermType = Literal["TERMED", "EVERGREEN"]
RenewalSetting = Literal["RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"]
LastChange = Literal["Add", "Update", "Remove"]
PENDING = frozenset({"Draft", "Pending Activation", "Pending Acceptance"})
"""Statuses of a subscription that is not active yet."""

StretchStatus = Literal["Active", "Suspended", "Cancelled", "OutOfTerm"]


class Term(msgspec.Struct, frozen=True, gc=False):
    """A length of time in whole units.

    Raises:
        InvalidValueError: It has no length.
    """

    length: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if self.length < 1:
            raise InvalidValueError(f"A term should be at least 1 {self.unit}, not {self.length}.")

    def after(self, start: date, day: int | None = None) -> date:
        """Return the first day after a term that begins on `start`; `day` as in `add_term`.

        Raises:
            InvalidValueError: The calendar, which ends with the year 9999, has no such day.
        """
        try:
            return add_term(start, self.length, self.unit, day)
        except (OverflowError, ValueError) as error:
            raise InvalidValueError(
                f"A term of {self.length} {self.unit} from {start} should end before the year 10000."
            ) from error


class Charge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One segment of a subscription's charge: the stretch of time in which it has one price and quantity.

    Attributes:
        id: As the version shows it in which the segment began; `original_id` is that of the first segment.
        trigger_day: First day of the charge's first segment, which fixes its billing day.
        effective_start: First day of the segment.
        effective_end: First day after the segment; None while nothing ends it.
        removed: Of a one-time charge, the day on which its plan was removed or its subscription cancelled.
        charged_through: First day that is not billed yet; None before the first bill. Later than
            `effective_end` when the segment was cut short after it was billed, so that a credit is due,
            or when its last period is billed whole; its start when a one-time charge is credited.
        processed_through: First day of the period billed last, and in arrears the first day after it;
            the segment's end once a bill with a target date on or after that has left nothing to bill.
        term: The subscription's when the segment got its dates: a billing period of Subscription_Term.
        grants: For a fixed discount, what it was taken off; for a percentage the first item of each segment
            that it was taken off, unless it is older than these notes.
        open_period: Of usage that is billed on demand, the billing period that was billed last.
        installments: What invoice schedules have billed, oldest first.
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
    removed: date | None = None
    charged_through: date | None = None
    processed_through: date | None = None
    term: Term | None = None
    amended_by_order_on: date | None = None
    dmrc: Decimal = ZERO
    dtcv: Decimal = ZERO
    custom_fields: Mapping[str, object] = {}
    grants: tuple[Grant, ...] = ()
    open_period: tuple[date, date] | None = None
    installments: tuple[Installment, ...] = ()

    def holds(self, day: date) -> bool:
        """Tell whether the segment contains a day."""
        return self.effective_start <= day and (self.effective_end is None or day < self.effective_end)

    @property
    def done(self) -> bool:
        """Whether nothing is left to bill. Source: the `done` of 649 recorded segments."""
        end = self.effective_end
        return end is not None and self.charged_through == self.processed_through == end


class RatePlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A rate plan as the subscription copied it from the catalog; its id is as that of a `Charge`."""

    id: str
    number: str
    product_id: str
    product_name: str
    product_sku: str
    product_rate_plan_id: str
    name: str
    charges: tuple[Charge, ...]
    last_change: LastChange | None = "Add"
    custom_fields: Mapping[str, object] = {}


class Suspension(msgspec.Struct, frozen=True, gc=False):
    """A time without service.

    Attributes:
        start: Its first day.
        end: First day after it; None while nothing resumes the subscription.
        rate_plans: While it lasts, the rate plans as they were before.
    """

    start: date
    end: date | None = None
    rate_plans: tuple[RatePlan, ...] = ()


class Stretch(NamedTuple):
    """A stretch of time with one status; `end` is the first day after it, or None."""

    start: date
    end: date | None
    status: StretchStatus


class Subscription(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of a subscription; every change makes a new version with a new id and the same number.

    Attributes:
        service_activation: None while the order that creates it waits for that date; so is the next.
        start: First day of the first term.
        former_terms: First days of the terms before the current one, oldest first.
        term_end: First day after the current term; None for an evergreen subscription.
        cancelled: First day on which a cancelled subscription no longer holds.
        rolled: The prepaid units that bills have rolled over.
        scheduled: Numbers of the charges that an invoice schedule bills, until it is processed.
        suspensions: Oldest first; the status is Suspended while the last has no end.
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
    service_activation: date | None
    customer_acceptance: date | None
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
    suspensions: tuple[Suspension, ...] = ()
    rolled: tuple[Fund, ...] = ()
    former_terms: tuple[date, ...] = ()
    ramp: Ramp | None = None
    scheduled: tuple[str, ...] = ()
    addressee: Addressee = DEFAULT

    @property
    def first_day(self) -> date:
        """The day from which changes may take effect: the contract can precede the first term."""
        return min(self.start, self.contract_effective)

    @property
    def resumed(self) -> date | None:
        """The day on which it was last resumed."""
        return self.suspensions[-1].end if self.suspensions else None

    @property
    def contracted_plans(self) -> tuple[RatePlan, ...]:
        """The rate plans that are contracted: while it is suspended, those that are to be resumed."""
        return self.suspensions[-1].rate_plans if self.status == "Suspended" else self.rate_plans

    @property
    def end(self) -> date | None:
        """First day on which the subscription no longer holds, as far as its term says."""
        return self.cancelled or self.term_end

    @property
    def billed_through(self) -> date | None:
        """First day after everything that is billed of recurring charges; None before the first bill."""
        billed = (one.charged_through for one in self.charges if one.terms.type == "Recurring")
        return max((day for day in billed if day is not None), default=None)

    @property
    def charges(self) -> Iterator[Charge]:
        """Every segment of every charge."""
        return (charge for plan in self.rate_plans for charge in plan.charges)


def stretches(subscription: Subscription) -> Iterator[Stretch]:
    """Yield the statuses that a subscription runs through, in order of time; one that is pending has none.

    Source: recorded status histories; Zuora, a subscription whose term ends while it is suspended ends.
    """
    if subscription.status in PENDING:
        return
    turns: list[tuple[date, StretchStatus]] = [(subscription.start, "Active")]
    for pause in subscription.suspensions:
        if pause.start != pause.end:
            turns.append((pause.start, "Suspended"))
            turns.extend([(pause.end, "Active")] if pause.end else ())
    end = subscription.end
    if end is not None:
        ended: StretchStatus = "Cancelled" if subscription.status == "Cancelled" else "OutOfTerm"
        turns = [*(turn for turn in turns if turn[0] < end), (end, ended)]
    for (start, status), after in zip(turns, [*(day for day, _ in turns[1:]), None], strict=True):
        if start != after:
            yield Stretch(start, after, status)


def status_on(subscription: Subscription, day: date) -> SubscriptionStatus:
    """Return the status that an active or suspended version has on a day: a suspension begins on its own.

    Source: Zuora, quick suspend flow: three weeks from today it enters Suspended three weeks after today.
    """
    if subscription.status not in {"Active", "Suspended"}:
        return subscription.status
    pauses = subscription.suspensions
    within = any(pause.start <= day and (pause.end is None or day < pause.end) for pause in pauses)
    return "Suspended" if within else "Active"


def end_day(
    terms: ChargeTerms, start: date, subscription_end: date | None, specific: date | None
) -> date | None:
    """Return the first day after a charge that starts on `start`, or None while nothing ends it.

    The earlier of its own end and the subscription's; a one-time charge lasts a day. A charge that would
    start after the subscription has ended has no days.
    Source: recorded subscriptions; Zuora, date attributes for product rate plan charges.
    """
    days = [day for day in (own_end(terms, start, specific), subscription_end) if day is not None]
    return max(start, min(days)) if days else None


def own_end(terms: ChargeTerms, start: date, specific: date | None) -> date | None:
    """Return the first day after a charge that starts on `start` by its own terms, or None without one."""
    if terms.type == "OneTime":
        return add_term(start, 1, "Day")
    match terms.end_date_condition:
        case "Specific_End_Date":
            return specific
        case "Fixed_Period":
            return _after_periods(terms, start)
        case _:
            return None


_UNITS: dict[str, TermUnit] = {"Days": "Day", "Weeks": "Week", "Months": "Month", "Years": "Year"}


def _after_periods(terms: ChargeTerms, start: date) -> date:
    count, unit = terms.up_to_periods or 1, _UNITS.get(terms.up_to_periods_type or "")
    if unit is not None:
        return add_term(start, count, unit)
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
    period, count = terms.billing_period or "Month", terms.specific_billing_period
    if period == "Subscription_Term":
        start = subscription.term_start
        return term_grid(start, subscription.current_term, term_day(subscription, start))
    base = {
        "AlignToSubscriptionStart": subscription.start,
        "AlignToTermStart": subscription.term_start,
        "AlignToTermEnd": subscription.term_end or subscription.term_start,
    }.get(terms.alignment or "", charge.trigger_day)
    if period in MONTHS or period == "Specific_Months":
        day = _day_of_month(subscription, charge) or bill_cycle_day
        return Grid.of(first_on_day(base, day), period, count, day)
    if period == "Specific_Days":
        return Grid.of(base, period, count)
    weekday = (_billing_date(subscription, charge) or base).weekday()
    if terms.billing_day == "SpecificDayofWeek" and terms.weekly_bill_cycle_day is not None:
        weekday = WEEKDAYS.index(terms.weekly_bill_cycle_day)
    return Grid.of(first_on_weekday(base, weekday), period, count)


def _billing_date(subscription: Subscription, charge: Charge) -> date | None:
    """Return the date whose day of the month or of the week bills the charge, where a date says it."""
    match charge.terms.billing_day:
        case "ChargeTriggerDay":
            return charge.trigger_day
        case "SubscriptionStartDay":
            return subscription.start
        case "TermStartDay":
            return subscription.term_start
        case "TermEndDay":
            return subscription.term_end or subscription.term_start
        case _:
            return None


def _day_of_month(subscription: Subscription, charge: Charge) -> int | None:
    if charge.terms.billing_day == "SpecificDayofMonth":
        return charge.terms.bill_cycle_day
    day = _billing_date(subscription, charge)
    if day is None:
        return None
    by_term = charge.terms.billing_day in {"TermStartDay", "TermEndDay"}
    return term_day(subscription, day) if by_term else day.day


def first_bill_cycle_day(subscriptions: Iterable[Subscription]) -> int:
    """Return the day of the first recurring charge, which sets the bill cycle day of an account without one.

    It is 1 while there is no such charge. Source: Zuora, billing periods customization, auto-set option.
    """
    charges = (charge for subscription in subscriptions for charge in subscription.charges)
    return next((charge.trigger_day.day for charge in charges if charge.terms.type == "Recurring"), 1)


def term_day(subscription: Subscription, turn: date) -> int:
    """Return the day of the month for which the turn of a term stands: short months show their last day.

    Terms of a month from 31 January begin on 28 February and 31 March. Source: an assumption, by the
    recorded billing periods with anchors on the 29th, 30th and 31st; no page says it of terms.
    """
    kept = subscription.start.day
    return kept if on_day(turn, kept) == turn else turn.day


def term_grid(anchor: date, term: Term | None, day: int) -> Grid:
    """Return periods as long as a term; as long as a month where there is none."""
    length, unit = (term.length, term.unit) if term else (1, "Month")
    months = {"Month": length, "Year": 12 * length}.get(unit, 0)
    days = {"Week": 7 * length, "Day": length}.get(unit, 0)
    return Grid(anchor, months, days, day)
