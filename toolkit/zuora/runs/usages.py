"""Usages: the records that bills of a tenant rate, and what bills do to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.usage import Usage, processed, released
from toolkit.zuora.calls.limits import check_reach
from toolkit.zuora.state.owners import owned_by
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import Change, World, fixed


def usage_for(usages: Table[Usage], subscriptions: Iterable[Subscription]) -> Sequence[Usage]:
    """Return the usage of the accounts that own these subscriptions, whoever gets their invoices."""
    if not usages.ids:
        return ()
    owners = dict.fromkeys(one.account_id for one in subscriptions)
    return tuple(record for owner in owners for record in usages.of(owner))


def process(change: Change, items: Iterable[DocumentItem]) -> None:
    """Note in each record which of a new document's items bill it."""
    for owner, billing in _by_owner(change, items).items():
        for record in list(processed(change.table("usages").of(owner), billing)):
            change.put(record)


def release(change: Change, items: Iterable[DocumentItem]) -> None:
    """Make what a cancelled document billed pending again."""
    for owner, billed in _by_owner(change, items).items():
        for record in list(released(change.table("usages").of(owner), {item.id for item in billed})):
            change.put(record)


def _by_owner(change: Change, items: Iterable[DocumentItem]) -> dict[str, list[DocumentItem]]:
    """Return the items of usage charges by the account that owns their subscription."""
    owned: dict[str, list[DocumentItem]] = {}
    if not change.table("usages").ids:
        return owned
    for item in items:
        number = item.subscription_number
        if number is not None and item.charge_type == "Usage" and item.processing_type == "Charge":
            subscription = change.table("subscriptions").find(number)
            owned.setdefault(subscription.account_id, []).append(item)
    return owned


def named(
    world: World, account_id: str, subscription_key: str | None, charge_key: str | None
) -> tuple[str | None, str | None]:
    """Return the numbers of the subscription and the charge that a record names by number or original id.

    Raises:
        InvalidValueError: The account has no such subscription, or it has no such charge.
    """
    subscriptions = list(owned_by(world.subscriptions, account_id))
    if subscription_key is not None:
        subscriptions = [one for one in subscriptions if subscription_key in {one.number, one.original_id}]
        if not subscriptions:
            raise InvalidValueError(f"The subscription {subscription_key} is invalid.")
    if charge_key is None:
        return (subscriptions[0].number if subscription_key else None), None
    for subscription in subscriptions:
        for charge in subscription.charges:
            if charge_key in {charge.number, charge.original_id}:
                return subscription.number, charge.number
    raise InvalidValueError(f"The charge {charge_key} is invalid.")


def moment(world: World, name: str, text: str) -> datetime:
    """Read a moment; without an offset it is one of the tenant's time zone, where its day counts.

    Raises:
        InvalidValueError: It is no moment, or further away than anything may be.
    """
    try:
        read = datetime.fromisoformat(text)
        local = read.astimezone(world.zone) if read.tzinfo else read.replace(tzinfo=world.zone)
    except (ValueError, OverflowError) as error:
        raise InvalidValueError(f"'{name}' should be a date and time, not '{text[:40]}'.") from error
    check_reach(name, local.date(), world.today)
    return fixed(local)


def check_quantity(quantity: Decimal) -> Decimal:
    """Refuse a quantity below 0, or with more digits than Zuora keeps.

    Source: Zuora, usage object; rounding and precision: 13 digits before the point.

    Raises:
        InvalidValueError: It is.
    """
    if not quantity.is_finite() or quantity < 0 or quantity.adjusted() >= _MOST_DIGITS:
        raise InvalidValueError(f"The quantity {quantity} should be from 0 to 13 digits before the point.")
    return quantity


_MOST_DIGITS = 13
