"""Object definitions: Zuora's own objects with their custom fields."""

from typing import Any

from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.custom_fields import OBJECTS
from toolkit.zuora.settings.custom_fields import definition
from toolkit.zuora.state.world import World


def list_definitions(call: Call) -> Reply:
    """Show the objects that can have custom fields, with those that they have.

    Zuora documents the operation for custom objects only, in the namespace `default`; this is that answer for
    the namespace of Zuora's own objects, of which other clients ask.
    """
    shown = {name: _show(call.world, name) for name in sorted(OBJECTS)}
    return Reply({"count": len(shown), "definitions": shown})


def show_definition(call: Call) -> Reply:
    """Show one of them."""
    name = call.path["object"]
    if name not in OBJECTS:
        raise Refusal(Category.NOT_FOUND, f"The object '{name}' is not found.", status=404)
    return Reply(_show(call.world, name))


def _show(world: World, name: str) -> dict[str, Any]:
    found = definition(world, name)
    return {**found, "schema": {**found["schema"], "object": name, "label": name}}


ENDPOINTS = (
    Endpoint("GET", "/objects/definitions/com_zuora", list_definitions),
    Endpoint("GET", "/objects/definitions/com_zuora/{object}", show_definition),
)
