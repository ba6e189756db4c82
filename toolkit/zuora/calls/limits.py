"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UnsetType

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.wire import MOST_ELEMENTS, Body, too_many

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
    _check_fields(body, today, 0)


def _check_fields(body: Body, today: date, elements: int) -> int:
    """Check an object after as many elements, and return how many they are with its own."""
    for field, name in _bounded(type(body)):
        value = getattr(body, field)
        if value or isinstance(value, Decimal):  # a nought may have a large exponent
            elements = _check_value(name, value, today, elements)
    return elements


@cache
def _bounded(kind: type[Body]) -> list[tuple[str, str]]:
    """Return the fields that may hold more than a text or a boolean, each with its name on the wire."""
    hints = get_type_hints(kind)
    return [
        (field.name, field.encode_name)
        for field in msgspec.structs.fields(kind)
        if field.name not in kind.unbounded and not _is_plain(hints[field.name])
    ]


def _is_plain(hint: Any) -> bool:  # noqa: ANN401 - a type hint
    if get_origin(hint) in {Union, UnionType}:
        return all(_is_plain(option) for option in get_args(hint))
    return hint in {str, bool, NoneType, UnsetType} or get_origin(hint) is Literal


def _check_value(name: str, value: object, today: date, elements: int) -> int:
    """Check what the field of this name holds, or an element of that."""
    if isinstance(value, Body):
        return _check_fields(value, today, elements)
    if isinstance(value, tuple):
        elements += len(value)
        if elements > MOST_ELEMENTS:
            raise too_many()
        for element in value:
            elements = _check_value(name, element, today, elements)
    elif isinstance(value, date):
        if abs(value - today) > HORIZON:
            check_reach(name, value, today)
    elif isinstance(value, int | Decimal):
        if not _is_small(value):
            raise InvalidValueError(f"'{name}' should have at most {MOST_DIGITS} digits before its point.")
    elif isinstance(value, dict):
        _check_custom(value)
    return elements


def _is_small(value: Decimal | int) -> bool:
    if isinstance(value, int):
        return abs(value) < _TOO_LARGE
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and value.adjusted() < MOST_DIGITS


def _check_custom(fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise InvalidValueError(f"'{name}' should be a single value.")
