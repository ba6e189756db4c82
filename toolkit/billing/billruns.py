"""Bill runs: what was billed when, and for whom."""

from datetime import date, datetime
from typing import Literal

import msgspec

from toolkit.billing.catalog import ChargeType

BillRunStatus = Literal["Pending", "Processing", "Completed", "Error", "Canceled", "Posted"]


class BillRun(msgspec.Struct, frozen=True, kw_only=True):
    """A bill run.

    Attributes:
        account_ids: The accounts it was asked to bill; empty for all, or for those of `batches`.
        invoice_ids: The invoices that it made.
        credit_memo_ids: The credit memos that it made.
        excluded: The charge types that it leaves for another bill.
        auto_email: Whether documents that it posts by itself are sent by mail.
        no_email_for_zero: Whether invoices of nothing are not.
    """

    id: str
    number: str
    name: str | None
    status: BillRunStatus
    invoice_date: date
    target_date: date
    created: datetime
    updated: datetime
    account_ids: tuple[str, ...] = ()
    subscription_ids: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    auto_post: bool = False
    auto_renewal: bool = False
    excluded: tuple[ChargeType, ...] = ()
    invoice_ids: tuple[str, ...] = ()
    credit_memo_ids: tuple[str, ...] = ()
    posted: datetime | None = None
    auto_email: bool = False
    no_email_for_zero: bool = False
