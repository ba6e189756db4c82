"""Prepaid with drawdown: which units are left, what is used beyond them, and what is given back or kept."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.catalog import Drawdown, Prepaid
from toolkit.billing.funds import Fund
from toolkit.billing.money import ZERO
from toolkit.billing.periods import add_term
from toolkit.billing.rating import Rated, RatedItem, meter_of
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, Subscription
from toolkit.billing.usage import Usage, usage_of
from toolkit.billing.validity import validity_periods


def funds(subscription: Subscription, until: date) -> Iterator[Fund]:
    """Yield the funds that a subscription's prepayment charges grant, and those that were rolled over.

    They are there as soon as the subscription is, whatever is billed. A one-time charge grants one, to the
    end of the validity period that it lies in. A period that a charge begins or ends in has all its units.
    Of a charge without an end, funds are told as far as `until`.
    Source: Zuora, bill prepaid customers; add prepayment product in subscription.
    """
    for charge in subscription.charges:
        if charge.terms.prepaid is not None:
            yield from _granted(subscription, charge, charge.terms.prepaid, until)
    yield from subscription.rolled


def _granted(subscription: Subscription, charge: Charge, prepaid: Prepaid, until: date) -> Iterator[Fund]:
    start, end = charge.effective_start, charge.effective_end or date.max
    known = charge.effective_end or until + timedelta(days=1)
    once = charge.terms.type == "OneTime"
    units = prepaid.units * (Decimal(1) if charge.quantity is None else charge.quantity)
    for first, after in validity_periods(subscription, charge).periods(start, known):
        yield Fund(
            charge_number=charge.number,
            uom=prepaid.uom,
            start=max(first, start),
            end=after if once else min(after, end),
            units=units,
        )


class Balance:
    """The funds of a subscription after its usage was taken from them, record by record in order of its days.

    Usage takes from the funds that hold on its day: what was rolled over before or after the others, and
    what expires first before what does later. Usage beyond all of them is left for its charge to bill.
    Source: Zuora, prepaid with drawdown; drawdown behavior.

    Attributes:
        left: What is left of each fund, in the order in which `funds` yields them.
        beyond: The usage, by charge number, with the quantity that no fund has covered.
    """

    def __init__(
        self, subscription: Subscription, usage: Collection[Usage], until: date | None = None
    ) -> None:
        used = max((record.start for record in usage), default=subscription.term_start)
        known = list(funds(subscription, max(used, until or used)))
        self.left = {fund: fund.units - _rolled_out(fund, subscription.rolled) for fund in known}
        self.beyond: dict[str, list[Usage]] = {}
        self._order = sorted(known, key=lambda fund: (fund.order, fund.end, fund.start))
        drawing = [
            (record.start, position, charge.number, charge.terms.drawdown, record)
            for position, charge in enumerate(subscription.charges)
            if charge.terms.drawdown is not None
            for record in usage_of(subscription, charge, usage)
            if charge.holds(record.start)
        ]
        for _, _, number, drawdown, record in sorted(drawing, key=lambda one: one[:2]):
            beyond = self._draw(drawdown, record)
            if beyond.quantity:
                self.beyond.setdefault(number, []).append(beyond)

    def _draw(self, drawdown: Drawdown, record: Usage) -> Usage:
        wanted = record.quantity * drawdown.rate
        for fund in self._order:
            if fund.uom == drawdown.uom and fund.start <= record.start < fund.end:
                taken = min(wanted, self.left[fund])
                self.left[fund] -= taken
                wanted -= taken
        return replace(record, quantity=wanted / drawdown.rate)

    @property
    def total(self) -> Decimal:
        """The sum of what is left."""
        return sum(self.left.values(), ZERO)


def _rolled_out(fund: Fund, rolled: Iterable[Fund]) -> Decimal:
    """Return how many units of a fund live on in another."""
    return sum(
        (
            one.units
            for one in rolled
            if (one.charge_number, one.start, one.rolled) == (fund.charge_number, fund.end, fund.rolled + 1)
        ),
        ZERO,
    )


def over_consumed(subscription: Subscription, charge: Charge, usage: Collection[Usage]) -> list[Usage]:
    """Return the usage that a drawdown charge bills: as much of each record as no fund has covered."""
    return Balance(subscription, usage).beyond.get(charge.number, [])


def gives_back(charge: Charge, target: date) -> bool:
    """Tell whether a prepayment charge was billed beyond its end, which is due to be given back."""
    end, through = charge.effective_end, charge.charged_through
    recurring = charge.terms.prepaid is not None and charge.terms.type == "Recurring"
    return recurring and end is not None and through is not None and end < through and end <= target


def credit(
    subscription: Subscription, charge: Charge, usage: Collection[Usage], day: int, rules: BillingRules
) -> Rated:
    """Give back what a prepayment charge was billed beyond its end, validity period by validity period.

    Of the one that it ends in, by its credit option: by the days to come, by the units that are left, or all.
    Source: Zuora, prepayment charge, credit option, whose figures count days whatever the tenant prorates by.

    Args:
        subscription: The version that holds the segment.
        charge: A segment that `gives_back`.
        usage: The account's.
        day: The account's bill cycle day, 1-31.
        rules: The tenant's.
    """
    end, through = charge.effective_end or date.max, charge.charged_through or date.max
    meter = meter_of(subscription, charge, day, rules)
    items = []
    for period in validity_periods(subscription, charge).periods(end, through):
        first, after = max(period[0], charge.effective_start), min(period[1], through)
        unused = max(first, end)
        billed = sum((item.amount for item in meter.due(first, after, date.max)), ZERO)
        amount = rules.rounded(
            billed * _unused(subscription, charge, (first, unused, after), usage), charge.pricing.currency
        )
        items.append(
            RatedItem(
                charge=charge,
                start=unused,
                end=after,
                amount=-amount,
                quantity=-(Decimal(1) if charge.quantity is None else charge.quantity),
                partial=unused != first,
                credit=True,
                billed_from=first,
                kept=billed - amount,
            )
        )
    return Rated(tuple(items), end, end)


def _unused(
    subscription: Subscription, charge: Charge, days: tuple[date, date, date], usage: Collection[Usage]
) -> Decimal:
    """Return the part of a validity period that is given back.

    `days` are its first, the first of which nothing is used any more, and the first after it.
    """
    first, unused, after = days
    option = charge.terms.prepaid.credit_option if charge.terms.prepaid else ""
    if unused == first or option == "FullCreditBack":
        return Decimal(1)
    if option == "TimeBased":
        return Decimal((after - unused).days) / (after - first).days
    left = Balance(subscription, usage).left
    its = [fund for fund in left if (fund.charge_number, fund.start) == (charge.number, first)]
    granted = sum((fund.units for fund in its), ZERO)
    return sum((left[fund] for fund in its), ZERO) / granted if granted else Decimal(1)


def roll_over(subscription: Subscription, usage: Collection[Usage], target: date) -> Subscription:
    """Roll over what is left of the validity periods that have ended by a bill's target date.

    Only the latest of those is, into the next one, and the last one of a charge never. What was rolled over
    stays so. Source: Zuora, create prepayment charge with rollover, considerations.
    """
    more: list[Fund] = []
    left = None
    for charge in subscription.charges:
        prepaid = charge.terms.prepaid
        if prepaid is None or not prepaid.rollover_periods or charge.effective_start > target:
            continue
        span, end = validity_periods(subscription, charge), charge.effective_end or date.max
        turn = span.start(span.ordinal(min(target, end)))
        if not charge.effective_start < turn < end:
            continue
        if any((one.charge_number, one.start) == (charge.number, turn) for one in subscription.rolled):
            continue
        left = left or Balance(subscription, usage, target).left
        after = min(span.start(span.ordinal(turn) + 1), end)
        if prepaid.rollover_months is not None:
            after = min(after, add_term(turn, prepaid.rollover_months, "Month"))
        more.extend(
            replace(
                fund,
                start=turn,
                end=after,
                units=units,
                rolled=fund.rolled + 1,
                order=-1 if prepaid.rollover_apply == "ApplyFirst" else 1,
            )
            for fund, units in left.items()
            if (fund.charge_number, fund.end) == (charge.number, turn)
            and units > 0
            and fund.rolled < prepaid.rollover_periods
        )
    return replace(subscription, rolled=(*subscription.rolled, *more)) if more else subscription


def unroll(subscription: Subscription, target: date) -> Subscription:
    """Take back what bills after a target date have rolled over, when they are cancelled.

    The next bill rolls over what is left by then. Source: an assumption; no page says what a cancelled bill
    does to it.
    """
    kept = tuple(fund for fund in subscription.rolled if fund.start <= target)
    return replace(subscription, rolled=kept) if kept != subscription.rolled else subscription
