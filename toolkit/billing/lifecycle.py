"""The life of a billing document: posted, unposted, cancelled, deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from msgspec.structs import replace

from toolkit.billing.accounts import PaymentTerm, due_date
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice

Document = TypeVar("Document", bound=Invoice | DebitMemo | CreditMemo)


def post(document: Document, now: datetime) -> Document:
    """Post a draft.

    Raises:
        InvalidValueError: It is none. Source of the sentence and its kind: recorded for invoices, 59210020.
    """
    if document.status != "Draft":
        raise InvalidValueError(f"Only {document.kind}s with Draft status can be posted.")
    return replace(document, status="Posted", posted=now, updated=now)


def redate(invoice: Invoice, day: date | None, term: str, own: Mapping[str, PaymentTerm]) -> Invoice:
    """Give an invoice another date, from which it is due by its payment term; None leaves both.

    Source: Zuora, update invoices: a request may say a date or a due date, not both. That the one moves
    the other is an assumption.

    Args:
        invoice: The invoice.
        day: Its date.
        term: The account's payment term, for an invoice without one of its own.
        own: Terms of the tenant's own.
    """
    if day is None or day == invoice.invoice_date:
        return invoice
    due = due_date(day, invoice.payment_term or term, own)
    return replace(invoice, invoice_date=day, due_date=due)


def unpost(document: Document, now: datetime) -> Document:
    """Make a posted document a draft again.

    Raises:
        RuleError: It is not posted, or something was applied to it, or of it.

    Source: Zuora, unpost an invoice, a credit memo, a debit memo.
    """
    if document.status != "Posted":
        raise RuleError(f"Only {document.kind}s with Posted status can be unposted.")
    if is_used(document):
        raise RuleError(f"The {document.kind} {document.number} is applied or settled in part already.")
    return replace(document, status="Draft", posted=None, updated=now)


def cancel(document: Document, now: datetime) -> Document:
    """Cancel a draft.

    Raises:
        RuleError: It is none. Source: Zuora, cancel a credit memo, a debit memo.
    """
    if document.status != "Draft":
        raise RuleError(f"Only {document.kind}s with Draft status can be canceled.")
    cancelled = replace(document, status="Canceled", updated=now)
    return cancelled if isinstance(cancelled, Invoice) else replace(cancelled, cancelled=now)


def is_used(document: Invoice | DebitMemo | CreditMemo) -> bool:
    """Tell whether something was applied to a debt, or a credit memo was applied or refunded."""
    if isinstance(document, CreditMemo):
        return bool(document.parts) or bool(document.refunded)
    return any(document.settled.values())
