"""Holdings: what an account has that settles its documents, and how that is used up."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.invoices import Invoice
from toolkit.billing.payments import Payment, apply_payment
from toolkit.zuora.state.world import Change

Source = CreditMemo | Payment
HoldingKind = Literal["CreditMemo", "UnappliedPayment"]
ORDER: tuple[HoldingKind, ...] = ("CreditMemo", "UnappliedPayment")
"""In which they are used unless a call says another. Source: the official SDK, `applicationOrder`."""


def held(change: Change, account_id: str, kind: HoldingKind) -> Sequence[Source]:
    """Return what an account holds of one kind, oldest first, of one day the largest first."""
    if kind == "CreditMemo":
        memos = change.table("credit_memos").of(account_id)
        usable = [one for one in memos if one.status == "Posted" and one.payment_runs]
        return sorted(usable, key=lambda one: (one.memo_date, -one.unapplied))
    payments = change.table("payments").of(account_id)
    return sorted(payments, key=lambda one: (one.effective_date, -one.unapplied))


def spend(
    change: Change, debt: Invoice | DebitMemo, sources: Sequence[Source]
) -> Iterator[tuple[Source, Decimal]]:
    """Apply one source after the other to a document, and yield those that were used with the amounts."""
    world = change.world
    for one in sources:
        amount = min(debt.balance, one.unapplied)
        if amount <= 0 or one.currency != debt.currency:
            continue
        application = Application(amount, rule=world.rules.application_rule)
        source: Source
        if isinstance(one, CreditMemo):
            source, debt = apply_memo(one, debt, application, change, world.now)
        else:
            source, debt = apply_payment(one, debt, application, change, world.now)
        change.put(source)
        change.put(debt)
        yield source, amount
