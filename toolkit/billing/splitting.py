"""Splitting: one draft invoice made into several, by percentages or by amounts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem, amounts, total
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, smallest_unit
from toolkit.billing.orders import Names
from toolkit.billing.shares import Shares
from toolkit.billing.unnumbered import Unnumbered

SplitType = Literal["Percentage", "Amount"]

_MOST = 50
_HUNDRED = Decimal(100)


class Split(NamedTuple):
    """One of the invoices to be.

    Attributes:
        part: Of the original: its percentage, of 100, or its amount, taxes included.
    """

    part: Decimal
    invoice_date: date
    due_date: date
    payment_term: str | None


class InvoiceSplitItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One of the invoices that a draft is to be split into.

    Attributes:
        percentage: Of the original, of 100.
        payment_term: None for that of the original.
        invoice_id: The invoice that it has become.
    """

    id: str
    invoice_date: date
    percentage: Decimal
    payment_term: str | None
    created: datetime
    updated: datetime
    invoice_id: str | None = None


class InvoiceSplit(Unnumbered, frozen=True, kw_only=True, gc=False):
    """How a draft invoice is to be split, until that is executed; then how it was.

    Attributes:
        invoice_id: The original.
    """

    invoice_id: str
    created: datetime
    updated: datetime
    items: tuple[InvoiceSplitItem, ...] = ()

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of its items."""
        return tuple(item.id for item in self.items)

    @property
    def invoice_ids(self) -> tuple[str, ...]:
        """The ids of the original and of what it has become."""
        return (self.invoice_id, *(item.invoice_id for item in self.items if item.invoice_id))


def split(
    invoice: Invoice, splits: Sequence[Split], names: Names, kind: SplitType = "Percentage"
) -> tuple[Invoice, ...]:
    """Return the drafts that replace a draft invoice.

    Items and tax items are divided so that they keep their sums and each invoice has its amount; of
    percentages, what rounding the invoices' amounts down leaves falls on the last one.
    Source: Zuora, split invoices overview (SET-035); split invoice considerations.

    Raises:
        InvalidValueError: There are fewer than 2 or more than 50 splits, one is not positive or less than
            the currency's smallest unit, or they do not add up to 100, or to the invoice's amount.
        RuleError: The invoice is no draft.
    """
    if invoice.status != "Draft":
        raise RuleError("Only invoices with Draft status can be split.")
    if not 1 < len(splits) <= _MOST:
        raise InvalidValueError(f"An invoice is split into 2 to {_MOST} invoices, not {len(splits)}.")
    unit = smallest_unit(invoice.currency)
    parts = [one.part for one in splits]
    whole = _HUNDRED if kind == "Percentage" else invoice.amount
    if sum(parts, ZERO) != whole or min(parts) <= 0:
        what = "percentages" if kind == "Percentage" else "amounts"
        raise InvalidValueError(
            f"The {what} should be positive and add up to {whole}, not to {sum(parts, ZERO)}."
        )
    if kind == "Amount" and any(part % unit for part in parts):
        raise InvalidValueError(f"The amounts should be multiples of {unit}.")
    shares = Shares(parts, whole, unit)
    divided = iter(shares.of_all([amount for _, amount in amounts(invoice.items)]))
    rows = [_divided(item, divided, shares, names) for item in invoice.items]
    return tuple(
        _draft(invoice, one, items, names) for one, items in zip(splits, zip(*rows, strict=True), strict=True)
    )


def _draft(invoice: Invoice, one: Split, items: Sequence[DocumentItem], names: Names) -> Invoice:
    places = {whole.id: item.id for whole, item in zip(invoice.items, items, strict=True)}
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
        split_from=invoice.split_from or invoice.number,
    )


def _divided(
    item: DocumentItem, divided: Iterator[Sequence[Decimal]], shares: Shares, names: Names
) -> list[DocumentItem]:
    """Return the parts of an item, whose amounts, and those of its taxes, are the next that are divided."""
    parts = next(divided)
    taxes = [(tax, next(divided), shares.of(tax.exempt_amount)) for tax in item.tax_items]
    return [
        replace(
            item,
            id=names.id(),
            source_item_id=item.source_item_id or item.id,
            amount=part,
            tax_items=tuple(
                replace(tax, id=names.id(), amount=due[at], exempt_amount=spared[at], taxable_amount=part)
                for tax, due, spared in taxes
            ),
        )
        for at, part in enumerate(parts)
    ]
