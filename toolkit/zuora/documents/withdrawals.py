"""Withdrawals: bills that are taken back, so that what they billed can be billed again."""

from collections.abc import Collection, Iterable
from datetime import date

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import cancel, unpost
from toolkit.billing.prepaid import unroll
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.unbilling import unbill
from toolkit.zuora.documents.invoice_schedules import reopen
from toolkit.zuora.documents.line_items import unbill_line_items
from toolkit.zuora.runs.usages import release
from toolkit.zuora.state.world import Change

Billed = Invoice | CreditMemo


def withdraw(change: Change, document: Billed) -> None:
    """Cancel a draft, those that belong to it, and take back what they marked as billed.

    Source: Zuora, unpost an invoice, for drafts: what happens to one document happens to all that have
    items of the same charges.

    Raises:
        RuleError: One of them is no draft, or something was billed again since.
    """
    cancel_all(change, (document, *related(change, document)))


def cancel_all(change: Change, documents: Iterable[Billed]) -> None:
    """Cancel drafts, and take back what they marked as billed.

    Raises:
        RuleError: One of them is no draft, or something was billed again since.
    """
    take_back(change, [cancel(one, change.before.now) for one in documents])


def take_back(change: Change, documents: Collection[Billed]) -> None:
    """Put documents that do not count any more into the change, and take back what they marked as billed.

    What was made by hand has marked nothing.

    Raises:
        RuleError: Something was billed again since.
    """
    marks = {mark.charge_id: mark for one in documents for mark in one.marks}
    for number in sorted({number for one in documents for number in subscriptions(one)}):
        subscription = unbill(change.table("subscriptions").find(number), marks)
        if subscription.rolled:
            subscription = unroll(subscription, _billed_to(change, subscription, documents))
        change.put(subscription)
    for one in documents:
        change.put(replace(one, marks=()))
        if one.source in _BILLS:
            release(change, one.items)
            unbill_line_items(change, one.items)
            reopen(change, one)


def _billed_to(change: Change, subscription: Subscription, gone: Iterable[Billed]) -> date:
    """Return the target date of the latest bill of a subscription that counts when these do not."""
    ids = {one.id for one in gone}
    days = (
        one.target_date
        for table in ("invoices", "credit_memos")
        for one in change.table(table).of(subscription.invoice_owner_id)
        if one.id not in ids and subscription.number in subscriptions(one)
    )
    return max(days, default=date.min)


def subscriptions(document: Billed) -> frozenset[str]:
    """Return the numbers of the subscriptions that a document billed; of one made by hand, none."""
    numbers = (item.subscription_number for item in document.items if document.marks)
    return frozenset(number for number in numbers if number is not None)


_BILLS = frozenset({"BillRun", "API"})


def related(change: Change, document: Billed) -> tuple[Billed, ...]:
    """Return the other documents of the same bill that have items of the same charges, as they are now.

    The parts of an invoice that was split are so too.
    """
    if not document.marks:
        return ()
    bill, charges = (document.created, document.source_id), _charges(document)
    return tuple(
        one
        for table in ("invoices", "credit_memos")
        for one in change.table(table).of(document.account_id)
        if one.id != document.id and one.marks and (one.created, one.source_id) == bill
        if not charges.isdisjoint(_charges(one))
    )


def _charges(document: Billed) -> frozenset[str | None]:
    """Return the numbers of the charges that a document has; segments of one charge share theirs."""
    return frozenset(item.charge_number for item in document.items) - {None}


def unpost_all(change: Change, document: Billed) -> None:
    """Make a posted document a draft again, and with it those that belong to it. Source: Zuora, unpost.

    Raises:
        RuleError: One of them is used, or the document is not posted.
    """
    change.put(unpost(document, change.before.now))
    for one in related(change, document):
        if one.status == "Posted":
            change.put(unpost(one, change.before.now))


def delete_invoice(change: Change, invoice: Invoice) -> None:
    """Delete a draft or a cancelled invoice.

    Raises:
        RuleError: It is posted or split, or a draft that cannot be cancelled.
    """
    if invoice.status in {"Posted", "Split"}:
        raise RuleError("Only invoices with Draft or Canceled status can be deleted.")
    if invoice.status == "Draft":
        withdraw(change, invoice)
        invoice = change.table("invoices").find(invoice.id)
    change.drop(invoice)
