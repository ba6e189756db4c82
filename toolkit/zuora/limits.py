"""Limits: what a request may hold and how far it may reach, so that it is answered within about a second."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.zuora.wire import Body

HORIZON = timedelta(days=7305)
"""Twenty years. Source: Zuora, create a billing preview run: from the current date to the target date."""

MOST_ELEMENTS = 5_000
"""Elements of all arrays of a request together; Zuora's own bounds, such as 50 subscriptions, are tighter."""

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
        RuleError: The arrays have too many elements.
    """
    elements = 0
    waiting: list[tuple[str, Any]] = [("body", body)]
    while waiting:
        name, value = waiting.pop()
        if value is None or isinstance(value, str):
            continue
        if isinstance(value, Body):
            fields = (getattr(value, field) for field in value.__struct_fields__)
            waiting.extend(zip(value.__struct_encode_fields__, fields, strict=True))
        elif isinstance(value, tuple):
            elements += len(value)
            if elements > MOST_ELEMENTS:
                raise RuleError(f"A request should have at most {MOST_ELEMENTS} elements in its arrays.")
            waiting.extend((name, element) for element in value)
        elif isinstance(value, date):
            check_reach(name, value, today)
        elif isinstance(value, Decimal | int):
            _check_size(name, Decimal(value))
        elif isinstance(value, Mapping):
            _check_custom(value)


def _check_size(name: str, value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _SMALLEST_EXPONENT or value.adjusted() >= MOST_DIGITS:
        raise InvalidValueError(f"'{name}' should have at most {MOST_DIGITS} digits before its point.")


def _check_custom(fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise InvalidValueError(f"'{name}' should be a single value.")
