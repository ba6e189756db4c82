"""Settlement: payments and credit memos applied, item by item, to what an account owes."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from toolkit.billing.allocation import Application, allocate
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import VOID, open_amounts
from toolkit.billing.errors import NotFoundError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.parts import check_sum, nearer, summed

Debt = TypeVar("Debt", bound=Invoice | DebitMemo)


def item_balances(debt: Invoice | DebitMemo) -> dict[str, Decimal]:
    """Return what is open of each item, and each tax item, by id; of a void document nothing."""
    return {key: item_balance(debt, key, amount) for key, amount in open_amounts(debt.items).items()}


def item_balance(debt: Invoice | DebitMemo, key: str, amount: Decimal) -> Decimal:
    """Return what is open of one item, or tax item, of this id and amount."""
    return ZERO if debt.status in VOID else amount - debt.settled.get(key, ZERO)


def settle(
    debt: Debt, application: Application, now: datetime, *, credit: bool
) -> tuple[Debt, dict[str, Decimal]]:
    """Apply a payment, or with `credit` a credit memo, to an invoice or a debit memo.

    Returns:
        The document, and what each of its items got, by id.

    Raises:
        InvalidValueError: The amount is not positive.
        NotFoundError: What is named as an item is none of it.
        RuleError: The document is not posted, it or an item owes less than that, or the items add up to
            another amount.
    """
    amount, items, rule = application
    check_positive(amount)
    _check_posted(debt)
    if amount > debt.balance:
        raise RuleError(
            f"The amount {amount} should not be greater than the balance {debt.balance} of the "
            f"{debt.kind} {debt.number}."
        )
    if items is None:
        shares = allocate(item_balances(debt), amount, debt.currency, rule)
    else:
        shares = summed((item.item_id, item.amount) for item in items)
        check_sum(shares.values(), amount)
    return settle_items(debt, shares, now, credit=credit), shares


def settle_items(debt: Debt, shares: Mapping[str, Decimal], now: datetime, *, credit: bool) -> Debt:
    """Settle items by what each of them gets; a share is negative where the item's balance is.

    Raises:
        NotFoundError: A share is for what is no item of this document.
        RuleError: The document is not posted, or a share is none of what its item owes.
    """
    _check_posted(debt)
    left = item_balances(debt)
    for key, share in shares.items():
        if key not in left:
            raise NotFoundError(key)
        if nearer(share, left[key]) != share:
            raise RuleError(
                f"The amount {share} should not be greater than the balance {left[key]} of the item {key} "
                f"of {debt.number}."
            )
    return _moved(debt, shares, 1, now, credit=credit)


def unsettle(debt: Debt, shares: Mapping[str, Decimal], now: datetime, *, credit: bool) -> Debt:
    """Take back what a payment, or with `credit` a credit memo, settled of each item."""
    return _moved(debt, shares, -1, now, credit=credit)


def _check_posted(debt: Invoice | DebitMemo) -> None:
    if debt.status != "Posted":
        raise RuleError(f"The {debt.kind} {debt.number} is {debt.status}: only Posted ones can be settled.")


def _moved(debt: Debt, shares: Mapping[str, Decimal], sign: int, now: datetime, *, credit: bool) -> Debt:
    settled = dict(debt.settled)
    for key, share in shares.items():
        settled[key] = settled.get(key, ZERO) + sign * share
    total = sign * sum(shares.values(), ZERO)
    if credit:
        return replace(debt, settled=settled, credited=debt.credited + total, updated=now)
    return replace(debt, settled=settled, paid=debt.paid + total, updated=now)
