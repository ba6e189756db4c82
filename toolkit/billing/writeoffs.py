"""Write-offs: what is not going to be paid, settled by a memo made for it."""

from collections.abc import Container
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.allocation import allocate
from toolkit.billing.applications import apply_items
from toolkit.billing.credits import CreditMemo, unapplied_items
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.lifecycle import is_used
from toolkit.billing.memos import MemoTerms, credit_memo, debit_memo
from toolkit.billing.mirroring import mirrored
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.orders import Names
from toolkit.billing.parts import ItemAmount
from toolkit.billing.rules import BillingRules
from toolkit.billing.settlement import Debt, item_balances


def write_off(  # noqa: PLR0913, PLR0917 - what is written off, and what of it
    debt: Debt,
    terms: MemoTerms,
    rules: BillingRules,
    names: Names,
    amount: Decimal | None = None,
    only: Container[str] | None = None,
) -> tuple[CreditMemo, Debt]:
    """Write off an invoice or a debit memo, which may be paid in part: all that is open, or `amount` of it.

    Source: Zuora, write off invoices; all items have a balance of 0 afterwards (SET-027). An amount is
    divided by the tenant's allocation rule for write-offs.

    Args:
        debt: What is written off.
        terms: What the memo says above its items.
        rules: The tenant's.
        names: Gives the ids.
        amount: How much of it.
        only: The ids of the items, and the tax items, that are written off.

    Returns:
        The posted memo, applied to it, and the document.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: It is not posted, owes less, or has nothing to write off.
    """
    left = item_balances(debt)
    rule = rules.mirror_items
    if only is not None:
        left = {key: open_amount if key in only else ZERO for key, open_amount in left.items()}
        rule = "not_zero"
    if amount is not None:
        check_positive(amount)
        if amount > debt.balance:
            raise RuleError(
                f"The amount {amount} should not be greater than the balance {debt.balance} of the "
                f"{debt.kind} {debt.number}."
            )
        left = {**dict.fromkeys(left, ZERO), **allocate(left, amount, debt.currency, rules.write_off_rule)}
        rule = "not_zero"
    if rule != "yes" and not any(left.values()):
        raise RuleError(f"The {debt.kind} {debt.number} has nothing to write off.")
    offset = mirrored(debt.items, left, rule, names)
    memo = credit_memo(offset.items, replace(terms, post=True), names)
    return apply_items(memo, debt, offset.settles, names, terms.now)


def write_off_memo(
    memo: CreditMemo, terms: MemoTerms, rules: BillingRules, names: Names
) -> tuple[DebitMemo, CreditMemo]:
    """Write off a credit memo of which nothing is applied or refunded, by a debit memo that it settles.

    Raises:
        RuleError: It is not posted, or applied or refunded in part. Source: Zuora, write off a credit memo.
    """
    if is_used(memo):
        raise RuleError(f"The credit memo {memo.number} is not fully unapplied: it cannot be written off.")
    offset = mirrored(memo.items, unapplied_items(memo), rules.mirror_items, names)
    debit = debit_memo(offset.items, replace(terms, post=True, credit_memo_id=memo.id), names)
    swapped = [ItemAmount(one.source_id or "", one.amount, one.item_id) for one in offset.settles]
    used, settled = apply_items(memo, debit, swapped, names, terms.now)
    return settled, used
