"""Payment runs: what they are to collect, which debts they choose, and what came of it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import Gateway
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.parts import DebtKind

PaymentRunStatus = Literal["Pending", "Processing", "Completed", "Error", "Canceled"]
TransactionType = Literal["Payment", "CreditMemo", "UnappliedPayment"]


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a client asks a run to collect: a document, or all that is open of an account.

    Attributes:
        amount: How much of the document; None for its balance.
    """

    account_id: str
    document_id: str | None = None
    amount: Decimal | None = None
    payment_method_id: str | None = None
    gateway_id: str | None = None
    comment: str | None = None


class Transaction(msgspec.Struct, frozen=True, gc=False):
    """What settled a debt, or failed to."""

    type: TransactionType
    id: str
    number: str
    amount: Decimal
    applied: Decimal
    status: str
    error_code: str | None = None
    error_message: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a run did about one debt.

    Attributes:
        due: What was open of it, or how much of that was asked for.
        record: The place of the record that asked for it.
        error: Why no payment was tried.
        left: What is open of it after the run.
    """

    account_id: str
    document_id: str
    document_number: str
    kind: DebtKind
    due: Decimal
    left: Decimal
    transactions: tuple[Transaction, ...] = ()
    record: int | None = None
    error: str | None = None

    @property
    def collected(self) -> Decimal:
        """What was applied to it."""
        return sum((one.applied for one in self.transactions if one.status == "Processed"), ZERO)


class PaymentRun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A payment run.

    Attributes:
        target_date: Debts due on or before this day are collected; None for the day of the run.
        run_at: When it is to be executed.
        account_id: The one account that it is for; otherwise those that `batch`, `bill_cycle_day`,
            `currency`, `gateway_id` and `bill_run` choose, or all.
        bill_run: The number of the bill run whose invoices it collects.
        collect: Whether it charges payment methods.
        consolidated: Whether it makes one payment for all that an account owes.
        apply_memos: Whether unapplied credit memos are used first.
        apply_payments: Whether unapplied payments are used after them.
        closed_methods: Whether payment methods that are closed are charged too.
        ignore_retry: Whether retry rules are ignored.
        records: What to collect instead of what is chosen by filters.
    """

    id: str
    number: str
    status: PaymentRunStatus
    run_at: datetime
    created: datetime
    updated: datetime
    target_date: date | None = None
    account_id: str | None = None
    batch: str | None = None
    bill_cycle_day: int | None = None
    currency: str | None = None
    gateway_id: str | None = None
    bill_run: str | None = None
    bill_run_id: str | None = None
    collect: bool = True
    consolidated: bool = False
    apply_memos: bool = False
    apply_payments: bool = False
    closed_methods: bool = False
    ignore_retry: bool = False
    records: tuple[Record, ...] = ()
    executed: datetime | None = None
    results: tuple[Result, ...] = ()


def matches(run: PaymentRun, account: Account, gateway: Gateway) -> bool:
    """Tell whether a run's filters choose an account, for which `gateway` would be asked."""
    return (
        account.status == "Active"
        and run.account_id in {None, account.id}
        and run.batch in {None, account.batch}
        and run.bill_cycle_day in {None, account.bill_cycle_day}
        and run.gateway_id in {None, gateway.id}
    )


def is_due(run: PaymentRun, debt: Invoice | DebitMemo, account: Account, today: date) -> bool:
    """Tell whether a run's filters choose a debt of an account that they choose.

    Source: Zuora, create a payment run: what has a due date no later than the target date; introduction to
    payment runs: only where auto-pay is enabled.
    """
    return (
        debt.status == "Posted"
        and debt.balance > 0
        and debt.due_date <= (run.target_date or today)
        and run.currency in {None, debt.currency}
        and (run.bill_run is None or (isinstance(debt, Invoice) and debt.source_id == run.bill_run))
        and _pays_itself(debt, account)
    )


def _pays_itself(debt: Invoice | DebitMemo, account: Account) -> bool:
    if isinstance(debt, Invoice) and debt.auto_pay is not None:
        return debt.auto_pay
    return account.auto_pay and debt.auto_pay is not False


def check_filters(run: PaymentRun) -> None:
    """Refuse filters that exclude one another. Source: Zuora, create a payment run.

    Raises:
        RuleError: An account is named beside another filter, or records are given beside one.
    """
    others = (run.batch, run.bill_cycle_day, run.currency, run.gateway_id, run.bill_run)
    if run.account_id is not None and others != (None,) * len(others):
        raise RuleError(
            "'accountId' cannot be combined with batch, billCycleDay, currency, paymentGatewayId or "
            "billingRunId."
        )
    if run.records and (run.account_id, *others) != (None,) * (len(others) + 1):
        raise RuleError("'data' cannot be combined with the fields that choose accounts.")


def executed(run: PaymentRun, results: Iterable[Result], now: datetime) -> PaymentRun:
    """Note what a run did."""
    return replace(run, status="Completed", results=tuple(results), executed=now, updated=now)
