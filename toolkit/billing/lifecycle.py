"""The life of a billing document: posted, unposted, cancelled, deleted."""

from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

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
    return replace(document, status="Canceled", updated=now)


def is_used(document: Invoice | DebitMemo | CreditMemo) -> bool:
    """Tell whether something was applied to a debt, or a credit memo was applied or refunded."""
    if isinstance(document, CreditMemo):
        return bool(document.parts) or bool(document.refunded)
    return any(document.settled.values())
