"""Reminders: the standard events of a day: renewals to come, invoices that fall due, cards that expire."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any

from toolkit.billing.invoices import Invoice
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.messages.events import REMINDERS, Event
from toolkit.zuora.messages.merge_fields import OBJECTS, fields, joined
from toolkit.zuora.state.world import World

_BEFORE = timedelta(days=30)
"""Source: an assumption. A tenant of Zuora chooses the days in a notification; over the API nobody can."""


def wanted(world: World) -> bool:
    """Tell whether anybody is to be told of such events."""
    names = {rule.name for rule in REMINDERS}
    return any(one.event in names and (one.target or one.mails) for one in world.notifications.latest())


def brought_about(world: World, told: Collection[tuple[str, str]]) -> Iterator[Event]:
    """Yield the events of the tenant's day, of these namespaces and names, in order of name and number."""
    for rule in REMINDERS:
        if (rule.namespace, rule.name) not in told:
            continue
        day_of, rows = _DAYS[rule.name], getattr(world, OBJECTS[rule.base_object][0]).latest()
        for row in sorted((row for row in rows if day_of(row) == world.today), key=lambda row: row.number):
            objects = joined(world, rule.base_object, fields(row))
            yield Event(rule.name, rule.namespace, rule.category, rule.base_object, objects)


def _renewal(subscription: Subscription) -> date | None:
    renews = subscription.auto_renew and subscription.status == "Active" and subscription.term_end
    return renews - _BEFORE if renews else None


def _maturity(invoice: Invoice) -> date | None:
    return invoice.due_date if invoice.status == "Posted" and invoice.balance > 0 else None


def _expiry(method: PaymentMethod) -> date | None:
    """Return the day so long before the first on which a card is not valid any more."""
    year, month = method.expiration_year, method.expiration_month
    if year is None or month is None or year >= date.max.year:
        return None
    return date(year + month // 12, month % 12 + 1, 1) - _BEFORE


_DAYS: dict[str, Callable[[Any], date | None]] = {
    "UpcomingRenewal": _renewal,
    "InvoiceDue": _maturity,
    "PaymentMethodExpiration": _expiry,
}
