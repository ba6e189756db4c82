"""Standalone documents: what is billed or credited without a subscription."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
from toolkit.billing.generation import Heading, invoice_of
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import round_money
from toolkit.billing.orders import Names

_ONE = Decimal(1)


class StandaloneItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An item to be.

    Attributes:
        amount: Of the whole quantity, without tax; it is rounded to the currency's smallest unit.
        unit_price: None for the amount by the quantity.
        end: None for its first day.
        charge_id: The catalog's charge that it is made from.
    """

    name: str
    amount: Decimal
    start: date
    end: date | None = None
    quantity: Decimal = _ONE
    unit_price: Decimal | None = None
    description: str = ""
    uom: str | None = None
    sku: str | None = None
    product_name: str = ""
    charge_id: str | None = None
    charge_type: str | None = None
    custom_fields: Mapping[str, object] = {}


def standalone_items(
    wanted: Sequence[StandaloneItem], currency: str, names: Names, now: datetime
) -> tuple[DocumentItem, ...]:
    """Return the items of a document that no subscription bills."""
    return tuple(
        DocumentItem(
            id=names.id(),
            charge_name=one.name,
            start=one.start,
            end=one.end or one.start,
            amount=round_money(one.amount, currency),
            quantity=one.quantity,
            unit_price=one.amount / (one.quantity or _ONE) if one.unit_price is None else one.unit_price,
            charge_date=now,
            charge_id=one.charge_id,
            charge_type=one.charge_type,
            description=one.description,
            product_name=one.product_name,
            sku=one.sku,
            uom=one.uom,
            custom_fields=one.custom_fields,
        )
        for one in wanted
    )


def standalone_invoice(
    items: Sequence[DocumentItem], heading: Heading, names: Names, *, number: str | None = None
) -> Invoice:
    """Return an invoice of such items; `number` is the customer's own, None for the next one.

    Source: Zuora, create a standalone invoice (SET-061).
    """
    return invoice_of(items, replace(heading, source="Standalone"), names, number)
