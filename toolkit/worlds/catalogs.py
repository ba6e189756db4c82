"""Catalogs: files of fixtures/catalogs, their prices with where each comes from, and their records."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit import content
from toolkit.billing.catalog import ChargeTerms, Pricing, ProductCharge
from toolkit.errors import ToolkitError, did_you_mean
from toolkit.worlds.declared import declared
from toolkit.worlds.making import Workbench, make_at

Basis = Literal["published", "older", "assumed"]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not declare is refused."""


class Price(_Entry, frozen=True, kw_only=True):
    """What one unit costs for one billing period, and how far that can be relied on.

    Attributes:
        basis: `published` on a page of GitLab's that was read on the day that `source` names; `older`
            when it stood there once or others say so; `assumed` when nobody said so.
        source: Where it was said, in which words, and what was made of them.
    """

    amount: Decimal
    currency: str
    basis: Basis
    source: str


class Terms(ChargeTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How charges are billed; each charge that refers to it has a name of its own."""

    name: str = ""


class Charge(_Entry, frozen=True, kw_only=True):
    """A charge; without a name it has its plan's."""

    terms: str
    prices: tuple[Price, ...]
    name: str | None = None
    uom: str | None = None


class Plan(_Entry, frozen=True, kw_only=True):
    """A rate plan; without dates it is sold as long as its product."""

    name: str
    charges: tuple[Charge, ...]
    description: str = ""
    effective_start: date | None = None
    effective_end: date | None = None
    custom_fields: Mapping[str, object] = {}


class Product(_Entry, frozen=True, kw_only=True):
    """A product with its rate plans, in the order in which they get their numbers."""

    name: str
    plans: tuple[Plan, ...]
    description: str = ""
    category: str | None = None
    custom_fields: Mapping[str, object] = {}


class Catalog(_Entry, frozen=True, kw_only=True):
    """A catalog file."""

    terms: Mapping[str, Terms]
    products: tuple[Product, ...]


def read(path: Path) -> Catalog:
    """Read a catalog file.

    Raises:
        ToolkitError: A key, a value or a reference to terms is wrong; the message says where.
    """
    catalog = declared(content.read_yaml(path), Catalog, str(path))
    for product in catalog.products:
        for plan in product.plans:
            for charge in plan.charges:
                if charge.terms not in catalog.terms:
                    raise ToolkitError(
                        f"{path}: the plan '{plan.name}' refers to the terms '{charge.terms}', "
                        "which the file does not have.",
                        did_you_mean(charge.terms, catalog.terms),
                    )
    return catalog


def stock(bench: Workbench, catalog: Catalog) -> None:
    """Put a catalog's products and rate plans into the bench's world."""
    for product in catalog.products:
        row = make_at(bench, "product", _said(product, "name", "description", "category", "custom_fields"))
        for plan in product.plans:
            fields = _said(plan, "name", "description", "effective_start", "effective_end", "custom_fields")
            charges = tuple(_charge(bench, catalog, plan, charge) for charge in plan.charges)
            fields |= {"product": row, "charge": None, "charges": charges}
            make_at(bench, "product_rate_plan", fields)


def _said(entry: _Entry, *names: str) -> dict[str, object]:
    return {name: value for name in names if (value := getattr(entry, name)) is not None}


def _charge(bench: Workbench, catalog: Catalog, plan: Plan, charge: Charge) -> ProductCharge:
    declared_terms = catalog.terms[charge.terms]
    terms = msgspec.convert(declared_terms, ChargeTerms, from_attributes=True)
    terms = replace(terms, name=charge.name or plan.name, uom=charge.uom or terms.uom)
    pricing = {p.currency: Pricing(currency=p.currency, price=p.amount) for p in charge.prices}
    made: ProductCharge = make_at(bench, "product_charge", {"terms": terms, "pricing": pricing})
    return made
