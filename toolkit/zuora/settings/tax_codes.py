"""Tax codes of Zuora Tax: what charges name to be taxed; their rates are in `tax_rates`."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from toolkit.billing.taxcodes import TaxCode
from toolkit.zuora.objects._writing import duplicate, in_use
from toolkit.zuora.settings._schema import FLAG, TEXT, Schema, fields
from toolkit.zuora.settings._setting import Answer, Asked, Document, Operation, Setting, check_fixed, missing
from toolkit.zuora.state.identities import derived_id
from toolkit.zuora.state.world import Change, World

_ENGINE = derived_id("tax engine", "Z_Tax")
_SCHEMA: Schema = fields(
    {
        "id": TEXT,
        "taxEngineId": TEXT,
        "active": FLAG,
        "name": TEXT,
        "description": {"type": ["string", "null"]},
    },
    ("name",),
)
"""Source: Zuora, settings API, Zuora Tax engine settings and Zuora tax code API settings."""


class TaxCodeDocument(Document, frozen=True):
    """A tax code; one that is not active, and other engines, are gaps."""

    lacking = frozenset({"active", "taxEngineId"})


def list_engines(_: Asked) -> Answer:
    """Show the one engine that there is; those of others are not simulated."""
    return Answer({"taxEngines": [{"id": _ENGINE, "name": "Zuora Tax", "taxEngineType": "Z_Tax"}]})


def list_codes(asked: Asked) -> Answer:
    """Show all tax codes."""
    return Answer({"taxCodes": [_show(name, code) for name, code in asked.world.tax_codes.items()]})


def show_code(asked: Asked) -> Answer:
    """Show a tax code."""
    return _answer(*code_with(asked.world, asked.path["id"]))


def create_code(asked: Asked) -> Answer:
    """Create a tax code, which taxes nothing before it has a rate."""
    said, change = asked.said, Change(asked.world)
    _check(said)
    if said["name"] in asked.world.tax_codes:
        raise duplicate("name", said["name"])
    code = TaxCode(rates=(), id=change.id(), description=said.get("description") or "")
    return _kept(change.world, None, said["name"], code)


def change_code(asked: Asked) -> Answer:
    """Change the description, or the name as long as no charge has it."""
    said, world = asked.said, asked.world
    _check(said)
    name, code = code_with(world, asked.path["id"])
    if said["name"] != name and said["name"] in world.tax_codes:
        raise duplicate("name", said["name"])
    if said["name"] != name and _is_used(world, name):
        raise in_use(f"The tax code {name}")
    description = said.get("description", code.description) or ""
    return _kept(world, name, said["name"], replace(code, id=code_id(name, code), description=description))


def delete_code(asked: Asked) -> Answer:
    """Delete a tax code that no charge has, with its rates."""
    name, _ = code_with(asked.world, asked.path["id"])
    if _is_used(asked.world, name):
        raise in_use(f"The tax code {name}")
    codes = {one: code for one, code in asked.world.tax_codes.items() if one != name}
    return Answer({"success": True}, replace(asked.world, tax_codes=codes))


def code_id(name: str, code: TaxCode) -> str:
    """Return the id of a tax code."""
    return code.id or derived_id("tax code", name)


def code_with(world: World, key: str) -> tuple[str, TaxCode]:
    """Return the name of the tax code with this id, and the code.

    Raises:
        Refusal: There is none.
    """
    for name, code in world.tax_codes.items():
        if code_id(name, code) == key:
            return name, code
    raise missing("The tax code", key)


def _check(said: Mapping[str, Any]) -> None:
    check_fixed(said, {"active": True, "taxEngineId": _ENGINE})


def _is_used(world: World, name: str) -> bool:
    offered = (charge.terms for plan in world.plans.latest() for charge in plan.charges)
    sold = (
        charge.terms
        for one in world.subscriptions.latest()
        for plan in one.rate_plans
        for charge in plan.charges
    )
    return any(terms.tax_code == name for terms in (*offered, *sold))


def _kept(world: World, former: str | None, name: str, code: TaxCode) -> Answer:
    others = {one: other for one, other in world.tax_codes.items() if one != former}
    return _answer(name, code)._replace(world=replace(world, tax_codes={**others, name: code}))


def _answer(name: str, code: TaxCode) -> Answer:
    return Answer({**_show(name, code), "success": True})


def _show(name: str, code: TaxCode) -> dict[str, object]:
    return {
        "id": code_id(name, code),
        "taxEngineId": _ENGINE,
        "active": True,
        "name": name,
        "description": code.description,
    }


SETTINGS = (
    Setting("TaxEngines", "Tax engines", "/tax-engines", (Operation("GET", list_engines),)),
    Setting("AllTaxCode", "Retrieve all tax codes", "/tax-codes", (Operation("GET", list_codes),)),
    Setting(
        "CreateZuoraTaxCode",
        "Create tax code under Zuora Tax Engine",
        "/tax-codes/ztax",
        (Operation("POST", create_code, _SCHEMA, _SCHEMA, TaxCodeDocument),),
    ),
    Setting(
        "ZuoraTaxCode",
        "Tax code under Zuora Tax Engine",
        "/tax-codes/ztax/{id}",
        (
            Operation("GET", show_code, gives=_SCHEMA),
            Operation("PUT", change_code, _SCHEMA, _SCHEMA, TaxCodeDocument),
            Operation("DELETE", delete_code),
        ),
        {"id": "Unique ID of the tax code"},
    ),
)
"""Source: Zuora, tax codes configuration through settings API; those of other engines are gaps."""
