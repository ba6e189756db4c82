"""Taxing: tax items that clients write, found in whichever document has them."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, NamedTuple, TypeVar

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import NotFoundError
from toolkit.billing.invoices import Invoice
from toolkit.billing.taxcodes import Tax, TaxItem, TaxMode
from toolkit.billing.taxing import retax
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.types import TABLES
from toolkit.zuora.state.identities import with_id
from toolkit.zuora.state.world import Change, World

Taxed = Invoice | CreditMemo | DebitMemo

Value = TypeVar("Value")


class TaxChange(Body, frozen=True, kw_only=True):
    """New values for some fields of a tax item; a rate is a fraction, 0.2 for twenty percent."""

    harmless: ClassVar[frozenset[str]] = frozenset({"financeInformation"})

    name: str | None = None
    jurisdiction: str | None = None
    tax_amount: Decimal | None = None
    tax_rate: Decimal | None = None
    tax_rate_type: Literal["Percentage", "FlatFee"] | None = None
    tax_rate_description: str | None = None
    tax_code: str | None = None
    tax_code_description: str | None = None
    tax_date: date | None = None
    location_code: str | None = None
    country: str | None = None
    exempt_amount: Decimal | None = None
    applicable_tax_un_rounded: Decimal | None = None


class NewTax(TaxChange, frozen=True, kw_only=True):
    """A tax item to create."""

    name: str
    jurisdiction: str
    tax_amount: Decimal
    tax_rate: Decimal
    tax_rate_type: Literal["Percentage", "FlatFee"]
    tax_mode: TaxMode = "TaxExclusive"


class Found(NamedTuple):
    """A tax item with its item and document."""

    document: Taxed
    item: DocumentItem
    tax: TaxItem


def find_tax(world: World, key: str) -> Found:
    """Return the tax item with this id.

    Raises:
        NotFoundError: There is none.
    """
    for document in (one for table in TABLES.values() for one in getattr(world, table).of(key)):
        for item in document.items:
            for tax in item.tax_items:
                if tax.id == key:
                    return Found(document, item, tax)
    raise NotFoundError(key)


def add(change: Change, document: Taxed, item: DocumentItem, said: NewTax, source: str | None) -> Found:
    """Put a document with one more tax item into the change.

    Raises:
        BillingError: It is no draft, or the tax is none.
    """
    blank = TaxItem(
        id=change.id(),
        tax=Tax(name=said.name, rate=said.tax_rate),
        code="",
        code_description="",
        mode=said.tax_mode,
        country=None,
        tax_date=document.memo_date if not isinstance(document, Invoice) else document.invoice_date,
        start=item.start,
        end=item.end,
        taxable_amount=item.amount,
        amount=said.tax_amount,
        unrounded=said.tax_amount,
        source_id=source,
    )
    tax = _changed(blank, said)
    return _put(change, document, item, tax, (*item.tax_items, tax))


def amend(change: Change, found: Found, said: TaxChange) -> Found:
    """Put a document with new values for some fields of a tax item into the change.

    Raises:
        BillingError: It is no draft, or the tax is none.
    """
    tax = _changed(found.tax, said)
    taxes = tuple(tax if one.id == tax.id else one for one in found.item.tax_items)
    return _put(change, found.document, found.item, tax, taxes)


def remove(change: Change, found: Found) -> None:
    """Put a document without a tax item into the change.

    Raises:
        RuleError: It is no draft.
    """
    taxes = tuple(one for one in found.item.tax_items if one.id != found.tax.id)
    _put(change, found.document, found.item, found.tax, taxes)


def _put(
    change: Change, document: Taxed, item: DocumentItem, tax: TaxItem, taxes: tuple[TaxItem, ...]
) -> Found:
    taxed = retax(document, item.id, taxes, change.before.now)
    change.put(taxed)
    return Found(taxed, with_id(taxed.items, item.id), tax)


def _changed(item: TaxItem, said: TaxChange) -> TaxItem:
    def kept(value: Value | None, former: Value) -> Value:
        return former if value is None else value

    tax = item.tax
    return replace(
        item,
        tax=Tax(
            name=kept(said.name, tax.name),
            rate=kept(said.tax_rate, tax.rate),
            type=kept(said.tax_rate_type, tax.type),
            jurisdiction=kept(said.jurisdiction, tax.jurisdiction),
            location_code=kept(said.location_code, tax.location_code),
            description=kept(said.tax_rate_description, tax.description),
        ),
        code=kept(said.tax_code, item.code),
        code_description=kept(said.tax_code_description, item.code_description),
        country=kept(said.country, item.country),
        tax_date=kept(said.tax_date, item.tax_date),
        amount=kept(said.tax_amount, item.amount),
        unrounded=kept(said.applicable_tax_un_rounded, kept(said.tax_amount, item.unrounded)),
        exempt_amount=kept(said.exempt_amount, item.exempt_amount),
    )
