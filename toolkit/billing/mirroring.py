"""Mirroring: documents that take others back, item by item."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem, open_amounts
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.parts import ItemAmount
from toolkit.billing.rules import MirrorRule

_ONE = Decimal(1)


class Mirrored(NamedTuple):
    """The items of a document that takes another one back, and how they settle those of the other one."""

    items: tuple[DocumentItem, ...]
    settles: tuple[ItemAmount, ...]


def mirrored(
    items: Sequence[DocumentItem], left: Mapping[str, Decimal], rule: MirrorRule, names: Names
) -> Mirrored:
    """Return items that take back what is left of others.

    Args:
        items: Those of the document that is taken back.
        left: What is left of each item and each tax item, by id.
        rule: Whether items of which nothing is left are there too, and whether an item that is taken back
            whole has its quantity and its unit price, negated, or a quantity of 1 as every other item.
            Discounts are repeated with an item that is taken back whole; else what is left of it is net
            of them. Source: Zuora, invoice reversal use cases; write-off and reversal enhancements (SET-028).
        names: Gives the ids.
    """
    made: list[DocumentItem] = []
    settles: list[ItemAmount] = []
    wholes: dict[str | None, str] = {}
    untouched = open_amounts(items)
    for item in items:
        taxes = [tax for tax in item.tax_items if left[tax.id] or rule == "yes"]
        whole = rule != "no" and left[item.id] == untouched[item.id]
        discounts = item.applied_to_item_id in untouched
        if discounts:
            whole = item.applied_to_item_id in wholes
        if not ((whole if discounts else left[item.id]) or taxes or rule == "yes"):
            continue
        new = names.id()
        if whole:
            wholes[item.id] = new
        amount = item.amount if whole else left[item.id]
        tax_ids = [names.id() for _ in taxes]
        made.append(
            replace(
                item,
                id=new,
                source_item_id=item.id,
                applied_to_item_id=wholes.get(item.applied_to_item_id),
                processing_type=item.processing_type if whole or not discounts else "Charge",
                amount=amount,
                quantity=item.quantity if whole else _ONE,
                unit_price=-item.unit_price if whole else -amount,
                tax_items=tuple(
                    replace(tax, id=key, source_id=tax.id, amount=left[tax.id], taxable_amount=amount)
                    for tax, key in zip(taxes, tax_ids, strict=True)
                ),
            )
        )
        pairs = [(item.id, new), *((tax.id, key) for tax, key in zip(taxes, tax_ids, strict=True))]
        settles.extend(ItemAmount(old, left[old], key) for old, key in pairs if left[old] != ZERO)
    return Mirrored(tuple(made), tuple(settles))
