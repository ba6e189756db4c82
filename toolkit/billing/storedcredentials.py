"""Stored credentials: what a holder has agreed to be charged for without being asked again."""

from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.errors import RuleError

ProfileType = Literal["Recurring", "Unscheduled"]
ProfileStatus = Literal["Agreed", "Active", "Cancelled", "Expired"]


class GatewayCredential(NamedTuple):
    """How a card network calls an agreement at one gateway."""

    id: str
    gateway_id: str
    network_transaction_id: str


class StoredCredential(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stored credential profile of a payment method.

    Attributes:
        number: Its place among those of its payment method, from 1.
        brand: The card network whose framework it follows.
        gateways: What is known of it at gateways.
    """

    number: int
    type: ProfileType
    status: ProfileStatus
    brand: str | None
    agreed: date
    activated: datetime | None = None
    cancelled: datetime | None = None
    expired: datetime | None = None
    reference: str | None = None
    gateways: tuple[GatewayCredential, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it was neither cancelled nor expired."""
        return self.status in {"Agreed", "Active"}


def cancel(profile: StoredCredential, now: datetime) -> StoredCredential:
    """End an agreement as its holder wishes.

    Raises:
        RuleError: It has ended.
    """
    _check(profile)
    return replace(profile, status="Cancelled", cancelled=now)


def expire(profile: StoredCredential, now: datetime) -> StoredCredential:
    """End an agreement as the rules of its network want.

    Raises:
        RuleError: It has ended.
    """
    _check(profile)
    return replace(profile, status="Expired", expired=now)


def _check(profile: StoredCredential) -> None:
    if not profile.holds:
        raise RuleError(f"The stored credential profile {profile.number} is {profile.status} already.")
