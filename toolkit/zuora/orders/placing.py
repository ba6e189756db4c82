"""Placing an order: its actions, one after the other, on a working copy of the world; or keeping it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple, Protocol

from msgspec import Raw
from msgspec.structs import replace

from toolkit.billing.accounts import Account, check_currency
from toolkit.billing.activation import activate, awaited
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.orders import DONE, Desk, Order, OrderStatus
from toolkit.billing.orders import OrderedSubscription as Ordered
from toolkit.billing.subscriptions import PENDING, Subscription, first_bill_cycle_day
from toolkit.billing.versions import change as next_version
from toolkit.billing.versions import create as first_version
from toolkit.billing.versions import dates
from toolkit.zuora.calls.wire import note
from toolkit.zuora.documents.invoice_schedules import hasten
from toolkit.zuora.orders import amending
from toolkit.zuora.orders.addressing import addressed, addressing
from toolkit.zuora.orders.line_items import NewLineItem
from toolkit.zuora.orders.ramp_request import RampDefinition, with_ramp
from toolkit.zuora.orders.request import Action, OrderedSubscription
from toolkit.zuora.orders.translation import creation, translate, triggers_of
from toolkit.zuora.state.identities import with_lasting_ids
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import Change, World

MOST = 50
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
    def custom_fields(self) -> Mapping[str, Any]:
        """The order's own."""

    @property
    def description(self) -> str | None:
        """A note."""

    @property
    def subscriptions(self) -> tuple[OrderedSubscription, ...]:
        """The actions by subscription."""

    @property
    def order_line_items(self) -> tuple[NewLineItem, ...]:
        """What is sold without a subscription."""


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


class _Begun(NamedTuple):
    """One subscription of an order that is being placed.

    Attributes:
        number: Its number, new or known.
        base: Its version before the order; 0 for a new one.
        waits: Whether a date is missing.
        remaining: The actions that are still to be done.
        ramp: The ramp that it is to get then.
        fields: The custom fields that it is to get then.
    """

    number: str
    base: int
    waits: bool
    remaining: tuple[Action, ...]
    ramp: RampDefinition | None
    fields: Mapping[str, Any]


def place(
    change: Change, world: World, wanted: Wanted, former: Order | None = None, most: int = MOST
) -> Placed:
    """Carry out an order in a working copy of the world.

    An order with an action that waits for a date is Pending as a whole: it creates its subscriptions, which
    are pending too, and is kept for the rest until the dates have come.
    Source: Zuora, pending orders and subscriptions.

    Args:
        change: The working copy.
        world: The world before.
        wanted: The order.
        former: The order that was kept, when it is carried out now.
        most: How many subscriptions and actions it may have.

    Raises:
        BillingError: Something in it is not possible; the working copy is then to be dropped.
    """
    account = _checked(world, wanted, former, most)
    desk = _desk(change, world, wanted, former)
    begun = [_begin(change, world, account, one, desk) for one in wanted.subscriptions]
    waits = any(one.waits for one in begun)
    if waits:
        _check_alone(world, begun, desk.order_number)
        done = [
            Ordered(one.number, one.base, 0 if one.base else 1, _noted(said))
            for one, said in zip(begun, wanted.subscriptions, strict=True)
        ]
        latest: tuple[Subscription, ...] = tuple(
            change.table("subscriptions").find(one.number) for one in begun
        )
    else:
        latest = tuple(_apply(change, one, desk) for one in begun)
        done = [
            Ordered(one.number, one.base, made.version, _noted(said))
            for one, made, said in zip(begun, latest, wanted.subscriptions, strict=True)
        ]
    order = _record(desk, wanted, account, former)
    request = note(_numbered(wanted, [one.number for one in begun])) if waits else DONE
    status: OrderStatus = "Pending" if waits else "Completed"
    order = replace(order, status=status, actions=tuple(done), request=request)
    change.put(order)
    invoiced = tuple(
        _with_bill_cycle_day(change, owner, tuple(one for one in latest if one.invoice_owner_id == owner))
        for owner in dict.fromkeys(one.invoice_owner_id for one in latest)
    )
    return Placed(change.table("accounts").find(account.id), order, latest, invoiced)


def keep(
    change: Change, world: World, wanted: Wanted, status: OrderStatus, former: Order | None = None
) -> tuple[Order, Account]:
    """Keep an order for later, as a draft or scheduled, and return it with its account.

    The subscriptions that it is to create get their numbers now, and are created when it is carried out;
    until then only its form is checked. Source: an assumption.

    Raises:
        BillingError: The account or a subscription does not exist, or the order is out of bounds.
    """
    account = _checked(world, wanted, former, MOST)
    order = _record(_desk(change, world, wanted, former), wanted, account, former)
    ordered = []
    for one in wanted.subscriptions:
        if _creates(one):
            said = one.order_actions[0].create_subscription
            number = (said and said.subscription_number) or change.number("subscription")
            ordered.append(Ordered(number, 0, 0, _noted(one)))
        else:
            found = _existing(change, account, one)
            ordered.append(Ordered(found.number, found.version, 0, _noted(one)))
    request = note(_numbered(wanted, [one.number for one in ordered]))
    order = replace(order, status=status, actions=tuple(ordered), request=request)
    change.put(order)
    return order, account


def _checked(world: World, wanted: Wanted, former: Order | None, most: int) -> Account:
    account = world.accounts.find(wanted.existing_account_number)
    if former is None and wanted.order_number is not None and world.orders.get(wanted.order_number):
        raise InvalidValueError(f"The order number {wanted.order_number} is used already.")
    if not (wanted.order_line_items or wanted.subscriptions) or len(wanted.subscriptions) > most:
        raise RuleError(f"An order has between 1 and {most} subscriptions, not {len(wanted.subscriptions)}.")
    if len(wanted.order_line_items) > _MOST_LINE_ITEMS:
        raise RuleError(
            f"An order has at most {_MOST_LINE_ITEMS} line items, not {len(wanted.order_line_items)}."
        )
    actions = [len(one.order_actions) for one in wanted.subscriptions]
    if sum(actions) > most:
        raise RuleError(f"An order has at most {most} actions, not {sum(actions)}.")
    if 0 in actions:
        raise RuleError("Each subscription of an order should have an action.")
    return account


def _desk(change: Change, world: World, wanted: Wanted, former: Order | None) -> Desk:
    return Desk(
        names=change,
        find_plan=world.plan,
        now=world.now,
        order_number=former.number if former else wanted.order_number or change.number("order"),
        order_date=wanted.order_date,
        rules=world.rules,
        tax_codes=world.tax_codes,
    )


def _record(desk: Desk, wanted: Wanted, account: Account, former: Order | None) -> Order:
    """Return the order without what it does; one that was kept remains the same order."""
    return Order(
        id=former.id if former else desk.names.id(),
        number=desk.order_number,
        account_id=account.id,
        order_date=wanted.order_date,
        status="Draft",
        created=former.created if former else desk.now,
        updated=desk.now,
        currency=account.currency,
        actions=(),
        description=wanted.description,
        custom_fields=wanted.custom_fields,
        scheduled=former.scheduled if former else None,
    )


def _numbered(wanted: Any, numbers: Iterable[str]) -> Any:  # noqa: ANN401 - the order as it came, of any type
    """Return an order that names the subscriptions which it creates."""
    subscriptions = (
        _with_number(one, number) if _creates(one) else one
        for one, number in zip(wanted.subscriptions, numbers, strict=True)
    )
    return replace(wanted, subscriptions=tuple(subscriptions))


def _noted(one: OrderedSubscription) -> tuple[Raw, ...]:
    return tuple(map(note, one.order_actions))


def _with_number(one: OrderedSubscription, number: str) -> OrderedSubscription:
    first, *others = one.order_actions
    if first.create_subscription is None:
        return one
    said = replace(first.create_subscription, subscription_number=number)
    return replace(one, order_actions=(replace(first, create_subscription=said), *others))


def _creates(wanted: OrderedSubscription) -> bool:
    return wanted.order_actions[0].type == "CreateSubscription"


def _check_alone(world: World, begun: Iterable[_Begun], number: str) -> None:
    """Refuse a second pending order. Source: Zuora, order status: one pending order per subscription."""
    for one in begun:
        for order in world.orders.of(one.number):
            if order.status == "Pending" and order.number != number:
                raise RuleError(f"The subscription {one.number} has a pending order already, {order.number}.")


def _begin(change: Change, world: World, account: Account, wanted: OrderedSubscription, desk: Desk) -> _Begun:
    """Create a subscription, or find the one to change, and say whether an action waits for a date."""
    actions = wanted.order_actions
    if not _creates(wanted):
        found = _existing(change, account, wanted)
        waits = _wait(actions, desk)
        return _Begun(found.number, found.version, waits, actions, wanted.ramp, wanted.fields())
    first = _created(change, account, wanted, desk, world.subscriptions.get)
    waits = first.status in PENDING or _wait(actions[1:], desk)
    return _Begun(first.number, 0, waits, actions[1:], wanted.ramp, {})


def _wait(actions: Iterable[Action], desk: Desk) -> bool:
    rules = desk.rules
    if not (rules.require_service_activation or rules.require_customer_acceptance):
        return False
    return any(
        awaited(triggers_of(action, desk.order_date), rules)
        for action in actions
        if action.type in _TRIGGERED
    )


_MOST_LINE_ITEMS = 100
"""Source: Zuora, create an order."""

_TRIGGERED = frozenset(
    {"AddProduct", "UpdateProduct", "RemoveProduct", "RenewSubscription", "TermsAndConditions"}
)
"""What may wait for a date besides a creation. Source: the official SDK, create order action."""


def _created(
    change: Change,
    account: Account,
    ordered: OrderedSubscription,
    desk: Desk,
    former_of: Callable[[str], Subscription | None],
) -> Subscription:
    """Put the first version into the change; one that this order has created before gets its dates."""
    action = ordered.order_actions[0]
    body = action.create_subscription
    owner = body and body.invoice_owner_account_number
    owner_id = _account_billed_in(account.currency, change.table("accounts"), owner).id if owner else None
    wanted = creation(action, owner_id, desk.order_date)
    if fields := ordered.fields():
        wanted = replace(wanted, custom_fields={**wanted.custom_fields, **fields})
    found = former_of(wanted.number) if wanted.number else None
    if found is not None and found.order_number == desk.order_number:
        first = activate(found, wanted.triggers, {}, desk.rules) if found.status in PENDING else found
    elif wanted.number and change.table("subscriptions").get(wanted.number):
        raise InvalidValueError(f"The subscription number {wanted.number} is used already.")
    else:
        first = addressed(change, first_version(wanted, account.id, account.currency, desk), body)
    change.put(first)
    return first


def _existing(change: Change, account: Account, wanted: OrderedSubscription) -> Subscription:
    if wanted.subscription_number is None:
        raise InvalidValueError("'subscriptionNumber' may not be null unless the subscription is created.")
    found: Subscription = change.table("subscriptions").find(wanted.subscription_number)
    if found.account_id != account.id:
        raise RuleError(f"The subscription {found.number} does not belong to the account {account.number}.")
    return found


def _apply(change: Change, begun: _Begun, desk: Desk) -> Subscription:
    """Carry out the remaining actions of one subscription, and return its latest version."""
    current: Subscription = change.table("subscriptions").find(begun.number)
    for action in begun.remaining:
        accounts = change.table("accounts")
        day = accounts.find(current.invoice_owner_id).bill_cycle_day or first_bill_cycle_day([current])
        done = translate(action, partial(_account_billed_in, current.currency, accounts), desk.order_date)
        done = with_lasting_ids(done, change.table("subscriptions"), current.number)
        at = desk._replace(bill_cycle_day=day)
        following = addressed(change, next_version(current, done, at), addressing(action))
        change.put(replace(current, status="Expired"))
        change.put(following)
        if current.scheduled:
            hasten(change, current, following)
        amending.leave(change, current, following, dates(current, done, at))
        if action.change_plan is not None and action.change_plan.reset_bcd:
            _reset_bill_cycle_day(change, following)
        current = following
    if begun.fields:
        current = replace(current, custom_fields={**current.custom_fields, **begun.fields})
        change.put(current)
    if begun.ramp is not None:
        current = with_ramp(change, current, begun.ramp)
        change.put(current)
    return current


def _reset_bill_cycle_day(change: Change, changed: Subscription) -> None:
    """Set the invoice owner's bill cycle day to the day on which its new rate plan begins."""
    owner = change.table("accounts").find(changed.invoice_owner_id)
    for charge in changed.rate_plans[-1].charges[:1]:
        change.put(replace(owner, bill_cycle_day=charge.trigger_day.day))


def _account_billed_in(currency: str, accounts: Table[Account], key: str) -> Account:
    """Return an account that is billed in this currency, as the subscription that it gets is."""
    account = accounts.find(key)
    check_currency(account, currency)
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
