"""Placing an order: its actions, one after the other, on a working copy of the world."""

from datetime import date
from functools import partial
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.orders import Desk, Order
from toolkit.billing.orders import OrderedSubscription as Ordered
from toolkit.billing.subscriptions import Subscription, first_bill_cycle_day
from toolkit.billing.versions import change as next_version
from toolkit.billing.versions import create as first_version
from toolkit.zuora.api._order_request import Action, OrderedSubscription
from toolkit.zuora.api._order_translation import creation, translate
from toolkit.zuora.api._ramp_request import with_ramp
from toolkit.zuora.world import Change, Table, World

_MOST = 50
"""Source: Zuora, order actions: up to 50 subscriptions, and up to 50 actions, in a synchronous call."""


class Wanted(Protocol):
    """The part of an order, or of its preview, that says what to do."""

    @property
    def order_date(self) -> date:
        """The date of the order."""

    @property
    def order_number(self) -> str | None:
        """The number it shall have, or None for the next one."""

    @property
    def existing_account_number(self) -> str:
        """The number or id of the account that owns the subscriptions."""

    @property
    def description(self) -> str | None:
        """A note."""

    @property
    def subscriptions(self) -> tuple[OrderedSubscription, ...]:
        """The actions by subscription."""


class Invoiced(NamedTuple):
    """An account, and those subscriptions of an order whose invoices it gets."""

    account: Account
    subscriptions: tuple[Subscription, ...]


class Placed(NamedTuple):
    """What an order made.

    Attributes:
        account: The account that it was placed for.
        latest: The latest version of each subscription that the order names.
        invoiced: The same versions by invoice owner.
    """

    account: Account
    order: Order
    latest: tuple[Subscription, ...]
    invoiced: tuple[Invoiced, ...]


def place(change: Change, world: World, wanted: Wanted) -> Placed:
    """Carry out an order in a working copy of the world.

    Raises:
        BillingError: Something in it is not possible; the working copy is then to be dropped.
    """
    account = world.accounts.find(wanted.existing_account_number)
    if wanted.order_number is not None and world.orders.get(wanted.order_number) is not None:
        raise InvalidValueError(f"The order number {wanted.order_number} is used already.")
    if not 0 < len(wanted.subscriptions) <= _MOST:
        raise RuleError(f"An order has between 1 and {_MOST} subscriptions, not {len(wanted.subscriptions)}.")
    actions = sum(len(one.order_actions) for one in wanted.subscriptions)
    if actions > _MOST:
        raise RuleError(f"An order has at most {_MOST} actions, not {actions}.")
    desk = Desk(
        names=change,
        find_plan=world.plan,
        now=world.now,
        order_number=wanted.order_number or change.number("order"),
        order_date=wanted.order_date,
    )
    done = [_apply(change, account, one, desk) for one in wanted.subscriptions]
    order = Order(
        id=change.id(),
        number=desk.order_number,
        account_id=account.id,
        order_date=wanted.order_date,
        status="Completed",
        created=world.now,
        updated=world.now,
        currency=account.currency,
        actions=tuple(ordered for ordered, _ in done),
        description=wanted.description,
    )
    change.put(order)
    latest = tuple(subscription for _, subscription in done)
    invoiced = tuple(
        _with_bill_cycle_day(change, owner, tuple(one for one in latest if one.invoice_owner_id == owner))
        for owner in dict.fromkeys(one.invoice_owner_id for one in latest)
    )
    return Placed(change.table("accounts").find(account.id), order, latest, invoiced)


def _apply(
    change: Change, account: Account, wanted: OrderedSubscription, desk: Desk
) -> tuple[Ordered, Subscription]:
    actions = wanted.order_actions
    if not actions:
        raise RuleError("Each subscription of an order should have an action.")
    current, remaining = _begin(change, account, wanted, desk)
    base = 0 if remaining is not actions else current.version
    accounts = change.table("accounts")
    for action in remaining:
        day = accounts.find(current.invoice_owner_id).bill_cycle_day or first_bill_cycle_day([current])
        done = translate(action, partial(_account_billed_in, current.currency, accounts))
        following = next_version(current, done, desk._replace(bill_cycle_day=day))
        change.put(replace(current, status="Expired"))
        current = following
    if wanted.ramp is not None:
        current = with_ramp(change, current, wanted.ramp)
    change.put(current)
    return Ordered(current.number, base, current.version, actions), current


def _begin(
    change: Change, account: Account, wanted: OrderedSubscription, desk: Desk
) -> tuple[Subscription, tuple[Action, ...]]:
    """Return the version to start from, new or found, and the actions that remain."""
    actions = wanted.order_actions
    first = actions[0]
    subscriptions = change.table("subscriptions")
    if first.type == "CreateSubscription":
        body = first.create_subscription
        owner = body and body.invoice_owner_account_number
        accounts = change.table("accounts")
        owner_id = _account_billed_in(account.currency, accounts, owner).id if owner else None
        action = creation(first, owner_id)
        if action.number is not None and subscriptions.get(action.number) is not None:
            raise InvalidValueError(f"The subscription number {action.number} is used already.")
        return first_version(action, account.id, account.currency, desk), actions[1:]
    if wanted.subscription_number is None:
        raise InvalidValueError("'subscriptionNumber' may not be null unless the subscription is created.")
    found: Subscription = subscriptions.find(wanted.subscription_number)
    if found.account_id != account.id:
        raise RuleError(f"The subscription {found.number} does not belong to the account {account.number}.")
    return found, actions


def _account_billed_in(currency: str, accounts: Table[Account], key: str) -> Account:
    """Return an account that is billed in this currency, as the subscription that it gets is."""
    account = accounts.find(key)
    if account.currency != currency:
        raise RuleError(f"The account {account.number} is billed in {account.currency}, not {currency}.")
    return account


def _with_bill_cycle_day(change: Change, owner: str, subscriptions: tuple[Subscription, ...]) -> Invoiced:
    """Set an account's bill cycle day, where it is 0, to the day of its first recurring charge.

    Source: Zuora, billing periods customization, auto-set option.
    """
    account: Account = change.table("accounts").find(owner)
    recurs = any(charge.terms.type == "Recurring" for one in subscriptions for charge in one.charges)
    if account.bill_cycle_day or not recurs:
        return Invoiced(account, subscriptions)
    account = replace(account, bill_cycle_day=first_bill_cycle_day(subscriptions))
    change.put(account)
    return Invoiced(account, subscriptions)
