"""/v1/payment-schedules: agree on days on which money is collected, change that, and show it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.accounts import Account, check_currency
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.paymentschedules import (
    Payable,
    PaymentItem,
    PaymentSchedule,
    Period,
    cancel,
    day_after,
    divided,
    first_days,
)
from toolkit.zuora.api._payment_schedule_body import (
    Cancellation,
    Document,
    NewItem,
    NewItems,
    NewSchedule,
    NewSchedules,
    ScheduleChange,
)
from toolkit.zuora.api._payment_schedule_showing import items_of, show_schedule
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed, needed_account
from toolkit.zuora.documents.types import TABLES_BY_TYPE
from toolkit.zuora.payments.payment_schedules import check_hour, first_due
from toolkit.zuora.state.world import Change, World

_MOST_SCHEDULES, _MOST_ITEMS = 50, 1000


def create(call: Call) -> Reply:
    """Make a recurring or a custom schedule."""
    change = Change(call.world)
    return _answer(call, change, _made(change, call.world, call.body))


def create_several(call: Call) -> Reply:
    """Make up to fifty schedules at once."""
    said: NewSchedules = call.body
    if not 0 < len(said.payment_schedules) <= _MOST_SCHEDULES:
        raise InvalidValueError(f"'paymentSchedules' should be 1 to {_MOST_SCHEDULES}.")
    change = Change(call.world)
    made = [_made(change, call.world, one) for one in said.payment_schedules]
    shown = [{"id": one.id, "paymentScheduleNumber": one.number} for one in made]
    return Reply({"paymentSchedules": shown, "success": True}, change.world)


def _made(change: Change, world: World, said: NewSchedule) -> PaymentSchedule:
    account = needed_account(world, said)
    items = said.items or _recurring(said, account)
    _check_items(items)
    number = said.payment_schedule_number
    if number is not None and change.table("payment_schedules").get(number) is not None:
        raise InvalidValueError(f"The payment schedule number {number} is used already.")
    if said.billing_document is not None and said.billing_documents:
        raise InvalidValueError("Either 'billingDocument' or 'billingDocuments' can be specified, not both.")
    alone = () if said.billing_document is None else (said.billing_document,)
    schedule = PaymentSchedule(
        id=change.id(),
        number=number or change.number("payment schedule"),
        account_id=account.id,
        start=min(item.scheduled_date for item in items),
        period=None if said.items else said.period,
        run_hour=0 if said.items else said.run_hour,
        description=said.description,
        created=world.now,
        updated=world.now,
        documents=tuple(_payable(world, account, one) for one in alone or said.billing_documents),
    )
    change.put(schedule)
    for item in items:
        _add(change, world, schedule, item)
    return schedule


def _recurring(said: NewSchedule, account: Account) -> list[NewItem]:
    period: Period = needed(said.period, "period")
    start = needed(said.start_date, "startDate")
    times = needed(said.occurrences, "occurrences")
    if (said.amount is None) == (said.total_amount is None):
        raise InvalidValueError("A recurring payment schedule has either 'amount' or 'totalAmount'.")
    if not 0 < times <= _MOST_ITEMS:
        raise InvalidValueError(f"'occurrences' should be 1 to {_MOST_ITEMS}, not {times}.")
    currency = said.currency or account.currency
    amounts = (
        divided(said.total_amount, times, currency)
        if said.amount is None and said.total_amount is not None
        else [said.amount or Decimal(0)] * times
    )
    dates = first_days(start, period, times)
    return [
        NewItem(
            amount=amount,
            scheduled_date=day,
            currency=currency,
            payment_gateway_id=said.payment_gateway_id,
            payment_method_id=said.payment_method_id,
            run_hour=said.run_hour,
        )
        for amount, day in zip(amounts, dates, strict=True)
    ]


def _check_items(items: Sequence[NewItem]) -> None:
    if len(items) > _MOST_ITEMS:
        raise InvalidValueError(f"A payment schedule has at most {_MOST_ITEMS} items, not {len(items)}.")
    for item in items:
        if item.amount <= 0:
            raise InvalidValueError(f"'amount' should be greater than 0, not {item.amount}.")
        check_hour(item.run_hour)


def _payable(world: World, account: Account, said: Document) -> Payable:
    if (said.id is None) == (said.number is None):
        raise InvalidValueError("'billingDocument' should have either 'id' or 'number'.")
    debt = getattr(world, TABLES_BY_TYPE[said.type]).find(said.id or said.number)
    if debt.account_id != account.id:
        raise NotFoundError(said.id or said.number or "")
    return Payable(debt.kind, debt.id)


def _add(change: Change, world: World, schedule: PaymentSchedule, said: NewItem) -> None:
    account = world.accounts.find(schedule.account_id)
    if said.currency is not None:
        check_currency(account, said.currency)
    if said.payment_method_id is not None:
        world.payment_methods.find(said.payment_method_id)
    if said.payment_gateway_id is not None:
        world.gateways.find(said.payment_gateway_id)
    own = said.billing_document
    change.put(
        PaymentItem(
            id=change.id(),
            number=change.number("payment schedule item"),
            schedule_id=schedule.id,
            account_id=account.id,
            amount=said.amount,
            currency=account.currency,
            scheduled=said.scheduled_date,
            run_hour=said.run_hour,
            due=first_due(world, said.scheduled_date, said.run_hour),
            payment_method_id=said.payment_method_id,
            gateway_id=said.payment_gateway_id,
            description=said.description,
            created=world.now,
            updated=world.now,
            documents=(_payable(world, account, own),) if own else schedule.documents,
        )
    )


def read(call: Call) -> Reply:
    """Show a schedule."""
    return Reply({**show_schedule(call, call.world, _found(call)), "success": True})


def list_schedules(call: Call) -> Reply:
    """Show the schedules of an account, as a plain list. Source: the official SDK."""
    key = needed(call.query.get("accountId") or call.query.get("accountNumber"), "accountId")
    schedules = call.world.payment_schedules.of(call.world.accounts.find(key).id)
    return Reply([show_schedule(call, call.world, one) for one in schedules])


def add_items(call: Call) -> Reply:
    """Add items to a custom schedule."""
    said: NewItems = call.body
    schedule, change = _found(call), Change(call.world)
    if schedule.period is not None:
        raise RuleError(f"The payment schedule {schedule.number} is recurring: items cannot be added to it.")
    _check_items([*said.items])
    for item in said.items:
        _add(change, call.world, schedule, item)
    return _answer(call, change, _touched(change, schedule))


def update(call: Call) -> Reply:
    """Change a recurring schedule's items that wait."""
    change = Change(call.world)
    return _answer(call, change, _changed(change, call))


def preview(call: Call) -> Reply:
    """Show what such a change would make of it."""
    change = Change(call.world)
    return replace(_answer(call, change, _changed(change, call)), world=None)


def _changed(change: Change, call: Call) -> PaymentSchedule:
    """Change the items that wait, and how many there are.

    Source: Zuora, update a payment schedule: with `periodStartDate` or another `period` items that wait get
    new days, otherwise they keep theirs; without a start they follow the last item that does not wait.
    """
    said: ScheduleChange = call.body
    world, schedule = call.world, _found(call)
    items = items_of(world, schedule)
    done = [item for item in items if item.status != "Pending"]
    waiting = [item for item in items if item.status == "Pending"]
    period = said.period or schedule.period
    if schedule.period is None or period is None:
        raise RuleError(f"The payment schedule {schedule.number} is custom: change its items one by one.")
    left = (said.occurrences or len(items)) - len(done)
    if left < 0:
        raise InvalidValueError(f"'occurrences' should be at least {len(done)}, the items that are done.")
    if said.period_start_date is not None or period != schedule.period:
        start = said.period_start_date or schedule.start
        if said.period_start_date is None and done:
            start = day_after(done[-1].scheduled, period, done[-1].scheduled)
        dates = first_days(start, period, left)
    else:
        start, dates = schedule.start, [item.scheduled for item in waiting][:left]
        while len(dates) < left:
            dates.append(day_after(start, period, dates[-1] if dates else items[-1].scheduled))
    hour = schedule.run_hour if said.run_hour is None else said.run_hour
    model = NewItem(
        amount=said.amount or items[-1].amount,
        scheduled_date=start,
        currency=said.currency,
        run_hour=hour,
        payment_gateway_id=said.payment_gateway_id or items[-1].gateway_id,
        payment_method_id=said.payment_method_id or items[-1].payment_method_id,
    )
    _check_items([model])
    for item in waiting:
        change.drop(item)
    description = said.description if isinstance(said.description, str) else schedule.description
    schedule = replace(schedule, period=period, start=start, run_hour=hour, description=description)
    for day in dates:
        _add(change, world, schedule, replace(model, scheduled_date=day))
    return _touched(change, schedule)


def stop(call: Call) -> Reply:
    """Cancel a schedule: its items that wait for a day from `cancelDate` on are cancelled."""
    said: Cancellation = call.body
    world, schedule, change = call.world, _found(call), Change(call.world)
    if schedule.cancelled is not None:
        raise RuleError(f"The payment schedule {schedule.number} is canceled already.")
    for item in items_of(world, schedule):
        if item.status == "Pending" and item.scheduled >= said.cancel_date:
            change.put(cancel(item, world.now))
    ended = replace(schedule, cancel_date=said.cancel_date, cancelled=world.now)
    return _answer(call, change, _touched(change, ended))


def delete(call: Call) -> Reply:
    """Delete a schedule of which nothing is processed, with its items."""
    schedule, change = _found(call), Change(call.world)
    items = items_of(call.world, schedule)
    if any(item.status == "Processed" for item in items):
        raise RuleError(f"The payment schedule {schedule.number} has processed items: it cannot be deleted.")
    for item in items:
        change.drop(item)
    change.drop(schedule)
    return Reply({"success": True}, change.world)


def count(call: Call) -> Reply:
    """Tell how many items of a day wait, are processed or failed."""
    said = call.path["date"]
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise InvalidValueError(f"The date should be like 2026-01-31, not '{said}'.") from error
    found = Counter(
        item.status for item in call.world.payment_schedule_items.latest() if item.scheduled == day
    )
    counts = {"pending": found["Pending"], "processed": found["Processed"], "error": found["Error"]}
    return Reply({"date": day.isoformat(), "paymentScheduleItems": counts, "success": True})


def _found(call: Call) -> PaymentSchedule:
    return call.world.payment_schedules.find(call.path["payment-schedule-key"])


def _touched(change: Change, schedule: PaymentSchedule) -> PaymentSchedule:
    schedule = replace(schedule, updated=change.before.now)
    change.put(schedule)
    return schedule


def _answer(call: Call, change: Change, schedule: PaymentSchedule) -> Reply:
    world = change.world
    return Reply({**show_schedule(call, world, schedule), "success": True}, world)


_ALL = "/v1/payment-schedules"
_ONE = f"{_ALL}/{{payment-schedule-key}}"

ENDPOINTS = (
    Endpoint("POST", _ALL, create, NewSchedule),
    Endpoint("GET", _ALL, list_schedules),
    Endpoint("POST", f"{_ALL}/batch", create_several, NewSchedules),
    Endpoint("GET", f"{_ALL}/statistics/{{date}}", count),
    Endpoint("GET", _ONE, read),
    Endpoint("PUT", _ONE, update, ScheduleChange),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("POST", f"{_ONE}/items", add_items, NewItems),
    Endpoint("PUT", f"{_ONE}/cancel", stop, Cancellation),
    Endpoint("PUT", f"{_ONE}/preview", preview, ScheduleChange),
)
