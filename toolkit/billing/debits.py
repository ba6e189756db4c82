"""Debit memos: what an account owes beside its invoices."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from toolkit.billing.documents import DocumentItem, amounts
from toolkit.billing.money import ZERO
from toolkit.billing.parts import DebtKind, DocumentSource

DebitMemoStatus = Literal["Draft", "Posted", "Canceled"]


class DebitMemo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A debit memo; `amount` is the sum of its items, taxes included.

    Attributes:
        paid: Sum of the payments applied.
        credited: Sum of the credit memos applied.
        settled: What is settled of each item, and each tax item, by id.
        invoice_id: The invoice that it was made from.
        bill_to_id: The contact that gets it, where it is not the account's.
        credit_memo_id: The credit memo that it took back.
        auto_pay: Whether payment runs collect it.
    """

    kind: ClassVar[DebtKind] = "debit memo"

    id: str
    number: str
    account_id: str
    currency: str
    memo_date: date
    due_date: date
    status: DebitMemoStatus
    items: tuple[DocumentItem, ...]
    amount: Decimal
    created: datetime
    updated: datetime
    source: DocumentSource
    posted: datetime | None = None
    cancelled: datetime | None = None
    auto_pay: bool = True
    reason: str | None = None
    comment: str | None = None
    credit_memo_id: str | None = None
    custom_fields: Mapping[str, object] = {}
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    settled: Mapping[str, Decimal] = {}
    invoice_id: str | None = None
    bill_to_id: str | None = None

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of its items and their taxes."""
        return tuple(identity for identity, _ in amounts(self.items))

    @property
    def balance(self) -> Decimal:
        """What is not settled yet: of a draft all of it, of a cancelled memo nothing."""
        return ZERO if self.status == "Canceled" else self.amount - self.paid - self.credited
