"""Rating: what a charge segment costs, period by period, up to a target date."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.catalog import ChargeTerms
from toolkit.billing.deliveries import deliveries
from toolkit.billing.installments import Installment
from toolkit.billing.models import price_of
from toolkit.billing.money import ZERO
from toolkit.billing.periods import MONTHS, Grid
from toolkit.billing.proration import period_fraction
from toolkit.billing.rules import BillingRules
from toolkit.billing.stubs import billed_days, bills_stubs, costs_whole, is_billed_whole
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, grid
from toolkit.billing.taxcodes import TaxItem
from toolkit.billing.validity import validity_months

_DAYS_OF_A_MONTH = 30

ProcessingType = Literal["Charge", "Discount", "Prepayment"]


class RatedItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line that a bill will show.

    Attributes:
        start: First day of the service period.
        end: First day after it; documents show the day before.
        amount: Rounded to the currency's smallest unit; negative for a credit or a discount.
        credit: Whether it takes back what was billed before.
        billed_from: For a credit, first day of the item of which it takes back a part.
        kept: For a credit, the amount of the part of that item that stays billed.
        scheduled: Whether an invoice schedule bills it, which may cut a day in two.
        applied_to: For a discount, the position of the discounted item in the same bill.
    """

    charge: Charge
    start: date
    end: date
    amount: Decimal
    quantity: Decimal
    processing_type: ProcessingType = "Charge"
    partial: bool = False
    credit: bool = False
    billed_from: date | None = None
    kept: Decimal = ZERO
    applied_to: int | None = None
    scheduled: bool = False

    @property
    def deliveries(self) -> Decimal:
        """How many deliveries there are in its service period; 0 of a charge without."""
        days = self.charge.terms.delivery_days
        return Decimal(deliveries(days, self.start, self.end)) if days else ZERO

    @property
    def last_day(self) -> date:
        """The last day of the service period, as documents show it."""
        return self.end - timedelta(days=1)


class Line(msgspec.Struct, frozen=True, gc=False):
    """A rated item with the subscription and the rate plan that it bills, and its taxes.

    The amount of an item that includes tax is net as soon as the line has taxes.
    """

    subscription: Subscription
    plan: RatePlan
    item: RatedItem
    taxes: tuple[TaxItem, ...] = ()

    @property
    def tax_amount(self) -> Decimal:
        """The sum of its taxes."""
        return sum((tax.amount for tax in self.taxes), ZERO)


class Rated(msgspec.Struct, frozen=True, gc=False):
    """The items of one charge segment, and how far they bill it.

    Attributes:
        through: The segment's `charged_through` after these items.
        processed: The segment's `processed_through` after these items.
        open_period: The segment's `open_period` after them.
    """

    items: tuple[RatedItem, ...]
    through: date | None
    processed: date | None
    open_period: tuple[date, date] | None = None


def list_price(charge: Charge) -> Decimal:
    """Return the unrounded price of the segment's whole quantity for its list price base."""
    quantity = ZERO if charge.quantity is None else charge.quantity
    return price_of(charge.terms.model, charge.pricing, quantity)


def period_price(charge: Charge, span: Grid) -> Decimal:
    """Return the unrounded price of one whole billing period of the grid.

    With deliveries it is that of their weekly number, a month counting 30 days as in the MRR of weekly
    prices; a bill counts them one by one. Source: an assumption; no page measures delivery pricing.
    """
    price, prepaid = list_price(charge), charge.terms.prepaid
    if prepaid is not None and charge.terms.list_price_base == "Per_Validity_Period":
        return price * span.months / (validity_months(charge, prepaid) or span.months)
    if charge.terms.delivery_days:
        days = span.days or span.months * _DAYS_OF_A_MONTH
        return price * len(set(charge.terms.delivery_days)) * days / 7
    return per_period(price, charge.terms, span)


def per_period(price: Decimal, terms: ChargeTerms, span: Grid) -> Decimal:
    """Return what a price for the list price base of these terms is for one billing period of the grid."""
    months = Decimal(span.months)
    match terms.list_price_base:
        case "Per_Month":
            return price * months
        case "Per_Year":
            return price * months / MONTHS["Annual"]
        case "Per_Specific_Months":
            return price * months / (terms.specific_list_price_base or 1)
        case "Per_Week":
            return price * span.days / 7
        case _:
            return price


def rate(
    subscription: Subscription, charge: Charge, target: date, bill_cycle_day: int, rules: BillingRules
) -> Rated:
    """Rate one segment of a one-time or recurring charge up to and including `target`.

    In advance a period is due when its first day is on or before the target date, in arrears when
    its last day is before it. A segment that was billed beyond its end gives a credit, which is due
    when its end is on or before the target date, as what replaces the segment is.
    Source: Zuora, billing timing; bill runs creation; proration credit.

    Args:
        subscription: The version that holds the segment.
        charge: The segment.
        target: The target date.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
    """
    if charge.terms.type == "OneTime":
        return _rate_once(charge, target, rules)
    items: tuple[RatedItem, ...] = ()
    begin, end = charge.effective_start, charge.effective_end or date.max
    turn = end
    if not bills_stubs(charge, rules):
        begin, end = billed_days(charge, grid(subscription, charge, bill_cycle_day), rules)
    start = charge.charged_through or begin
    if start != end and min(start, turn) <= target:
        meter = meter_of(subscription, charge, bill_cycle_day, rules)
        items = tuple(meter.due(start, end, target) if start < end else meter.credits(end, start))
        if charge.installments and items[0].credit:
            items = tuple(_divided(items, charge.installments, start))
    arrears = charge.terms.timing == "IN_ARREARS"
    return reached(charge, items, target, arrears=arrears, end=end)


def _divided(
    items: Sequence[RatedItem], installments: Sequence[Installment], through: date
) -> Iterator[RatedItem]:
    """Divide the credits of a charge so that each is of one installment, the last one first.

    One that is taken back in part is credited from the first day of the credits on, with all that those after
    it leave. Source: Zuora, remove charges from subscriptions associated with fully processed invoice
    schedules.
    """
    first, left = items[0].start, -sum((item.amount for item in items), ZERO)
    credited = [one for one in reversed(installments) if one.start < through and first < one.end]
    for one in credited:
        amount = left if one is credited[-1] else min(left, one.amount)
        left -= amount
        yield replace(
            items[0],
            start=max(first, one.start),
            end=min(one.end, through),
            amount=-amount,
            billed_from=one.start,
            kept=one.amount - amount,
            scheduled=True,
        )


def reached(
    charge: Charge, items: tuple[RatedItem, ...], target: date, *, arrears: bool, end: date | None = None
) -> Rated:
    """Return these items of a segment with how far they bill it; `end` is its billed end if not its own."""
    turn = charge.effective_end or date.max
    end = end or turn
    through = items[-1].end if items else charge.charged_through
    if through is not None and end <= through and turn <= target:
        return Rated(items, end, end)
    if not items:
        return Rated(items, through, charge.processed_through)
    return Rated(items, through, items[-1].end if arrears else items[-1].start)


def _rate_once(charge: Charge, target: date, rules: BillingRules) -> Rated:
    """Rate a one-time charge; when it is removed, what was billed is given back only if the rules say so.

    Source: Zuora, define billing rules: enable credit back for one-time charges, by default No.
    """
    start, end, through = charge.effective_start, charge.effective_end or date.max, charge.charged_through
    if through is None:
        due = start <= target and start != end
        items = (_whole_once(charge, start, end, rules),) if due else ()
        return reached(charge, items, target, arrears=False)
    if through > start and rules.credit_one_time and charge.removed and charge.removed <= target:
        billed = _whole_once(charge, start, through, rules)
        item = replace(
            billed, amount=-billed.amount, quantity=-billed.quantity, credit=True, billed_from=start
        )
        return Rated((item,), start, start)
    return reached(charge, (), target, arrears=False)


def _whole_once(charge: Charge, start: date, end: date, rules: BillingRules) -> RatedItem:
    amount = rules.rounded(list_price(charge), charge.pricing.currency)
    return RatedItem(charge=charge, start=start, end=end, amount=amount, quantity=_quantity(charge))


def unrounded(line: Line, bill_cycle_day: int, rules: BillingRules) -> tuple[Decimal, Decimal]:
    """Return what a line bills and, of a credit, what stays billed, both before rounding.

    A credit's first figure is what was billed. Amounts of usage, and those that are not the price of their
    days, stay rounded, which is an assumption. Source: Zuora, percentage discount model (unrounded regular
    amount).
    """
    item, charge = line.item, line.item.charge
    if charge.terms.type == "OneTime":
        return list_price(charge), item.kept
    billed = item.kept - item.amount if item.credit else item.amount
    if charge.terms.type == "Usage":
        return billed, item.kept
    meter = meter_of(line.subscription, charge, bill_cycle_day, rules)
    first = item.billed_from or item.start
    if rules.credit_basis == "credit_period":
        return meter.unrounded(item.start, item.end, billed), ZERO
    return meter.unrounded(first, item.end, billed), meter.unrounded(first, item.start, item.kept)


def _quantity(charge: Charge) -> Decimal:
    return Decimal(1) if charge.quantity is None else charge.quantity


_SPREAD = frozenset({"Per_Year", "Per_Specific_Months", "Per_Validity_Period"})


def meter_of(subscription: Subscription, charge: Charge, bill_cycle_day: int, rules: BillingRules) -> "Meter":
    """Return the meter of a segment.

    A price per year or per some months is spread over the periods of a segment that begins with one, so
    that they sum to it. A prepayment is never prorated. Source: Zuora, annual list price; orders with
    leading partial periods; prepayment charge.
    """
    span = grid(subscription, charge, bill_cycle_day)
    first: int | None = None
    if charge.terms.list_price_base in _SPREAD:
        index = span.ordinal(charge.effective_start)
        first = index if span.start(index) == charge.effective_start else None
    prepaid = charge.terms.prepaid is not None
    whole = costs_whole(charge) or prepaid or (not rules.prorate_partial_period and span.months > 1)
    price = list_price(charge) if charge.terms.delivery_days else period_price(charge, span)
    return Meter(subscription, charge, span, price, first, whole, rules)


class Meter(NamedTuple):
    """A recurring charge segment and its billing periods.

    Attributes:
        price: What a whole period costs, or one of its deliveries, unrounded.
        first: Where the price is spread over the segment's periods, the index of the first of them.
        whole: Whether any part of a period costs the whole.
    """

    subscription: Subscription
    charge: Charge
    span: Grid
    price: Decimal
    first: int | None
    whole: bool
    rules: BillingRules

    def due(self, start: date, end: date, target: date) -> Iterator[RatedItem]:
        """Yield what [start, end) costs, as far as it is due on the target date."""
        arrears = self.charge.terms.timing == "IN_ARREARS"
        for period in self.span.periods(start, end):
            first, after = max(period[0], start), min(period[1], end)
            if after < period[1] and is_billed_whole(
                self.subscription, self.charge, period[1], target, self.rules
            ):
                after = period[1]
            if after > target if arrears else first > target:
                return
            yield RatedItem(
                charge=self.charge,
                start=first,
                end=after,
                amount=self.amount(first, after, period),
                quantity=_quantity(self.charge),
                partial=(first, after) != period,
            )

    def credits(self, end: date, through: date) -> Iterator[RatedItem]:
        """Yield what gives [end, through), which was billed, back."""
        for period in self.span.periods(end, through):
            first, after = max(period[0], self.charge.effective_start), min(period[1], through)
            unused = max(first, end)
            if self.rules.credit_basis == "billed_period":
                kept = self.amount(first, unused, period)
                amount = self.amount(first, after, period) - kept
            else:
                kept, amount = ZERO, self.amount(unused, after, period)
            yield RatedItem(
                charge=self.charge,
                start=unused,
                end=after,
                amount=-amount,
                quantity=-_quantity(self.charge),
                partial=(unused, after) != period,
                credit=True,
                billed_from=first,
                kept=kept,
            )

    def amount(self, start: date, end: date, period: tuple[date, date]) -> Decimal:
        """Return the rounded price of the part [start, end) of a period.

        Where the price is spread, it is the difference of what the segment costs up to `end` and up to
        `start`, each rounded: 21,500 a year in three parts is 7166.67, 7166.66 and 7166.67.
        Source: Zuora, annual list prices and specific-month billing periods.
        """
        if self.charge.terms.delivery_days:
            return self._cost(Fraction(deliveries(self.charge.terms.delivery_days, start, end)))
        part = self._part(start, end, period)
        if self.first is None:
            return self._cost(part)
        whole = self.span.ordinal(start) - self.first
        before = whole + period_fraction(period[0], start, self.span, period, self.rules)
        return self._cost(before + part) - self._cost(before)

    def _part(self, start: date, end: date, period: tuple[date, date]) -> Fraction:
        if self.whole:
            return Fraction(start < end)
        return period_fraction(start, end, self.span, period, self.rules)

    def unrounded(self, start: date, end: date, rounded: Decimal) -> Decimal:
        """Return the price of [start, end) before it is rounded to this amount, if it would be rounded so."""
        periods = self.span.periods(start, end)
        parts = (self._part(max(one[0], start), min(one[1], end), one) for one in periods)
        whole = sum(parts, Fraction(0))
        price = self.price * whole.numerator / whole.denominator
        return price if self.rules.rounded(price, self.charge.pricing.currency) == rounded else rounded

    def _cost(self, periods: Fraction) -> Decimal:
        price = self.price * periods.numerator / periods.denominator
        return self.rules.rounded(price, self.charge.pricing.currency)
