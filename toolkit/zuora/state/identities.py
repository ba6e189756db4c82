"""Identities: what the id of a part tells of the record that has it, and the parts that a client means."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Protocol, TypeVar

from msgspec.structs import replace

from toolkit.billing.errors import NotFoundError
from toolkit.billing.identities import part_ids
from toolkit.billing.orders import Change, ChangePlan, RemoveProduct, UpdateProduct
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.state.tables import HEAD, Table


class Part(Protocol):
    """What has an id of its own within a record."""

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""


AnyPart = TypeVar("AnyPart", bound=Part)


def with_id(parts: Iterable[AnyPart], key: str) -> AnyPart:
    """Return the part with this id.

    Raises:
        NotFoundError: There is none.
    """
    for part in parts:
        if part.id == key:
            return part
    raise NotFoundError(key)


def derived_id(*parts: object) -> str:
    """Return an id for what has none of its own: it follows from what it belongs to and its place."""
    return blake2b(":".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def owner_id(part: str) -> str:
    """Return the id of the record that a part belongs to, if that is what it is."""
    return HEAD + part[4:]


def lasting_id(subscriptions: Table[Subscription], number: str, key: str) -> str:
    """Return the lasting id of the part that a version of a subscription shows by this id.

    Anything else, such as the number of a part, is returned as it is.
    """
    version = subscriptions.rows.get(owner_id(key))
    if version is None or version.number != number:
        return key
    return next((one for one in part_ids(version) if one[:4] == key[:4]), key)


def with_lasting_ids(change: Change, subscriptions: Table[Subscription], number: str) -> Change:
    """Return a change of a subscription with the lasting ids of the parts that it names.

    Source: Zuora, remove a product: `ratePlanId` can be that of the latest or any former version.
    """
    match change:
        case UpdateProduct():
            changes = tuple(
                replace(one, key=lasting_id(subscriptions, number, one.key)) for one in change.changes
            )
            plan = lasting_id(subscriptions, number, change.rate_plan_id)
            return replace(change, rate_plan_id=plan, changes=changes)
        case RemoveProduct():
            return replace(change, rate_plan_id=lasting_id(subscriptions, number, change.rate_plan_id))
        case ChangePlan():
            return replace(change, rate_plan=lasting_id(subscriptions, number, change.rate_plan))
        case _:
            return change
