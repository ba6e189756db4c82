"""Needed: what a request has to say, an account by its id or its number."""

from typing import Protocol, TypeVar

from toolkit.billing.accounts import Account
from toolkit.billing.errors import MissingValueError
from toolkit.zuora.state.world import World

Value = TypeVar("Value")


def needed(value: Value | None, name: str) -> Value:
    """Return a value that has to be there; `name` is what the wire calls it.

    Raises:
        MissingValueError: It is not.
    """
    if value is None:
        raise MissingValueError(name)
    return value


class OfAccount(Protocol):
    """A request that names an account in one of two ways."""

    @property
    def account_id(self) -> str | None:
        """Its id, or its number."""

    @property
    def account_number(self) -> str | None:
        """Its number."""


def needed_account(world: World, said: OfAccount, name: str = "accountId") -> Account:
    """Return the account that a request names.

    Raises:
        MissingValueError: It names none.
        NotFoundError: There is no such account.
    """
    return world.accounts.find(needed(said.account_id or said.account_number, name))
