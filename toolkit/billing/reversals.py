"""Reversals: documents that should not have been posted, taken back by a memo of all their items."""

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import is_used
from toolkit.billing.memos import MemoTerms
from toolkit.billing.orders import Names
from toolkit.billing.rules import BillingRules
from toolkit.billing.writeoffs import write_off, write_off_memo


def reverse(
    invoice: Invoice, terms: MemoTerms, rules: BillingRules, names: Names
) -> tuple[CreditMemo, Invoice]:
    """Reverse a posted invoice.

    Returns:
        The posted memo, applied to it, and the invoice.

    Raises:
        RuleError: It is not posted, settled in part, negative, or without anything to reverse.

    Source: Zuora, reverse an invoice; invoice reversal use cases (SET-021 to SET-025).
    """
    if is_used(invoice):
        raise RuleError(f"The invoice {invoice.number} is settled in part: it cannot be reversed.")
    if invoice.amount < 0:
        raise RuleError(f"The invoice {invoice.number} is negative: it cannot be reversed.")
    memo, settled = write_off(invoice, terms, rules, names)
    return memo, replace(settled, reversed=True)


def reverse_memo(
    memo: CreditMemo, terms: MemoTerms, rules: BillingRules, names: Names
) -> tuple[DebitMemo, CreditMemo]:
    """Reverse a posted credit memo that is not applied.

    Returns:
        The debit memo that it settles, and the memo.

    Raises:
        RuleError: It is not posted, or applied or refunded in part. Source: Zuora, reverse a credit memo.
    """
    debit, used = write_off_memo(memo, terms, rules, names)
    return debit, replace(used, reversed=True)
