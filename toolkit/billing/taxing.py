"""Taxing by hand: the tax items of a draft that a client computes, and not the tenant."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from toolkit.billing.documents import total
from toolkit.billing.errors import RuleError
from toolkit.billing.lifecycle import Document
from toolkit.billing.taxcodes import TaxItem


def retax(document: Document, item_id: str, taxes: Sequence[TaxItem], now: datetime) -> Document:
    """Give an item of a draft these tax items, and the draft the amount that follows.

    Raises:
        RuleError: The document is no draft, or the item's price includes its tax, which is not simulated.
            Source of the first: an assumption, after posted documents' being final.
    """
    if document.status != "Draft":
        raise RuleError(f"The taxes of {document.number} cannot change: it is {document.status}.")
    items = tuple(
        replace(item, tax_items=tuple(taxes)) if item.id == item_id else item for item in document.items
    )
    if any(tax.mode == "TaxInclusive" for item in items if item.id == item_id for tax in item.tax_items):
        raise RuleError("Tax items of prices that include tax cannot be written by hand.")
    return replace(document, items=items, amount=total(items), updated=now)
