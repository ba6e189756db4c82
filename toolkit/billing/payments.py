"""Payments: money received, and how it is applied to what an account owes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.money import ZERO
from toolkit.billing.parts import Part

PaymentType = Literal["Electronic", "External"]
PaymentStatus = Literal["Draft", "Processed", "Processing", "Error", "Voided", "Canceled", "Posted"]


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment of an account."""

    id: str
    number: str
    account_id: str
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
    refunded: Decimal = ZERO

    @property
    def applied(self) -> Decimal:
        """The sum applied to invoices and debit memos."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def unapplied(self) -> Decimal:
        """What is left of a processed payment."""
        return self.amount - self.applied - self.refunded if self.status == "Processed" else ZERO
