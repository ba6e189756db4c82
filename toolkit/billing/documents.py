"""Items of billing documents: what invoices and credit memos list."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.rating import Line, RatedItem


class DocumentItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an invoice or a credit memo.

    Attributes:
        start: First day of the service period.
        end: Last day of it, as documents show it.
        amount: On an invoice positive for what is owed, on a credit memo for what is given back.
        applied_to_item_id: For a discount, the item that it discounts.
    """

    id: str
    subscription_id: str
    subscription_number: str
    charge_id: str
    charge_number: str
    charge_name: str
    charge_type: str
    description: str
    product_name: str
    start: date
    end: date
    amount: Decimal
    quantity: Decimal
    unit_price: Decimal
    uom: str | None
    processing_type: str
    applied_to_item_id: str | None
    charge_date: datetime
    tax_amount: Decimal = ZERO


def amounts(items: Iterable[DocumentItem]) -> Iterator[tuple[str, Decimal]]:
    """Yield by id what each item comes to, tax included: what is settled one by one."""
    return ((item.id, item.amount + item.tax_amount) for item in items)


def total(items: Iterable[DocumentItem]) -> Decimal:
    """Return the sum of the items, taxes included."""
    return sum((amount for _, amount in amounts(items)), ZERO)


def document_items(
    lines: Sequence[Line], names: Names, now: datetime, *, sign: int = 1
) -> tuple[DocumentItem, ...]:
    """Turn the lines of a bill into items; a `sign` of -1 makes those of a credit memo."""
    ids = [names.id() for _ in lines]
    return tuple(_item(line, ids, index, now, sign) for index, line in enumerate(lines))


def _item(line: Line, ids: Sequence[str], index: int, now: datetime, sign: int) -> DocumentItem:
    item, charge = line.item, line.item.charge
    return DocumentItem(
        id=ids[index],
        subscription_id=line.subscription.id,
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


def item_name(item: RatedItem) -> str:
    """Return the charge's name with Zuora's default suffix for partial periods and credits.

    Source: Zuora, use system default suffix for credit items: Proration, Proration Credit, Credit.
    """
    words = [word for word, said in (("Proration", item.partial), ("Credit", item.credit)) if said]
    return " -- ".join((item.charge.terms.name, " ".join(words))) if words else item.charge.terms.name
