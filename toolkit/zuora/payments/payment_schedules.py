"""Payment schedules: their items are collected by themselves, by the runs that Zuora starts every hour."""

from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.charging import Wanted, draft
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.gateways import Terminal
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.payments import Payment
from toolkit.billing.paymentschedules import Link, PaymentItem, cancel
from toolkit.billing.retries import may_try
from toolkit.zuora.documents.types import TABLES
from toolkit.zuora.payments.collecting import gateway_for, locked, take
from toolkit.zuora.state.world import Change, World, fixed

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LAST_HOUR = 23


def first_due(world: World, day: date, hour: int) -> datetime:
    """Return when an item of this day and hour is collected first; if that has passed, at that hour next.

    Source: the official SDK, create payment schedule request, runHour.
    """
    due = _at(day, hour, world)
    if due < world.now:
        due = _at(world.today, hour, world)
    return due if due >= world.now else _at(world.today + _DAY, hour, world)


def _at(day: date, hour: int, world: World) -> datetime:
    return fixed(datetime.combine(day, time(hour), world.zone))


def check_hour(hour: int) -> None:
    """Refuse an hour that no day has.

    Raises:
        InvalidValueError: It is not 0 to 23.
    """
    if not 0 <= hour <= _LAST_HOUR:
        raise InvalidValueError(f"'runHour' should be 0 to {_LAST_HOUR}, not {hour}.")


def run(change: Change, world: World, item: PaymentItem) -> None:
    """Collect an item, or wait, or give up, as an hourly run does.

    With a retry rule an item whose payment failed waits for the next hour; when its payment method has failed
    too often by then, no payment is made and the item is an error. Source: Zuora, enable and configure
    tenant-level payment retry rules (PAY-004). That without a rule it is an error at once is an assumption.
    """
    item = _answered(change, world, item)
    if item.status != "Pending" or _asked(change, item):
        change.put(item if item.status != "Pending" else replace(item, due=_next_hour(world.now)))
        return
    method = _method(change, world, item)
    rule = None if method is None else method.retry or world.rules.payment_retry
    if rule is None and item.error is not None:  # its gateway has answered at last, with a no
        change.put(_failed(world, item, item.error))
    elif method is not None and not may_try(rule, method.failures, method.last_failed, world.now):
        change.put(_waited(world, item, method))
    else:
        change.put(collect(change, world, item, patient=rule is not None))


def collect(change: Change, world: World, item: PaymentItem, *, patient: bool) -> PaymentItem:
    """Charge what is left of an item, at most what its documents owe, and return it as it is then.

    Of several documents the one that is due first is paid first. Source: Zuora, create a payment schedule.

    Args:
        change: What comes of the payment is put into it.
        world: The world as it is.
        item: One that is to be collected.
        patient: Whether it goes on to wait if its payment is declined.
    """
    account = world.accounts.find(item.account_id)
    debts = _debts(change, item)
    if item.documents and not debts:
        return cancel(replace(item, status="Pending"), world.now, "The billing document has no balance left.")
    if not locked(world, account.id).isdisjoint(debt.id for debt in debts):
        return replace(item, due=_next_hour(world.now))
    method = _method(change, world, item)
    if method is None or method.status != "Active":
        return _failed(world, item, f"The account {account.number} has no active payment method.")
    wanted, left = list[Wanted](), item.balance
    for debt in debts:
        amount = min(left, debt.balance)
        left -= amount
        if amount:
            wanted.append(Wanted(debt, Application(amount, rule=world.rules.application_rule)))
    amount = item.balance - left if debts else item.balance
    payment = replace(draft(change, account, method, amount, world.now), source_id=item.schedule_id)
    terminal = Terminal(gateway_for(world, account, item.gateway_id), method)
    charged = take(change, world, payment, terminal, tuple(wanted))
    item = replace(item, links=(*item.links, Link(payment.id, ZERO)), updated=world.now)
    return _settled(world, item, charged.payment, patient=patient)


def _debts(change: Change, item: PaymentItem) -> list[Invoice | DebitMemo]:
    """Return what an item pays that is still owed, what is due first before the rest."""
    found = (change.table(TABLES[one.kind]).get(one.id) for one in item.documents)
    owed = [one for one in found if one is not None and one.status == "Posted" and one.balance > 0]
    return sorted(owed, key=lambda debt: debt.due_date)


def _settled(world: World, item: PaymentItem, payment: Payment, *, patient: bool) -> PaymentItem:
    if payment.status == "Processed":
        links = (*item.links[:-1], Link(payment.id, payment.amount))
        return replace(item, status="Processed", links=links, error=None)
    failed = _failed(world, item, f"{payment.gateway_code} - {payment.gateway_text}")
    if payment.status == "Processing" or patient:
        return replace(failed, status="Pending", due=_next_hour(world.now))
    return failed


def _failed(world: World, item: PaymentItem, error: str) -> PaymentItem:
    return replace(item, status="Error", error=error, updated=world.now)


def _waited(world: World, item: PaymentItem, method: PaymentMethod) -> PaymentItem:
    """Return an item whose method is left alone: an error, or waiting until the interval is over."""
    rule = method.retry or world.rules.payment_retry
    if (
        rule is None
        or method.last_failed is None
        or rule.interval is None
        or (rule.max_failures is not None and method.failures >= rule.max_failures)
    ):
        return _failed(world, item, f"The payment method {method.number} has failed too often.")
    over = method.last_failed + timedelta(hours=rule.interval)
    return replace(item, due=_next_hour(over - timedelta(microseconds=1)))


def _asked(change: Change, item: PaymentItem) -> bool:
    """Tell whether the gateway still owes an answer to the latest payment."""
    payment = change.table("payments").get(item.links[-1].payment_id) if item.links else None
    return payment is not None and payment.status == "Processing"


def _answered(change: Change, world: World, item: PaymentItem) -> PaymentItem:
    """Return an item with what has become of a payment that had no answer."""
    payment = change.table("payments").get(item.links[-1].payment_id) if item.links else None
    if payment is None or payment.status != "Processed" or item.links[-1].amount:
        return item
    return _settled(world, item, payment, patient=True)


def _method(change: Change, world: World, item: PaymentItem) -> PaymentMethod | None:
    account = world.accounts.find(item.account_id)
    key = item.payment_method_id or account.default_payment_method_id
    found: PaymentMethod | None = change.table("payment_methods").get(key or "")
    return found


def _next_hour(moment: datetime) -> datetime:
    return (moment.astimezone(UTC) + _HOUR).replace(minute=0, second=0, microsecond=0)
