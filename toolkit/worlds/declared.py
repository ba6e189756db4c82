"""Declared files: what a YAML document says, as the type that declares it, or one clear sentence."""

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from toolkit.billing.errors import BillingError
from toolkit.errors import ToolkitError, did_you_mean

Kind = TypeVar("Kind")

_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")


def declared(document: object, kind: type[Kind], place: str) -> Kind:
    """Convert a document to its declared type.

    Args:
        document: What the file says.
        kind: A struct that forbids unknown fields, as the structs in it do.
        place: The file, and the path of keys to the document if it is a part of one.

    Raises:
        ToolkitError: A key is unknown or missing, or a value is wrong; the message has the place, the
            path of keys and the likely right name. Or the values do not go together.
    """
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise _fault(document, kind, f"{place}:", str(error)) from error
    except BillingError as error:
        raise ToolkitError(f"{place}: {error}", "Correct it there.") from error


def _fault(document: Any, kind: Any, place: str, problem: str) -> ToolkitError:  # noqa: ANN401 - any type
    """Descend to the innermost part that is wrong by itself, and say what is wrong there."""
    for key, part, its_kind in _parts(document, kind):
        try:
            msgspec.convert(part, its_kind)
        except msgspec.ValidationError as error:
            joint = key if key.startswith("[") else f".{key}"
            inner = f"{place} {key}" if place.endswith(":") else f"{place}{joint}"
            return _fault(part, its_kind, inner, str(error))
    what = problem.partition(" - at ")[0]
    options = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    if unknown := _UNKNOWN.fullmatch(what):
        names = {name for option in options if _is_struct(option) for name in option.__struct_encode_fields__}
        return ToolkitError(f"{place} has no '{unknown[1]}'.", did_you_mean(unknown[1], names))
    if missing := _MISSING.fullmatch(what):
        return ToolkitError(f"{place} lacks '{missing[1]}'.", "Add it.")
    words = {word for option in options if get_origin(option) is Literal for word in get_args(option)}
    if words:
        return ToolkitError(f"{place} cannot be '{document}'.", did_you_mean(str(document), words))
    if document is None:
        return ToolkitError(f"{place} is empty.", "Say what it is.")
    return ToolkitError(f"{place} is '{document}': {what[:1].lower()}{what[1:]}.", "Correct it there.")


def _parts(document: Any, kind: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    """Yield the parts of a document that have declared types of their own: key, part and type."""
    for option in (kind, *get_args(kind)):
        origin = get_origin(option)
        if isinstance(document, dict) and _is_struct(option):
            hints = get_type_hints(option)
            yield from ((str(key), part, hints[key]) for key, part in document.items() if key in hints)
        elif isinstance(document, dict) and isinstance(origin, type) and issubclass(origin, Mapping):
            yield from ((str(key), part, get_args(option)[1]) for key, part in document.items())
        elif isinstance(document, list) and origin is tuple:
            yield from ((f"[{index}]", part, get_args(option)[0]) for index, part in enumerate(document))


def _is_struct(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
