"""A customer's life, in any order: whatever is ordered, used, billed and paid, the books are right."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from tests.billing.conftest import NOW, Customer, Sold
from toolkit.billing.accounts import Balances
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo, refund_memo, unapply_memo
from toolkit.billing.audit import Books, billed_outside, billed_twice, misapplied, misbalanced, misstated
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import BillingError
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice
from toolkit.billing.ledger import entries, net
from toolkit.billing.money import ZERO
from toolkit.billing.orders import CancelSubscription, RemoveProduct, Triggers
from toolkit.billing.parts import ItemAmount, with_part, without_part
from toolkit.billing.payments import Payment
from toolkit.billing.rules import BillingRules
from toolkit.billing.settlement import settle, unsettle
from toolkit.billing.subscriptions import Subscription, Term
from toolkit.billing.unbilling import marks_of, unbill

if TYPE_CHECKING:
    from toolkit.billing.marks import Mark

START = date(2026, 1, 1)
PREPAID = {"uom": "Each", "units": 20, "validity": "MONTH", "rollover_periods": 1}
OFFERS: dict[str, dict[str, Any]] = {
    "monthly": {"price": "9.99"},
    "arrears": {"price": "29.99", "timing": "IN_ARREARS", "billing_period": "Quarter"},
    "annual": {"price": 100, "billing_period": "Annual", "model": "PerUnit", "quantity": 3},
    "spread": {"price": 100, "list_price_base": "Per_Year"},
    "once": {"price": 5, "type": "OneTime"},
    "usage": {"price": "0.07", "type": "Usage", "model": "PerUnit"},
    "demand": {"price": "0.07", "type": "Usage", "model": "PerUnit", "on_demand": True},
    "prepaid": {"price": 20, "prepaid": PREPAID},
    "drawdown": {"price": 3, "type": "Usage", "model": "PerUnit", "drawdown": {"uom": "Each"}},
    "discount": {"model": "DiscountPercentage", "percentage": "12.5", "discount_level": "subscription"},
}
RULES = [
    BillingRules(),
    BillingRules(past_term_end=False, credit_basis="credit_period", month_proration="strict_30_360"),
    BillingRules(credit_memo_generation="negative", long_period_proration="by_day", credit_one_time=True),
]

days = st.one_of(st.integers(0, 7), st.integers(0, 27)).map(lambda count: START + timedelta(days=16 * count))
picks = st.integers(0, 9)
quarters = st.sampled_from([4, 4, 2, 1, 5, 0])


def sold(name: str) -> Sold:
    return msgspec.convert({"name": name, **OFFERS[name]}, Sold)


class Life(RuleBasedStateMachine):
    """A customer who does what orders, bills and payments offer; what is refused changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.customer = Customer()
        self.versions: dict[str, Subscription] = {}
        self.invoices: dict[str, Invoice] = {}
        self.memos: dict[str, CreditMemo] = {}
        self.payments: dict[str, Payment] = {}
        self.drafts: tuple[list[str], dict[str, Mark]] | None = None

    @initialize(
        names=st.lists(st.sampled_from(sorted(OFFERS)), min_size=1, max_size=4),
        months=st.sampled_from([1, 7, 12, 12, None]),
        rules=st.sampled_from(RULES),
        day=st.sampled_from([1, 15, 31]),
    )
    def subscribe(self, names: list[str], months: int | None, rules: BillingRules, day: int) -> None:
        self.customer = Customer(day, rules=rules)
        term = Term(months, "Month") if months else None
        self.customer.subscribe(*map(sold, names), start=START, term=term)

    def attempt(self, action: Callable[[], object]) -> None:
        before = self.customer.subscription
        try:
            action()
        except BillingError:
            self.customer.subscription = before

    @rule(name=st.sampled_from(sorted(OFFERS)), day=days)
    def add(self, name: str, day: date) -> None:
        self.attempt(lambda: self.customer.add(sold(name), day=day))

    @rule(pick=picks, day=days, quantity=st.integers(0, 9), price=st.sampled_from([None, 1, 50]))
    def update(self, pick: int, day: date, quantity: int, price: int | None) -> None:
        plan = pick % len(self.customer.subscription.rate_plans)
        self.attempt(lambda: self.customer.update(day, plan, quantity=quantity, price=price))

    @rule(pick=picks, day=days)
    def remove(self, pick: int, day: date) -> None:
        plans = self.customer.subscription.rate_plans
        plan = plans[pick % len(plans)]
        self.attempt(lambda: self.customer.order(RemoveProduct(Triggers(day), plan.id)))

    @precondition(lambda self: self.customer.subscription.term_end)
    @rule()
    def renew(self) -> None:
        self.attempt(self.customer.renew)

    @rule(day=days, later=days, extends=st.booleans())
    def suspend(self, day: date, later: date, *, extends: bool) -> None:
        """Suspend, unless that is so already; then resume."""
        if self.customer.subscription.status == "Suspended":
            self.attempt(lambda: self.customer.resume(later, extends_term=extends))
        else:
            self.attempt(lambda: self.customer.suspend(day))

    @rule(day=days, policy=st.sampled_from(["SpecificDate", "EndOfCurrentTerm", "EndOfLastInvoicePeriod"]))
    def cancel(self, day: date, policy: Any) -> None:  # noqa: ANN401 - one of its literals
        self.attempt(lambda: self.customer.order(CancelSubscription(Triggers(day), policy, day)))

    @rule(day=st.integers(1, 31))
    def move_bill_cycle_day(self, day: int) -> None:
        self.customer.moves_to(day)

    @rule(quantity=st.integers(1, 30), day=days)
    def use(self, quantity: int, day: date) -> None:
        """Use something every week, for three months."""
        for week in range(13):
            self.customer.use(quantity + week % 2, day + timedelta(days=7 * week))

    @rule(until=days, post=st.sampled_from([True, True, False]))
    def bill(self, until: date, *, post: bool) -> None:
        self.versions[self.customer.subscription.id] = self.customer.subscription
        owed = self.customer.bill(until)
        made = documents(owed, self.customer.heading(until, post=post), self.customer, self.customer.rules)
        self.invoices |= {one.id: one for one in made if isinstance(one, Invoice)}
        self.memos |= {one.id: one for one in made if isinstance(one, CreditMemo)}
        marks = {mark.charge_id: mark for mark in marks_of(owed)}
        self.drafts = None if post else ([one.id for one in made], marks)

    @precondition(lambda self: self.drafts)
    @rule()
    def cancel_bill_run(self) -> None:
        assert self.drafts
        drafts, marks = self.drafts
        try:
            self.customer.subscription = unbill(self.customer.subscription, marks)
        except BillingError:
            return
        for key in drafts:
            if key in self.invoices:
                self.invoices[key] = replace(self.invoices[key], status="Canceled")
            else:
                self.memos[key] = replace(self.memos[key], status="Canceled")
        self.drafts = None

    def open_invoice(self, pick: int) -> Invoice:
        rows = list(self.invoices.values())
        owing = [one for one in rows if one.status == "Posted" and one.balance] or rows
        return owing[pick % len(owing)]

    @precondition(lambda self: self.invoices)
    @rule(
        kind=st.sampled_from(["pay", "unapply_payment", "refund_payment", "apply", "unapply", "refund"]),
        pick=picks,
        other=picks,
        quarters=quarters,
    )
    def settle(self, kind: str, pick: int, other: int, quarters: int) -> None:
        """Move money, where there is any of that kind."""
        table = {"pay": self.invoices, "unapply_payment": self.payments, "refund_payment": self.payments}
        if table.get(kind, self.memos):
            getattr(self, kind)(pick, other, quarters)

    def pay(self, pick: int, other: int, quarters: int) -> None:
        invoice = self.open_invoice(pick)
        amount = round(invoice.balance * quarters / 4, 2)
        try:
            settled, shares = settle(invoice, Application(amount), NOW, credit=False)
        except BillingError:
            return
        payment = Payment(
            id=self.customer.id(),
            number=self.customer.number("payment"),
            account_id=self.customer.account.id,
            amount=amount + other,
            currency="USD",
            effective_date=START,
            type="External",
            status="Processed",
            payment_method_id=None,
            created=NOW,
            updated=NOW,
        )
        items = [ItemAmount(key, share) for key, share in shares.items()]
        payment = replace(payment, parts=with_part((), settled, items, self.customer, NOW))
        self.payments[payment.id], self.invoices[invoice.id] = payment, settled

    def unapply_payment(self, pick: int, _: int, quarters: int) -> None:
        payment = list(self.payments.values())[pick % len(self.payments)]
        for one in payment.parts[:1]:
            invoice = self.invoices[one.document_id]
            amount = round(one.amount / max(quarters, 1), 2)
            parts, freed = without_part(payment.parts, invoice, amount, NOW)
            self.payments[payment.id] = replace(payment, parts=parts)
            self.invoices[invoice.id] = unsettle(invoice, freed, NOW, credit=False)

    def refund_payment(self, pick: int, _: int, __: int) -> None:
        payment = list(self.payments.values())[pick % len(self.payments)]
        self.payments[payment.id] = replace(payment, refunded=payment.refunded + payment.unapplied)

    def apply(self, memo: int, invoice: int, quarters: int) -> None:
        credit, debt = list(self.memos.values())[memo % len(self.memos)], self.open_invoice(invoice)
        amount = round(min(credit.unapplied, debt.balance) * quarters / 4, 2)
        try:
            applied, settled = apply_memo(credit, debt, Application(amount), self.customer, NOW)
        except BillingError:
            return
        self.memos[credit.id], self.invoices[debt.id] = applied, settled

    def unapply(self, pick: int, _: int, __: int) -> None:
        memo = list(self.memos.values())[pick % len(self.memos)]
        for part in memo.parts[:1]:
            freed, debt = unapply_memo(memo, self.invoices[part.document_id], part.amount, NOW)
            self.memos[memo.id], self.invoices[debt.id] = freed, debt

    def refund(self, pick: int, _: int, quarters: int) -> None:
        memo = list(self.memos.values())[pick % len(self.memos)]
        amount = round(memo.unapplied * quarters / 4, 2)
        try:
            self.memos[memo.id] = refund_memo(memo, amount, NOW)[0]
        except BillingError:
            return

    @property
    def books(self) -> Books:
        memos, payments = list(self.memos.values()), list(self.payments.values())
        return Books(list(self.invoices.values()), (), memos, payments)

    @invariant()
    def every_document_adds_up(self) -> None:
        assert not list(misstated(self.books))
        assert not list(misapplied(self.books))

    @invariant()
    def the_ledger_says_what_the_account_owes(self) -> None:
        books = self.books
        balances = Balances(
            invoices=sum((one.balance for one in books.invoices if one.status == "Posted"), ZERO),
            unapplied_credit=sum(
                (one.unapplied for one in books.credit_memos if one.status == "Posted"), ZERO
            ),
            unapplied_payments=sum((one.unapplied for one in books.payments), ZERO),
        )
        assert not list(misbalanced(books, balances))
        assert net(entry for one in books.documents for entry in entries(one)) == 0

    @invariant()
    def nothing_is_billed_twice_or_outside_its_days(self) -> None:
        assert not list(billed_twice(self.books))
        assert not list(billed_outside(self.books, self.versions.get, self.customer.rules))


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
