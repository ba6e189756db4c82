"""Custom fields of Zuora's objects: which ones there are, and what their values may be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.custom_fields import OBJECTS, WITHIN, CustomField, Declared, FieldKind
from toolkit.zuora.objects._writing import in_use
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.settings._schema import TEXT, Schema, fields
from toolkit.zuora.settings._setting import Answer, Asked, Operation, Setting, missing
from toolkit.zuora.state.world import World

_JSON: Mapping[FieldKind, Mapping[str, str]] = {
    "text": {"type": "string"},
    "picklist": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_KINDS = {(one["type"], one.get("format")): kind for kind, one in _JSON.items() if kind != "picklist"}
_FIELD = fields(
    {
        "type": {"type": "string", "enum": ["string", "boolean", "integer", "number"]},
        "format": {"type": "string", "enum": ["date", "date-time"]},
        "enum": {"type": "array", "items": TEXT},
        "maxLength": {"type": "integer", "minimum": 1, "maximum": 255},
        "label": TEXT,
        "description": TEXT,
        "default": {},
        "createdDate": TEXT,
        "updatedDate": TEXT,
    },
    ("type",),
)
_SCHEMA: Schema = fields(
    {
        "type": TEXT,
        "properties": {"type": "object", "additionalProperties": _FIELD},
        "required": {"type": "array", "items": TEXT},
    },
    ("properties",),
)
"""Source: Zuora, settings API, custom fields: view all, view and update those of an object. That `required`
names fields that cannot be left out is how the official SDK describes the fields of custom objects."""


def list_all(asked: Asked) -> Answer:
    """Show the custom fields of every object that has any."""
    return Answer(
        {"definitions": {name: definition(asked.world, name) for name in asked.world.custom_fields}}
    )


def show_object(asked: Asked) -> Answer:
    """Show the custom fields of an object."""
    name = _known(asked)
    return Answer(definition(asked.world, name))


def change_object(asked: Asked) -> Answer:
    """Take the place of all custom fields of an object; those that are not said are removed.

    To remove one that has values is refused. Source: an assumption; Zuora would remove the values, too.
    """
    name, world, said = _known(asked), asked.world, asked.said
    former, required = world.custom_fields.get(name, {}), said.get("required", ())
    for field in (*said["properties"], *required):
        if not field.endswith("__c") or field not in said["properties"]:
            raise Refusal(Category.INVALID_VALUE, f"'{field}' should be a property whose name ends with __c.")
    read = {
        field: _read(one, former.get(field), world.now, required=field in required)
        for field, one in said["properties"].items()
    }
    if name in WITHIN and any(one.required or one.default is not None for one in read.values()):
        problem = f"Defaults and required fields of {name} are not simulated yet."
        raise Refusal(Category.RULE, problem)
    kind = KINDS[name]
    for row in kind.rows(world) if former.keys() - read.keys() else ():
        for field, value in kind.custom(row).items():
            if value is not None and field in former and field not in read:
                raise in_use(f"The custom field {field}")
    after = replace(world, custom_fields={**world.custom_fields, name: read})
    return Answer(definition(after, name), after)


def declared(document: Mapping[str, Any], now: datetime) -> Declared:
    """Return the custom fields of what another tenant answers to GET /settings/custom-fields/zuora.

    Objects whose custom fields are not kept here are left out.

    Raises:
        InvalidValueError: A field is no possible one.
        KeyError, TypeError: It is no such answer.
    """
    found = {}
    for name, said in document["definitions"].items():
        if name in OBJECTS:
            schema = said["schema"]
            required = schema.get("required") or ()
            found[name] = {
                field: _read(one, None, now, required=field in required)
                for field, one in schema["properties"].items()
                if field.endswith("__c")
            }
    return found


def _known(asked: Asked) -> str:
    name = asked.path["object"]
    if name not in OBJECTS:
        raise missing("The object with custom fields", name)
    return name


def _read(
    said: Mapping[str, Any], former: CustomField | None, now: datetime, *, required: bool
) -> CustomField:
    kind = "picklist" if "enum" in said else _KINDS.get((said["type"], said.get("format")))
    if kind is None:
        raise Refusal(Category.INVALID_VALUE, f"A {said['type']} cannot have the format {said['format']}.")
    return CustomField(
        type=kind,
        label=said.get("label") or "",
        description=said.get("description") or "",
        length=said.get("maxLength", 255),
        values=tuple(said.get("enum", ())),
        default=said.get("default"),
        required=required,
        created=now if former is None else former.created,
        updated=now,
    )


def definition(world: World, name: str) -> dict[str, Any]:
    """Return the custom fields of an object, as JSON Schema."""
    own = world.custom_fields.get(name, {})
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field: _property(one) for field, one in own.items()},
    }
    required = [field for field, one in own.items() if one.required]
    return {"type": name, "schema": {**schema, "required": required} if required else schema}


def _property(field: CustomField) -> dict[str, Any]:
    shown: dict[str, Any] = {**_JSON[field.type], "label": field.label, "description": field.description}
    if field.type == "text":
        shown["maxLength"] = field.length
    if field.values:
        shown["enum"] = field.values
    if field.default is not None:
        shown["default"] = field.default
    for name, moment in {"createdDate": field.created, "updatedDate": field.updated}.items():
        if moment is not None:
            shown[name] = moment.isoformat(timespec="milliseconds")
    return shown


_OBJECT = {"object": "The object, such as Account."}

SETTINGS = (
    Setting(
        "ZuoraCustomFields",
        "Custom fields of all Zuora objects",
        "/custom-fields/zuora",
        (Operation("GET", list_all),),
    ),
    Setting(
        "ZuoraObjectCustomFields",
        "Custom fields of a Zuora object",
        "/custom-fields/zuora/{object}",
        (Operation("GET", show_object), Operation("PUT", change_object, _SCHEMA)),
        _OBJECT,
    ),
)
"""Source of the paths: Zuora; of the keys: an assumption."""
