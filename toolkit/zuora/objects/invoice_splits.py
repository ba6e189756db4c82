"""InvoiceSplit and InvoiceSplitItem: made by actions to be executed; nobody changes or deletes them."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.accounts import check_payment_term
from toolkit.billing.money import check_positive
from toolkit.billing.splitting import InvoiceSplit, InvoiceSplitItem
from toolkit.zuora.objects._writing import Fields, Writer, found, given
from toolkit.zuora.state.world import Change


class SplitFields(Fields, frozen=True):
    """What is said of a split. Source: Zuora, InvoiceSplit."""

    invoice_id: str | None = None


class ItemFields(Fields, frozen=True):
    """What is said of one of the invoices to be. Source: Zuora, InvoiceSplitItem."""

    invoice_split_id: str | None = None
    invoice_date: date | None = None
    split_percentage: Decimal | None = None
    payment_term: str | None = None


def create_split(change: Change, fields: SplitFields) -> str:
    """Say that an invoice is to be split."""
    invoice = found(change, "invoices", given(fields.invoice_id, "InvoiceId"), "create")
    now = change.before.now
    made = InvoiceSplit(id=change.id(), invoice_id=invoice.id, created=now, updated=now)
    change.put(made)
    return made.id


def create_item(change: Change, fields: ItemFields) -> str:
    """Say what one of the invoices is to be."""
    split: InvoiceSplit = found(
        change, "invoice_splits", given(fields.invoice_split_id, "InvoiceSplitId"), "create"
    )
    percentage = given(fields.split_percentage, "SplitPercentage")
    check_positive(percentage)
    if fields.payment_term is not None:
        check_payment_term(fields.payment_term, change.before.payment_terms)
    now = change.before.now
    item = InvoiceSplitItem(
        id=change.id(),
        invoice_date=given(fields.invoice_date, "InvoiceDate"),
        percentage=percentage,
        payment_term=fields.payment_term,
        created=now,
        updated=now,
    )
    change.put(replace(split, items=(*split.items, item), updated=now))
    return item.id


WRITERS = (
    Writer("InvoiceSplit", SplitFields, create=create_split),
    Writer("InvoiceSplitItem", ItemFields, create=create_item),
)
