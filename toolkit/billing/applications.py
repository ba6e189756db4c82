"""Applications: credit memos applied to what an account owes, taken back, and refunded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.allocation import Application, allocate, pair
from toolkit.billing.credits import CreditMemo, unapplied_items
from toolkit.billing.errors import MissingValueError, NotFoundError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.orders import Names
from toolkit.billing.parts import ItemAmount, nearer, summed, with_part, without_part
from toolkit.billing.settlement import Debt, item_balances, settle, settle_items, unsettle
from toolkit.billing.taxcodes import Tax


def apply_memo(
    memo: CreditMemo, debt: Debt, application: Application, names: Names, now: datetime
) -> tuple[CreditMemo, Debt]:
    """Apply a posted memo to an invoice or a debit memo of the same account.

    Args:
        memo: The memo.
        debt: What it is applied to.
        application: How much, and from which item to which; otherwise divided on both sides by the rule.
        names: Gives the ids of the part.
        now: The moment of it.

    Returns:
        Both as they are after it.

    Raises:
        InvalidValueError: The amount is not positive.
        MissingValueError: An item has no `source_id`.
        NotFoundError: What is named as an item is none of either.
        RuleError: The memo is not posted or less is left of it, the debt is another account's or refuses
            it, or the items add up to another amount.
    """
    amount, items, rule = application
    if debt.account_id != memo.account_id:
        raise RuleError(f"The {debt.kind} {debt.number} belongs to another account than {memo.number}.")
    _check_left(memo, amount)
    settled, targets = settle(debt, application, now, credit=True)
    if items is None:
        items = list(pair(allocate(unapplied_items(memo), amount, memo.currency, rule), targets))
    _check_items(memo, items)
    return replace(memo, parts=with_part(memo.parts, debt, items, names, now), updated=now), settled


def by_source(memo: CreditMemo, invoice: Invoice, amount: Decimal) -> Iterator[ItemAmount]:
    """Divide an amount so that each item of a memo settles the item of the invoice that it credits.

    Taxes settle those of that item with the same name, rate, jurisdiction and location. The amount is
    divided in proportion to what is left of the memo's items whose counterpart has something open.
    Source: Zuora, application of a credit memo by source invoice item.

    Raises:
        RuleError: An item credits none of the invoice, or the amount is more than those items have left.
    """
    billed = {item.id: item for item in invoice.items}
    left, given = item_balances(invoice), unapplied_items(memo)
    targets: dict[str, list[str]] = {}
    for item in memo.items:
        source = billed.get(item.source_item_id or "")
        if source is None:
            raise RuleError(f"The item {item.id} of {memo.number} credits no item of {invoice.number}.")
        targets[item.id] = [source.id]
        for tax in item.tax_items:
            targets[tax.id] = [one.id for one in source.tax_items if _key(one.tax) == _key(tax.tax)]
    able = {
        key: given[key]
        for key, found in targets.items()
        if given[key] > 0 and any(left[one] > 0 for one in found)
    }
    if amount > sum(able.values(), ZERO):
        raise RuleError(f"The amount {amount} is more than {memo.number} has left for its items' sources.")
    for key, share in allocate(able, amount, memo.currency).items():
        open_amounts = {one: left[one] for one in targets[key]}
        for target, part in allocate(open_amounts, share, memo.currency).items():
            yield ItemAmount(target, part, key)


def _key(tax: Tax) -> tuple[object, ...]:
    return tax.name, tax.rate, tax.jurisdiction, tax.location_code


def apply_items(
    memo: CreditMemo, debt: Debt, items: Sequence[ItemAmount], names: Names, now: datetime
) -> tuple[CreditMemo, Debt]:
    """Apply items of a posted memo of either sign, which may add up to 0, as reversals and write-offs do.

    Raises:
        NotFoundError: `items` name what is no item of either.
        RuleError: An item has less left, or owes less, than that, or either document is not posted.
    """
    _check_posted(memo)
    _check_items(memo, items)
    targets = summed((item.item_id, item.amount) for item in items)
    settled = settle_items(debt, targets, now, credit=True)
    return replace(memo, parts=with_part(memo.parts, debt, items, names, now), updated=now), settled


def unapply_memo(
    memo: CreditMemo,
    debt: Debt,
    amount: Decimal,
    now: datetime,
    items: Iterable[ItemAmount] | None = None,
) -> tuple[CreditMemo, Debt]:
    """Take `amount` of a memo back from an invoice or a debit memo; without items first in, first out.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: Less was applied to it, or to one of the items, or the memo reversed the invoice, which
            stands. Source: Zuora, reverse invoices.
    """
    if isinstance(debt, Invoice) and debt.reversed:
        raise RuleError(f"The invoice {debt.number} is reversed: nothing can be taken back from it.")
    parts, freed = without_part(memo.parts, debt, amount, now, items)
    return replace(memo, parts=parts, updated=now), unsettle(debt, freed, now, credit=True)


def refund_memo(memo: CreditMemo, amount: Decimal, now: datetime) -> tuple[CreditMemo, Mapping[str, Decimal]]:
    """Pay back part of a posted memo, item after item.

    Source: Zuora, default application rule: refunds of credit memos are FIFO only.

    Returns:
        The memo, and what was refunded of each of its items.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: The memo is not posted, or less than `amount` of it is left.
    """
    _check_left(memo, amount)
    shares = allocate(unapplied_items(memo), amount, memo.currency, "FIFO")
    return replace(memo, refunds=summed((*memo.refunds.items(), *shares.items())), updated=now), shares


def unrefund_memo(memo: CreditMemo, shares: Mapping[str, Decimal], now: datetime) -> CreditMemo:
    """Take back a refund that paid back so much of each item."""
    back = ((key, -share) for key, share in shares.items())
    return replace(memo, refunds=summed((*memo.refunds.items(), *back)), updated=now)


def _check_left(memo: CreditMemo, amount: Decimal) -> None:
    check_positive(amount)
    _check_posted(memo)
    if amount > memo.unapplied:
        raise RuleError(
            f"The amount {amount} should not be greater than the unapplied amount {memo.unapplied} of the "
            f"credit memo {memo.number}."
        )


def _check_posted(memo: CreditMemo) -> None:
    if memo.status != "Posted":
        raise RuleError(f"The credit memo {memo.number} is {memo.status}: only Posted ones can be applied.")


def _check_items(memo: CreditMemo, items: Iterable[ItemAmount]) -> None:
    left = unapplied_items(memo)
    for item in items:
        if item.source_id is None:
            raise MissingValueError("creditMemoItemId")
        if item.source_id not in left:
            raise NotFoundError(item.source_id)
        if nearer(item.amount, left[item.source_id]) != item.amount:
            raise RuleError(
                f"The amount {item.amount} should not be greater than the unapplied amount "
                f"{left[item.source_id]} of the item {item.source_id} of {memo.number}."
            )
        left[item.source_id] -= item.amount
