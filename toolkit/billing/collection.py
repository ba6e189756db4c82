"""Collection: how a payment run settles what one account owes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.charging import Wanted, charge_payment, draft
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.gateways import Gateway, Terminal
from toolkit.billing.inquiries import Inquiry
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.paymentruns import PaymentRun, Result, Transaction, TransactionType
from toolkit.billing.payments import Payment, apply_payment
from toolkit.billing.retries import may_try
from toolkit.billing.rules import BillingRules

Changed = Invoice | DebitMemo | CreditMemo | Payment | PaymentMethod | Inquiry


class Asked(NamedTuple):
    """What is to be collected of one debt, and the place of the record that asks for it."""

    debt: Invoice | DebitMemo
    amount: Decimal
    record: int | None = None


class Till(NamedTuple):
    """What a run finds at one account.

    Attributes:
        asked: What is to be collected, in the order in which it is settled.
        memos: The credit memos that may be used, in this order.
        payments: The payments that may be used after them.
        method: What is to be charged, if there is anything.
        gateway: Who is to be asked.
        comment: What is noted on payments.
    """

    account: Account
    asked: tuple[Asked, ...]
    memos: Sequence[CreditMemo]
    payments: Sequence[Payment]
    method: PaymentMethod | None
    gateway: Gateway
    comment: str | None = None


class Collected(NamedTuple):
    """What a run made of it: the records that are new or changed, and a result for each debt it took up."""

    changed: tuple[Changed, ...]
    results: tuple[Result, ...]


class _Collector:
    """One account's debts while a run settles them."""

    def __init__(self, run: PaymentRun, till: Till, rules: BillingRules, names: Names, now: datetime) -> None:
        self.run, self.till, self.rules, self.names, self.now = run, till, rules, names, now
        self.method = till.method
        self.debts = {one.debt.id: one.debt for one in till.asked}
        self.left = {one.debt.id: one.amount for one in till.asked}
        self.changed: dict[str, Changed] = {}
        self.done: dict[str, list[Transaction]] = defaultdict(list)
        self.errors: dict[str, str] = {}

    def use_credit(self) -> None:
        """Apply unapplied credit memos, and then unapplied payments, as far as the run is asked to."""
        for memo in self.till.memos if self.run.apply_memos else ():
            self._spend(memo)
        for payment in self.till.payments if self.run.apply_payments else ():
            self._spend(payment)

    def _spend(self, source: CreditMemo | Payment) -> None:
        for key, left in self.left.items():
            amount = min(left, source.unapplied)
            if source.currency != self.debts[key].currency or amount <= 0:
                continue
            application = Application(amount, rule=self.rules.application_rule)
            source, debt = self._apply(source, self.debts[key], application)
            kind: TransactionType = "CreditMemo" if isinstance(source, CreditMemo) else "UnappliedPayment"
            done = Transaction(kind, source.id, source.number, source.amount, amount, "Processed")
            self._settled(debt, done)
            self.changed[source.id] = source

    def _apply(
        self, source: CreditMemo | Payment, debt: Invoice | DebitMemo, application: Application
    ) -> tuple[CreditMemo | Payment, Invoice | DebitMemo]:
        if isinstance(source, CreditMemo):
            return apply_memo(source, debt, application, self.names, self.now)
        return apply_payment(source, debt, application, self.names, self.now)

    def _settled(self, debt: Invoice | DebitMemo, done: Transaction) -> None:
        self.debts[debt.id] = self.changed[debt.id] = debt
        self.left[debt.id] -= done.applied
        self.done[debt.id].append(done)

    def charge(self) -> None:
        """Charge the payment method for the rest, once for each debt or once for all."""
        rest = [key for key, left in self.left.items() if left > 0]
        for keys in (rest,) if self.run.consolidated and rest else ((key,) for key in rest):
            problem = self._problem()
            if self.method is None or problem is not None:
                self.errors |= dict.fromkeys(keys, problem or "")
            else:
                self._charge(self.method, keys)

    def _problem(self) -> str | None:
        """Say why the payment method is left alone."""
        method = self.method
        if method is None:
            return f"The account {self.till.account.number} has no default payment method."
        if method.status == "Scrubbed" or (method.status == "Closed" and not self.run.closed_methods):
            return f"The payment method {method.number} is {method.status}."
        rule = None if self.run.ignore_retry else method.retry or self.rules.payment_retry
        if not may_try(rule, method.failures, method.last_failed, self.now):
            return f"The payment method {method.number} is not tried again, after {method.failures} failures."
        return None

    def _charge(self, method: PaymentMethod, keys: Sequence[str]) -> None:
        wanted = tuple(
            Wanted(self.debts[key], Application(self.left[key], rule=self.rules.application_rule))
            for key in keys
        )
        amount = sum((application.amount for _, application in wanted), ZERO)
        payment = replace(
            draft(self.names, self.till.account, method, amount, self.now),
            comment=self.till.comment,
            source_id=self.run.id,
        )
        charged = charge_payment(payment, Terminal(self.till.gateway, method), wanted, self.names, self.now)
        self.method = charged.method
        for row in (charged.payment, charged.method, charged.inquiry):
            if row is not None:
                self.changed[row.id] = row
        settled = {debt.id: debt for debt in charged.debts}
        failed = charged.response.outcome == "declined"
        for debt, application in wanted:
            done = Transaction(
                "Payment",
                payment.id,
                payment.number,
                payment.amount,
                application.amount if debt.id in settled else ZERO,
                charged.payment.status,
                charged.response.code if failed else None,
                charged.response.text if failed else None,
            )
            self._settled(settled.get(debt.id, debt), done)

    def results(self) -> Iterator[Result]:
        """Yield a result for each debt that the run took up: all if it charges, else those it applied to."""
        for debt, amount, record in self.till.asked:
            if self.run.collect or self.done[debt.id]:
                yield Result(
                    account_id=self.till.account.id,
                    document_id=debt.id,
                    document_number=debt.number,
                    kind=debt.kind,
                    due=amount,
                    left=self.debts[debt.id].balance,
                    transactions=tuple(self.done[debt.id]),
                    record=record,
                    error=self.errors.get(debt.id),
                )


def collect(run: PaymentRun, till: Till, rules: BillingRules, names: Names, now: datetime) -> Collected:
    """Settle what an account owes: with credit memos and unapplied payments if asked, then by charging.

    Source: Zuora, payment run use case (PAY-003): with electronic payments every debt is taken up, without
    them those to which a credit memo or an unapplied payment is applied.

    Args:
        run: What it is asked to do.
        till: What it finds.
        rules: Whether a method that failed is tried again, and how amounts are divided among items.
        names: Gives ids and numbers.
        now: The moment of the run, in the tenant's zone.
    """
    collector = _Collector(run, till, rules, names, now)
    collector.use_credit()
    if run.collect:
        collector.charge()
    return Collected(tuple(collector.changed.values()), tuple(collector.results()))
