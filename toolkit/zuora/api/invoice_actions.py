"""/v1/invoices: post, unpost, cancel, delete, split, reverse and write off invoices."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.splitting import SplitType
from toolkit.billing.writeoffs import write_off
from toolkit.zuora.api._batches import check_size, each
from toolkit.zuora.api._jobs import note, show_operation
from toolkit.zuora.api._memo_request import TakingBack
from toolkit.zuora.api._memo_showing import show_applications
from toolkit.zuora.api.invoices import show_invoice
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Body, Nothing
from toolkit.zuora.documents import reversals
from toolkit.zuora.documents.bills import posted_on
from toolkit.zuora.documents.invoice_splits import Wanted, parts_with, split_up
from toolkit.zuora.documents.postings import put_posted
from toolkit.zuora.documents.withdrawals import (
    delete_invoice,
    related,
    unpost_all,
    withdraw,
)
from toolkit.zuora.state.world import Change

_POST = 592100


class Posting(Body, frozen=True):
    """How to post."""

    invoice_date: date | None = None


class PostedInvoice(Body, frozen=True):
    """An invoice to post."""

    id: str
    invoice_date: date | None = None


class BulkPosting(Body, frozen=True):
    """Several invoices to post."""

    invoices: tuple[PostedInvoice, ...]


class SplitPart(Body, frozen=True):
    """One of the invoices that another is split into; which of the two it says depends on the type."""

    invoice_date: date
    payment_term: str
    split_percentage: Decimal | None = None
    split_amount: Decimal | None = None


class Splitting(Body, frozen=True):
    """How to split an invoice."""

    splits: tuple[SplitPart, ...]
    split_type: SplitType = "Percentage"


def post_invoice(call: Call) -> Reply:
    """Post a draft, and what belongs to it."""
    said: Posting = call.body
    change = Change(call.world)
    put_posted(change, posted_on(call.world, _invoice(call), said.invoice_date))
    return _done(call, change)


def post_several(call: Call) -> Reply:
    """Post drafts; each succeeds or fails by itself, and the answer is a success. Source: recorded."""
    said: BulkPosting = call.body
    check_size(said.invoices, "invoices")

    def one(change: Change, wanted: PostedInvoice) -> dict[str, Any]:
        invoice = change.table("invoices").find(wanted.id)
        put_posted(change, posted_on(call.world, invoice, wanted.invoice_date))
        return {"id": invoice.id}

    answers, world = each(call.world, said.invoices, _POST, one)
    return Reply({"invoices": answers, "success": True}, world)


def unpost_invoice(call: Call) -> Reply:
    """Make a posted invoice a draft again. Source: Zuora, unpost an invoice, restrictions."""
    invoice = _invoice(call)
    owner, world = invoice.account_id, call.world
    memos = [(one.number, one.invoice_id, one.status) for one in world.credit_memos.of(owner)]
    memos += [(one.number, one.invoice_id, one.status) for one in world.debit_memos.of(owner)]
    for number, source, status in memos:
        if source == invoice.id and status != "Canceled":
            raise RuleError(f"The invoice {invoice.number} cannot be unposted: {number} was made from it.")
    change = Change(world)
    unpost_all(change, invoice)
    draft, account = change.table("invoices").find(invoice.id), world.accounts.find(owner)
    return Reply({"invoice": show_invoice(draft, account), "success": True}, change.world)


def cancel_invoice(call: Call) -> Reply:
    """Cancel a draft; what it billed can be billed again."""
    change = Change(call.world)
    withdraw(change, _invoice(call))
    return _done(call, change)


def delete(call: Call) -> Reply:
    """Delete a draft or a cancelled invoice."""
    change, invoice = Change(call.world), _invoice(call)
    delete_invoice(change, invoice)
    return Reply(show_operation(note(change, "Delete", invoice.id, "Invoice")), change.world)


def split_invoice(call: Call) -> Reply:
    """Split a draft into several; it stays, with the status Split. Source: Zuora, split invoices overview."""
    said: Splitting = call.body
    world, change, invoice = call.world, Change(call.world), _invoice(call)
    wanted = (Wanted(_part(one, said.split_type), one.invoice_date, one.payment_term) for one in said.splits)
    made = split_up(change, invoice, wanted, said.split_type)
    change.put(replace(invoice, status="Split", marks=(), updated=world.now))
    account = world.accounts.find(invoice.account_id)
    return Reply(_completed(invoice, invoices=[show_invoice(one, account) for one in made]), change.world)


def _part(said: SplitPart, kind: SplitType) -> Decimal:
    return needed(said.split_percentage if kind == "Percentage" else said.split_amount, f"split{kind}")


def _completed(invoice: Invoice, **more: object) -> dict[str, object]:
    return {"id": invoice.id, "jobStatus": "Completed", **more, "success": True}


def reverse_invoice(call: Call) -> Reply:
    """Reverse an invoice by a credit memo that settles it; what it billed can be billed again.

    The other parts of an invoice that was split are reversed with it. A credit memo of the same charges
    that the same bill made is reversed too, by a debit memo.
    Source: Zuora, reverse invoices; reverse split invoices; reversing an invoice with discount charges.
    """
    said: TakingBack = call.body
    world, change, invoice = call.world, Change(call.world), _invoice(call)
    terms = said.terms(invoice.account_id, invoice.currency, world, "AdhocFromInvoice")
    by_credit = replace(terms, reason=terms.reason or reversals.INVOICE)
    by_debit = replace(terms, source="AdhocFromCreditMemo", reason=reversals.CREDIT_MEMO)
    parts = tuple(parts_with(change, invoice))
    for part in parts:
        _check_date(said, part)
    credits_ = [one for one in related(change, invoice) if isinstance(one, CreditMemo)]
    done = reversals.reverse_all(change, parts, credits_, by_credit, by_debit)
    memos = [{"id": key} for key in done.credit_memos]
    made: dict[str, object] = {"creditMemo": memos[0], "creditMemos": memos}
    for key in done.debit_memos:
        made["debitMemo"] = {"id": key}
    return Reply(_completed(invoice, **made), change.world)


def write_off_invoice(call: Call) -> Reply:
    """Write off what is open of an invoice by a credit memo that settles it."""
    change = Change(call.world)
    memo = write_off_posted(change, _invoice(call), call.body)
    return Reply({"creditMemo": {"id": memo.id}, "success": True}, change.world)


def write_off_posted(change: Change, invoice: Invoice, said: TakingBack) -> CreditMemo:
    """Put the credit memo that writes an invoice off, and the invoice, into the change."""
    world = change.world
    terms = said.terms(invoice.account_id, invoice.currency, world, "AdhocFromInvoice")
    terms = replace(terms, invoice_id=invoice.id, bill_to_id=invoice.bill_to_id)
    _check_date(said, invoice)
    memo, settled = write_off(
        invoice, replace(terms, reason=terms.reason or "Write-off"), world.rules, change
    )
    change.put(memo)
    change.put(settled)
    return memo


def _check_date(said: TakingBack, invoice: Invoice) -> None:
    if said.memo_date is not None and said.memo_date < invoice.invoice_date:
        raise InvalidValueError(f"'memoDate' should not be before the invoice date, {invoice.invoice_date}.")


def list_applications(call: Call) -> Reply:
    """Show which payments and credit memos are applied to an invoice."""
    invoice = _invoice(call)
    return listing(call, "applicationParts", show_applications(invoice.id, invoice.account_id, call.world))


def _invoice(call: Call) -> Invoice:
    return call.world.invoices.find(call.path["invoice-key"])


def _done(call: Call, change: Change) -> Reply:
    """Answer as a job that is over already. Source: the official SDK, AsyncOperationResponse."""
    job = {"id": _invoice(call).id, "jobStatus": "Completed"}
    return Reply({**job, "success": True}, change.world)


_ONE = "/v1/invoices/{invoice-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/invoices/bulk-post", post_several, BulkPosting, resource=_POST),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("PUT", f"{_ONE}/post", post_invoice, Posting, resource=_POST),
    Endpoint("PUT", f"{_ONE}/unpost", unpost_invoice, Nothing, resource=_POST),
    Endpoint("PUT", f"{_ONE}/cancel", cancel_invoice, Nothing, resource=_POST),
    Endpoint("PUT", f"{_ONE}/split", split_invoice, Splitting, resource=_POST),
    Endpoint("PUT", f"{_ONE}/reverse", reverse_invoice, TakingBack, resource=_POST),
    Endpoint("PUT", f"{_ONE}/write-off", write_off_invoice, TakingBack, resource=_POST),
    Endpoint("GET", f"{_ONE}/application-parts", list_applications),
)
