"""Billing documents are settled, credited, reversed and written off as Zuora's documentation prints."""

from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.billing.papers import NOW, Papers
from toolkit import content
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo, unapply_memo
from toolkit.billing.crediting import Available, available_to_credit, check_credit
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import DocumentItem, amounts
from toolkit.billing.errors import RuleError
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, portions_of
from toolkit.billing.reversals import reverse
from toolkit.billing.rules import BillingRules
from toolkit.billing.settlement import item_balances, settle
from toolkit.billing.splitting import Split, split
from toolkit.billing.standalone import StandaloneItem, standalone_invoice, standalone_items
from toolkit.billing.taxcodes import TaxCode
from toolkit.billing.writeoffs import write_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not declare is refused."""


class Step(Strict, frozen=True, kw_only=True):
    """What is done, and what must then be so of the invoice, of the last memo, or of what was made."""

    bill: date | None = None
    cancel: date | None = None
    standalone: Decimal | None = None
    invoice_date: date | None = None
    pay: Decimal | None = None
    billed_credit: Decimal | None = None
    credit: dict[str, Decimal] | None = None
    credit_tax: Decimal | None = None
    credit_taxes: tuple[Decimal, ...] | None = None
    inclusive: bool = False
    as_draft: bool = False
    apply: Decimal | None = None
    unapply: Decimal | None = None
    reverse: bool = False
    write_off: bool = False
    split: tuple[Decimal, ...] = ()
    refused: bool = False
    total: Decimal | None = None
    documents: tuple[dict[str, Decimal], ...] | None = None
    last_item: Decimal | None = None
    due: date | None = None
    amount: Decimal | None = None
    balance: Decimal | None = None
    paid: Decimal | None = None
    invoice_status: str | None = None
    item_balances: tuple[Decimal, ...] | None = None
    available: Decimal | None = None
    available_of: dict[str, Decimal] | None = None
    memo: Decimal | None = None
    memo_items: tuple[Decimal, ...] | None = None
    memo_types: tuple[str, ...] | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    status: str | None = None
    source: str | None = None
    applied: Decimal | None = None
    unapplied: Decimal | None = None
    parts: tuple[Decimal, ...] | None = None


class Example(Strict, frozen=True, kw_only=True):
    """One example, or one variant of it."""

    id: str
    source: str
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    note: str = ""
    left_out: str = ""
    rules: BillingRules = BillingRules()
    items: tuple[str, ...] = ()
    quantities: tuple[Decimal, ...] = ()
    draft: bool = False
    charges: tuple[Decimal | dict[str, Any], ...] = ()
    tax_codes: dict[str, TaxCode] = msgspec.field(default_factory=dict)
    start: date = date(2021, 1, 1)
    payment_term: str = "Due Upon Receipt"


FILES = [Path(__file__).with_name("examples") / "documents.yaml"]
EXAMPLES = [example for file in FILES for example in msgspec.convert(content.read_yaml(file), list[Example])]
TERMS = MemoTerms(
    account_id="account", currency="USD", memo_date=NOW.date(), now=NOW, source="AdhocFromInvoice"
)


class Desk:
    """Does what an example says, and remembers the invoice and what was made of it."""

    def __init__(self, example: Example, customer: "Customer") -> None:
        self.rules = example.rules
        self.customer = customer
        self.papers = Papers()
        self.memos: list[CreditMemo] = []
        self.made: tuple[Any, ...] = ()
        self.total = Decimal(0)
        self.invoice: Invoice = self.papers.taxed_invoice(
            *example.items, status="Draft" if example.draft else "Posted"
        )
        for item, quantity in zip(self.invoice.items, example.quantities, strict=False):
            more = replace(item, quantity=quantity, unit_price=item.amount / quantity)
            items = tuple(more if one is item else one for one in self.invoice.items)
            self.invoice = replace(self.invoice, items=items)

    def perform(self, step: Step) -> None:
        if step.cancel:
            self.customer.cancel(step.cancel)
        if step.bill:
            owed = self.customer.bill(step.bill)
            head = self.customer.heading(step.invoice_date or step.bill)
            self.total, self.made = owed.total, documents(owed, head, self.customer, self.rules)
            self.invoice = next((one for one in self.made if isinstance(one, Invoice)), self.invoice)
            self.memos += [one for one in self.made if isinstance(one, CreditMemo)]
        if step.standalone:
            day = step.invoice_date or NOW.date()
            wanted = [StandaloneItem(name="Cable", amount=step.standalone, start=day)]
            items = standalone_items(wanted, "USD", self.papers, NOW)
            self.invoice = standalone_invoice(items, self.customer.heading(day, post=False), self.papers)
        if step.pay:
            self.invoice, _ = settle(self.invoice, Application(step.pay), NOW, credit=False)
        if step.billed_credit:
            self.memos.append(self.papers.credit_memo(str(step.billed_credit), source="BillRun"))
        if step.credit:
            self.credit(step)
        self.move(step)

    def credit(self, step: Step) -> None:
        said = step.credit_taxes or (step.credit_tax and (step.credit_tax,))
        wanted = [
            Portion(
                self.item(key).id,
                amount,
                taxes={tax.id: one for tax, one in zip(self.item(key).tax_items, said, strict=True)}
                if said
                else None,
                inclusive=step.inclusive,
            )
            for key, amount in (step.credit or {}).items()
        ]
        items = portions_of(self.invoice, wanted, self.papers, NOW, self.rules)
        by_hand = {portion.item_id for portion in wanted if portion.taxes is not None}
        check_credit(self.available, items, self.rules, by_hand)
        terms = replace(TERMS, invoice_id=self.invoice.id, post=not step.as_draft)
        self.memos.append(credit_memo(items, terms, self.papers))

    def item(self, key: str) -> DocumentItem:
        """Return an item of the invoice: item-1 is its first."""
        return self.invoice.items[int(key.removeprefix("item-")) - 1]

    def move(self, step: Step) -> None:
        if step.apply:
            part = Application(step.apply)
            self.memos[-1], self.invoice = apply_memo(self.memos[-1], self.invoice, part, self.papers, NOW)
        if step.unapply:
            self.memos[-1], self.invoice = unapply_memo(self.memos[-1], self.invoice, step.unapply, NOW)
        if step.reverse or step.write_off:
            take_back = reverse if step.reverse else write_off
            memo, self.invoice = take_back(self.invoice, TERMS, self.rules, self.papers)
            self.memos.append(memo)
        if step.split:
            day = self.invoice.invoice_date
            splits = [Split(share, day, day, None) for share in step.split]
            self.made = split(self.invoice, splits, self.papers)

    @property
    def available(self) -> Available:
        return available_to_credit(self.invoice, self.memos, [self.invoice], self.rules)

    def found(self, step: Step) -> dict[str, Any]:
        """Return what is so now, by the names of the steps."""
        invoice, memo = self.invoice, self.memos[-1] if self.memos else None
        return {
            "total": self.total,
            "documents": tuple({one.kind: one.amount} for one in self.made),
            "last_item": invoice.items[-1].amount if invoice.items else None,
            "due": invoice.due_date,
            "amount": invoice.amount,
            "balance": invoice.balance,
            "paid": invoice.paid,
            "invoice_status": invoice.status,
            "item_balances": tuple(item_balances(invoice).values()),
            "available": self.available.whole,
            "available_of": {key: self.available.items[self.item(key).id] for key in step.available_of or ()},
            "parts": tuple(one.amount for one in self.made),
            **({} if memo is None else _of_memo(memo)),
        }


def _of_memo(memo: CreditMemo) -> dict[str, Any]:
    first = memo.items[0] if memo.items else None
    return {
        "memo": memo.amount,
        "memo_items": tuple(amount for _, amount in amounts(memo.items)),
        "memo_types": tuple(item.processing_type for item in memo.items),
        "quantity": first and first.quantity,
        "unit_price": first and first.unit_price,
        "status": memo.status,
        "source": memo.source,
        "applied": memo.applied,
        "unapplied": memo.unapplied,
    }


DEEDS = frozenset(Step.__struct_fields__[: Step.__struct_fields__.index("total")])


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_a_documented_example_comes_out_as_printed(
    example: Example, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer(rules=example.rules, tax_codes=example.tax_codes)
    one.account = replace(one.account, payment_term=example.payment_term)
    if example.charges:
        bought = ({"price": one} if isinstance(one, Decimal) else one for one in example.charges)
        one.subscribe(*(sold(**terms) for terms in bought), start=example.start)
    desk = Desk(example, one)
    for step in example.steps:
        with pytest.raises(RuleError) if step.refused else nullcontext():
            desk.perform(step)
        found = desk.found(step)
        for name in Step.__struct_fields__:
            printed = getattr(step, name)
            if name not in DEEDS and printed is not None:
                assert found[name] == printed, name


def test_no_example_is_told_twice() -> None:
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)
