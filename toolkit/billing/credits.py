"""Credit memos: what an account is owed back, and how that is applied to invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import RuleError
from toolkit.billing.money import ZERO, check_positive

CreditMemoStatus = Literal["Draft", "Posted", "Canceled"]


class CreditMemo(msgspec.Struct, frozen=True, kw_only=True):
    """A credit memo; `amount` is the sum of its items, positive for what the account gets back.

    Attributes:
        applied: Sum applied to invoices.
        refunded: Sum paid back.
    """

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
    source: Literal["BillRun", "API"]
    source_id: str | None = None
    posted: datetime | None = None
    applied: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def unapplied(self) -> Decimal:
        """What is neither applied nor refunded yet: of a draft all of it, of a cancelled memo nothing.

        Source: POST credit memo from invoice, whose sample shows a draft with unapplied amount 10.
        """
        return ZERO if self.status == "Canceled" else self.amount - self.applied - self.refunded


def apply_memo(memo: CreditMemo, amount: Decimal, now: datetime) -> CreditMemo:
    """Use part of a posted memo.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: The memo is not posted, or less than `amount` of it is left.
    """
    check_positive(amount)
    if memo.status != "Posted":
        raise RuleError(f"The credit memo {memo.number} is {memo.status}: only Posted ones can be applied.")
    if amount > memo.unapplied:
        raise RuleError(
            f"The amount {amount} should not be greater than the unapplied amount {memo.unapplied} of the "
            f"credit memo {memo.number}."
        )
    return replace(memo, applied=memo.applied + amount, updated=now)
