"""Payment schedules: amounts that are collected on days that were agreed, one item a day."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.money import ZERO, round_money
from toolkit.billing.parts import DebtKind
from toolkit.clock import add_months

Period = Literal["Monthly", "Weekly", "BiWeekly"]
ItemStatus = Literal["Pending", "Processed", "Error", "Canceled"]
ScheduleStatus = Literal["Active", "Canceled", "Completed"]

_WEEKS = {"Weekly": 1, "BiWeekly": 2}
_MOST_PAYMENTS = 10


class Link(NamedTuple):
    """A payment of an item, and what it has collected for it."""

    payment_id: str
    amount: Decimal


class Payable(NamedTuple):
    """An invoice or a debit memo that is to be paid."""

    kind: DebtKind
    id: str


class PaymentItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An amount to collect on a day.

    Attributes:
        due: When it is tried next.
        run_hour: The hour of the day (0-23), in the tenant's zone.
        payment_method_id: Missing for the account's default.
        gateway_id: Missing for the account's, or the tenant's.
        documents: What is paid; without any the payment stays unapplied.
        links: Its payments, those that failed included.
    """

    id: str
    number: str
    schedule_id: str
    account_id: str
    amount: Decimal
    currency: str
    scheduled: date
    run_hour: int
    due: datetime
    created: datetime
    updated: datetime
    status: ItemStatus = "Pending"
    payment_method_id: str | None = None
    gateway_id: str | None = None
    documents: tuple[Payable, ...] = ()
    description: str | None = None
    links: tuple[Link, ...] = ()
    error: str | None = None
    cancelled: datetime | None = None
    reason: str | None = None

    @property
    def balance(self) -> Decimal:
        """What is not collected yet."""
        return self.amount - sum((link.amount for link in self.links), ZERO)


class PaymentSchedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A payment schedule; its items are records of their own.

    Attributes:
        start: The day of the first item, from which a recurring one counts.
        period: Missing for a custom one.
        documents: What its items pay, unless they name a document of their own.
        cancel_date: From when its items are cancelled.
    """

    id: str
    number: str
    account_id: str
    start: date
    created: datetime
    updated: datetime
    period: Period | None = None
    run_hour: int = 0
    description: str | None = None
    documents: tuple[Payable, ...] = ()
    cancel_date: date | None = None
    cancelled: datetime | None = None

    def status(self, items: Collection[PaymentItem]) -> ScheduleStatus:
        """Tell how far it is. That one whose last items failed is completed is an assumption."""
        if self.cancelled is not None:
            return "Canceled"
        return "Active" if any(item.status == "Pending" for item in items) else "Completed"


def days(start: date, period: Period) -> Iterator[date]:
    """Return the days of a recurring schedule; a month that is too short has its last day."""
    weeks = _WEEKS.get(period)
    if weeks is None:
        return (add_months(start, index) for index in count())
    return (start + timedelta(weeks=weeks * index) for index in count())


def day_after(start: date, period: Period, day: date) -> date:
    """Return the first day of a recurring schedule after this one."""
    return next(one for one in days(start, period) if one > day)


def first_days(start: date, period: Period, occurrences: int) -> list[date]:
    """Return the first days of a recurring schedule."""
    return list(islice(days(start, period), occurrences))


def divided(total: Decimal, occurrences: int, currency: str) -> list[Decimal]:
    """Return equal amounts; the last has what is left by rounding, which is an assumption."""
    one = round_money(total / occurrences, currency)
    return [one] * (occurrences - 1) + [total - one * (occurrences - 1)]


def cancel(item: PaymentItem, now: datetime, reason: str | None = None) -> PaymentItem:
    """Cancel an item that waits.

    Raises:
        RuleError: It does not.
    """
    check_status(item, {"Pending"}, "canceled")
    return replace(item, status="Canceled", cancelled=now, reason=reason, updated=now)


def link(item: PaymentItem, payment_id: str, amount: Decimal, now: datetime) -> PaymentItem:
    """Count a payment as collected for an item, which is processed when nothing is left.

    Raises:
        RuleError: It has ten payments already, or less is left of it.
    """
    if len(item.links) >= _MOST_PAYMENTS:
        raise RuleError(f"The payment schedule item {item.number} has {_MOST_PAYMENTS} payments already.")
    if amount > item.balance:
        raise RuleError(f"The payment schedule item {item.number} lacks {item.balance}, not {amount}.")
    linked = replace(item, links=(*item.links, Link(payment_id, amount)), updated=now)
    return linked if linked.balance else replace(linked, status="Processed", error=None)


def unlink(item: PaymentItem, payment_id: str, now: datetime) -> PaymentItem:
    """Count a payment as nothing to do with an item, which waits again for what is missing then.

    Raises:
        RuleError: It is none of its payments.
    """
    left = tuple(one for one in item.links if one.payment_id != payment_id)
    if len(left) == len(item.links):
        raise RuleError(f"The payment {payment_id} is not linked to the payment schedule item {item.number}.")
    unlinked = replace(item, links=left, updated=now)
    return replace(unlinked, status="Pending") if unlinked.balance else unlinked


def check_status(item: PaymentItem, allowed: Collection[ItemStatus], verb: str) -> None:
    """Refuse to do what only items of some statuses allow.

    Raises:
        RuleError: The item has another one.
    """
    if item.status not in allowed:
        raise RuleError(
            f"The payment schedule item {item.number} is {item.status}: only {' or '.join(sorted(allowed))} "
            f"items can be {verb}."
        )
