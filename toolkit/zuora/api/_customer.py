"""A customer: an account with what pays for it, as it is opened alone or by an order."""

from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.api import accounts
from toolkit.zuora.api._payment_method_body import Holder, NewPaymentMethod
from toolkit.zuora.api.payment_methods import keep
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.orders.body import NewOrder
from toolkit.zuora.state.world import Change


class Card(Body, frozen=True):
    """The credit card of a new account."""

    harmless: ClassVar[frozenset[str]] = frozenset({"securityCode"})

    card_type: str
    card_number: str
    expiration_month: int
    expiration_year: int
    card_holder_info: Holder = Holder()


class NewCustomer(accounts.NewAccount, frozen=True):
    """An account, and a card or another method that becomes its default one."""

    credit_card: Card | None = None
    payment_method: NewPaymentMethod | None = None


class PlacedOrder(NewOrder, frozen=True):
    """An order for an account that exists, or for one that it opens."""

    lacking: ClassVar[frozenset[str]] = NewOrder.lacking - {"newAccount"}

    existing_account_number: str = ""
    new_account: NewCustomer | None = None


def opened(change: Change, said: NewCustomer) -> dict[str, object]:
    """Put a customer into the change, and tell of it. Source: the official SDK, create an account."""
    method = _method(said)
    if method is not None:
        said = replace(said, payment_method_id=keep(change, method).id)
    return accounts.create(change, said)


def _method(said: NewCustomer) -> NewPaymentMethod | None:
    card = said.credit_card
    if card is None:
        return said.payment_method
    return NewPaymentMethod(
        type="CreditCard",
        card_type=card.card_type,
        card_number=card.card_number,
        expiration_month=card.expiration_month,
        expiration_year=card.expiration_year,
        card_holder_info=card.card_holder_info,
    )


def order_of(change: Change, said: PlacedOrder) -> NewOrder:
    """Return the order for its account, which is opened first if it is new.

    Raises:
        BillingError: It names no account, or two.
    """
    if said.new_account is not None:
        if said.existing_account_number:
            raise InvalidValueError("An order has 'existingAccountNumber' or 'newAccount', not both.")
        number = str(opened(change, said.new_account)["accountNumber"])
        said = replace(said, existing_account_number=number, new_account=None)
    if not said.existing_account_number:
        raise MissingValueError("existingAccountNumber")
    return said
