"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.wire import MOST_ELEMENTS, Body, too_many

HORIZON = timedelta(days=7305)
"""Twenty years. Source: Zuora, create a billing preview run: from the current date to the target date."""

MOST_DIGITS = 15
"""Digits of a number before the point: a thousand billion is room enough for cents and for their products."""

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
    names, values = _checked(type(body))
    for name, value in zip(names, values(body), strict=True):
        kind = type(value)
        if kind is NoneType or (kind is dict and not value):
            continue
        if kind is tuple:
            elements += len(value)
            if elements > MOST_ELEMENTS:
                raise too_many()
            for element in value:
                elements = _check_value(name, element, today, elements)
        else:
            elements = _check_value(name, value, today, elements)
    return elements


def _check_value(name: str, value: object, today: date, elements: int) -> int:
    if isinstance(value, Body):
        return _check_fields(value, today, elements)
    if isinstance(value, date):
        check_reach(name, value, today)
    elif isinstance(value, Decimal | int):
        _check_size(name, Decimal(value))
    elif isinstance(value, Mapping):
        _check_custom(value)
    return elements


@lru_cache(maxsize=512)
def _checked(kind: type[Body]) -> tuple[tuple[str, ...], Callable[[Body], tuple[Any, ...]]]:
    """Return the names of the fields that may be out of bounds, on the wire, and what reads them."""
    hints = get_type_hints(kind)
    fields = [
        field
        for field in msgspec.structs.fields(kind)
        if field.name not in kind.unbounded and _has_bounds(hints[field.name])
    ]
    read = attrgetter(*(field.name for field in fields))
    names = tuple(field.encode_name for field in fields)
    return names, read if len(names) > 1 else lambda body: (read(body),)


def _has_bounds(hint: object) -> bool:
    """Tell whether a field of this type is more than a text or a choice."""
    if get_origin(hint) in {Union, UnionType}:
        return any(map(_has_bounds, get_args(hint)))
    return get_origin(hint) is not Literal and hint not in {str, bool, NoneType}


def _check_size(name: str, value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _SMALLEST_EXPONENT or value.adjusted() >= MOST_DIGITS:
        raise InvalidValueError(f"'{name}' should have at most {MOST_DIGITS} digits before its point.")


def _check_custom(fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise InvalidValueError(f"'{name}' should be a single value.")
