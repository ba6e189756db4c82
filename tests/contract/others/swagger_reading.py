"""A strict reading of answers by the models of zuora-swagger-client, which itself reads over the unknown."""

import re
from collections.abc import Iterator
from typing import Any

_CUSTOM = re.compile(r"__(c|QT|NS)$")
_LIST, _DICT = re.compile(r"list\[(.+)\]"), re.compile(r"dict\(str, (.+)\)")
_DAY, _MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}.*")

_RECORDED_OTHERWISE = frozenset({"GETAccountTypeBillingAndPayment", "GETAccountTypeMetrics"})
"""Models that 84 recorded accounts contradict: money and bill cycle days are numbers in them."""

_LATER = frozenset({"number", "retries", "sourceData", "success", "useIndexJoin"})
"""Fields that the official SDK knows, and this older client not yet."""


def faults(library: Any, kind: str, value: Any, path: str = "$") -> Iterator[str]:
    """Compare JSON with a type as the client writes it, at every depth.

    Args:
        library: The module swagger_client.
        kind: Such as `str`, `list[GETInvoiceType]` or `ProxyGetPayment`.
        value: Parsed JSON; null is always right, as it is in recorded answers.
        path: Where the value stands, for the message.

    Yields:
        One sentence for each unknown field and wrong type.
    """
    if value is None or kind == "object" or kind in _RECORDED_OTHERWISE:
        return
    if listed := _LIST.fullmatch(kind):
        if not isinstance(value, list):
            yield f"{path} is {value!r} and no list"
            return
        for place, one in enumerate(value):
            yield from faults(library, listed[1], one, f"{path}[{place}]")
    elif mapped := _DICT.fullmatch(kind):
        for name, one in value.items():
            yield from faults(library, mapped[1], one, f"{path}.{name}")
    elif hasattr(library, kind):
        yield from _of_model(library, getattr(library, kind), value, path)
    elif not _fits(kind, value):
        yield f"{path} is {value!r} and no {kind}"


def _of_model(library: Any, model: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is {value!r} and no {model.__name__}"
        return
    kinds = {model.attribute_map[name]: kind for name, kind in model.swagger_types.items()}
    whole = not all(_CUSTOM.search(name) for name in kinds)  # else its maker has lost what it inherits
    for name, one in value.items():
        if name in kinds:
            yield from faults(library, kinds[name], one, f"{path}.{name}")
        elif whole and not _CUSTOM.search(name) and name not in _LATER:
            yield f"{path}.{name} is unknown to {model.__name__}"


def _fits(kind: str, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    text = value if isinstance(value, str) else ""
    fits = {
        "str": isinstance(value, str),
        "bool": isinstance(value, bool),
        "float": number,
        "int": number and isinstance(value, int),
        "date": bool(_DAY.fullmatch(text)),
        "datetime": bool(_MOMENT.fullmatch(text)),
    }
    return fits.get(kind, False)
