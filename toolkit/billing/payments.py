"""Payments: money received, and how it is applied to what an account owes."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import Response
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.parts import ItemAmount, Part, with_part, without_part
from toolkit.billing.settlement import Debt, settle, unsettle

PaymentType = Literal["Electronic", "External"]
PaymentStatus = Literal["Draft", "Processed", "Processing", "Error", "Voided", "Canceled", "Posted"]
GatewayState = Literal["NotSubmitted", "Submitted", "Settled", "FailedToSettle"]

_MOST_PRORATED_ITEMS = 15_000


class Payment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A payment of an account, or of nobody that is known yet.

    Attributes:
        parts: What of it went to which invoice or debit memo.
        gateway: The id of the gateway that was asked.
        gateway_code: What it answered in short.
        gateway_text: What it answered as a sentence.
        reference: The transaction's name at the gateway, or whatever a client notes there.
        refunded: The sum paid back.
        source_id: The payment run that made it.
    """

    id: str
    number: str
    account_id: str | None
    amount: Decimal
    currency: str
    effective_date: date
    type: PaymentType
    status: PaymentStatus
    payment_method_id: str | None
    created: datetime
    updated: datetime
    parts: tuple[Part, ...] = ()
    comment: str | None = None
    gateway: str | None = None
    gateway_state: GatewayState = "NotSubmitted"
    gateway_code: str | None = None
    gateway_text: str | None = None
    reference: str | None = None
    submitted: datetime | None = None
    settled: datetime | None = None
    cancelled: datetime | None = None
    refunded: Decimal = ZERO
    custom_fields: Mapping[str, object] = {}
    source_id: str | None = None

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of what is applied of it."""
        return tuple(part.id for part in self.parts)

    @property
    def applied(self) -> Decimal:
        """The sum applied to invoices and debit memos."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def unapplied(self) -> Decimal:
        """What is left of a processed payment."""
        return self.amount - self.applied - self.refunded if self.status == "Processed" else ZERO


def answered(payment: Payment, response: Response, now: datetime) -> Payment:
    """Note what the gateway answered: Processed, Error, or Processing when it did not answer in time.

    Source: Zuora, payment status values: a timeout leaves a payment in Processing, lest it be charged twice.
    """
    statuses: dict[str, PaymentStatus] = {
        "approved": "Processed",
        "declined": "Error",
        "unknown": "Processing",
    }
    return replace(
        payment,
        status=statuses[response.outcome],
        gateway_state="Submitted" if response.outcome == "approved" else "NotSubmitted",
        gateway_code=response.code,
        gateway_text=response.text,
        submitted=now if response.outcome == "approved" else None,
        updated=now,
    )


def apply_payment(
    payment: Payment, debt: Debt, application: Application, names: Names, now: datetime
) -> tuple[Payment, Debt]:
    """Apply a processed payment to an invoice or a debit memo of the same account.

    Above 15,000 items the amount is divided first in, first out, whatever the rule. Source: Zuora, apply
    unapplied payments.

    Returns:
        Both as they are after it.

    Raises:
        InvalidValueError: The amount is not positive.
        NotFoundError: What is named as an item is none.
        RuleError: The payment is not processed or has less left, or the debt is another account's or
            refuses it.
    """
    if payment.status != "Processed":
        raise RuleError(
            f"The payment {payment.number} is {payment.status}: only Processed ones can be applied."
        )
    if debt.account_id != payment.account_id:
        raise RuleError(f"The {debt.kind} {debt.number} belongs to another account than {payment.number}.")
    if application.amount > payment.unapplied:
        raise RuleError(
            f"The amount {application.amount} should not be greater than the unapplied amount "
            f"{payment.unapplied} of the payment {payment.number}."
        )
    if len(debt.items) > _MOST_PRORATED_ITEMS:
        application = application._replace(rule="FIFO")
    settled, shares = settle(debt, application, now, credit=False)
    items = (ItemAmount(*share) for share in shares.items())
    return replace(payment, parts=with_part(payment.parts, debt, items, names, now), updated=now), settled


def unapply_payment(
    payment: Payment, debt: Debt, amount: Decimal, now: datetime, items: Iterable[ItemAmount] | None = None
) -> tuple[Payment, Debt]:
    """Take `amount` of a payment back from an invoice or a debit memo; without items first in, first out.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: Less was applied to it, or to one of the items.
    """
    parts, freed = without_part(payment.parts, debt, amount, now, items)
    return replace(payment, parts=parts, updated=now), unsettle(debt, freed, now, credit=False)


def transfer(payment: Payment, account_id: str | None, now: datetime) -> Payment:
    """Give an unapplied payment to another account, or with None to nobody that is known.

    Raises:
        RuleError: It is not processed, or part of it is applied or refunded. That a refund keeps it where
            it is, is an assumption.
    """
    _check_untouched(payment, "transferred")
    return replace(payment, account_id=account_id, updated=now)


def cancel(payment: Payment, now: datetime) -> Payment:
    """Cancel an external payment of which nothing is applied or refunded.

    Source: Zuora, field descriptions of payments: an external one can become Canceled.

    Raises:
        RuleError: It is electronic, not processed, or part of it is applied or refunded.
    """
    if payment.type != "External":
        raise RuleError(f"The payment {payment.number} is Electronic: only External ones can be canceled.")
    _check_untouched(payment, "canceled")
    return replace(payment, status="Canceled", cancelled=now, updated=now)


def _check_untouched(payment: Payment, verb: str) -> None:
    if payment.status != "Processed" or payment.unapplied != payment.amount:
        raise RuleError(
            f"Only Processed payments that are wholly unapplied can be {verb}; {payment.number} is "
            f"{payment.status} with {payment.unapplied} of {payment.amount} unapplied."
        )
