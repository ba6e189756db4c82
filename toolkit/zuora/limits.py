"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import astuple

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.wire import MOST_ELEMENTS, Body, too_many

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
    for value in _bounded(body) if body.unbounded else astuple(body):
        if value is None:
            continue
        kind = type(value)
        if kind is not str and kind is not bool:
            elements = _check_value(body, value, today, elements)
    return elements


def _bounded(body: Body) -> Iterator[object]:
    return (getattr(body, name) for name in body.__struct_fields__ if name not in body.unbounded)


def _check_value(body: Body, value: object, today: date, elements: int) -> int:
    """Check what a field of a body holds, or an element of that; only a refusal asks which field it is."""
    if isinstance(value, tuple):
        elements += len(value)
        if elements > MOST_ELEMENTS:
            raise too_many()
        for element in value:
            elements = _check_value(body, element, today, elements)
    elif isinstance(value, date):
        if abs(value - today) > HORIZON:
            check_reach(_name(body, value), value, today)
    elif isinstance(value, (int, Decimal)):
        if not _is_small(value):
            name = _name(body, value)
            raise InvalidValueError(f"'{name}' should have at most {MOST_DIGITS} digits before its point.")
    elif isinstance(value, dict):
        _check_custom(value)
    elif isinstance(value, Body):
        return _check_fields(value, today, elements)
    return elements


def _name(body: Body, wanted: object) -> str:
    """Return how the wire calls the field that holds a value, by itself or among others."""
    held = {field.encode_name: getattr(body, field.name) for field in msgspec.structs.fields(body)}
    return next(
        name
        for name, value in held.items()
        if value is wanted or (isinstance(value, tuple) and any(one is wanted for one in value))
    )


def _is_small(value: Decimal | int) -> bool:
    if isinstance(value, int):
        return abs(value) < _TOO_LARGE
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and value.adjusted() < MOST_DIGITS


def _check_custom(fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise InvalidValueError(f"'{name}' should be a single value.")
