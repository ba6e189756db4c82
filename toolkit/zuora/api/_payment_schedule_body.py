"""A payment schedule and its items as clients send them."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from toolkit.billing.paymentschedules import Period
from toolkit.zuora.calls.wire import Body

_HARMLESS = frozenset({"paymentOption", "paymentGatewayNumber"})
_LACKING = frozenset({"prepayment", "standalone"})


class Document(Body, frozen=True):
    """What is to be paid, by its id or its number."""

    type: Literal["Invoice", "DebitMemo"]
    id: str | None = None
    number: str | None = None


class NewItem(Body, frozen=True):
    """An item of a custom schedule."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    amount: Decimal
    scheduled_date: date
    billing_document: Document | None = None
    currency: str | None = None
    description: str | None = None
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None
    run_hour: int = 0


class NewItems(Body, frozen=True):
    """Items to add to a custom schedule."""

    items: tuple[NewItem, ...]


class NewSchedule(Body, frozen=True):
    """A custom schedule, by its items, or a recurring one."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS
    lacking: ClassVar[frozenset[str]] = _LACKING

    account_id: str | None = None
    account_number: str | None = None
    payment_schedule_number: str | None = None
    description: str | None = None
    billing_document: Document | None = None
    billing_documents: tuple[Document, ...] = ()
    items: tuple[NewItem, ...] = ()
    amount: Decimal | None = None
    total_amount: Decimal | None = None
    occurrences: int | None = None
    period: Period | None = None
    start_date: date | None = None
    run_hour: int = 0
    currency: str | None = None
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None


class NewSchedules(Body, frozen=True):
    """Up to fifty schedules."""

    payment_schedules: tuple[NewSchedule, ...]


class ScheduleChange(Body, frozen=True):
    """What changes of a recurring schedule's items that wait."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    amount: Decimal | None = None
    currency: str | None = None
    description: str | UnsetType = UNSET
    occurrences: int | None = None
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None
    period: Period | None = None
    period_start_date: date | None = None
    run_hour: int | None = None


class Cancellation(Body, frozen=True):
    """From when items are cancelled."""

    cancel_date: date


class LinkedPayment(Body, frozen=True):
    """A payment of an item."""

    payment_id: str


class ItemChange(Body, frozen=True):
    """What changes of an item that waits."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    amount: Decimal | None = None
    currency: str | None = None
    description: str | UnsetType = UNSET
    link_payments: tuple[LinkedPayment, ...] = ()
    unlink_payments: tuple[LinkedPayment, ...] = ()
    payment_id: str | None = None
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None
    run_hour: int | None = None
    scheduled_date: date | None = None


class Retry(Body, frozen=True):
    """An item to try again, with another method or gateway."""

    harmless: ClassVar[frozenset[str]] = frozenset({"paymentGatewayNumber"})

    id: str
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None


class Retries(Body, frozen=True):
    """Items to try again."""

    items: tuple[Retry, ...]
