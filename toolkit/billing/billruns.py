"""Bill runs: what was billed when, and for whom."""

from datetime import date, datetime
from typing import Literal

import msgspec

from toolkit.billing.catalog import ChargeType
from toolkit.billing.run_dates import Recurrence, RunDate

BillRunStatus = Literal["Pending", "Processing", "Completed", "Error", "Canceled", "Posted"]


class BillRun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A bill run.

    Attributes:
        invoice_date: The date of its invoices; of a scheduled run that follows from the day it runs.
        account_ids: The accounts it was asked to bill; empty for all, or for those of `batches`.
        bill_cycle_day: Accounts of which bill cycle day it bills: 1-31, AllBillCycleDays or AsRunDay.
        invoice_ids: The invoices that it made.
        credit_memo_ids: The credit memos that it made.
        excluded: The charge types that it leaves for another bill.
        auto_email: Whether documents that it posts by itself are sent by mail.
        no_email_for_zero: Whether invoices of nothing are not.
        run_at: When a scheduled run is executed.
        recurrence: On which days it and those that follow it run.
        invoice_on: How the invoice date of a scheduled run follows from its day.
        target_on: How its target date does.
        bills_subscriptions: Whether it bills subscriptions.
        bills_line_items: Whether it bills order line items.
        catch_up: Whether it brings charges up to its target date without making documents.
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
    bill_cycle_day: str | None = None
    run_at: datetime | None = None
    recurrence: Recurrence | None = None
    invoice_on: RunDate = RunDate()
    target_on: RunDate = RunDate()
    bills_subscriptions: bool = True
    bills_line_items: bool = True
    catch_up: bool = False
