"""Whether a request is the recorded one: method, path, query and body compared as data, secrets by kind."""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import quote, unquote

import msgspec

from toolkit.recording.fields import Kind
from toolkit.recording.interactions import Request
from toolkit.recording.json_text import Visit
from toolkit.recording.scrub import Scrubber
from toolkit.recording.values import is_form, pairs


class Array(msgspec.Struct, frozen=True):
    """Values in an order that matters."""

    elements: "tuple[Data, ...]"


class Object(msgspec.Struct, frozen=True):
    """Named values in alphabetical order, as theirs does not matter; a repeated name has an array."""

    members: "tuple[tuple[str, Data], ...]"


class Literal(msgspec.Struct, frozen=True):
    """true, false, null or, in a message, nothing; equal to no number."""

    word: str


Data = str | Decimal | Array | Object | Literal
"""A value that compares and hashes by what it means: 15 equals 15.0, the order of names is free."""

_MASK = re.compile(r"«\w+»")
_BOUNDARY = re.compile(r"boundary=\"?([^\";]+)")
_NOTHING = Literal("nothing")
_SHOWN_LENGTH = 80


class Key(NamedTuple):
    """What two requests must have in common to be the same; hosts and headers may differ."""

    method: Data
    path: Data
    query: Data
    body: Data

    @property
    def is_loose(self) -> bool:
        """Tell whether a redaction stands in it, in whose place the caller may have any text."""
        return "«" in repr(self)


def key(request: Request) -> Key:
    """Return the request's key; it holds the kinds of its secrets and none of the secrets."""
    mask = Scrubber(lambda kind, _: f"«{Kind(kind)}»").visit
    path = "/".join(quote(mask((), unquote(segment)), safe="«»") for segment in request.path.split("/"))
    return Key(request.method, path, _object(pairs(request.query), mask), _body(request, mask))


def differences(sent: Key, recorded: Key) -> list[str]:
    """Name each matcher that fails, with the first place where it does; empty when the requests match."""
    by_matcher = (_differences(name, getattr(sent, name), getattr(recorded, name)) for name in Key._fields)
    return [first for found in by_matcher if (first := next(found, None))]


def _body(request: Request, mask: Visit) -> Data:
    if is_form(request.headers):
        return _object(pairs(request.text), mask)
    boundary = _BOUNDARY.search(str(request.headers.get("content-type", "")))
    text = request.text.replace(boundary[1], "boundary") if boundary else request.text
    try:
        parsed = json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse, object_pairs_hook=tuple
        )
        return _data(parsed, (), mask)
    except (ValueError, ArithmeticError, RecursionError):
        return mask((), text)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _data(value: object, names: tuple[str, ...], mask: Visit) -> Data:
    if isinstance(value, tuple):
        return _object(value, mask, names)
    if isinstance(value, list):
        return Array(tuple(_data(element, names, mask) for element in value))
    if isinstance(value, Decimal):
        masked = mask(names, str(value))
        return value if masked == str(value) else masked
    return mask(names, value) if isinstance(value, str) else Literal(json.dumps(value))


def _object(members: Iterable[tuple[str, object]], mask: Visit, names: tuple[str, ...] = ()) -> Data:
    by_name: dict[str, list[Data]] = {}
    for name, value in members:
        by_name.setdefault(mask((), name), []).append(_data(value, (*names, name), mask))
    values = {name: found[0] if len(found) == 1 else Array(tuple(found)) for name, found in by_name.items()}
    return Object(tuple((name, values[name]) for name in sorted(values)))


def _differences(place: str, sent: Data, recorded: Data) -> Iterator[str]:
    if sent == recorded or _fits(sent, recorded):
        return
    if isinstance(sent, Object) and isinstance(recorded, Object):
        mine, theirs = dict(sent.members), dict(recorded.members)
        for name in sorted(mine.keys() | theirs.keys()):
            yield from _differences(f"{place}.{name}", mine.get(name, _NOTHING), theirs.get(name, _NOTHING))
    elif isinstance(sent, Array) and isinstance(recorded, Array):
        elements = zip_longest(sent.elements, recorded.elements, fillvalue=_NOTHING)
        for index, (my, their) in enumerate(elements):
            yield from _differences(f"{place}[{index}]", my, their)
    else:
        yield f"{place} is {_shown(sent)}, recorded is {_shown(recorded)}"


def _fits(sent: Data, recorded: Data) -> bool:
    if not (isinstance(sent, str) and isinstance(recorded, str) and "«" in recorded):
        return False
    return re.fullmatch(".*".join(map(re.escape, _MASK.split(recorded))), sent, re.DOTALL) is not None


def _shown(data: Data) -> str:
    if isinstance(data, Literal):
        return data.word
    if isinstance(data, Array | Object):
        return "a list" if isinstance(data, Array) else "an object"
    text = repr(data) if isinstance(data, str) else str(data)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
