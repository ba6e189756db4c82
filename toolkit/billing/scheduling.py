"""Scheduling: what an item of an invoice schedule bills of each charge, and for which time."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise, takewhile
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.discounts import discounted
from toolkit.billing.installments import Installment, billed
from toolkit.billing.invoices import Bill, mark_billed
from toolkit.billing.metrics import tcb
from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer
from toolkit.billing.periods import Grid
from toolkit.billing.rating import Line, RatedItem, rate
from toolkit.billing.rules import BillingRules
from toolkit.billing.schedules import InvoiceSchedule, ScheduleItem, Share, rescaled
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription
from toolkit.clock import days_in_month

_DAY = timedelta(days=1)
_MONTH = 30


class _Part(NamedTuple):
    """What an item bills of a share: its service period, `end` exclusive, and its amount."""

    share: Share
    start: date
    end: date
    amount: Decimal


def shares(
    subscription: Subscription, bill_cycle_day: int, rules: BillingRules, numbers: Collection[str] = ()
) -> Iterator[Share]:
    """Yield the one-time and recurring charges of a subscription that are not billed yet.

    Source: Zuora, invoice schedules creation: only unbilled charges can be added to invoice schedules.

    Args:
        subscription: Its latest version; one without an end has no total to schedule.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
        numbers: The numbers of the charges to schedule; empty for all.
    """
    lines: list[Line] = []
    for plan in subscription.rate_plans:
        for charge in plan.charges:
            end, terms = charge.effective_end, charge.terms
            if terms.type == "Usage" or terms.model.startswith("Discount"):
                continue
            wanted = not numbers or charge.number in numbers
            if wanted and charge.charged_through is None and end is not None and end > charge.effective_start:
                cost = tcb(subscription, charge, bill_cycle_day, rules)
                price = rules.rounded(cost, charge.pricing.currency)
                item = _item(charge, charge.effective_start, end, price)
                lines.append(Line(subscription, plan, item))
    off: dict[int | None, Decimal] = {}
    for line in discounted(lines, _offers([subscription]), bill_cycle_day, rules).lines:
        off[line.item.applied_to] = off.get(line.item.applied_to, ZERO) + line.item.amount
    for position, line in enumerate(lines):
        item = line.item
        yield Share(
            subscription_number=subscription.number,
            charge_number=item.charge.number,
            charge_id=item.charge.id,
            start=item.start,
            end=item.end,
            price=item.amount,
            net=item.amount + off.get(position, ZERO),
        )


def _item(charge: Charge, start: date, end: date, amount: Decimal) -> RatedItem:
    quantity = Decimal(1) if charge.quantity is None else charge.quantity
    return RatedItem(charge=charge, start=start, end=end, amount=amount, quantity=quantity, scheduled=True)


def bill_item(
    schedule: InvoiceSchedule,
    item: ScheduleItem,
    subscriptions: Sequence[Subscription],
    bill_cycle_day: int,
    rules: BillingRules,
) -> Bill:
    """Return what an item of a schedule bills, less what of it is for charges that were detached.

    Of a charge that was cut short it bills no more than is left of it, and gives back what was too much.
    Source: Zuora, perform bill subscriptions early after early renewal; credit memo generation in billing
    schedule. That what is left out of an item is not billed of other charges instead is an assumption.

    Args:
        schedule: Its earlier items are billed before.
        item: The item.
        subscriptions: The latest versions of those that it bills.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
    """
    places = {
        charge.id: (subscription, plan, charge)
        for subscription in subscriptions
        for plan in subscription.rate_plans
        for charge in plan.charges
    }
    earlier = takewhile(lambda one: one.id != item.id, schedule.items)
    before = sum((one.amount for one in earlier), ZERO)
    lines: list[Line] = []
    marks: dict[str, tuple[date | None, date | None]] = {}
    made: dict[str, Installment] = {}
    for part in _parts(schedule, before, before + item.amount, rules):
        if part.share.charge_number in schedule.detached:
            continue
        subscription, plan, charge = places[part.share.charge_id]
        amount, end, last = part.amount, part.end, charge.effective_end or part.share.end
        if last < part.share.end:
            cost = rules.rounded(tcb(subscription, charge, bill_cycle_day, rules), schedule.currency)
            amount, end = min(amount, cost - billed(charge.installments)), min(end, last)
            if amount <= 0 or end <= part.start:
                continue
        lines.append(Line(subscription, plan, _item(charge, part.start, end, amount)))
        marks[charge.id] = end, end if end == last else part.start
        made[charge.id] = Installment(part.start, end, amount)
    for subscription, plan, charge in _over(schedule, places):
        given = rate(subscription, charge, charge.effective_end or date.max, bill_cycle_day, rules)
        lines.extend(Line(subscription, plan, one) for one in given.items)
        marks[charge.id] = given.through, given.processed
    off = discounted(lines, _offers(subscriptions), bill_cycle_day, rules)
    marked = (mark_billed(one, {**marks, **off.marks}, off.grants) for one in subscriptions)
    return Bill((*lines, *off.lines), tuple(_noted(one, made) for one in marked))


_Place = tuple[Subscription, RatePlan, Charge]


def _over(schedule: InvoiceSchedule, places: Mapping[str, _Place]) -> Iterator[_Place]:
    """Yield the charges of a schedule that are billed beyond their end."""
    for share in schedule.shares:
        place = places[share.charge_id]
        end, through = place[2].effective_end, place[2].charged_through
        attached = share.charge_number not in schedule.detached
        if attached and end is not None and through is not None and end < through:
            yield place


def _noted(subscription: Subscription, made: Mapping[str, Installment]) -> Subscription:
    """Note in the charges of a subscription what a schedule's item has billed of them."""

    def noted(charge: Charge) -> Charge:
        one = made.get(charge.id)
        return charge if one is None else replace(charge, installments=(*charge.installments, one))

    plans = (replace(plan, charges=tuple(map(noted, plan.charges))) for plan in subscription.rate_plans)
    return replace(subscription, rate_plans=tuple(plans)) if made else subscription


def refreshed(
    schedule: InvoiceSchedule, subscriptions: Sequence[Subscription], bill_cycle_day: int, rules: BillingRules
) -> InvoiceSchedule:
    """Return a schedule with what its charges cost now, as long as it has billed nothing.

    What that changes of its total changes the last item, or all of them where they are percentages.
    Source: Zuora, update invoice schedules by changing charge prices; percentage-based amount billing. That
    items are cut from the last one on where the last is not enough is an assumption.

    Args:
        schedule: The schedule.
        subscriptions: The latest versions of those that it bills.
        bill_cycle_day: The account's, 1-31.
        rules: The tenant's.
    """
    if schedule.begun:
        return schedule
    numbers = {share.charge_number for share in schedule.shares}
    held = tuple(share for one in subscriptions for share in shares(one, bill_cycle_day, rules, numbers))
    return schedule if held == schedule.shares else rescaled(replace(schedule, shares=held))


def _offers(subscriptions: Iterable[Subscription]) -> list[Offer]:
    return [
        Offer(subscription, plan, charge)
        for subscription in subscriptions
        for plan in subscription.rate_plans
        for charge in plan.charges
        if charge.terms.model == "DiscountPercentage"
    ]


def _parts(
    schedule: InvoiceSchedule, before: Decimal, after: Decimal, rules: BillingRules
) -> Iterator[_Part]:
    """Yield what the amounts from `before` to `after` of a schedule's total bill.

    Groups of charges are consumed one after the other, those of a group together, each in proportion to its
    price. One without a price is billed for the days that the others of its group have reached.
    Source: Zuora, invoice generation rules in billing schedule; create single-year invoice schedules to bill
    subscriptions with zero-amount prices and staggered start dates.
    """
    reached = ZERO
    for group in _groups(schedule.shares, rules):
        total = sum((share.net for share in group), ZERO)
        first, last = max(before - reached, ZERO), min(after - reached, total)
        reached += total
        if first < last:
            span = Fraction(first) / Fraction(total), Fraction(last) / Fraction(total)
            was, now = (_reached(group, part, schedule.currency, rules) for part in span)
            for share, (paid, start, _), (due, end, begun) in zip(group, was, now, strict=True):
                stop = end + _DAY if begun else end
                if start < stop:
                    yield _Part(share, start, stop, due - paid)


def _groups(held: Sequence[Share], rules: BillingRules) -> Iterator[list[Share]]:
    """Yield the charges that are consumed together, each with those before it that begin with or within it.

    They begin on one day, or lie within the time of those that begin first. What has no price is with the
    last of the others that begin before it. Source: Zuora, invoice generation rules in billing schedule;
    grouping of charges with staggered start dates.
    """
    rest = sorted((share for share in held if share.net), key=_start)
    free = [share for share in held if not share.net]
    while rest:
        begin = rest[0].start
        end = max(share.end for share in rest if share.start == begin)
        within = rules.schedule_groups == "term"
        group = [one for one in rest if one.start == begin or (within and one.end <= end)]
        rest = [one for one in rest if one not in group]
        beside = [one for one in free if not rest or one.start < rest[0].start]
        free = [one for one in free if one not in beside]
        yield group + beside


def _start(share: Share) -> date:
    return share.start


def _reached(
    group: Sequence[Share], part: Fraction, currency: str, rules: BillingRules
) -> Iterator[tuple[Decimal, date, bool]]:
    """Yield by share what a part of a group costs, the day it reaches, and whether it takes some of that.

    Costs are such that each sum of the first of them is rounded, and days are those of the rounded costs.
    Source: Zuora, invoice generation details: 27/31 of 12000, 12000 and 7000 are 10451.61, 10451.62 and
    6096.77, which is 2.99 days of the seventh month.
    """
    sums = accumulate((share.price for share in group), initial=ZERO)
    ends = [rules.rounded(price * part.numerator / part.denominator, currency) for price in sums]
    costs = [last - first for first, last in pairwise(ends)]
    days = [
        _turn(share, Fraction(cost) / Fraction(share.price), rules)
        for share, cost in zip(group, costs, strict=True)
        if share.net
    ]
    latest = max(days)
    for share, cost in zip(group, costs, strict=True):
        if share.net:
            yield cost, *days.pop(0)
        elif part == 1 or share.end < latest[0]:
            yield cost, share.end, False
        else:
            yield cost, *max((share.start, False), latest)


def _turn(share: Share, part: Fraction, rules: BillingRules) -> tuple[date, bool]:
    """Return the day that a part of a share reaches, and whether it takes some of that day.

    Months are counted first and then days, of a month of thirty days or of its own.
    Source: Zuora, invoice generation rules in billing schedule: 6.7 months from 1 January 2022 end on 22
    July by actual days, and on 21 July by thirty.
    """
    if part == 1:
        return share.end, False
    day = 31 if share.start.day == days_in_month(share.start) else share.start.day
    months = Grid(share.start, 1, 0, day)
    whole = months.ordinal(share.end)
    left = Fraction((share.end - months.start(whole)).days, _length(months, whole))
    index, rest = divmod((whole + left) * part, 1)
    days = rest * (_length(months, int(index)) if rules.month_proration == "actual" else _MONTH)
    return months.start(int(index)) + timedelta(days=int(days)), days.denominator != 1


def _length(months: Grid, index: int) -> int:
    return (months.start(index + 1) - months.start(index)).days
