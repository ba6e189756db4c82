"""Customers of a world: who they are, what they bought, and which invoices they got and paid."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from toolkit.billing.accounts import Account
from toolkit.worlds.making import Workbench, make_at

Accounts = dict[int, Account]
"""The accounts opened so far, by their customer's place in the file."""


class Purchase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscription.

    Attributes:
        plans: Quantities by the rate plan's name.
        start: The day on which it was ordered and begins.
        months: Length of the first term, and of those that follow.
        namespace: The group on GitLab.com that it is for; none for a self-managed instance.
        notes: Free text.
    """

    plans: Mapping[str, Decimal]
    start: date
    months: int = 12
    auto_renew: bool = False
    namespace: str | None = None
    notes: str | None = None


class Billing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice for everything that was due on its date, posted then."""

    date: date
    paid: bool = True


class Customer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer.

    Attributes:
        account: What the account factory is asked for, such as `name` or `pays_by_card`.
        since: When the account was opened, at the latest with its first purchase; one without purchases
            and without this is opened on the world's first day.
    """

    account: Mapping[str, object] = {}
    since: date | None = None
    subscriptions: tuple[Purchase, ...] = ()
    invoices: tuple[Billing, ...] = ()


class Event(NamedTuple):
    """Something that happened to a customer; events sort as they happened.

    Attributes:
        rank: What comes first on the same day: opening an account, a purchase, an invoice.
        customer: The customer's place in the file.
        place: Where the file says so.
    """

    day: date
    rank: int
    customer: int
    place: str
    what: Customer | Purchase | Billing


def history(customers: Sequence[Customer], start: date) -> list[Event]:
    """List what happened to these customers before the world's `start`, in the order of time."""
    return sorted(
        event for index, customer in enumerate(customers) for event in _story(index, customer, start)
    )


def _story(index: int, customer: Customer, start: date) -> Iterator[Event]:
    place = f"customers[{index}]"
    events = [
        *(
            Event(p.start, 1, index, f"{place}.subscriptions[{n}]", p)
            for n, p in enumerate(customer.subscriptions)
        ),
        *(Event(b.date, 2, index, f"{place}.invoices[{n}]", b) for n, b in enumerate(customer.invoices)),
    ]
    days = [customer.since or start, *(event.day for event in events)]
    yield Event(min(days), 0, index, place, customer)
    yield from events


def happen(event: Event, bench: Workbench, accounts: Accounts) -> None:
    """Make the records of an event.

    Args:
        event: What happened.
        bench: A world whose clock stands at the event's day.
        accounts: One that is opened is added.

    Raises:
        ToolkitError: The factories or the domain refuse it.
    """
    match event.what:
        case Customer(account=fields):
            accounts[event.customer] = make_at(bench, "account", dict(fields))
        case Purchase() as purchase:
            wanted = {name: getattr(purchase, name) for name in purchase.__struct_fields__}
            make_at(bench, "subscription", {**wanted, "account": accounts[event.customer]})
        case Billing(paid=paid):
            invoice = make_at(bench, "invoice", {"account": accounts[event.customer]})
            if paid:
                make_at(bench, "payment", {"invoice": invoice})
