"""Payments, refunds and payment runs do what Zuora's documentation prints."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import pytest

from toolkit import content
from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.applications import refund_memo
from toolkit.billing.collection import Asked, Till, collect
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import Gateway, pay_back
from toolkit.billing.memos import MemoTerms
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.paymentruns import PaymentRun, Result
from toolkit.billing.payments import Payment, apply_payment, unapply_payment
from toolkit.billing.refunds import GivenBack, Refund, refund_answered, refund_cancelled
from toolkit.billing.retries import RetryRule
from toolkit.billing.rules import BillingRules
from toolkit.billing.settlement import item_balances
from toolkit.billing.writeoffs import write_off

if TYPE_CHECKING:
    from tests.billing.papers import Papers

NOW = datetime(2024, 1, 1, tzinfo=UTC)


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not declare is refused."""


class Step(Strict, frozen=True, kw_only=True):
    """What is done, and what must then be so.

    Attributes:
        selected: How many debts a run takes up.
        charged: How many payments it makes.
        made: The status of each.
        failures: The consecutive failures of the card.
        error: What a result says, where no payment was tried.
    """

    apply: Decimal | None = None
    unapply: Decimal | None = None
    cancel_refund: Decimal | None = None
    write_off: Decimal | None = None
    refund_memo: Decimal | None = None
    run: datetime | None = None
    applied: Decimal | None = None
    unapplied: Decimal | None = None
    refunded: Decimal | None = None
    refund_status: str | None = None
    credit_left: Decimal | None = None
    balance: Decimal | None = None
    selected: int | None = None
    charged: int | None = None
    made: tuple[str, ...] | None = None
    failures: int | None = None
    error: str = ""


class Example(Strict, frozen=True, kw_only=True):
    """One example, or one variant of it; `memos` and `payments` are a count and then worths in invoices."""

    id: str
    source: str
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    note: str = ""
    left_out: str = ""
    invoiced: Decimal = Decimal(100)
    credited: Decimal = Decimal(1)
    paid: Decimal = Decimal(1)
    invoices: int = 0
    memos: tuple[int, ...] = ()
    payments: tuple[int, ...] = ()
    electronic: bool = True
    retry: RetryRule | None = None
    card: str = "4242"


FILES = [Path(__file__).with_name("examples") / "payments.yaml"]
EXAMPLES = [example for file in FILES for example in msgspec.convert(content.read_yaml(file), list[Example])]


def worths(spec: Sequence[int]) -> list[int]:
    """Return `count` worths of the first kind, and then the others."""
    return [spec[1]] * spec[0] + list(spec[2:]) if spec else []


class Business:
    """One account with its documents, and what happens to them."""

    def __init__(self, example: Example, papers: "Papers") -> None:
        self.example, self.papers = example, papers
        self.invoice = papers.invoice(str(example.invoiced))
        self.memo = papers.credit_memo(str(example.credited))
        self.payment = self.received(example.paid)
        self.refunded = Decimal(0)
        self.refund: Refund | None = None
        self.method = PaymentMethod(
            id="method",
            number="PM-1",
            account_id="account",
            type="CreditCard",
            created=NOW,
            masked_number=f"************{example.card}",
        )
        self.debts = [papers.invoice("10", id=f"invoice-{place}") for place in range(example.invoices)]
        self.memos = [papers.credit_memo(str(10 * worth)) for worth in worths(example.memos)]
        self.payments = [self.received(Decimal(10 * worth)) for worth in worths(example.payments)]
        self.results: tuple[Result, ...] = ()
        self.made: list[Payment] = []

    def received(self, amount: Decimal) -> Payment:
        return Payment(
            id=self.papers.id(),
            number=self.papers.number("payment"),
            account_id="account",
            amount=amount,
            currency="USD",
            effective_date=NOW.date(),
            type="External",
            status="Processed",
            payment_method_id=None,
            created=NOW,
            updated=NOW,
        )

    def do(self, step: Step) -> None:
        papers, rules = self.papers, BillingRules()
        if step.apply:
            part = Application(step.apply)
            self.payment, self.invoice = apply_payment(self.payment, self.invoice, part, papers, NOW)
        if step.unapply:
            self.payment, self.invoice = unapply_payment(self.payment, self.invoice, step.unapply, NOW)
        if step.cancel_refund:
            given = GivenBack(self.payment, self.invoice, self.memo, self.invoice.part_ids)
            left = refund_cancelled(given, step.cancel_refund, "Proration", papers, NOW)
            assert left.memo
            self.payment, self.invoice, self.memo = left.payment, left.debt, left.memo
            self.refunded = self.payment.refunded
        if step.write_off:
            terms = MemoTerms(
                account_id="account", currency="USD", memo_date=NOW.date(), now=NOW, source="AdhocFromInvoice"
            )
            written, self.invoice = write_off(self.invoice, terms, rules, papers)
            assert written.amount == step.write_off
        if step.refund_memo:
            self.memo, _ = refund_memo(self.memo, step.refund_memo, NOW)
            self.refunded = self.memo.refunded
            self.refund = refund_answered(self.given_back(step.refund_memo), pay_back(self.method), NOW)
        if step.run:
            self.collect(step.run.replace(tzinfo=UTC))

    def given_back(self, amount: Decimal) -> Refund:
        return Refund(
            id=self.papers.id(),
            number=self.papers.number("refund"),
            account_id="account",
            amount=amount,
            refund_date=NOW.date(),
            type="Electronic",
            method_type="CreditCard",
            status="Processing",
            created=NOW,
            updated=NOW,
            part_id=self.papers.id(),
        )

    def collect(self, now: datetime) -> None:
        account = Account(
            id="account",
            number="A1",
            name="Byron Ltd",
            currency="USD",
            bill_cycle_day=1,
            bill_to_id="",
            sold_to_id="",
            created=NOW,
            updated=NOW,
            auto_pay=True,
        )
        run = PaymentRun(
            id="run",
            number="PR-1",
            status="Pending",
            run_at=now,
            created=now,
            updated=now,
            target_date=date(2030, 1, 1),
            collect=self.example.electronic,
            apply_memos=True,
            apply_payments=True,
        )
        gateway = Gateway(id="gateway", number="PG-1", name="Gateway", kind="Stripe", default=True)
        asked = tuple(Asked(debt, debt.balance) for debt in self.debts)
        till = Till(account, asked, self.memos, self.payments, self.method, gateway)
        done = collect(run, till, BillingRules(payment_retry=self.example.retry), self.papers, now)
        self.results = done.results
        self.made = [row for row in done.changed if isinstance(row, Payment) and row.source_id == "run"]
        self.method = next((row for row in done.changed if isinstance(row, PaymentMethod)), self.method)

    def found(self, step: Step) -> dict[str, object]:
        """Return the figures that a step may print."""
        errors = [result.error or "" for result in self.results]
        return {
            "applied": self.payment.applied,
            "unapplied": self.payment.unapplied,
            "refunded": self.refunded,
            "refund_status": self.refund and self.refund.status,
            "credit_left": self.memo.unapplied,
            "balance": self.invoice.balance,
            "selected": len(self.results),
            "charged": len(self.made),
            "made": tuple(payment.status for payment in self.made),
            "failures": self.method.failures,
            "error": step.error if any(step.error in error for error in errors) or not step.error else errors,
        }


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_a_documented_example_comes_out_as_printed(example: Example, papers: "Papers") -> None:
    business = Business(example, papers)
    for step in example.steps:
        business.do(step)
        found = business.found(step)
        printed = {name: value for name in found if (value := getattr(step, name)) is not None}
        assert {name: found[name] for name in printed} == printed


def test_no_example_is_told_twice() -> None:
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)


def test_only_what_was_paid_for_the_cancelled_subscription_is_refunded(papers: "Papers") -> None:
    payment = Business(EXAMPLES[0], papers).received(Decimal(30))
    payment, invoice = apply_payment(
        payment, papers.invoice("10", "20"), Application(Decimal(30)), papers, NOW
    )
    given = GivenBack(payment, invoice, None, {"item-2"})
    left = refund_cancelled(given, Decimal(15), "Proration", papers, NOW)
    assert [left.payment.applied, left.payment.refunded] == [15, 15]
    assert item_balances(left.debt) == {"item-1": 0, "item-2": 15}
    with pytest.raises(RuleError, match="add up to"):
        refund_cancelled(given, Decimal(25), "Proration", papers, NOW)
