"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UnsetType

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.wire import MOST_ELEMENTS, Body, Kind, convert, too_many

HORIZON = timedelta(days=7305)
"""Twenty years. Source: Zuora, create a billing preview run: from the current date to the target date."""

MOST_DIGITS = 15
"""Digits of a number before the point: a thousand billion is room enough for cents and for their products."""

_TOO_LARGE: int = 10**MOST_DIGITS
_SMALLEST_EXPONENT = -28


def check_reach(name: str, day: date, today: date) -> None:
    """Refuse a day that is further from the tenant's today than the horizon.

    Raises:
        InvalidValueError: It is.
    """
    if abs(day - today) > HORIZON:
        raise InvalidValueError(f"'{name}' should be within 20 years of {today}, not {day}.")


def check(body: Body, today: date) -> None:
    """Refuse a request body with a date beyond the horizon, or with too much of anything.

    Raises:
        InvalidValueError: A date, a number or a custom field is out of bounds.
        Refusal: The arrays have too many elements.
    """
    _check_fields("", body, today, 0)


def bounded(document: Any, kind: type[Kind], today: date) -> Kind:  # noqa: ANN401 - JSON is any of its types
    """Return one of the bodies that a request holds, which are decoded and checked one by one.

    Raises:
        Refusal: It is none, or has too many elements.
        InvalidValueError: A date, a number or a custom field is out of bounds.
    """
    body = convert(document, kind)
    check(body, today)
    return body


_Check = Callable[[str, Any, date, int], int]
"""Checks what a field of this name holds, after as many elements; returns how many they are with its own."""


def _check_fields(_: str, body: Body, today: date, elements: int) -> int:
    values = msgspec.structs.astuple(body)
    for place, name, look in _bounded(type(body)):
        value = values[place]
        if value or type(value) is Decimal:  # a nought may have a large exponent
            elements = look(name, value, today, elements)
    return elements


@cache
def _bounded(kind: type[Body]) -> list[tuple[int, str, _Check]]:
    """Return the fields that may hold more than a text or a boolean, with their names on the wire."""
    hints = get_type_hints(kind)
    return [
        (place, field.encode_name, _chosen(hints[field.name]))
        for place, field in enumerate(msgspec.structs.fields(kind))
        if field.name not in kind.unbounded and not _is_plain(hints[field.name])
    ]


def _chosen(hint: Any) -> _Check:  # noqa: ANN401 - a type hint
    """Return the check for what is declared: asking each value what it is takes half as long again."""
    options = set(get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)) - _NOTHING
    kinds = [get_origin(one) or one for one in options]
    if kinds == [tuple]:
        inner, _ = get_args(options.pop())
        return _count if _is_plain(inner) else partial(_check_elements, _chosen(inner))
    return next(look for declared, look in _CHECKS if all(issubclass(kind, declared) for kind in kinds))


def _is_plain(hint: Any) -> bool:  # noqa: ANN401 - a type hint
    if get_origin(hint) in {Union, UnionType}:
        return all(_is_plain(option) for option in get_args(hint))
    return hint in {str, bool, NoneType, UnsetType} or get_origin(hint) is Literal


def _check_elements(look: _Check, name: str, values: tuple[object, ...], today: date, elements: int) -> int:
    elements = _count(name, values, today, elements)
    for value in values:
        elements = look(name, value, today, elements)
    return elements


def _count(_: str, values: tuple[object, ...], __: date, elements: int) -> int:
    elements += len(values)
    if elements > MOST_ELEMENTS:
        raise too_many()
    return elements


def _check_day(name: str, value: date, today: date, elements: int) -> int:
    if abs(value - today) > HORIZON:
        check_reach(name, value, today)
    return elements


def _check_number(name: str, value: int | Decimal, _: date, elements: int) -> int:
    if not _is_small(value):
        raise InvalidValueError(f"'{name}' should have at most {MOST_DIGITS} digits before its point.")
    return elements


def _is_small(value: Decimal | int) -> bool:
    if isinstance(value, int):
        return abs(value) < _TOO_LARGE
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and value.adjusted() < MOST_DIGITS


def _check_custom(_: str, fields: Mapping[str, Any], __: date, elements: int) -> int:
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise InvalidValueError(f"'{name}' should be a single value.")
    return elements


_NOTHING = {NoneType, UnsetType}
_CHECKS: tuple[tuple[type | tuple[type, ...], _Check], ...] = (
    (Body, _check_fields),
    (date, _check_day),
    ((int, Decimal), _check_number),
    (Mapping, _check_custom),
)
