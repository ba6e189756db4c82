"""Refunds: money given back, of a payment or of a credit memo."""

from collections.abc import Container, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import starmap
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.allocation import Application, allocate
from toolkit.billing.applications import apply_memo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import Response
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.orders import Names
from toolkit.billing.parts import ItemAmount, Share, given_to
from toolkit.billing.payments import GatewayState, Payment, PaymentType, unapply_payment
from toolkit.billing.rules import AllocationRule

STANDARD = "Standard Refund"
"""The reason of a refund that gives no other one."""

RefundStatus = Literal["Processed", "Processing", "Error", "Canceled"]


class Refund(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A refund of a payment or of a credit memo.

    Attributes:
        part_id: The id of the one part that it has.
        shares: What of it pays back which item of the credit memo.
    """

    id: str
    number: str
    account_id: str | None
    amount: Decimal
    refund_date: date
    type: PaymentType
    method_type: str
    status: RefundStatus
    created: datetime
    updated: datetime
    part_id: str
    payment_id: str | None = None
    credit_memo_id: str | None = None
    shares: tuple[Share, ...] = ()
    payment_method_id: str | None = None
    gateway: str | None = None
    gateway_state: GatewayState = "NotSubmitted"
    gateway_code: str | None = None
    gateway_text: str | None = None
    submitted: datetime | None = None
    cancelled: datetime | None = None
    comment: str | None = None
    reason_code: str = STANDARD
    reference: str | None = None
    second_reference: str | None = None
    custom_fields: Mapping[str, object] = {}


def refund_answered(refund: Refund, response: Response, now: datetime) -> Refund:
    """Note what the gateway answered."""
    statuses: dict[str, RefundStatus] = {
        "approved": "Processed",
        "declined": "Error",
        "unknown": "Processing",
    }
    return replace(
        refund,
        status=statuses[response.outcome],
        gateway_state="Submitted" if response.outcome == "approved" else "NotSubmitted",
        gateway_code=response.code,
        gateway_text=response.text,
        submitted=now if response.outcome == "approved" else None,
        updated=now,
    )


def refund_payment(payment: Payment, amount: Decimal, now: datetime) -> Payment:
    """Pay back part of what is unapplied of a payment.

    Source: Zuora, refund a payment: what is applied is to be unapplied first.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: Less than `amount` is unapplied.
    """
    check_positive(amount)
    if amount > payment.unapplied:
        raise RuleError(
            f"The amount {amount} should not be greater than the unapplied amount {payment.unapplied} of "
            f"the payment {payment.number}."
        )
    return replace(payment, refunded=payment.refunded + amount, updated=now)


def unrefund_payment(payment: Payment, amount: Decimal, now: datetime) -> Payment:
    """Take back a refund of a payment: what was paid back is unapplied again."""
    return replace(payment, refunded=payment.refunded - amount, updated=now)


def cancel_refund(refund: Refund, now: datetime) -> Refund:
    """Cancel an external refund.

    Raises:
        RuleError: It is electronic, so that money has moved, or not Processed. Source: an assumption.
    """
    if refund.type != "External" or refund.status != "Processed":
        raise RuleError(
            f"Only External refunds with Processed status can be canceled; {refund.number} is {refund.type} "
            f"and {refund.status}."
        )
    return replace(refund, status="Canceled", cancelled=now, updated=now)


def refunded_items(refund: Refund) -> Mapping[str, Decimal]:
    """Return what a refund pays back of each item of its credit memo, by id."""
    return {share.item_id: share.amount for share in refund.shares}


class GivenBack(NamedTuple):
    """What a refund of a cancelled subscription leaves of the documents; the invoice may be open again.

    Attributes:
        memo: What credits the rest of the time; None where nothing does.
        own: The ids of the items, and their taxes, that the subscription has on the invoice.
    """

    payment: Payment
    debt: Invoice
    memo: CreditMemo | None
    own: Container[str]


def refund_cancelled(
    given: GivenBack, amount: Decimal, rule: AllocationRule, names: Names, now: datetime
) -> GivenBack:
    """Refund the payment of what was cancelled, and let the credit memo take its place on the invoice.

    What is refunded is taken back from the invoice first; then as much of the memo is applied as that
    leaves open. What is open still is for a write-off.

    Source: Zuora, subscription cancelation and refunding automatically, examples 1 to 3 (AMD-025 to
    AMD-027).

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: Less than `amount` was paid for the subscription.
    """
    payment, debt, memo, own = given
    paid = given_to(payment.parts, debt, own)
    taken = allocate(paid, amount, debt.currency, "FIFO")
    payment, debt = unapply_payment(payment, debt, amount, now, starmap(ItemAmount, taken.items()))
    payment = refund_payment(payment, amount, now)
    credit = min(memo.unapplied, debt.balance) if memo else ZERO
    if memo and credit > 0:
        memo, debt = apply_memo(memo, debt, Application(credit, rule=rule), names, now)
    return GivenBack(payment, debt, memo, own)
