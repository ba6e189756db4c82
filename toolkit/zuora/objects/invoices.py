"""Invoice: posted, cancelled, deleted and described; bills make it, no client does."""

from typing import Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from toolkit.billing.lifecycle import post
from toolkit.zuora.documents.postings import put_posted
from toolkit.zuora.documents.withdrawals import delete_invoice, unpost_all, withdraw
from toolkit.zuora.files.billing_files import generate
from toolkit.zuora.objects._writing import Fields, Writer, found, said
from toolkit.zuora.state.world import Change


class InvoiceFields(Fields, frozen=True):
    """What may be said of an invoice. Source: Zuora, update an invoice by CRUD."""

    status: Literal["Draft", "Posted", "Canceled"] | UnsetType = UNSET
    comments: str | UnsetType | None = UNSET
    regenerate_invoice_pdf: bool | UnsetType | None = field(default=UNSET, name="RegenerateInvoicePDF")


def update(change: Change, identity: str, fields: InvoiceFields) -> None:
    """Describe an invoice, give it the status that it is said to have, or have a new file made of it."""
    told, invoice = said(fields), found(change, "invoices", identity, "update")
    now = change.before.now
    comments = told.values.get("comments", invoice.comments) or ""
    custom = {**invoice.custom_fields, **told.custom}
    changed = replace(invoice, comments=comments, custom_fields=custom, updated=now)
    match told.values.get("status", invoice.status):
        case invoice.status:
            change.put(changed)
        case "Posted":
            put_posted(change, post(changed, now))
        case "Draft":
            unpost_all(change, changed)
        case _:
            withdraw(change, changed)
    if told.values.get("regenerate_invoice_pdf"):
        generate(change, change.table("invoices").find(identity))


def delete(change: Change, identity: str) -> None:
    """Delete a draft or a cancelled invoice."""
    delete_invoice(change, found(change, "invoices", identity, "delete"))


WRITERS = (Writer("Invoice", InvoiceFields, update, delete=delete),)
