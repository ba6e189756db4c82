"""Dues: when work falls due on a record, by what the record says."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from toolkit.billing.billruns import BillRun
from toolkit.billing.inquiries import Inquiry
from toolkit.billing.orders import Order
from toolkit.billing.paymentruns import PaymentRun
from toolkit.billing.paymentschedules import PaymentItem
from toolkit.billing.schedules import InvoiceSchedule
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.runs.forecasts import PreviewRun

_RENEWAL = time(1)
"""Source: Zuora, auto-renew job: system default at 01:00."""

_KEPT = timedelta(days=180)
"""Source: Zuora, create a billing preview run: then the results are purged."""


def due(record: object, zone: ZoneInfo) -> datetime | None:
    """Return when work falls due on a record of a tenant in this time zone, or None."""
    told = DUES.get(type(record))
    return None if told is None else told(record, zone)


def day_of(when: datetime | None, zone: ZoneInfo) -> str | None:
    """Return the day of a moment there, in ISO form, by which tables keep records."""
    return None if when is None else when.astimezone(zone).date().isoformat()


def _renewal(subscription: Subscription, zone: ZoneInfo) -> datetime | None:
    """Return when a subscription renews by itself, on the day that ends its term."""
    if not subscription.auto_renew or subscription.status != "Active" or subscription.term_end is None:
        return None
    return datetime.combine(subscription.term_end, _RENEWAL, zone)


def _carrying_out(order: Order, zone: ZoneInfo) -> datetime | None:
    """Return when a scheduled order is carried out: as its day begins. Source: an assumption."""
    if order.status != "Scheduled" or order.scheduled is None:
        return None
    return datetime.combine(order.scheduled, time(), zone)


def _processing(schedule: InvoiceSchedule, zone: ZoneInfo) -> datetime | None:
    """Return when the next item is processed: as its day begins. Source: an assumption."""
    item = schedule.pending
    if item is None or item.run_date is None or schedule.paused:
        return None
    return datetime.combine(item.run_date, time(), zone)


def _run(run: BillRun | PaymentRun, _zone: ZoneInfo) -> datetime | None:
    """Return when a run is executed, unless it was or is not to be any more."""
    return run.run_at if run.status == "Pending" else None


def _answer(inquiry: Inquiry, _zone: ZoneInfo) -> datetime:
    """Return when an open question is answered, if nobody answers it before."""
    return inquiry.due


def _collection(item: PaymentItem, _zone: ZoneInfo) -> datetime | None:
    """Return when an item of a payment schedule is tried next, if it waits."""
    return item.due if item.status == "Pending" else None


def _purge(run: PreviewRun, zone: ZoneInfo) -> datetime | None:
    """Return when the result of a run is purged, unless there is none any more."""
    return None if run.file_id is None else run.created.astimezone(zone) + _KEPT


DUES: Mapping[type, Callable[[Any, ZoneInfo], datetime | None]] = {
    Subscription: _renewal,
    Order: _carrying_out,
    InvoiceSchedule: _processing,
    BillRun: _run,
    PaymentRun: _run,
    Inquiry: _answer,
    PaymentItem: _collection,
    PreviewRun: _purge,
}
"""The records on which work falls due, and when it does."""
