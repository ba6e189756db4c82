"""Schemas: what the JSON of a setting may be, in the terms of JSON Schema, and what is wrong with a value."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Schema = Mapping[str, Any]
"""A part of JSON Schema: type, properties, required, additionalProperties, items, enum, minimum, maximum."""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, Decimal),
    "null": (type(None),),
}
_NAMES = {name: name.capitalize() for name in _TYPES} | {"object": "JSONObject", "array": "JSONArray"}
_FOUND = {
    **{kinds[0]: _NAMES[name] for name, kinds in _TYPES.items() if name != "number"},
    Decimal: "BigDecimal",
}


def fields(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of an object that has these fields and no others."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "additionalProperties": False, "properties": properties, **needed}


def one_of(values: Iterable[str]) -> Schema:
    """Return the schema of a text from a list."""
    return {"type": "string", "enum": list(values)}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}


def problems(value: Any, schema: Schema, place: str = "#") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield what is wrong with a value.

    Source: Zuora, settings API, create a quote template ("#: required key [name] not found"), which are the
    sentences of the Java library for JSON Schema by everit; those for what Zuora shows no example of are
    that library's, too.
    """
    wanted = schema.get("type")
    if wanted is not None and not _is(value, wanted):
        name = wanted if isinstance(wanted, str) else wanted[0]
        yield f"{place}: expected type: {_NAMES[name]}, found: {_FOUND[type(value)]}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value} is not a valid enum value"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{place}: {value} is not greater or equal to {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"{place}: {value} is not less or equal to {schema['maximum']}"
    if isinstance(value, list):
        for number, element in enumerate(value):
            yield from problems(element, schema.get("items", {}), f"{place}/{number}")
    if isinstance(value, dict):
        yield from _problems_of_fields(value, schema, place)


def _problems_of_fields(value: Mapping[str, Any], schema: Schema, place: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}: required key [{name}] not found"
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name, part in value.items():
        if name in known:
            yield from problems(part, known[name], f"{place}/{name}")
        elif others is False:
            yield f"{place}: extraneous key [{name}] is not permitted"
        else:
            yield from problems(part, others, f"{place}/{name}")


def _is(value: object, wanted: str | list[str]) -> bool:
    if isinstance(wanted, list):
        return any(_is(value, one) for one in wanted)
    return isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
