"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import compress
from operator import attrgetter, is_not
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

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


class _Checked(NamedTuple):
    """The fields of a body that may be out of bounds: names on the wire, defaults, and what reads them."""

    names: tuple[str, ...]
    defaults: tuple[Any, ...]
    read: Callable[[Body], tuple[Any, ...]]


def check(body: Body, today: date) -> None:
    """Refuse a request body with a date beyond the horizon, or with too much of anything.

    Raises:
        InvalidValueError: A date, a number or a custom field is out of bounds.
        Refusal: The arrays have too many elements.
    """
    _check_fields(body, today, 0)


def _check_fields(body: Body, today: date, elements: int) -> int:
    """Check an object after as many elements, and return how many they are with its own.

    Of the many fields of a body few are given; the others are the very defaults and pass without a look.
    """
    names, defaults, read = _checked(type(body))
    values = read(body)
    for name, value in compress(zip(names, values, strict=True), map(is_not, values, defaults)):
        elements = _check_value(name, value, today, elements)
    if body.custom_fields:
        _check_custom(body.custom_fields)
    return elements


def _check_value(name: str, value: object, today: date, elements: int) -> int:
    if isinstance(value, Body):
        return _check_fields(value, today, elements)
    if isinstance(value, tuple):
        elements += len(value)
        if elements > MOST_ELEMENTS:
            raise too_many()
        for element in value:
            elements = _check_value(name, element, today, elements)
    elif isinstance(value, date):
        check_reach(name, value, today)
    elif isinstance(value, Decimal | int):
        _check_size(name, Decimal(value))
    return elements


@lru_cache(maxsize=512)
def _checked(kind: type[Body]) -> _Checked:
    hints = get_type_hints(kind)
    fields = [
        field
        for field in msgspec.structs.fields(kind)
        if field.name not in {"custom_fields", *kind.unbounded} and _has_bounds(hints[field.name])
    ]
    names = [field.name for field in fields]
    return _Checked(
        names=tuple(field.encode_name for field in fields),
        defaults=tuple(field.default for field in fields),
        read=attrgetter(*names) if len(names) > 1 else lambda body: tuple(map(body.__getattribute__, names)),
    )


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
