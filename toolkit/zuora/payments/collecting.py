"""Collecting: money taken through a tenant's gateways, and what is kept of that."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.charging import Charged, Wanted, charge_payment, draft
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import GatewayError, InvalidValueError, NotFoundError, RuleError
from toolkit.billing.gateways import Gateway, Terminal
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.payments import Payment
from toolkit.zuora.state.world import Change, World


def gateway_for(world: World, account: Account | None, key: str | None = None) -> Gateway:
    """Return the gateway with this id or number, or else the account's, or else the tenant's.

    An account can name a gateway that the tenant does not have, as those do whose data come from elsewhere;
    it gets the tenant's. Source: an assumption.

    Raises:
        NotFoundError: No gateway has this key.
    """
    if key is not None:
        return world.gateways.find(key)
    named = None if account is None else account.payment_gateway
    found = next((one for one in world.gateways.latest() if one.name == named), None)
    return found or next(one for one in world.gateways.latest() if one.default)


class Choice(NamedTuple):
    """What a payment is to be collected with, where it is not what the account has.

    Attributes:
        method: The id of a payment method.
        gateway: The id or the number of a gateway.
        may_fail: Whether a payment that is declined is kept as it is.
    """

    method: str | None = None
    gateway: str | None = None
    may_fail: bool = False


def locked(world: World, account_id: str) -> frozenset[str]:
    """Return the ids of the account's documents that a payment without an answer is for.

    Source: Zuora, create payment runs: a document that is being paid is locked until that is done.
    """
    return frozenset(
        intent.document_id for inquiry in world.inquiries.of(account_id) for intent in inquiry.intents
    )


def check_unlocked(world: World, wanted: Iterable[Wanted]) -> None:
    """Refuse to pay what is being paid.

    Raises:
        RuleError: A payment that the gateway has not answered yet is for the same document.
    """
    for debt, _ in wanted:
        if debt.id in locked(world, debt.account_id):
            raise RuleError(f"The {debt.kind} {debt.number} is being processed by another payment.")


def take(
    change: Change, world: World, payment: Payment, terminal: Terminal, wanted: tuple[Wanted, ...]
) -> Charged:
    """Charge a payment method, and put into the change what comes of it, even if that is an error.

    Raises:
        BillingError: The payment cannot be applied as wanted.
    """
    check_unlocked(world, wanted)
    charged = charge_payment(payment, terminal, wanted, change, world.now)
    for row in (charged.payment, charged.method, *charged.debts):
        change.put(row)
    if charged.inquiry is not None:
        change.put(charged.inquiry)
    return charged


def collect(change: Change, world: World, debts: Sequence[Invoice | DebitMemo], choice: Choice) -> Payment:
    """Collect what is open of documents of one account, which the same change may make, by one payment.

    Raises:
        InvalidValueError: There is no payment method to collect with.
        NotFoundError: What is chosen is none of the account's or the tenant's.
        GatewayError: The payment is declined, and may not be.
    """
    account = world.accounts.find(debts[0].account_id)
    method = method_of(world, account, choice.method or account.default_payment_method_id)
    payment = draft(change, account, method, sum((debt.balance for debt in debts), ZERO), world.now)
    terminal = Terminal(gateway_for(world, account, choice.gateway), method)
    rule = world.rules.application_rule
    wanted = tuple(Wanted(debt, Application(debt.balance, rule=rule)) for debt in debts)
    charged = take(change, world, payment, terminal, wanted)
    if charged.response.outcome == "declined" and not choice.may_fail:
        raise GatewayError(charged.response.reason)
    return charged.payment


def method_of(world: World, account: Account, key: str | None) -> PaymentMethod:
    """Return a payment method that an account can pay with: its own, or one that nobody has taken.

    Raises:
        InvalidValueError: None is named.
        NotFoundError: It is another account's.
        RuleError: It is closed or scrubbed.
    """
    if key is None:
        raise InvalidValueError(
            f"The account {account.number} has no default payment method to collect with."
        )
    method = world.payment_methods.find(key)
    if method.account_id not in {None, account.id}:
        raise NotFoundError(key)
    if method.status != "Active":
        raise RuleError(f"The payment method {method.number} is {method.status}.")
    return method
