"""Postings: the invoice and the credit memo of one bill that have the same charges are posted together."""

from toolkit.billing.lifecycle import post
from toolkit.zuora.documents.withdrawals import Billed, related
from toolkit.zuora.state.world import Change


def put_posted(change: Change, document: Billed) -> None:
    """Put a document that is posted into the change, and post the drafts of the other kind that belong to it.

    Source: Zuora, rules for generating invoices and credit memos. That they belong together by their charges
    is said of unposting only.
    """
    change.put(document)
    for one in related(change, document):
        if one.status == "Draft" and one.kind != document.kind:
            change.put(post(one, change.before.now))
