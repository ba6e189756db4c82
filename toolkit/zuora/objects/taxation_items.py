"""TaxationItem: the tax of an item of a draft invoice, computed by a client."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import UNSET, UnsetType

from toolkit.billing.errors import NotFoundError
from toolkit.zuora.documents import taxing
from toolkit.zuora.documents.taxing import Found, NewTax, TaxChange
from toolkit.zuora.objects._writing import Fields, Writer, said, unknown
from toolkit.zuora.state.world import Change

_REQUIRED = ("jurisdiction", "name", "tax_amount", "tax_date", "tax_rate", "tax_rate_type")


class TaxationItemFields(Fields, frozen=True):
    """What may be said of a tax item. Source: the official SDK, ProxyCreateTaxationItemRequest."""

    invoice_item_id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    jurisdiction: str | UnsetType = UNSET
    location_code: str | UnsetType = UNSET
    exempt_amount: Decimal | UnsetType = UNSET
    tax_amount: Decimal | UnsetType = UNSET
    tax_code: str | UnsetType = UNSET
    tax_code_description: str | UnsetType = UNSET
    tax_date: date | UnsetType = UNSET
    tax_rate: Decimal | UnsetType = UNSET
    tax_rate_description: str | UnsetType = UNSET
    tax_rate_type: Literal["Percentage", "FlatFee"] | UnsetType = UNSET


def create(change: Change, fields: TaxationItemFields) -> str:
    """Tax an item of an invoice, and return the id of the tax item."""
    told = said(fields)
    for name in _REQUIRED:
        told.given(name)
    values = {**told.values}
    told.given("invoice_item_id")
    key = values.pop("invoice_item_id")
    held = ((invoice, item) for invoice in change.world.invoices.of(key) for item in invoice.items)
    invoice, item = next((both for both in held if both[1].id == key), (None, None))
    if invoice is None or item is None:
        raise unknown("create")
    return taxing.add(change, invoice, item, NewTax(**values), None).tax.id


def update(change: Change, identity: str, fields: TaxationItemFields) -> None:
    """Change what is said of a tax item; its item stays."""
    values = {**said(fields).values}
    values.pop("invoice_item_id", None)
    taxing.amend(change, _found(change, identity, "update"), TaxChange(**values))


def delete(change: Change, identity: str) -> None:
    """Take a tax item off its invoice."""
    taxing.remove(change, _found(change, identity, "delete"))


def _found(change: Change, identity: str, verb: str) -> Found:
    try:
        return taxing.find_tax(change.world, identity)
    except NotFoundError as error:
        raise unknown(verb) from error


WRITERS = (Writer("TaxationItem", TaxationItemFields, update, create, delete),)
