"""Invoice schedules: which amounts of charges are invoiced when, instead of period by period."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.money import ZERO, check_positive, round_money
from toolkit.billing.orders import Names

ScheduleStatus = Literal["Pending", "PartiallyProcessed", "Paused", "FullyProcessed"]

_WHOLE = Decimal(100)


class Share(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One charge segment that a schedule bills, as it was when the schedule was made.

    Attributes:
        end: First day after the segment.
        price: What the segment costs in all, before discounts.
        net: The same after percentage discounts.
    """

    subscription_number: str
    charge_number: str
    charge_id: str
    start: date
    end: date
    price: Decimal
    net: Decimal


class ScheduleItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An amount to invoice on a day.

    Attributes:
        run_date: Missing while it is not known: the item then waits.
        percentage: Of the schedule's total, if it was given so.
        document_id: The invoice that it made.
        memo_id: The credit memo that it made of charges that were cut short.
    """

    id: str
    amount: Decimal
    run_date: date | None = None
    percentage: Decimal | None = None
    name: str | None = None
    processed: bool = False
    document_id: str | None = None
    memo_id: str | None = None

    @property
    def document_ids(self) -> tuple[str | None, ...]:
        """The ids of what it made."""
        return self.document_id, self.memo_id


class WantedItem(NamedTuple):
    """An item as it is asked for: by its amount or by its percentage."""

    amount: Decimal | None = None
    percentage: Decimal | None = None
    run_date: date | None = None
    name: str | None = None


class InvoiceSchedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An invoice schedule of an account.

    Attributes:
        orders: The numbers of the orders whose subscriptions it bills.
        items: In order of time; those that are processed come first, but for one whose invoice was cancelled.
        detached: The numbers of the charges that it does not bill any more, and through when each was
            charged when it was detached.
    """

    id: str
    number: str
    account_id: str
    currency: str
    orders: tuple[str, ...]
    shares: tuple[Share, ...]
    items: tuple[ScheduleItem, ...]
    invoice_separately: bool = False
    notes: str | None = None
    paused: bool = False
    detached: Mapping[str, date | None] = {}

    @property
    def total(self) -> Decimal:
        """What it bills in all."""
        return sum((share.net for share in self.shares), ZERO)

    @property
    def billed(self) -> Decimal:
        """What it has billed."""
        return sum((item.amount for item in self.items if item.processed), ZERO)

    @property
    def pending(self) -> ScheduleItem | None:
        """The item that is to be processed next."""
        return next((item for item in self.items if not item.processed), None)

    @property
    def begun(self) -> bool:
        """Whether an item is processed."""
        return any(item.processed for item in self.items)

    @property
    def status(self) -> ScheduleStatus:
        """How far it is, or that it is paused, which one that is fully processed can be, too.

        Source: the official SDK, invoice schedule status; Zuora, pause invoice schedules.
        """
        if self.paused:
            return "Paused"
        if self.pending is None:
            return "FullyProcessed"
        return "PartiallyProcessed" if self.begun else "Pending"


def detach(schedule: InvoiceSchedule, charged: Mapping[str, date | None]) -> InvoiceSchedule:
    """Let a schedule bill some of its charges no longer.

    Args:
        schedule: The schedule.
        charged: Through when each of these charges, by number, is charged.

    Raises:
        RuleError: It has processed nothing yet. Source: Zuora, detach charges from an invoice schedule.
    """
    if not schedule.begun:
        raise RuleError(
            f"The invoice schedule {schedule.number} has processed nothing yet: nothing can be detached."
        )
    return replace(schedule, detached={**schedule.detached, **charged})


def attach(schedule: InvoiceSchedule, charged: Mapping[str, date | None]) -> InvoiceSchedule:
    """Let a schedule bill again what was detached from it.

    Raises:
        RuleError: A charge was not detached, or was billed since, which is an assumption.
    """
    for number, through in charged.items():
        if number not in schedule.detached:
            raise RuleError(
                f"The charge {number} is not detached from the invoice schedule {schedule.number}."
            )
        if schedule.detached[number] != through:
            raise RuleError(f"The charge {number} was billed since it was detached, through {through}.")
    rest = {number: day for number, day in schedule.detached.items() if number not in charged}
    return replace(schedule, detached=rest)


def check_schedulable(shares: Sequence[Share], number: str) -> None:
    """Refuse to schedule nothing.

    Raises:
        RuleError: There is no charge to bill.
    """
    if not sum(share.net for share in shares):
        raise RuleError(f"The order {number} has no unbilled charge that an invoice schedule could bill.")


def make_items(
    total: Decimal, currency: str, wanted: Sequence[WantedItem], names: Names
) -> tuple[ScheduleItem, ...]:
    """Return the items of a schedule; what is left by rounding percentages goes to the last one.

    Source: Zuora, create percentage-based invoice schedules; invoice schedules creation: all amounts
    sum up to the total, dates are in order, and after an item without a date none has one.

    Raises:
        InvalidValueError: Items have both or neither of amount and percentage, do not sum up, or are out
            of order.
    """
    check_dates([one.run_date for one in wanted])
    by_percentage = all(one.percentage is not None and one.amount is None for one in wanted)
    if not by_percentage and any(one.amount is None or one.percentage is not None for one in wanted):
        raise InvalidValueError(
            "The items of an invoice schedule should all have an amount, or a percentage."
        )
    if by_percentage:
        amounts = _amounts(total, currency, [one.percentage or ZERO for one in wanted])
    else:
        amounts = [one.amount or ZERO for one in wanted]
    for amount in amounts:
        check_positive(amount)
    if sum(amounts, ZERO) != total:
        raise InvalidValueError(
            f"The items of the invoice schedule should sum up to its total amount {total}, "
            f"not to {sum(amounts)}."
        )
    return tuple(
        ScheduleItem(
            id=names.id(), amount=amount, run_date=one.run_date, percentage=one.percentage, name=one.name
        )
        for amount, one in zip(amounts, wanted, strict=True)
    )


def rescaled(schedule: InvoiceSchedule) -> InvoiceSchedule:
    """Return a schedule whose items add up to what its charges cost, by percentages or by the last one."""
    percentages = [item.percentage for item in schedule.items if item.percentage is not None]
    total = left = schedule.total
    if len(percentages) == len(schedule.items):
        amounts = _amounts(total, schedule.currency, percentages)
    else:
        amounts = []
        for item in schedule.items[:-1]:
            amounts.append(min(item.amount, left))
            left -= amounts[-1]
        amounts.append(left)
    items = zip(schedule.items, amounts, strict=True)
    return replace(schedule, items=tuple(replace(item, amount=amount) for item, amount in items))


def revised(
    schedule: InvoiceSchedule, wanted: Sequence[tuple[str | None, WantedItem]], names: Names
) -> tuple[ScheduleItem, ...]:
    """Return the items of a schedule as they are asked for anew, each with the id of the one that it changes.

    What is not named is dropped; what has neither an amount nor a percentage keeps its own. Source: Zuora,
    update invoice schedules through the REST API. That it keeps it is an assumption.

    Raises:
        InvalidValueError: As of `make_items`, or an item is named that the schedule does not have.
        RuleError: An item that is processed is left out or changed.
    """
    former = {item.id: item for item in schedule.items}
    for key, _ in wanted:
        if key is not None and key not in former:
            raise InvalidValueError(f"The invoice schedule {schedule.number} has no item '{key}'.")
    asked = [_completed(one, former[key]) if key else one for key, one in wanted]
    made = make_items(schedule.total, schedule.currency, asked, names)
    following = tuple(
        one
        if key is None
        else replace(
            former[key], amount=one.amount, percentage=one.percentage, run_date=one.run_date, name=one.name
        )
        for (key, _), one in zip(wanted, made, strict=True)
    )
    for item in schedule.items:
        if item.processed and item not in following:
            raise RuleError(f"The item {item.id} of the invoice schedule is processed and cannot change.")
    return following


def _completed(wanted: WantedItem, former: ScheduleItem) -> WantedItem:
    """Return an item with what is not said of it as it was."""
    unsaid = wanted.amount is None and wanted.percentage is None
    return WantedItem(
        former.amount if unsaid and former.percentage is None else wanted.amount,
        former.percentage if unsaid else wanted.percentage,
        wanted.run_date or former.run_date,
        wanted.name or former.name,
    )


def _amounts(total: Decimal, currency: str, percentages: Sequence[Decimal]) -> list[Decimal]:
    if sum(percentages, ZERO) != _WHOLE:
        raise InvalidValueError(
            f"The percentages of the items should sum up to 100, not to {sum(percentages)}."
        )
    amounts = [round_money(total * percentage / _WHOLE, currency) for percentage in percentages[:-1]]
    return [*amounts, total - sum(amounts, ZERO)]


def check_dates(dates: Iterable[date | None]) -> None:
    """Refuse run dates that are out of order, or follow one that is blank.

    Raises:
        InvalidValueError: They are.
    """
    for former, following in pairwise(dates):
        if following is not None and (former is None or following <= former):
            raise InvalidValueError(
                f"The run date {following} should be later than the one before it, "
                f"{former or 'which is blank'}."
            )
