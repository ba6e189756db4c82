"""Withdrawals: invoices that are cancelled or deleted, so that what they billed can be billed again."""

from toolkit.billing.billruns import unbill
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import cancel
from toolkit.zuora.invoice_schedules import reopen
from toolkit.zuora.line_items import unbill_line_items
from toolkit.zuora.usages import release
from toolkit.zuora.world import Change, World


def withdraw(change: Change, world: World, invoice: Invoice) -> Invoice:
    """Cancel a draft, and take back what it marked as billed.

    Raises:
        RuleError: It is no draft, no bill run has made it, or something was billed again since.
    """
    cancelled = cancel(invoice, world.now)
    numbers = {item.subscription_number for item in invoice.items}
    billed = sorted(number for number in numbers if number is not None)
    run = world.bill_runs.get(invoice.source_id or "")
    if billed and run is None:
        raise RuleError(f"Canceling {invoice.number}, which no bill run has made, is not simulated yet.")
    marks = {mark.charge_id: mark for mark in run.marks} if run else {}
    charges = {item.charge_id for item in invoice.items}
    moved = {key: mark for key, mark in marks.items() if key in charges}
    for number in billed:
        change.put(unbill(change.table("subscriptions").find(number), moved))
    release(change, invoice.items)
    unbill_line_items(change, invoice.items)
    reopen(change, invoice)
    change.put(cancelled)
    return cancelled


def delete_invoice(change: Change, invoice: Invoice) -> None:
    """Delete a draft or a cancelled invoice.

    Raises:
        RuleError: It is posted, or a draft that cannot be cancelled.
    """
    if invoice.status == "Posted":
        raise RuleError("Only invoices with Draft or Canceled status can be deleted.")
    if invoice.status == "Draft":
        invoice = withdraw(change, change.world, invoice)
    change.drop(invoice)
