"""From what clients say of a product rate plan charge to the terms by which it is billed."""

from decimal import Decimal
from typing import Any, get_args, get_type_hints

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeTerms, Drawdown, Prepaid
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import WEEKDAYS
from toolkit.zuora.objects._charge_fields import Deliveries
from toolkit.zuora.objects._writing import Said, given, meant, on_the_wire

_NAMES = {
    "charge_type": "type",
    "charge_model": "model",
    "bill_cycle_type": "billing_day",
    "billing_period_alignment": "alignment",
    "billing_timing": "timing",
    "is_stacked_discount": "stacked",
    "apply_to_billing_period_partially": "apply_partially",
    "number_of_period": "number_of_periods",
}
"""Where a field of the terms is called otherwise on the wire."""

_WITH_UNITS = frozenset({"PerUnit", "Volume", "Overage", "Tiered", "TieredWithOverage"})
_LAST_DAY = 31


def _texts(hint: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type
    """Return the texts that a field may have, or nothing where it may have any or is no text."""
    options = (get_args(one) for one in (hint, *get_args(hint)))
    return next((texts for texts in options if texts and all(isinstance(one, str) for one in texts)), ())


CHOICES = {name: _texts(hint) for name, hint in get_type_hints(ChargeTerms).items()} | {
    "apply_discount_to": (
        *("ONETIME", "RECURRING", "USAGE", "ONETIMERECURRING", "ONETIMEUSAGE", "RECURRINGUSAGE"),
        "ONETIMERECURRINGUSAGE",
    )
}
"""By field of the terms, the texts that it may have; nothing where it may have any or is no text."""

_EMPTY = ChargeTerms(name="", type="OneTime", model="FlatFee")
_TEXTS = {name: _texts(hint) for name, hint in get_type_hints(Prepaid).items()}


def terms_of(told: Said, before: ChargeTerms | None = None) -> ChargeTerms:
    """Return the terms of a charge with what is said of them; what is not said stays as it is.

    Raises:
        Refusal: Something that the charge needs is missing.
        InvalidValueError: A value is none that its field may have.
    """
    if before is None:
        told.given("trigger_event")
    changes = {
        ours: _value(name, ours, value)
        for name, value in told.values.items()
        if (ours := _NAMES.get(name, name)) in CHOICES
    }
    for name in ("name", "charge_type", "charge_model"):
        if before is None or name in told.values:
            told.given(name)
    start = before or _EMPTY
    terms = replace(start, **{**changes, **_options(told, start)})
    if before is None and terms.type != "OneTime":
        told.given("billing_period")
        told.given("bill_cycle_type")
    return _checked(_completed(terms))


def _value(name: str, ours: str, value: Any) -> Any:  # noqa: ANN401 - of the type of its field
    if value is None:
        return getattr(_EMPTY, ours)
    if CHOICES[ours]:
        return meant(on_the_wire(name), value, CHOICES[ours])
    return value


def _options(told: Said, before: ChargeTerms) -> dict[str, Any]:
    """Return what the wire says in other words than the terms."""
    values, changes = told.values, dict[str, Any]()
    if "delivery_schedule" in values:
        changes["delivery_days"] = _days(values["delivery_schedule"])
    if "overage_calculation_option" in values:
        changes["overage_per_period"] = values["overage_calculation_option"] == "PerBillingPeriod"
    if "usage_record_rating_option" in values:
        changes["on_demand"] = values["usage_record_rating_option"] == "OnDemand"
    if values.get("use_tenant_default_for_price_change"):
        changes["price_change_option"] = None
    return {**changes, **_prepaying(told, before)}


def _days(said: Deliveries | None) -> tuple[str, ...]:
    if said is None:
        return ()
    wednesday = said.wednesday or said.wendesday
    return tuple(day for day in WEEKDAYS if (wednesday if day == "Wednesday" else getattr(said, day.lower())))


_PREPAID = {
    "prepaid_uom": "uom",
    "prepaid_quantity": "units",
    "validity_period_type": "validity",
    "credit_option": "credit_option",
    "rollover_apply": "rollover_apply",
    "rollover_periods": "rollover_periods",
}


def _prepaying(told: Said, before: ChargeTerms) -> dict[str, Any]:
    """Return what the charge prepays or draws down. Source: the official SDK, prepaid with drawdown.

    Raises:
        Refusal: What it prepays is missing.
        InvalidValueError: It prepays money, or has a function that is not simulated.
    """
    values = told.values
    function, operation = values.get("charge_function"), values.get("prepaid_operation_type")
    if function not in {None, "Standard", "Prepayment", "Drawdown"}:
        raise InvalidValueError(f"The charge function {function} is not simulated.")
    if (values.get("prepayment_unit_type") or values.get("commitment_type")) == "CURRENCY":
        raise InvalidValueError("Prepayments of CURRENCY are not simulated, only those of UNIT.")
    if function == "Prepayment" or operation == "topup" or before.prepaid is not None:
        return {"prepaid": _prepaid(told, before.prepaid)}
    if function == "Drawdown" or operation == "drawdown" or before.drawdown is not None:
        former = before.drawdown
        uom = values.get("drawdown_uom", former and former.uom)
        rate = values.get("drawdown_rate") or (former.rate if former else Decimal(1))
        return {"drawdown": Drawdown(uom=given(uom, "DrawdownUom"), rate=rate)}
    return {}


def _prepaid(told: Said, before: Prepaid | None) -> Prepaid:
    given_now: dict[str, Any] = {
        ours: meant(on_the_wire(name), value, _TEXTS[ours]) if _TEXTS[ours] else value
        for name, ours in _PREPAID.items()
        if (value := told.values.get(name)) is not None
    }
    if told.values.get("is_rollover") is False:
        given_now["rollover_periods"] = 0
    if before is not None:
        return replace(before, **given_now)
    for name in ("prepaid_uom", "prepaid_quantity", "validity_period_type"):
        told.given(name)
    return Prepaid(**given_now)


def _completed(terms: ChargeTerms) -> ChargeTerms:
    """Return terms with what follows from the type of the charge.

    A one-time charge has no periods, whatever is said of them. Source: recorded catalogs. A recurring
    one is billed in advance, for periods of its own, by the price of one. Source: the defaults of Zuora's
    catalog.
    """
    if terms.type == "OneTime":
        return replace(
            terms,
            end_date_condition="One_Time",
            billing_period=None,
            billing_day=None,
            alignment=None,
            timing=None,
        )
    alignment = terms.alignment or "AlignToCharge"
    if terms.type == "Usage":
        return replace(terms, alignment=alignment)
    base = terms.list_price_base or "Per_Billing_Period"
    return replace(terms, alignment=alignment, timing=terms.timing or "IN_ADVANCE", list_price_base=base)


def _checked(terms: ChargeTerms) -> ChargeTerms:
    """Refuse what a charge lacks. Source: the official SDK, descriptions of UOM, TaxCode and TaxMode."""
    if terms.model in _WITH_UNITS:
        given(terms.uom, "UOM")
    if terms.taxable:
        given(terms.tax_code, "TaxCode")
        given(terms.tax_mode, "TaxMode")
    if terms.bill_cycle_day is not None and not 1 <= terms.bill_cycle_day <= _LAST_DAY:
        raise InvalidValueError(f"'BillCycleDay' should be between 1 and 31, not {terms.bill_cycle_day}.")
    return terms
