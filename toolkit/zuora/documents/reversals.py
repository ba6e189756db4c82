"""Reversals: what a bill has made, settled by memos of the opposite kind, so that it can be billed again."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.memos import MemoTerms
from toolkit.billing.reversals import reverse, reverse_memo
from toolkit.zuora.documents.withdrawals import Billed, subscriptions, take_back
from toolkit.zuora.state.world import Change

INVOICE, CREDIT_MEMO = "Invoice reversal", "Credit memo reversal"
"""The reasons of what reverses each. Source: Zuora, reversing an invoice with discount charges."""


class Reversed(NamedTuple):
    """The ids of the credit memos that reverse invoices, and of the debit memos that reverse credit memos."""

    credit_memos: list[str]
    debit_memos: list[str]


def reverse_all(
    change: Change,
    invoices: Iterable[Invoice],
    memos: Iterable[CreditMemo],
    by_credit: MemoTerms,
    by_debit: MemoTerms,
) -> Reversed:
    """Reverse documents, and take back what they marked as billed.

    Source: Zuora, reverse invoices; reverse credit memos: the charge-through date is reset, and an invoice
    and a credit memo of the same charges that the same bill made are reversed together.

    Args:
        change: Where they are.
        invoices: The invoices.
        memos: The credit memos.
        by_credit: What the credit memos say that settle the invoices.
        by_debit: What the debit memos say that the credit memos settle.

    Raises:
        RuleError: One of them cannot be reversed, or a subscription was transferred or billed again since.
    """
    world, made, taken = change.world, Reversed([], []), list[Billed]()
    for invoice in invoices:
        _check_owner(change, invoice)
        own = replace(by_credit, invoice_id=invoice.id, bill_to_id=invoice.bill_to_id)
        memo, settled = reverse(invoice, own, world.rules, change)
        change.put(memo)
        taken.append(settled)
        made.credit_memos.append(memo.id)
    for credit in memos:
        _check_owner(change, credit)
        debit, used = reverse_memo(
            credit, replace(by_debit, bill_to_id=credit.bill_to_id), world.rules, change
        )
        change.put(debit)
        taken.append(used)
        made.debit_memos.append(debit.id)
    take_back(change, taken)
    return made


def _check_owner(change: Change, document: Billed) -> None:
    for number in subscriptions(document):
        if change.table("subscriptions").find(number).invoice_owner_id != document.account_id:
            raise RuleError(
                f"The subscription {number} was transferred: {document.number} cannot be reversed."
            )
