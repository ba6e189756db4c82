"""Tax rates of Zuora Tax: the tax periods of each tax code, and the rates of each period."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.taxcodes import Tax, TaxCode, TaxRate
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.countries import country_name
from toolkit.zuora.settings._schema import TEXT, Schema, fields
from toolkit.zuora.settings._setting import Answer, Asked, Operation, Setting, missing
from toolkit.zuora.settings.tax_codes import code_id, code_with
from toolkit.zuora.state.identities import derived_id
from toolkit.zuora.state.world import Change, World

_OPTIONAL: Schema = {"type": ["string", "null"]}
_PERIOD: Schema = fields({"id": TEXT, "taxCodeId": TEXT, "startDate": _OPTIONAL, "endDate": _OPTIONAL})
_PLACE = {
    "country": "country",
    "state": "state",
    "county": "county",
    "city": "city",
    "postalCode": "zip_code",
    "taxRegion": "tax_region",
}
_TAXES = ("1", "2", "3")
_LONGEST = 9
_TAX: Mapping[str, Schema] = {
    "taxRate": {"type": "number"},
    "taxRateType": {"type": ["string", "null"], "enum": ["Percentage", "FlatFee", None]},
    "taxName": _OPTIONAL,
    "taxJursdiction": _OPTIONAL,
    "taxJurisdiction": _OPTIONAL,
    "taxLocationCode": _OPTIONAL,
    "taxRateDescription": _OPTIONAL,
}
_RATE: Schema = fields(
    {
        **dict.fromkeys(_PLACE, _OPTIONAL),
        **{f"{name}{n}": schema for n in _TAXES for name, schema in _TAX.items()},
    },
    ("country",),
)
_RATES: Schema = fields({"taxRates": {"type": "array", "items": _RATE}}, ("taxRates",))
"""Source: Zuora, settings API, tax rate period settings and tax rates API settings, with their spelling: one
page shows `taxJurisdiction1` in the description of a request and `taxJursdiction1` in all examples."""


class Period(NamedTuple):
    """A tax period of a tax code.

    Attributes:
        rates: Those of the code that are of this period; a single one without taxes where it has none.
    """

    id: str
    name: str
    code: TaxCode
    rates: Sequence[TaxRate]

    @property
    def start(self) -> date:
        """Its first day."""
        return self.rates[0].start

    @property
    def end(self) -> date:
        """Its last day."""
        return self.rates[0].end


def list_periods(asked: Asked) -> Answer:
    """Show the tax periods of all tax codes."""
    return Answer({"taxRatePeriods": [_show(one) for one in _periods(asked.world)]})


def create_period(asked: Asked) -> Answer:
    """Begin a tax period of the tax code that the path names, without rates.

    Source: Zuora; of the refusal of days that another period of the code has, an assumption.
    """
    said, world = asked.said, asked.world
    key = asked.path["id"]
    name, code = code_with(world, key)
    if said.get("taxCodeId", key) != key:
        raise Refusal(Category.INVALID_VALUE, f"'taxCodeId' should be {key}, as the path says.")
    change = Change(world)
    identity = change.id()
    start, end = _days(said, date.min, date.max)
    period = Period(identity, name, code, [TaxRate(taxes=(), period_id=identity, start=start, end=end)])
    return _kept(change.world, period, period.rates)


def change_period(asked: Asked) -> Answer:
    """Change the days of a tax period, and with them those of its rates."""
    period = _found(asked)
    start, end = _days(asked.said, period.start, period.end)
    rates = [replace(rate, period_id=period.id, start=start, end=end) for rate in period.rates]
    return _kept(asked.world, period, rates)


def delete_period(asked: Asked) -> Answer:
    """Delete a tax period and its rates."""
    return Answer({"success": True}, _with(asked.world, _found(asked), []))


def list_rates(asked: Asked) -> Answer:
    """Show a page of the rates of a tax period."""
    period = _found(asked)
    shown = [_show_rate(period, at, rate) for at, rate in enumerate(period.rates) if rate.taxes]
    size, page = (_whole(asked, name, default) for name, default in (("size", 100), ("page", 1)))
    return Answer({"taxRates": shown[(page - 1) * size : page * size], "success": True})


def create_rates(asked: Asked) -> Answer:
    """Add rates to a tax period; of those that match a contact the first one applies."""
    period, change = _found(asked), Change(asked.world)
    made = [_read(one, period, change.id()) for one in asked.said["taxRates"]]
    held = [rate for rate in period.rates if rate.taxes]
    world = _with(change.world, period, [*held, *made] or period.rates)
    shown = [_show_rate(period, at, rate) for at, rate in enumerate(made)]
    return Answer({"taxRates": shown, "success": True}, world)


def delete_rates(asked: Asked) -> Answer:
    """Delete all rates of a tax period; they cannot be changed, nor deleted one by one."""
    period = _found(asked)
    left = TaxRate(taxes=(), period_id=period.id, start=period.start, end=period.end)
    return Answer({"success": True}, _with(asked.world, period, [left]))


def _periods(world: World) -> Iterator[Period]:
    for name, code in world.tax_codes.items():
        own: dict[str, list[TaxRate]] = {}
        for rate in code.rates:
            own.setdefault(_period_id(name, code, rate), []).append(rate)
        yield from (Period(key, name, code, rates) for key, rates in own.items())


def _period_id(name: str, code: TaxCode, rate: TaxRate) -> str:
    return rate.period_id or derived_id("tax period", code_id(name, code), rate.start, rate.end)


def _found(asked: Asked) -> Period:
    key = asked.path["id"]
    for period in _periods(asked.world):
        if period.id == key:
            return period
    raise missing("The tax rate period", key)


def _days(said: Mapping[str, Any], start: date, end: date) -> tuple[date, date]:
    try:
        if "startDate" in said:
            start = date.fromisoformat(said["startDate"]) if said["startDate"] else date.min
        if "endDate" in said:
            end = date.fromisoformat(said["endDate"]) if said["endDate"] else date.max
    except ValueError as error:
        raise Refusal(Category.INVALID_VALUE, f"A day should be as 2026-01-31: {error}.") from error
    if end < start:
        raise Refusal(Category.INVALID_VALUE, f"A tax rate period cannot end on {end}, before {start}.")
    return start, end


def _whole(asked: Asked, name: str, default: int) -> int:
    said = asked.query.get(name, str(default))
    value = int(said) if said.isdecimal() and len(said) <= _LONGEST else 0
    if not value:
        raise Refusal(Category.INVALID_VALUE, f"'{name}' should be a whole number from 1 on, not '{said}'.")
    return value


def _with(world: World, period: Period, rates: Sequence[TaxRate]) -> World:
    others = [one for one in period.code.rates if _period_id(period.name, period.code, one) != period.id]
    for one in others:
        if rates and one.start <= rates[0].end and rates[0].start <= one.end:
            raise Refusal(Category.RULE, f"The tax code {period.name} has a period with some of these days.")
    code = replace(period.code, rates=(*others, *rates))
    return replace(world, tax_codes={**world.tax_codes, period.name: code})


def _kept(world: World, period: Period, rates: Sequence[TaxRate]) -> Answer:
    shown = _show(period._replace(rates=rates))
    return Answer({**shown, "success": True}, _with(world, period, rates))


def _show(period: Period) -> dict[str, object]:
    return {
        "id": period.id,
        "startDate": None if period.start == date.min else period.start.isoformat(),
        "endDate": None if period.end == date.max else period.end.isoformat(),
        "taxCodeId": code_id(period.name, period.code),
    }


def _read(said: Mapping[str, Any], period: Period, identity: str) -> TaxRate:
    taxes = tuple(
        Tax(
            name=said.get(f"taxName{n}") or "",
            rate=Decimal(said.get(f"taxRate{n}", 0)),
            type=said.get(f"taxRateType{n}") or "Percentage",
            jurisdiction=said.get(f"taxJursdiction{n}") or said.get(f"taxJurisdiction{n}") or "",
            location_code=said.get(f"taxLocationCode{n}") or "",
            description=said.get(f"taxRateDescription{n}") or "",
        )
        for n in _TAXES
        if said.get(f"taxName{n}") or said.get(f"taxRate{n}")
    )
    if not taxes:
        raise Refusal(Category.MISSING_FIELD, "'taxRate1' may not be null")
    place: dict[str, Any] = {ours: said.get(name) or None for name, ours in _PLACE.items()}
    place["country"] = country_name(place["country"])
    return TaxRate(taxes=taxes, id=identity, period_id=period.id, start=period.start, end=period.end, **place)


def _show_rate(period: Period, at: int, rate: TaxRate) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": rate.id or derived_id("tax rate", period.id, at),
        "taxRatePeriodId": period.id,
        **{name: getattr(rate, ours) for name, ours in _PLACE.items()},
    }
    for n, tax in zip(_TAXES, (*rate.taxes, None, None, None), strict=False):
        shown |= {
            f"taxRate{n}": tax.rate if tax else Decimal("0.0"),
            f"taxRateType{n}": tax and tax.type,
            f"taxName{n}": tax and tax.name,
            f"taxJursdiction{n}": tax and tax.jurisdiction,
            f"taxLocationCode{n}": tax and tax.location_code,
            f"taxRateDescription{n}": tax and tax.description,
        }
    return shown


_OF_PERIOD = {"id": "Unique ID of the tax rate period"}

SETTINGS = (
    Setting("TaxRatePeriods", "Tax rate periods", "/tax-rate-periods", (Operation("GET", list_periods),)),
    Setting(
        "TaxRatePeriod",
        "Tax rate period, or to create one of the tax code with this id",
        "/tax-rate-periods/{id}",
        (
            Operation("POST", create_period, _PERIOD, _PERIOD),
            Operation("PUT", change_period, _PERIOD, _PERIOD),
            Operation("DELETE", delete_period),
        ),
        _OF_PERIOD,
    ),
    Setting(
        "TaxRates",
        "Tax rates of a period",
        "/tax-rate-periods/{id}/tax-rates",
        (
            Operation("GET", list_rates),
            Operation("POST", create_rates, _RATES),
            Operation("DELETE", delete_rates),
        ),
        _OF_PERIOD,
    ),
)
"""Source of the paths: Zuora; of the keys: an assumption."""
