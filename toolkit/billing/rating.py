"""Rating: what a charge segment costs, period by period, up to a target date."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from toolkit.billing.catalog import Pricing
from toolkit.billing.money import ZERO, round_money
from toolkit.billing.periods import MONTHS, Grid
from toolkit.billing.proration import period_fraction
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, grid

ProcessingType = Literal["Charge", "Discount"]


class RatedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One line that a bill will show.

    Attributes:
        start: First day of the service period.
        end: First day after it; documents show the day before.
        amount: Rounded to the currency's smallest unit; negative for a credit or a discount.
        credit: Whether it takes back what was billed before.
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
    applied_to: int | None = None

    @property
    def last_day(self) -> date:
        """The last day of the service period, as documents show it."""
        return self.end - timedelta(days=1)


class Line(msgspec.Struct, frozen=True):
    """A rated item with the subscription and the rate plan that it bills."""

    subscription: Subscription
    plan: RatePlan
    item: RatedItem


class Rated(msgspec.Struct, frozen=True):
    """The items of one charge segment, and how far they bill it.

    Attributes:
        through: First day not billed after these items.
        processed: First day of the last period billed.
    """

    items: tuple[RatedItem, ...]
    through: date | None
    processed: date | None


def list_price(charge: Charge) -> Decimal:
    """Return the unrounded price of the segment's whole quantity for its list price base."""
    pricing = charge.pricing
    quantity = ZERO if charge.quantity is None else charge.quantity
    match charge.terms.model:
        case "PerUnit":
            return (pricing.price or ZERO) * quantity
        case "Tiered":
            return _tiered(pricing, quantity)
        case "Volume":
            return _volume(pricing, quantity)
        case _:
            return pricing.price or ZERO


def _tiered(pricing: Pricing, quantity: Decimal) -> Decimal:
    """Price each unit in its own tier. Source: 25 units of 10 at 10 and 15 at 8 cost 220."""
    total, below = ZERO, ZERO
    for tier in pricing.tiers:
        top = quantity if tier.ending_unit is None else min(quantity, tier.ending_unit)
        if top > below:
            total += tier.price if tier.price_format == "FlatFee" else tier.price * (top - below)
            below = top
    return total


def _volume(pricing: Pricing, quantity: Decimal) -> Decimal:
    """Price all units in the tier that the quantity reaches. Source: 25 units at 8 cost 200."""
    for tier in pricing.tiers:
        if tier.ending_unit is None or quantity <= tier.ending_unit:
            return tier.price if tier.price_format == "FlatFee" else tier.price * quantity
    return ZERO


def period_price(charge: Charge, span: Grid) -> Decimal:
    """Return the unrounded price of one whole billing period of the grid."""
    price, months = list_price(charge), Decimal(span.months)
    match charge.terms.list_price_base:
        case "Per_Month":
            return price * months
        case "Per_Year":
            return price * months / MONTHS["Annual"]
        case "Per_Specific_Months":
            return price * months / (charge.terms.specific_list_price_base or 1)
        case "Per_Week":
            return price * span.days / 7
        case _:
            return price


def rate(
    subscription: Subscription, charge: Charge, target: date, bill_cycle_day: int, rules: BillingRules
) -> Rated:
    """Rate one segment of a one-time or recurring charge up to and including `target`.

    In advance a period is due when its first day is on or before the target date, in arrears when
    its last day is before it. A segment that was billed beyond its end gives a credit.
    Source: Zuora, billing timing; proration credit.

    Args:
        subscription: The version that holds the segment.
        charge: The segment.
        target: The target date.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
    """
    if charge.terms.type == "OneTime":
        return _rate_once(charge, target, rules)
    start, end = charge.charged_through or charge.effective_start, charge.effective_end or date.max
    if start == end or (start < end and start > target):
        return Rated((), charge.charged_through, charge.processed_through)
    span = grid(subscription, charge, bill_cycle_day)
    meter = _Meter(charge, span, period_price(charge, span), rules)
    if start > end:
        end = max(end, charge.effective_start)
        return Rated(tuple(meter.credits(end, start)), end, charge.processed_through)
    items = tuple(meter.due(start, end, target))
    if not items:
        return Rated((), charge.charged_through, charge.processed_through)
    return Rated(items, items[-1].end, items[-1].start)


def _rate_once(charge: Charge, target: date, rules: BillingRules) -> Rated:
    if charge.charged_through is not None or charge.effective_start > target:
        return Rated((), charge.charged_through, charge.processed_through)
    end = charge.effective_end or charge.effective_start
    amount = round_money(list_price(charge), charge.pricing.currency, rules.rounding)
    item = RatedItem(
        charge=charge, start=charge.effective_start, end=end, amount=amount, quantity=_quantity(charge)
    )
    return Rated((item,), end, charge.effective_start)


def _quantity(charge: Charge) -> Decimal:
    return Decimal(1) if charge.quantity is None else charge.quantity


class _Meter(NamedTuple):
    """A recurring charge segment, its billing periods and the unrounded price of one of them."""

    charge: Charge
    span: Grid
    price: Decimal
    rules: BillingRules

    def due(self, start: date, end: date, target: date) -> Iterator[RatedItem]:
        """Yield what [start, end) costs, as far as it is due on the target date."""
        arrears = self.charge.terms.timing == "IN_ARREARS"
        for period in self.span.periods(start, end):
            first, after = max(period[0], start), min(period[1], end)
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
                amount = self.amount(first, after, period) - self.amount(first, unused, period)
            else:
                amount = self.amount(unused, after, period)
            yield RatedItem(
                charge=self.charge,
                start=unused,
                end=after,
                amount=-amount,
                quantity=-_quantity(self.charge),
                partial=(unused, after) != period,
                credit=True,
            )

    def amount(self, start: date, end: date, period: tuple[date, date]) -> Decimal:
        """Return the rounded price of the part [start, end) of a period."""
        price = self.price
        if (start, end) != period:
            part = period_fraction(start, end, self.span, period, self.rules)
            price = price * part.numerator / part.denominator
        return round_money(price, self.charge.pricing.currency, self.rules.rounding)
