"""Sheets: what the printed form of a billing document says, in words and figures."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import VOID, DocumentItem
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, smallest_unit
from toolkit.zuora.state.world import World

Document = Invoice | CreditMemo | DebitMemo

Pair = tuple[str, str]
"""A label and what stands beside it."""


class Row(msgspec.Struct, frozen=True):
    """An item of the document; `note` stands below what it is called."""

    name: str
    note: str
    period: str
    quantity: str
    price: str
    tax: str
    amount: str


class Sheet(msgspec.Struct, frozen=True):
    """A document, ready to be set.

    Attributes:
        title: What kind of document it is.
        status: Printed in bold unless it is Posted.
        address: Lines.
        facts: Numbers, dates and terms.
        totals: From the sum of the items to `due`, the last line of it.
        made: When it was made.
    """

    title: str
    number: str
    status: str
    currency: str
    address: tuple[str, ...]
    facts: tuple[Pair, ...]
    rows: tuple[Row, ...]
    totals: tuple[Pair, ...]
    due: Pair
    remark: str
    made: datetime


def sheet(world: World, document: Document, status: str, settled: Decimal, made: datetime) -> Sheet:
    """Return what is printed of a document.

    Args:
        world: Has its account and contacts.
        document: As it is now.
        status: As it was when the file was made.
        settled: What was settled of it then: paid, credited, applied or refunded.
        made: When that was.
    """
    account = world.accounts.find(document.account_id)
    contact = world.contacts.get(document.bill_to_id or account.bill_to_id or "")
    unit, tax = smallest_unit(document.currency), sum((item.tax_amount for item in document.items), ZERO)
    totals = [("Subtotal", money(document.amount - tax, unit)), *_taxes(document.items, unit)]
    totals.append(("Total", money(document.amount, unit)))
    if settled:
        word = "Applied and refunded" if isinstance(document, CreditMemo) else "Payments and credits"
        totals.append((word, money(-settled, unit)))
    left = ZERO if status in VOID else document.amount - settled
    return Sheet(
        title=document.kind.title(),
        number=document.number,
        status=status,
        currency=document.currency,
        address=tuple(_address(account, contact)),
        facts=tuple(_facts(document, account)),
        rows=tuple(_row(item, unit) for item in document.items),
        totals=tuple(totals),
        due=(
            "Unapplied amount" if isinstance(document, CreditMemo) else "Balance due",
            f"{document.currency} {money(left, unit)}",
        ),
        remark=(document.comments if isinstance(document, Invoice) else document.comment) or "",
        made=made,
    )


def money(amount: Decimal, unit: Decimal) -> str:
    """Return an amount with the decimal places of its currency, or more if it has more: -1,234.50."""
    exact = amount.normalize()
    return f"{amount.quantize(unit) if exact == exact.quantize(unit) else exact:,f}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _address(account: Account, contact: Contact | None) -> Iterator[str]:
    yield account.name
    if contact is not None:
        city = " ".join(part for part in (contact.city, contact.state, contact.zip_code) if part)
        lines = (
            f"{contact.first_name} {contact.last_name}",
            *(contact.address1, contact.address2, city, contact.country),
            contact.work_email or contact.personal_email,
        )
        yield from (line for line in lines if line)
    if account.tax_info and account.tax_info.vat_id:
        yield f"VAT {account.tax_info.vat_id}"


def _facts(document: Document, account: Account) -> Iterator[Pair]:
    title = document.kind.capitalize()
    yield f"{title} number", document.number
    if isinstance(document, Invoice):
        yield "Invoice date", _day(document.invoice_date)
        yield "Due date", _day(document.due_date)
        yield "Payment terms", document.payment_term or account.payment_term
    else:
        yield "Date", _day(document.memo_date)
        if isinstance(document, DebitMemo):
            yield "Due date", _day(document.due_date)
        if document.reason:
            yield "Reason", document.reason
    yield "Account number", account.number
    if account.purchase_order_number:
        yield "Purchase order", account.purchase_order_number
    yield "Currency", document.currency


def _row(item: DocumentItem, unit: Decimal) -> Row:
    notes = (item.product_name, item.description, item.subscription_number)
    uom = f" {item.uom}" if item.uom else ""
    priced = bool(item.unit_price) or not item.amount  # a discount has no price of its own
    return Row(
        name=item.charge_name,
        note=" · ".join(note for note in notes if note),
        period=_day(item.start) if item.start == item.end else f"{_day(item.start)} - {_day(item.end)}",
        quantity=f"{item.quantity.normalize():,f}{uom}" if priced else "",
        price=money(item.unit_price, unit) if priced else "",
        tax=money(item.tax_amount, unit),
        amount=money(item.amount, unit),
    )


def _taxes(items: Sequence[DocumentItem], unit: Decimal) -> Iterator[Pair]:
    """Yield the sum of each tax, in the order in which they first appear."""
    sums: dict[str, Decimal] = {}
    for item in items:
        for tax in item.tax_items:
            sums[tax.tax.name] = sums.get(tax.tax.name, ZERO) + tax.amount
    for name, amount in sums.items():
        yield name or "Tax", money(amount, unit)
