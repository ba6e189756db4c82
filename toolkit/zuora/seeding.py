"""Seeding: the catalog of a real tenant, as its GET /v1/catalog/products answers it, put into a world."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from toolkit.billing.catalog import (
    ChargeTerms,
    Drawdown,
    Prepaid,
    Pricing,
    Product,
    ProductCharge,
    ProductRatePlan,
    Tier,
)
from toolkit.billing.errors import BillingError
from toolkit.billing.periods import WEEKDAYS
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.charge_names import PRICING, TERMS, TIER
from toolkit.zuora.settings import custom_fields
from toolkit.zuora.state.world import Change, World

Said = Mapping[str, Any]
_REMEDY = "Save what GET /v1/catalog/products answers without a Zuora-Version."

_PRODUCT = {
    **{name: name for name in ("id", "name", "description", "category")},
    "effectiveStartDate": "effective_start",
    "effectiveEndDate": "effective_end",
    "productNumber": "number",
}
_PLAN = {
    **{name: name for name in ("id", "name", "description")},
    "effectiveStartDate": "effective_start",
    "effectiveEndDate": "effective_end",
    "productRatePlanNumber": "number",
}
_TERMS = {
    **TERMS,
    **{name: name for name in ("name", "description", "taxable")},
    "numberOfPeriods": "number_of_periods",
    "prepayPeriods": "prepaid_periods",
    "priceChangeOption": "price_change_option",
    "priceIncreasePercentage": "price_increase_percentage",
    "prorationOption": "proration_option",
    "smoothingModel": "smoothing_model",
    "taxCode": "tax_code",
    "taxMode": "tax_mode",
}
_PRICING = {**PRICING, "currency": "currency"}
_PREPAID = {
    "prepaidQuantity": "units",
    "prepaidUom": "uom",
    "validityPeriodType": "validity",
    "creditOption": "credit_option",
    "rolloverApply": "rollover_apply",
    "rolloverPeriods": "rollover_periods",
}
_DRAWDOWN = {"drawdownUom": "uom", "drawdownRate": "rate"}


def seed(world: World, pages: bytes) -> World:
    """Put the products of one page of a catalog, or of several in an array, into a world.

    A page may be the custom fields of the tenant instead, as GET /settings/custom-fields/zuora answers them;
    they are to come before the products.

    Ids and numbers stay; a product, plan or charge without a number gets one of this tenant's. What the world
    has under the same id is replaced. Custom fields are kept, other fields that are not known are read over.

    Raises:
        ToolkitError: It is no such page, or a value is none that the simulator knows; the message says where.
    """
    try:
        said = msgspec.json.Decoder(float_hook=Decimal).decode(pages)
        found = said if isinstance(said, list) else [said]
        if not found:
            raise ToolkitError("There is no page of a catalog in this list.", _REMEDY)
        for page in found:
            if "definitions" in page:
                fields = custom_fields.declared(page, world.now)
                world = replace(world, custom_fields={**world.custom_fields, **fields})
        change = Change(world)
        for page in found:
            for product in page["products"] if "definitions" not in page else ():
                _put(change, product)
    except (Refusal, BillingError) as error:
        raise ToolkitError(f"A custom field cannot be as it is: {error}") from error
    except (KeyError, TypeError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error).rstrip(".")
        raise ToolkitError(f"This is no page of a catalog: {what}.", _REMEDY) from error
    return change.world


def _put(change: Change, said: Said) -> None:
    name, plans = said["name"], said["productRatePlans"]
    if isinstance(plans, str):
        raise ToolkitError(
            f"The product '{name}' names the URL of its rate plans only.",
            "Ask for the catalog with a Zuora-Version before 230.0, or without one.",
        )
    own = _own(change, said, "productNumber", "product")
    product = _taken(said, _PRODUCT, Product, f"The product '{name}'", **own, sku=said.get("sku") or "")
    change.put(product)
    for plan in plans:
        where = f"The plan '{plan['name']}' of the product '{name}'"
        charges = tuple(_charge(change, one, where) for one in plan["productRatePlanCharges"])
        own = _own(change, plan, "productRatePlanNumber", "product rate plan")
        own |= {"product_id": product.id, "charges": charges}
        change.put(_taken(plan, _PLAN, ProductRatePlan, where, **own))


def _charge(change: Change, said: Said, plan: str) -> ProductCharge:
    where = f"{plan}, charge '{said['name']}'"
    more: dict[str, Any] = {}
    if said.get("useTenantDefaultForPriceChange"):
        said = {**said, "priceChangeOption": None}
    schedule = said.get("deliverySchedule") or {}
    more["delivery_days"] = tuple(day for day in WEEKDAYS if schedule.get(day.lower()))
    more["on_demand"] = said.get("usageRecordRatingOption") == "OnDemand"
    more["overage_per_period"] = said.get("overageCalculationOption") == "PerBillingPeriod"
    if said.get("chargeFunction") == "Prepayment":
        more["prepaid"] = _taken(said, _PREPAID, Prepaid, where)
    if said.get("chargeFunction") == "Drawdown":
        more["drawdown"] = _taken(said, _DRAWDOWN, Drawdown, where)
    pricing = {}
    for price in said["pricing"]:
        tiers = tuple(_taken(tier, TIER, Tier, where, ending_unit=None) for tier in price.get("tiers") or ())
        pricing[price["currency"]] = _taken(price, _PRICING, Pricing, where, tiers=tiers)
    return ProductCharge(
        id=said["id"],
        number=said.get("productRatePlanChargeNumber") or change.number("product charge"),
        terms=_taken(said, _TERMS, ChargeTerms, where, **more),
        pricing=pricing,
        default_quantity=msgspec.convert(said.get("defaultQuantity"), Decimal | None, strict=False),
        finance=msgspec.convert(said.get("financeInformation") or {}, dict[str, str | None]),
        custom_fields=_custom(said),
    )


def _own(change: Change, said: Said, field: str, numbered: str) -> dict[str, object]:
    """Return a record's custom fields and its number, which is a new one if it has none."""
    return {"custom_fields": _custom(said), "number": said.get(field) or change.number(numbered)}


def _custom(said: Said) -> dict[str, Any]:
    return {name: value for name, value in said.items() if "__" in name}


def _taken(said: Said, names: Mapping[str, str], kind: type[Any], where: str, **more: object) -> Any:  # noqa: ANN401 - a record of this kind
    types = {field.name: field.type for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    theirs = ""
    try:
        for theirs, ours in names.items():
            if said.get(theirs) not in (None, ""):
                values[ours] = msgspec.convert(said[theirs], types[ours], strict=False)
        theirs = "values"
        return kind(**{**more, **values})
    except (msgspec.ValidationError, BillingError, TypeError) as error:
        raise ToolkitError(f"{where} cannot be simulated, {theirs}: {str(error).rstrip('.')}.") from error
