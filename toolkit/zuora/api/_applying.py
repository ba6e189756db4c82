"""What of a payment is to go to which invoices and debit memos, or to come back from them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from toolkit.billing.allocation import Application
from toolkit.billing.charging import Wanted
from toolkit.billing.parts import ItemAmount
from toolkit.billing.payments import Payment, unapply_payment
from toolkit.billing.rules import AllocationRule
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.types import TABLES
from toolkit.zuora.state.world import Change, World


class InvoiceItemPart(Body, frozen=True):
    """How much goes to which item of an invoice, or to its tax item."""

    amount: Decimal
    invoice_item_id: str | None = None
    tax_item_id: str | None = None

    @property
    def key(self) -> str | None:
        """The id of the item or of the tax item."""
        return self.tax_item_id or self.invoice_item_id


class InvoicePart(Body, frozen=True):
    """How much goes to which invoice."""

    amount: Decimal
    invoice_id: str | None = None
    invoice_number: str | None = None
    items: tuple[InvoiceItemPart, ...] = ()

    @property
    def key(self) -> str | None:
        """The id or the number of the invoice."""
        return self.invoice_id or self.invoice_number


class DebitMemoItemPart(Body, frozen=True):
    """How much goes to which item of a debit memo, or to its tax item."""

    amount: Decimal
    debit_memo_item_id: str | None = None
    tax_item_id: str | None = None

    @property
    def key(self) -> str | None:
        """The id of the item or of the tax item."""
        return self.tax_item_id or self.debit_memo_item_id


class DebitMemoPart(Body, frozen=True):
    """How much goes to which debit memo."""

    amount: Decimal
    debit_memo_id: str | None = None
    debit_memo_number: str | None = None
    items: tuple[DebitMemoItemPart, ...] = ()

    @property
    def key(self) -> str | None:
        """The id or the number of the debit memo."""
        return self.debit_memo_id or self.debit_memo_number


class Said(Protocol):
    """A request body that names invoices and debit memos."""

    @property
    def invoices(self) -> tuple[InvoicePart, ...]:
        """The parts of invoices."""

    @property
    def debit_memos(self) -> tuple[DebitMemoPart, ...]:
        """The parts of debit memos."""


def wanted(change: Change, said: Said, rule: AllocationRule) -> Iterator[Wanted]:
    """Yield the documents that a request names, and how much of them it is about.

    Raises:
        MissingValueError: A document or an item is not named.
        NotFoundError: There is no such document.
    """
    for table, field, parts in (
        ("invoices", "invoices.invoiceId", said.invoices),
        ("debit_memos", "debitMemos.debitMemoId", said.debit_memos),
    ):
        for part in parts:
            key, items = needed(part.key, field), tuple(_items(part.items)) or None
            yield Wanted(change.table(table).find(key), Application(part.amount, items, rule))


def _items(parts: Iterable[InvoiceItemPart | DebitMemoItemPart]) -> Iterator[ItemAmount]:
    for part in parts:
        yield ItemAmount(needed(part.key, "items.invoiceItemId"), part.amount)


def unapply(change: Change, world: World, payment: Payment, said: Said) -> Payment:
    """Take a payment back from what a request names, or from everything if it names nothing.

    Raises:
        BillingError: Less is applied to a document, or to an item, than is to come back.
    """
    back = tuple(wanted(change, said, "FIFO")) or tuple(_everything(change, payment))
    for debt, application in back:
        latest = change.table(TABLES[debt.kind]).find(debt.id)
        amount, items, _ = application
        payment, freed = unapply_payment(payment, latest, amount, world.now, items)
        change.put(freed)
    change.put(payment)
    return payment


def _everything(change: Change, payment: Payment) -> Iterator[Wanted]:
    for part in payment.parts:
        yield Wanted(change.table(TABLES[part.kind]).find(part.document_id), Application(part.amount))


def unapply_first(change: Change, world: World, payment: Payment, amount: Decimal) -> Payment:
    """Take `amount` of a payment back from what it was applied to first, or all of it if there is less."""
    for part in payment.parts:
        if amount <= 0:
            break
        debt = change.table(TABLES[part.kind]).find(part.document_id)
        payment, freed = unapply_payment(payment, debt, min(part.amount, amount), world.now)
        change.put(freed)
        amount -= part.amount
    change.put(payment)
    return payment
