"""Credit memos: what an account is owed back."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from toolkit.billing.documents import DocumentItem, amounts, open_amounts
from toolkit.billing.marks import Mark
from toolkit.billing.money import ZERO
from toolkit.billing.parts import DocumentKind, DocumentSource, Part

CreditMemoStatus = Literal["Draft", "Posted", "Canceled"]


class CreditMemo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A credit memo; `amount` is the sum of its items, positive for what the account gets back.

    Attributes:
        source: AdhocFromInvoice for one made from an invoice, AdhocFromPrpc from the catalog's charges.
        invoice_id: The invoice that it was made from.
        bill_to_id: The contact that gets it, where it is not the account's.
        auto_apply: Whether it is applied to that invoice as soon as it is posted.
        payment_runs: Whether payment runs may apply it.
        reversed: Whether a debit memo took it back.
        parts: What of it went to which invoice or debit memo.
        refunds: What was paid back of each item, and each tax item, by id.
        marks: How far the bill that it comes from moved each charge that it credits.
    """

    kind: ClassVar[DocumentKind] = "credit memo"

    id: str
    number: str
    account_id: str
    currency: str
    memo_date: date
    target_date: date
    status: CreditMemoStatus
    items: tuple[DocumentItem, ...]
    amount: Decimal
    created: datetime
    updated: datetime
    source: DocumentSource
    source_id: str | None = None
    posted: datetime | None = None
    cancelled: datetime | None = None
    invoice_id: str | None = None
    bill_to_id: str | None = None
    reason: str | None = None
    comment: str | None = None
    auto_apply: bool = False
    payment_runs: bool = True
    reversed: bool = False
    parts: tuple[Part, ...] = ()
    refunds: Mapping[str, Decimal] = {}
    marks: tuple[Mark, ...] = ()
    custom_fields: Mapping[str, object] = {}

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of its items, their taxes, and what is applied."""
        return (*(identity for identity, _ in amounts(self.items)), *(part.id for part in self.parts))

    @property
    def applied(self) -> Decimal:
        """The sum applied to invoices and debit memos."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def refunded(self) -> Decimal:
        """The sum paid back."""
        return sum(self.refunds.values(), ZERO)

    @property
    def unapplied(self) -> Decimal:
        """What is neither applied nor refunded yet: of a draft all of it, of a cancelled memo nothing.

        Source: POST credit memo from invoice, whose sample shows a draft with unapplied amount 10.
        """
        return ZERO if self.status == "Canceled" else self.amount - self.applied - self.refunded


def applied_items(memo: CreditMemo) -> Mapping[str, Decimal]:
    """Return what is applied of each item, and each tax item, that any is applied of, by id."""
    applied: dict[str, Decimal] = {}
    for part in memo.parts:
        for share in part.shares:
            key = share.source_id or ""
            applied[key] = applied.get(key, ZERO) + share.amount
    return applied


def unapplied_items(memo: CreditMemo) -> dict[str, Decimal]:
    """Return what is neither applied nor refunded of each item, and each tax item, by id."""
    applied, refunds = applied_items(memo), memo.refunds
    return {
        key: amount - applied.get(key, ZERO) - refunds.get(key, ZERO)
        for key, amount in open_amounts(memo.items).items()
    }
