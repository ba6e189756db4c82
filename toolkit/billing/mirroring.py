"""Mirroring: documents that take others back, item by item."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
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
            Source: Zuora, invoice reversal use cases; write-off and reversal enhancements (SET-028).
        names: Gives the ids.
    """
    made: list[DocumentItem] = []
    settles: list[ItemAmount] = []
    for item in items:
        taxes = [tax for tax in item.tax_items if left[tax.id] or rule == "yes"]
        if not (left[item.id] or taxes or rule == "yes"):
            continue
        new = names.id()
        tax_ids = [names.id() for _ in taxes]
        whole = rule != "no" and left[item.id] == item.amount
        made.append(
            replace(
                item,
                id=new,
                source_item_id=item.id,
                applied_to_item_id=None,
                amount=left[item.id],
                quantity=item.quantity if whole else _ONE,
                unit_price=-item.unit_price if whole else -left[item.id],
                tax_items=tuple(
                    replace(tax, id=key, source_id=tax.id, amount=left[tax.id], taxable_amount=left[item.id])
                    for tax, key in zip(taxes, tax_ids, strict=True)
                ),
            )
        )
        pairs = [(item.id, new), *((tax.id, key) for tax, key in zip(taxes, tax_ids, strict=True))]
        settles.extend(ItemAmount(old, left[old], key) for old, key in pairs if left[old] != ZERO)
    return Mirrored(tuple(made), tuple(settles))
