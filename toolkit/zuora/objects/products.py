"""Product and ProductRatePlan: what a catalog sells, and in which plans."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from toolkit.billing.catalog import Product, ProductRatePlan
from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.objects._writing import Fields, Said, Writer, duplicate, found, in_use, numbered, said
from toolkit.zuora.state.world import Change

_DATES = frozenset({"effective_start_date", "effective_end_date"})


class ProductFields(Fields, frozen=True):
    """What may be said of a product."""

    unbounded: ClassVar[frozenset[str]] = _DATES

    name: str | UnsetType | None = UNSET
    sku: str | UnsetType | None = field(default=UNSET, name="SKU")
    product_number: str | UnsetType | None = UNSET
    category: Literal["Base Products", "Add On Services", "Miscellaneous Products"] | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    effective_start_date: date | UnsetType | None = UNSET
    effective_end_date: date | UnsetType | None = UNSET


class PlanFields(Fields, frozen=True):
    """What may be said of a product rate plan; its currencies are those of its prices."""

    unbounded: ClassVar[frozenset[str]] = _DATES

    name: str | UnsetType | None = UNSET
    product_id: str | UnsetType | None = UNSET
    product_rate_plan_number: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    effective_start_date: date | UnsetType | None = UNSET
    effective_end_date: date | UnsetType | None = UNSET
    external_rate_plan_ids: tuple[str, ...] | UnsetType | None = UNSET
    external_id_source_system: str | UnsetType | None = UNSET


_NAMES = {
    "effective_start_date": "effective_start",
    "effective_end_date": "effective_end",
    "external_rate_plan_ids": "external_ids",
    "external_id_source_system": "external_system",
}


def create_product(change: Change, fields: ProductFields) -> str:
    """Add a product; its SKU and its number are drawn unless they are given."""
    told = said(fields)
    product = Product(
        id=change.id(),
        number=numbered(
            change,
            "product",
            told.values.get("product_number"),
            change.table("products").ids,
            "ProductNumber",
        ),
        sku=told.values.get("sku") or numbered(change, "sku", None, _skus(change), "SKU"),
        name=told.given("name"),
        effective_start=told.given("effective_start_date"),
        effective_end=told.given("effective_end_date"),
        description=told.values.get("description") or "",
        category=told.values.get("category"),
        custom_fields=told.custom,
    )
    _keep_product(change, product)
    return product.id


def update_product(change: Change, identity: str, fields: ProductFields) -> None:
    """Change a product; its number stays."""
    told, product = said(fields), found(change, "products", identity, "update")
    _keep_product(change, replace(product, **_changed(told, product, "product_number")))


def _changed(told: Said, before: Product | ProductRatePlan, number: str) -> dict[str, object]:
    """Return the changes of a record; its name and its dates cannot be nulled, its number not be changed.

    That a number cannot be changed is an assumption: the records around it are found by it.
    """
    wanted = told.values.get(number, before.number)
    if wanted != before.number:
        raise InvalidValueError(f"The number {before.number} cannot be changed to {wanted}.")
    changes: dict[str, object] = {
        _NAMES.get(name, name): value for name, value in told.values.items() if name != number
    }
    for name in ("name", "sku", "effective_start_date", "effective_end_date"):
        if name in told.values:
            told.given(name)
    if "description" in changes:
        changes["description"] = changes["description"] or ""
    return {**changes, "custom_fields": {**before.custom_fields, **told.custom}}


def _skus(change: Change) -> set[str]:
    return {product.sku for product in change.table("products").latest()}


def _keep_product(change: Change, product: Product) -> None:
    _check_dates(product)
    for other in change.table("products").latest():
        if other.id != product.id and other.sku == product.sku:
            raise duplicate("SKU", product.sku)
    change.put(product)


def _check_dates(record: Product | ProductRatePlan) -> None:
    if record.effective_end < record.effective_start:
        raise InvalidValueError(
            f"'EffectiveEndDate' should not be before {record.effective_start}, it is {record.effective_end}."
        )


def delete_product(change: Change, identity: str) -> None:
    """Delete a product with its rate plans. Source: an assumption, that they go with it."""
    product = found(change, "products", identity, "delete")
    for plan in change.table("plans").of(product.id):
        delete_plan(change, plan.id)
    change.drop(product)


def create_plan(change: Change, fields: PlanFields) -> str:
    """Add a rate plan to a product; without dates it has those of its product."""
    told = said(fields)
    product = _product_of(change, told)
    plan = ProductRatePlan(
        id=change.id(),
        number=numbered(
            change,
            "product rate plan",
            told.values.get("product_rate_plan_number"),
            change.table("plans").ids,
            "ProductRatePlanNumber",
        ),
        product_id=product.id,
        name=told.given("name"),
        charges=(),
        effective_start=told.values.get("effective_start_date") or product.effective_start,
        effective_end=told.values.get("effective_end_date") or product.effective_end,
        description=told.values.get("description") or "",
        external_ids=told.values.get("external_rate_plan_ids") or (),
        external_system=told.values.get("external_id_source_system"),
        custom_fields=told.custom,
    )
    _keep_plan(change, plan)
    return plan.id


def _product_of(change: Change, told: Said) -> Product:
    key = told.given("product_id")
    product: Product | None = change.table("products").rows.get(key)
    if product is None:
        raise InvalidValueError(f"The product '{key}' does not exist.")
    return product


def update_plan(change: Change, identity: str, fields: PlanFields) -> None:
    """Change a rate plan; it stays with its product."""
    told, plan = said(fields), found(change, "plans", identity, "update")
    if told.values.get("product_id", plan.product_id) != plan.product_id:
        raise InvalidValueError(f"The rate plan {plan.number} cannot be moved to another product.")
    changes = _changed(told, plan, "product_rate_plan_number")
    changes["external_ids"] = changes.get("external_ids", plan.external_ids) or ()
    _keep_plan(change, replace(plan, **changes))


def _keep_plan(change: Change, plan: ProductRatePlan) -> None:
    """Keep a rate plan whose name is its own within its product. Source: the official SDK."""
    _check_dates(plan)
    for other in change.table("plans").of(plan.product_id):
        if other.id != plan.id and other.name == plan.name:
            raise duplicate("Name", plan.name)
    change.put(plan)


def delete_plan(change: Change, identity: str) -> None:
    """Delete a rate plan that no subscription has or had."""
    plan = found(change, "plans", identity, "delete")
    for subscription in change.table("subscriptions").rows.values():
        if any(copy.product_rate_plan_id == plan.id for copy in subscription.rate_plans):
            raise in_use(f"The product rate plan {plan.number}")
    change.drop(plan)


WRITERS = (
    Writer("Product", ProductFields, update_product, create_product, delete_product),
    Writer("ProductRatePlan", PlanFields, update_plan, create_plan, delete_plan),
)
