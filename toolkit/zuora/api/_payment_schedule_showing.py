"""Payment schedules and their items as answers show them."""

from typing import Any

from toolkit.billing.money import ZERO
from toolkit.billing.paymentschedules import PaymentItem, PaymentSchedule
from toolkit.zuora.calls.authorship import SYSTEM_USER, authorship
from toolkit.zuora.calls.endpoint import Call
from toolkit.zuora.calls.versions import LINKED_PAYMENTS
from toolkit.zuora.calls.wire import day, number, stamp
from toolkit.zuora.documents.types import TABLES, TYPES
from toolkit.zuora.state.world import World


def show_schedule(call: Call, world: World, schedule: PaymentSchedule) -> dict[str, Any]:
    """Return a schedule; `nextPendingItems` and `lastProcessedItems` say how many items are shown.

    Source: the official SDK, PaymentScheduleResponse.
    """
    items = items_of(world, schedule)
    processed = [item for item in items if item.status == "Processed"]
    pending = [item for item in items if item.status == "Pending"]
    return {
        "id": schedule.id,
        "paymentScheduleNumber": schedule.number,
        "accountId": schedule.account_id,
        "accountNumber": world.accounts.find(schedule.account_id).number,
        "status": schedule.status(items),
        "description": schedule.description,
        "isCustom": schedule.period is None,
        "period": schedule.period,
        "runHour": schedule.run_hour,
        "startDate": day(schedule.start),
        "nextPaymentDate": day(pending[0].scheduled) if pending else None,
        "recentPaymentDate": day(processed[-1].updated.date()) if processed else None,
        "occurrences": len(items),
        "totalAmount": number(sum((item.amount for item in items), ZERO)),
        "totalPaymentsProcessed": len(processed),
        "totalPaymentsErrored": sum(item.status == "Error" for item in items),
        "billingDocument": _document(world, schedule),
        "prepayment": None,
        "standalone": False,
        "cancelDate": day(schedule.cancel_date),
        **_history(schedule),
        "items": [show_item(call, world, item) for item in _wanted(call, items)],
    }


def items_of(world: World, schedule: PaymentSchedule) -> list[PaymentItem]:
    """Return the items of a schedule in order of time."""
    found = world.payment_schedule_items.of(schedule.id)
    return sorted(found, key=lambda item: (item.scheduled, item.number))


def show_item(call: Call, world: World, item: PaymentItem) -> dict[str, Any]:
    """Return an item; before version 337.0 with its latest payment, from there with all."""
    account = world.accounts.find(item.account_id)
    latest = item.links[-1].payment_id if item.links else None
    payments = (
        {"paymentId": latest}
        if call.version < LINKED_PAYMENTS
        else {"psiPayments": [{"paymentId": link.payment_id} for link in item.links]}
    )
    return {
        "id": item.id,
        "number": item.number,
        "paymentScheduleId": item.schedule_id,
        "paymentScheduleNumber": world.payment_schedules.find(item.schedule_id).number,
        "accountId": item.account_id,
        "amount": number(item.amount),
        "balance": number(item.balance),
        "currency": item.currency,
        "description": item.description,
        "status": item.status,
        "scheduledDate": day(item.scheduled),
        "runHour": item.run_hour,
        "billingDocument": _document(world, item),
        "paymentMethodId": item.payment_method_id or account.default_payment_method_id,
        "paymentGatewayId": item.gateway_id,
        "errorMessage": item.error,
        "cancellationReason": item.reason,
        "standalone": False,
        **payments,
        **_history(item),
    }


def _wanted(call: Call, items: list[PaymentItem]) -> list[PaymentItem]:
    following, former = (call.query.get(name) for name in ("nextPendingItems", "lastProcessedItems"))
    if following is None and former is None:
        return items
    pending = [item for item in items if item.status == "Pending"]
    processed = [item for item in items if item.status == "Processed"]
    return [*processed[len(processed) - _count(former) :], *pending[: _count(following)]]


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def _document(world: World, row: PaymentSchedule | PaymentItem) -> dict[str, Any] | None:
    """Return the document that is paid, of several the first: answers know one. Source: the official SDK."""
    if not row.documents:
        return None
    first = row.documents[0]
    debt = getattr(world, TABLES[first.kind]).find(first.id)
    return {"type": TYPES[first.kind], "id": debt.id, "number": debt.number}


def _history(row: PaymentSchedule | PaymentItem) -> dict[str, Any]:
    return {
        **authorship(row),
        "cancelledById": row.cancelled and SYSTEM_USER,
        "cancelledOn": row.cancelled and stamp(row.cancelled),
    }
