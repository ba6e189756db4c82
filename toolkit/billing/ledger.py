"""The ledger: what each document posts to the accounts of the books, debit against credit."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.payments import Payment

LedgerAccount = Literal[
    "Accounts Receivable",
    "Cash",
    "Deferred Revenue",
    "Revenue",
    "Sales Tax Payable",
    "Unapplied Credits",
    "Unapplied Payments",
    "Write-offs",
]
WRITE_OFF = "Write-off"
"""The reason of a memo that takes back no revenue. Source: the official SDK, the default reason code."""

Document = Invoice | DebitMemo | CreditMemo | Payment


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of the ledger, in the document's currency; one of both amounts is 0, neither is negative."""

    account: LedgerAccount
    debit: Decimal
    credit: Decimal


def entries(document: Document) -> tuple[Entry, ...]:
    """Return what a document posts, with what was applied and refunded of it; a draft posts nothing.

    An invoice and a debit memo are owed, a credit memo gives back what one of them has asked for and waits to
    be applied, as a payment does. What a document owes is debited whole, so that its entries balance only if
    its amount is the sum of its items. Source: Zuora, accounting codes; invoice settlement.
    """
    match document:
        case Invoice(status="Posted"):
            posted = _owed(document.amount, document.items, document.invoice_date)
        case DebitMemo(status="Posted"):
            posted = _owed(document.amount, document.items, document.memo_date)
        case CreditMemo(status="Posted"):
            posted = _given(document)
        case Payment(status="Processed"):
            posted = _received(document)
        case _:
            posted = iter(())
    return tuple(posted)


def net(posted: Iterable[Entry], account: LedgerAccount | None = None) -> Decimal:
    """Return debits less credits, of one account or of all, in which case books that balance give 0."""
    chosen = (one for one in posted if account in {None, one.account})
    return sum((one.debit - one.credit for one in chosen), ZERO)


def _owed(amount: Decimal, items: Iterable[DocumentItem], day: date) -> Iterator[Entry]:
    yield _debit("Accounts Receivable", amount)
    for item in items:
        yield _debit(_earned(item, day), -item.amount)
        if item.tax_items:
            yield _debit("Sales Tax Payable", -item.tax_amount)


def _given(memo: CreditMemo) -> Iterator[Entry]:
    yield _debit("Unapplied Credits", -memo.amount)
    for item in memo.items:
        lost = memo.reason == WRITE_OFF
        yield _debit("Write-offs" if lost else _earned(item, memo.memo_date), item.amount)
        if item.tax_items:
            yield _debit("Sales Tax Payable", item.tax_amount)
    yield from _moved(memo.applied, "Unapplied Credits", "Accounts Receivable")
    yield from _moved(memo.refunded, "Unapplied Credits", "Cash")


def _received(payment: Payment) -> Iterator[Entry]:
    yield from _moved(payment.amount, "Cash", "Unapplied Payments")
    yield from _moved(payment.applied, "Unapplied Payments", "Accounts Receivable")
    yield from _moved(payment.refunded, "Unapplied Payments", "Cash")


def _moved(amount: Decimal, debited: LedgerAccount, credited: LedgerAccount) -> Iterator[Entry]:
    if amount:
        yield _debit(debited, amount)
        yield _debit(credited, -amount)


def _debit(account: LedgerAccount, amount: Decimal) -> Entry:
    """Debit an account, or credit it with what is below 0."""
    return Entry(account, max(amount, ZERO), max(-amount, ZERO))


def _earned(item: DocumentItem, day: date) -> LedgerAccount:
    """Return where the price of an item goes: what is to be served after the document's date is deferred.

    Source: an assumption; Zuora leaves it to the accounting codes and the revenue rule of each charge.
    """
    return "Deferred Revenue" if item.end > day else "Revenue"
