"""Units of measure: how many decimal places the quantities of each have, and which way they are rounded."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from toolkit.billing.units import UnitOfMeasure
from toolkit.zuora.objects._writing import duplicate, in_use
from toolkit.zuora.settings._schema import FLAG, TEXT, fields, one_of
from toolkit.zuora.settings._setting import Answer, Asked, Document, Operation, Setting, check_fixed, missing
from toolkit.zuora.state.identities import derived_id
from toolkit.zuora.state.world import Change, World

_MODES = {"UP": "Up", "DOWN": "Down"}
_SCHEMA = fields(
    {
        "id": TEXT,
        "name": TEXT,
        "displayAs": TEXT,
        "precision": {"type": "integer", "minimum": 0, "maximum": 9},
        "roundingMode": one_of(_MODES.values()),
        "active": FLAG,
        "usageLogFileLabel": TEXT,
    },
    ("name",),
)
"""Source: Zuora, settings API, units of measure: the examples of its operations; the bounds of a precision
from the field descriptions of UnitOfMeasure, and from the same that it stays once the unit is used."""


class UnitDocument(Document, frozen=True):
    """A unit of measure; other names on documents and in usage files, and inactive units, are gaps."""

    lacking = frozenset({"active", "displayAs", "usageLogFileLabel"})


def list_units(asked: Asked) -> Answer:
    """Show all units by their names."""
    return Answer({"unitsOfMeasure": [_show(name, unit) for name, unit in sorted(_units(asked.world))]})


def show_unit(asked: Asked) -> Answer:
    """Show one unit."""
    return Answer(_show(*_found(asked)))


def create_unit(asked: Asked) -> Answer:
    """Create a unit: from now on quantities in it are rounded."""
    said, change = asked.said, Change(asked.world)
    _check(said)
    if said["name"] in asked.world.rules.units:
        raise duplicate("name", said["name"])
    unit = UnitOfMeasure(
        id=change.id(),
        decimal_places=said.get("precision", 0),
        rounding=_mode(said.get("roundingMode", "Up")),
    )
    return _kept(change.world, None, said["name"], unit)


def change_unit(asked: Asked) -> Answer:
    """Change a unit; what is not said stays."""
    said = asked.said
    _check(said)
    name, unit = _found(asked)
    changed = replace(
        unit,
        id=_id(name, unit),
        decimal_places=said.get("precision", unit.decimal_places),
        rounding=_mode(said.get("roundingMode", _MODES[unit.rounding])),
    )
    moved = (said["name"], changed.decimal_places) != (name, unit.decimal_places)
    if moved and _is_used(asked.world, name):
        raise in_use(f"The unit of measure {name}")
    if said["name"] != name and said["name"] in asked.world.rules.units:
        raise duplicate("name", said["name"])
    return _kept(asked.world, name, said["name"], changed)


def delete_unit(asked: Asked) -> Answer:
    """Delete a unit that no charge has; the answer is empty."""
    name, _ = _found(asked)
    if _is_used(asked.world, name):
        raise in_use(f"The unit of measure {name}")
    return Answer(None, _with(asked.world, {one: unit for one, unit in _units(asked.world) if one != name}))


def _check(said: Mapping[str, Any]) -> None:
    check_fixed(said, {"active": True, "displayAs": said["name"], "usageLogFileLabel": said["name"]})


def _mode(said: str) -> Any:  # noqa: ANN401 - one of two texts
    return said.upper()


def _units(world: World) -> Iterator[tuple[str, UnitOfMeasure]]:
    yield from world.rules.units.items()


def _id(name: str, unit: UnitOfMeasure) -> str:
    return unit.id or derived_id("unit of measure", name)


def _found(asked: Asked) -> tuple[str, UnitOfMeasure]:
    key = asked.path["id"]
    for name, unit in _units(asked.world):
        if _id(name, unit) == key:
            return name, unit
    raise missing("The unit of measure", key)


def _is_used(world: World, name: str) -> bool:
    return any(charge.terms.uom == name for plan in world.plans.latest() for charge in plan.charges)


def _with(world: World, units: Mapping[str, UnitOfMeasure]) -> World:
    return replace(world, rules=replace(world.rules, units=units))


def _kept(world: World, former: str | None, name: str, unit: UnitOfMeasure) -> Answer:
    others = {one: other for one, other in _units(world) if one != former}
    return Answer(_show(name, unit), _with(world, {**others, name: unit}))


def _show(name: str, unit: UnitOfMeasure) -> dict[str, object]:
    return {
        "name": name,
        "displayAs": name,
        "precision": unit.decimal_places,
        "roundingMode": _MODES[unit.rounding],
        "active": True,
        "usageLogFileLabel": name,
        "id": _id(name, unit),
    }


SETTINGS = (
    Setting(
        "UnitsOfMeasure",
        "Units of Measure settings",
        "/units-of-measure",
        (Operation("GET", list_units), Operation("POST", create_unit, _SCHEMA, _SCHEMA, UnitDocument)),
    ),
    Setting(
        "UnitOfMeasure",
        "Unit of Measure setting",
        "/units-of-measure/{id}",
        (
            Operation("GET", show_unit, gives=_SCHEMA),
            Operation("PUT", change_unit, _SCHEMA, _SCHEMA, UnitDocument),
            Operation("DELETE", delete_unit),
        ),
        {"id": "The unique ID of the unit of measure."},
    ),
)
