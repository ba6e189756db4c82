"""Charging: a payment from the wish to what the gateway, if one is asked, makes of it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.debits import DebitMemo
from toolkit.billing.gateways import APPROVED, Response, Terminal, charge
from toolkit.billing.inquiries import PATIENCE, Inquiry, Intent
from toolkit.billing.invoices import Invoice
from toolkit.billing.orders import Names
from toolkit.billing.paymentmethods import PaymentMethod, failed, succeeded
from toolkit.billing.payments import Payment, answered, apply_payment


def draft(names: Names, account: Account, method: PaymentMethod, amount: Decimal, now: datetime) -> Payment:
    """Return an electronic payment of today, in the account's currency, before a gateway is asked."""
    return Payment(
        id=names.id(),
        number=names.number("payment"),
        account_id=account.id,
        amount=amount,
        currency=account.currency,
        effective_date=now.date(),
        type="Electronic",
        status="Draft",
        payment_method_id=method.id,
        created=now,
        updated=now,
    )


class Wanted(NamedTuple):
    """What a payment shall be applied to."""

    debt: Invoice | DebitMemo
    application: Application


class Charged(NamedTuple):
    """What became of a payment.

    Attributes:
        debts: What it is applied to, as it is then.
        method: The payment method with its counts.
        inquiry: The open question to a gateway that did not answer.
    """

    payment: Payment
    debts: tuple[Invoice | DebitMemo, ...]
    method: PaymentMethod
    response: Response
    inquiry: Inquiry | None = None


def apply_all(
    payment: Payment, wanted: Iterable[Wanted], names: Names, now: datetime
) -> tuple[Payment, tuple[Invoice | DebitMemo, ...]]:
    """Apply a processed payment to several documents; one that is named twice gets both amounts.

    Raises:
        BillingError: See `apply_payment`.
    """
    debts: dict[str, Invoice | DebitMemo] = {}
    for debt, application in wanted:
        payment, debts[debt.id] = apply_payment(payment, debts.get(debt.id, debt), application, names, now)
    return payment, tuple(debts.values())


def charge_payment(
    payment: Payment,
    terminal: Terminal,
    wanted: tuple[Wanted, ...],
    names: Names,
    now: datetime,
) -> Charged:
    """Ask a gateway for the money, and apply the payment if it is approved.

    What cannot be applied is refused before the gateway is asked. A payment that is declined stays as one
    with an error; one without an answer is applied when the answer comes.

    Raises:
        BillingError: See `apply_payment`.
    """
    gateway, method = terminal
    asked = replace(payment, gateway=gateway.id, reference=payment.reference or names.id())
    approved, debts = apply_all(answered(asked, APPROVED, now), wanted, names, now)
    response = charge(terminal, payment.amount, now.date())
    if response.outcome == "approved":
        return Charged(approved, debts, succeeded(method, now), response)
    payment = answered(asked, response, now)
    if response.outcome == "declined":
        return Charged(payment, (), failed(method, now), response)
    inquiry = Inquiry(
        id=names.id(),
        number=payment.number,
        account_id=payment.account_id,
        due=now + PATIENCE,
        intents=tuple(starmap(_intent, wanted)),
    )
    return Charged(payment, (), method, response, inquiry)


def _intent(debt: Invoice | DebitMemo, application: Application) -> Intent:
    amount, items, rule = application
    return Intent(debt.id, debt.kind, amount, None if items is None else tuple(items), rule)


def close(
    payment: Payment, wanted: Iterable[Wanted], response: Response, names: Names, now: datetime
) -> tuple[Payment, tuple[Invoice | DebitMemo, ...]]:
    """Note a late answer, and apply an approved payment to what is still open of what it is for.

    Source: an assumption, for a document that something else has settled meanwhile.

    Returns:
        The payment, and the documents that it is applied to.
    """
    payment = answered(payment, response, now)
    if payment.status != "Processed":
        return payment, ()
    return apply_all(payment, filter(None, map(_open, wanted)), names, now)


def _open(wanted: Wanted) -> Wanted | None:
    """Cut what is wanted to what its document still owes."""
    debt, application = wanted
    if debt.status != "Posted" or debt.balance <= 0:
        return None
    if application.amount <= debt.balance:
        return wanted
    return Wanted(debt, Application(debt.balance, rule=application.rule))
