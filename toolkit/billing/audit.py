"""The audit: what must hold of all documents of an account together, and which of them break it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from toolkit.billing.accounts import Balances
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import VOID, DocumentItem, total
from toolkit.billing.invoices import Invoice
from toolkit.billing.ledger import Document, LedgerAccount, entries, net
from toolkit.billing.money import ZERO
from toolkit.billing.parts import ENGINE
from toolkit.billing.payments import Payment
from toolkit.billing.rules import BillingRules
from toolkit.billing.stubs import bills_stubs
from toolkit.billing.subscriptions import Charge, Subscription

_DAY = timedelta(days=1)


class Books(NamedTuple):
    """The documents of an account, or of several."""

    invoices: Sequence[Invoice] = ()
    debit_memos: Sequence[DebitMemo] = ()
    credit_memos: Sequence[CreditMemo] = ()
    payments: Sequence[Payment] = ()

    @property
    def debts(self) -> Iterator[Invoice | DebitMemo]:
        """What the account owes."""
        yield from self.invoices
        yield from self.debit_memos

    @property
    def funds(self) -> Iterator[CreditMemo | Payment]:
        """What can be applied to that."""
        yield from self.credit_memos
        yield from self.payments

    @property
    def documents(self) -> Iterator[Document]:
        """All of them."""
        yield from self.debts
        yield from self.funds


def misstated(books: Books) -> Iterator[str]:
    """Yield the documents whose entries or whose items do not add up."""
    for document in books.documents:
        if net(entries(document)):
            yield f"{document.number} posts {net(entries(document))} more debit than credit"
        if not isinstance(document, Payment) and document.amount != total(document.items):
            yield f"{document.number} is of {document.amount}, its items are of {total(document.items)}"


def misapplied(books: Books) -> Iterator[str]:
    """Yield what is wrong with what was applied of documents and to them."""
    for source in books.funds:
        if source.unapplied < 0:
            yield f"{source.number} is applied beyond its amount, by {-source.unapplied}"
    paid, credited = _parts(books.payments), _parts(books.credit_memos)
    for debt in books.debts:
        if (debt.paid, debt.credited) != (paid.pop(debt.id, ZERO), credited.pop(debt.id, ZERO)):
            yield f"{debt.number} is paid and credited otherwise than payments and credit memos say"
        if debt.paid + debt.credited != sum(debt.settled.values(), ZERO):
            yield f"{debt.number} is settled by other amounts than its items"
    for key in chain(paid, credited):
        yield f"something is applied to {key}, which is not there"


def _parts(sources: Iterable[Payment | CreditMemo]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for source in sources:
        for part in source.parts:
            sums[part.document_id] += part.amount
    return sums


def misbalanced(books: Books, balances: Balances) -> Iterator[str]:
    """Yield what is wrong with an account's balance: the ledger's receivables less what is unapplied."""
    posted = [entry for document in books.documents for entry in entries(document)]
    expected: dict[LedgerAccount, Decimal] = {
        "Accounts Receivable": balances.invoices + balances.debit_memos,
        "Unapplied Credits": -balances.unapplied_credit,
        "Unapplied Payments": -balances.unapplied_payments,
    }
    for account, shown in expected.items():
        found = net(posted, account)
        if shown != found:
            yield f"{account} is {found} in the ledger and {shown} in the account's balance"


def billed_twice(books: Books) -> Iterator[str]:
    """Yield the charges of which a day is billed twice, or given back without having been billed.

    What somebody credits or debits by hand, from an item or without a subscription, changes no charge.
    Invoice schedules divide the price of a charge, and with it its days: a day may have two items. Usage
    that comes late is billed on demand with days that are billed: of usage the last day counts.
    """
    turns: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    billed = list(_billed(books))
    for item, sign in billed:
        first = item.end if item.charge_type == "Usage" else item.start
        turns[str(item.charge_number)][first] += sign
        turns[str(item.charge_number)][item.end + _DAY] -= sign
    for number in {str(item.charge_number) for item, _ in billed if item.scheduled}:
        del turns[number]
    for number, days in turns.items():
        level = 0
        for day in sorted(days):
            level += days[day]
            if level not in {0, 1}:
                yield f"the charge {number} is billed {level} times on {day}"


def billed_outside(
    books: Books, find: Callable[[str], Subscription | None], rules: BillingRules
) -> Iterator[str]:
    """Yield the items whose service period is none of their charge's segment.

    Args:
        books: The documents.
        find: Returns a version of a subscription by its id, or None if that is gone.
        rules: The tenant's.
    """
    for item, sign in _billed(books):
        version = find(item.subscription_id or "") if sign > 0 else None
        charges = version.charges if version else ()
        for charge in charges:
            if charge.id == item.charge_id and version and not _served(version, charge, item, rules):
                yield f"{item.charge_name} bills {item.start} to {item.end}, its charge has other days"


def _served(version: Subscription, charge: Charge, item: DocumentItem, rules: BillingRules) -> bool:
    """Tell whether a segment has the days of an item: beyond them, only what its term or a pause cuts off.

    Charges that bill whole periods for parts of them bill more or less than their days.
    """
    if not bills_stubs(charge, rules):
        return True
    end = charge.effective_end or date.max
    cut = {version.term_end, *(pause.start for pause in version.suspensions)}
    return charge.effective_start <= item.start < end and (item.end < end or end in cut)


def _billed(books: Books) -> Iterator[tuple[DocumentItem, int]]:
    """Yield what bills have billed of charges of subscriptions (1) and given back (-1).

    Of the parts into which an invoice was split, the first stands for all.
    """
    split: set[str] = set()
    for document in books.documents:
        if isinstance(document, Payment | DebitMemo) or document.status in VOID:
            continue
        engine = isinstance(document, CreditMemo) and document.source in ENGINE
        for item in document.items:
            source = None if engine else item.source_item_id
            if source is not None and isinstance(document, Invoice) and document.split_from is not None:
                source = None if source not in split else source
                split.add(item.source_item_id or "")
            ours = item.subscription_number is not None and source is None
            if ours and item.processing_type == "Charge" and item.quantity:
                positive = (item.quantity > 0) == isinstance(document, Invoice)
                yield item, 1 if positive else -1
