"""Splitting: one draft invoice made into several."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem, total
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, smallest_unit
from toolkit.billing.orders import Names

_MOST = 50
_WHOLE = Decimal(100)


class Split(NamedTuple):
    """One of the invoices to be.

    Attributes:
        percentage: Of the original, of 100.
    """

    percentage: Decimal
    invoice_date: date
    due_date: date
    payment_term: str | None


def split(invoice: Invoice, splits: Sequence[Split], names: Names) -> tuple[Invoice, ...]:
    """Return the drafts that replace a draft invoice.

    Each item and tax item is divided by the percentages and rounded down; what that leaves falls on the
    last invoice. Source: Zuora, split invoices overview (SET-035); split an invoice.

    Raises:
        InvalidValueError: There are fewer than 2 or more than 50 splits, a percentage is not positive, or
            they do not add up to 100.
        RuleError: The invoice is no draft.
    """
    if invoice.status != "Draft":
        raise RuleError("Only invoices with Draft status can be split.")
    if not 1 < len(splits) <= _MOST:
        raise InvalidValueError(f"An invoice is split into 2 to {_MOST} invoices, not {len(splits)}.")
    whole = sum((one.percentage for one in splits), ZERO)
    if whole != _WHOLE or min(one.percentage for one in splits) <= 0:
        raise InvalidValueError(f"The percentages should be positive and add up to 100, not to {whole}.")
    shares = [one.percentage / _WHOLE for one in splits]
    rows = [_divided(item, shares, invoice.currency, names) for item in invoice.items]
    return tuple(
        _draft(invoice, one, items, names) for one, items in zip(splits, zip(*rows, strict=True), strict=True)
    )


def _draft(invoice: Invoice, one: Split, items: Sequence[DocumentItem], names: Names) -> Invoice:
    places = {item.source_item_id: item.id for item in items}
    kept = tuple(
        item
        if item.applied_to_item_id is None
        else replace(item, applied_to_item_id=places[item.applied_to_item_id])
        for item in items
    )
    return replace(
        invoice,
        id=names.id(),
        number=names.number("invoice"),
        invoice_date=one.invoice_date,
        due_date=one.due_date,
        payment_term=one.payment_term,
        items=kept,
        amount=total(kept),
        split_from=invoice.number,
    )


def _divided(
    item: DocumentItem, shares: Sequence[Decimal], currency: str, names: Names
) -> list[DocumentItem]:
    amounts = _parts(item.amount, shares, currency)
    taxes = [_parts(tax.amount, shares, currency) for tax in item.tax_items]
    return [
        replace(
            item,
            id=names.id(),
            source_item_id=item.id,
            amount=amount,
            tax_items=tuple(
                replace(tax, id=names.id(), amount=row[index], taxable_amount=amount)
                for tax, row in zip(item.tax_items, taxes, strict=True)
            ),
        )
        for index, amount in enumerate(amounts)
    ]


def _parts(amount: Decimal, shares: Sequence[Decimal], currency: str) -> list[Decimal]:
    unit = smallest_unit(currency)
    parts = [(amount * share).quantize(unit, ROUND_DOWN) for share in shares[:-1]]
    return [*parts, amount - sum(parts, ZERO)]
