"""Items of billing documents: what invoices and credit memos list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from toolkit.billing.identities import seen_in
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.taxcodes import TaxItem

VOID = frozenset({"Canceled", "Split"})
"""Statuses of documents that bill nothing: the parts of a split one do."""


class DocumentItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an invoice or a credit memo.

    Attributes:
        start: First day of the service period.
        end: Last day of it, as documents show it.
        amount: On an invoice positive for what is owed, on a credit memo for what is given back; without
            tax, in either tax mode.
        applied_to_item_id: For a discount, the item that it discounts.
        source_item_id: The item of another document that this one credits, debits or splits.
        subscription_id: None for what no subscription bills.
        charge_id: Of the subscription's charge segment, or else of the catalog's charge.
        line_item_id: The order line item that it bills.
        scheduled: Whether an invoice schedule bills it, which may cut a day in two.
    """

    id: str
    charge_name: str
    start: date
    end: date
    amount: Decimal
    quantity: Decimal
    unit_price: Decimal
    charge_date: datetime
    processing_type: str = "Charge"
    applied_to_item_id: str | None = None
    source_item_id: str | None = None
    subscription_id: str | None = None
    subscription_number: str | None = None
    charge_id: str | None = None
    charge_number: str | None = None
    line_item_id: str | None = None
    scheduled: bool = False
    charge_type: str | None = None
    description: str = ""
    product_name: str = ""
    sku: str | None = None
    uom: str | None = None
    tax_items: tuple[TaxItem, ...] = ()
    custom_fields: Mapping[str, object] = {}

    @property
    def shown_charge_id(self) -> str | None:
        """The id of its charge as the version of the subscription shows it that is billed."""
        if self.charge_id is None or self.subscription_id is None:
            return self.charge_id
        return seen_in(self.subscription_id, self.charge_id)

    @property
    def tax_amount(self) -> Decimal:
        """The sum of its tax items."""
        return sum((tax.amount for tax in self.tax_items), ZERO)


def amounts(items: Iterable[DocumentItem]) -> Iterator[tuple[str, Decimal]]:
    """Yield the amount of each item and of each tax item by id."""
    for item in items:
        yield item.id, item.amount
        for tax in item.tax_items:
            yield tax.id, tax.amount


def open_amounts(items: Sequence[DocumentItem]) -> dict[str, Decimal]:
    """Return by id what is to be settled of each item, and each tax item, while nothing of it is.

    A discount lessens that of its item and leaves nothing of its own; taxes are settled as they are.
    Source: Zuora, invoice reversal and write-off use cases, case III.
    """
    found = dict(amounts(items))
    for item in items:
        if item.applied_to_item_id in found:
            found[item.applied_to_item_id] += item.amount
            found[item.id] = ZERO
    return found


def total(items: Iterable[DocumentItem]) -> Decimal:
    """Return the sum of the items, taxes included."""
    return sum((amount for _, amount in amounts(items)), ZERO)


def tax_total(items: Iterable[DocumentItem]) -> Decimal:
    """Return the sum of the taxes of the items."""
    return sum((item.tax_amount for item in items), ZERO)


def exempt_total(items: Iterable[DocumentItem]) -> Decimal:
    """Return the sum of the taxes that an exempt account is spared."""
    return sum((tax.exempt_amount for item in items for tax in item.tax_items), ZERO)


def document_items(
    lines: Sequence[Line], names: Names, now: datetime, *, sign: int = 1, suffix: bool = True
) -> tuple[DocumentItem, ...]:
    """Turn the lines of a bill into items.

    Args:
        lines: Discounts point to one another's place among them.
        names: Gives the ids.
        now: The moment of it.
        sign: -1 makes the items of a credit memo.
        suffix: Whether parts and credits are named so.
    """
    ids = [names.id() for _ in lines]
    items = tuple(_item(line, ids, index, now, sign) for index, line in enumerate(lines))
    if not suffix:
        items = tuple(
            replace(item, charge_name=line.item.charge.terms.name)
            for item, line in zip(items, lines, strict=True)
        )
    if not any(line.taxes for line in lines):
        return items
    return tuple(
        replace(item, tax_items=tuple(_tax_item(tax, names, sign) for tax in line.taxes))
        for item, line in zip(items, lines, strict=True)
    )


def _item(line: Line, ids: Sequence[str], index: int, now: datetime, sign: int) -> DocumentItem:
    item, charge = line.item, line.item.charge
    return DocumentItem(
        id=ids[index],
        subscription_id=line.subscription.id,
        scheduled=item.scheduled,
        subscription_number=line.subscription.number,
        charge_id=charge.id,
        charge_number=charge.number,
        charge_name=item_name(item),
        charge_type=charge.terms.type,
        description=charge.terms.description,
        product_name=line.plan.product_name,
        start=item.start,
        end=item.last_day,
        amount=sign * item.amount,
        quantity=sign * item.quantity,
        unit_price=charge.pricing.price or ZERO,
        uom=charge.terms.uom,
        processing_type=item.processing_type,
        applied_to_item_id=None if item.applied_to is None else ids[item.applied_to],
        charge_date=now,
    )


def _tax_item(tax: TaxItem, names: Names, sign: int) -> TaxItem:
    return replace(
        tax,
        id=names.id(),
        taxable_amount=sign * tax.taxable_amount,
        amount=sign * tax.amount,
        unrounded=sign * tax.unrounded,
        exempt_amount=sign * tax.exempt_amount,
    )


def item_name(item: RatedItem) -> str:
    """Return the charge's name with Zuora's default suffix for partial periods and credits.

    Source: Zuora, use system default suffix for credit items: Proration, Proration Credit, Credit.
    """
    words = [word for word, said in (("Proration", item.partial), ("Credit", item.credit)) if said]
    return " -- ".join((item.charge.terms.name, " ".join(words))) if words else item.charge.terms.name
