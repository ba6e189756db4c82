"""ProductRatePlanCharge and its tiers: what a rate plan of the catalog costs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeModel, Pricing, ProductCharge, ProductRatePlan, Tier
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.models import check_tiers
from toolkit.billing.money import ZERO
from toolkit.billing.ratable import check_fit, check_terms
from toolkit.zuora.objects._charge_fields import ChargeFields, TierData, TierFields
from toolkit.zuora.objects._charge_terms import terms_of
from toolkit.zuora.objects._writing import Writer, given, in_use, numbered, said, unknown
from toolkit.zuora.query.catalogs import OfferedCharge, offered_charge
from toolkit.zuora.query.spellings import PRICE_FORMATS
from toolkit.zuora.state.world import Change

_STEPPED = frozenset(
    {
        *("Volume", "Tiered", "TieredWithOverage"),
        *("HighWatermarkVolumePricing", "HighWatermarkTieredPricing"),
    }
)


def create(change: Change, fields: ChargeFields) -> str:
    """Add a charge to a rate plan; it can be subscribed to at once."""
    told = said(fields)
    key = told.given("product_rate_plan_id")
    plan: ProductRatePlan | None = change.table("plans").rows.get(key)
    if plan is None:
        raise InvalidValueError(f"The product rate plan '{key}' does not exist.")
    terms = terms_of(told)
    tiers: TierData = told.given("product_rate_plan_charge_tier_data")
    charge = ProductCharge(
        id=change.id(),
        number=_number(change, told.values.get("product_rate_plan_charge_number")),
        terms=terms,
        pricing=_pricing(terms.model, tiers, told.values.get("included_units")),
        default_quantity=told.values.get("default_quantity"),
        custom_fields=told.custom,
    )
    _check(charge)
    change.put(replace(plan, charges=(*plan.charges, charge)))
    return charge.id


def _number(change: Change, wanted: str | None) -> str:
    used = {charge.number for plan in change.table("plans").latest() for charge in plan.charges}
    return numbered(change, "product charge", wanted, used, "ProductRatePlanChargeNumber")


def _check(charge: ProductCharge) -> None:
    """Refuse a charge that no subscription could be billed for.

    Raises:
        BillingError: It is one.
    """
    check_terms(charge.terms)
    for pricing in charge.pricing.values():
        check_tiers(pricing.tiers)
        check_fit(charge.number, charge.terms, pricing, None)


def _pricing(model: ChargeModel, data: TierData, included: Decimal | None) -> Mapping[str, Pricing]:
    """Return what a charge costs by currency.

    Raises:
        Refusal: There is no tier, or what its model needs is missing from one.
    """
    rows: dict[str, list[TierFields]] = {}
    for row in data.product_rate_plan_charge_tier:
        rows.setdefault(given(row.currency, "Currency"), []).append(row)
    if not rows:
        given(None, "ProductRatePlanChargeTierData")
    return {currency: _priced(model, currency, told, included) for currency, told in rows.items()}


def _priced(
    model: ChargeModel, currency: str, rows: Sequence[TierFields], included: Decimal | None
) -> Pricing:
    first = rows[0]
    if model == "DiscountPercentage":
        return Pricing(
            currency=currency, discount_percentage=given(first.discount_percentage, "DiscountPercentage")
        )
    if model == "DiscountFixedAmount":
        return Pricing(currency=currency, discount_amount=given(first.discount_amount, "DiscountAmount"))
    over = next((row for row in rows if row.is_overage_price), None)
    beyond = over.price if over else next((row.overage_price for row in rows if row.overage_price), None)
    if model == "Overage":
        units = included if first.included_units is None else first.included_units
        beyond = first.price if beyond is None else beyond
        return Pricing(currency=currency, included_units=units, overage_price=given(beyond, "Price"))
    if model in _STEPPED:
        steps = [row for row in rows if not row.is_overage_price]
        tiers = tuple(_step(number, row) for number, row in enumerate(steps, 1))
        return Pricing(
            currency=currency, tiers=tiers, overage_price=beyond if model == "TieredWithOverage" else None
        )
    return Pricing(currency=currency, price=given(first.price, "Price"))


def _step(number: int, row: TierFields) -> Tier:
    """Return a step of a price table; they are numbered in their order."""
    flat = row.price_format is not None and _flat(row.price_format)
    return Tier(
        tier=number,
        starting_unit=ZERO if row.starting_unit is None else row.starting_unit,
        ending_unit=row.ending_unit,
        price=given(row.price, "Price"),
        price_format="FlatFee" if flat else "PerUnit",
    )


def _flat(price_format: str) -> bool:
    for value, spelling in PRICE_FORMATS.items():
        if price_format in {value, spelling}:
            return value == "FlatFee"
    raise InvalidValueError(f"'PriceFormat' value should be one of: {', '.join(PRICE_FORMATS.values())}")


def update(change: Change, identity: str, fields: ChargeFields) -> None:
    """Change a charge of the catalog; subscriptions keep the copy that they have.

    Tiers, if any are said, take the place of all.
    """
    told, offered = said(fields), _offered(change, identity, "update")
    plan, charge = offered
    if told.values.get("product_rate_plan_id", plan.id) != plan.id:
        raise InvalidValueError(f"The charge {charge.number} cannot be moved to another rate plan.")
    wanted = told.values.get("product_rate_plan_charge_number", charge.number)
    if wanted != charge.number:
        raise InvalidValueError(f"The number {charge.number} cannot be changed to {wanted}.")
    terms = terms_of(told, charge.terms)
    pricing, tiers = charge.pricing, told.values.get("product_rate_plan_charge_tier_data")
    if tiers is not None:
        pricing = _pricing(terms.model, tiers, told.values.get("included_units", _included(charge)))
    elif terms.model != charge.terms.model:
        told.given("product_rate_plan_charge_tier_data")
    elif "included_units" in told.values:
        units = told.values["included_units"]
        pricing = {name: replace(one, included_units=units) for name, one in pricing.items()}
    changed = replace(
        charge,
        terms=terms,
        pricing=pricing,
        default_quantity=told.values.get("default_quantity", charge.default_quantity),
        custom_fields={**charge.custom_fields, **told.custom},
    )
    _check(changed)
    keep(change, plan, changed)


def _included(charge: ProductCharge) -> Decimal | None:
    return next(iter(charge.pricing.values())).included_units


def _offered(change: Change, identity: str, verb: str) -> OfferedCharge:
    offered = offered_charge(change.world, identity)
    if offered is None:
        raise unknown(verb)
    return offered


def keep(change: Change, plan: ProductRatePlan, changed: ProductCharge) -> None:
    """Put a changed charge of a rate plan into the change."""
    charges = tuple(changed if one.id == changed.id else one for one in plan.charges)
    change.put(replace(plan, charges=charges))


def delete(change: Change, identity: str) -> None:
    """Delete a charge that no subscription has or had."""
    plan, charge = _offered(change, identity, "delete")
    for subscription in change.table("subscriptions").rows.values():
        if any(copy.product_charge_id == charge.id for copy in subscription.charges):
            raise in_use(f"The product rate plan charge {charge.number}")
    change.put(replace(plan, charges=tuple(one for one in plan.charges if one.id != charge.id)))


WRITERS = (Writer("ProductRatePlanCharge", ChargeFields, update, create, delete),)
