"""Describing: objects and their fields as XML."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from toolkit.zuora.custom_fields import CustomField
from toolkit.zuora.query.columns import joins
from toolkit.zuora.query.exclusive import is_asked, is_selected, own_fields
from toolkit.zuora.query.kinds import Field, Kind
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.state.world import World

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_REQUIRED = frozenset({"Id"})
_LONGEST = {"text": 255, "picklist": 100}
_SHOWN = {"BillToContact": "Bill To", "SoldToContact": "Sold To"}
"""Source: a recorded describe of Account."""

_UNDECLARED = CustomField()


def label(name: str) -> str:
    """Return the words of a name, Rate Plan Charge, as the user interface shows them."""
    if name in _SHOWN:
        return _SHOWN[name]
    return name if name.endswith(("__c", "__NS", "__QT")) else _WORDS.sub(" ", name)


def catalog(base_url: str) -> bytes:
    """Return the list of all objects. Source: Zuora, describe; the discovery of tap-zuora."""
    root = Element("objects")
    for name in sorted(KINDS):
        _named(SubElement(root, "object", href=f"{base_url}/v1/describe/{name}"), name)
    return _xml(root)


def describe(kind: Kind, world: World, base_url: str) -> bytes:
    """Return the fields of an object and the objects around it.

    What ZOQL asks for has the context soap, what exports do the context export. Source: Zuora, describe; a
    recorded answer; for the elements the official SDK, the discovery of tap-zuora, zuora-aqua-client-cli.
    """
    root = Element("object", href=f"{base_url}/v1/describe/{kind.name}")
    _named(root, kind.name)
    fields = SubElement(root, "fields")
    declared = world.custom_fields.get(kind.name, {})
    for name, field in kind.with_custom(world).items():
        custom = declared.get(name, _UNDECLARED) if name not in kind.fields else None
        element = SubElement(fields, "field")
        _field(element, name, field, custom, selectable=is_selected(kind, name))
        _contexts(element, *["soap"][: is_asked(kind)], "export")
    for name, field in own_fields(kind).items():
        element = SubElement(fields, "field")
        _field(element, name, field, None, selectable=True)
        _contexts(element, "soap")
    related = SubElement(root, "related-objects")
    for joined in sorted(joins(kind.name).values()):
        _named(SubElement(related, "object", href=f"{base_url}/v1/describe/{joined.kind}"), joined.name)
    return _xml(root)


def _named(element: Element, name: str) -> None:
    _say(element, [("name", name), ("label", label(name))])


def _field(
    element: Element,
    name: str,
    field: Field,
    custom: CustomField | None,
    *,
    selectable: bool,
) -> None:
    longest = str(_LONGEST.get(field.type, ""))
    if custom is not None and field.type == "text":
        longest = str(custom.length)
    _say(element, [("name", name), ("label", (custom and custom.label) or label(name))])
    _say(
        element,
        [
            ("selectable", str(selectable).lower()),
            ("createable", "false"),
            ("updateable", "false"),
            ("filterable", "true"),
            ("custom", str(custom is not None).lower()),
            ("maxlength", longest),
            ("required", str(name in _REQUIRED or (custom is not None and custom.required)).lower()),
            ("type", field.type),
        ],
    )
    options = SubElement(element, "options")
    _say(options, [("option", value) for value in custom.values] if custom else ())


def _contexts(element: Element, *names: str) -> None:
    _say(SubElement(element, "contexts"), [("context", name) for name in names])


def _say(element: Element, parts: Iterable[tuple[str, str]]) -> None:
    for tag, text in parts:
        SubElement(element, tag).text = text


def _xml(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode").encode()
