"""/object-query: objects by filters, with what is around them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Either, Every, Operator, Selection, Test
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.query.showing import Shape, shape, show
from toolkit.zuora.refusals import no_endpoint

_DEFAULT_SIZE, _MOST = 10, 50
"""Source: the official SDK, query objects: from 1 to 50; the default is an assumption."""

_OPERATORS: dict[str, Operator] = {"EQ": "=", "NE": "!=", "LT": "<", "GT": ">", "SW": "like"}
"""And IN. Source: Zuora, expand, filter, fields and sort."""

_PLURALS = {kind.plural: kind for kind in KINDS.values() if kind.plural}

Said = dict[str, list[str]]


def list_objects(call: Call) -> Reply:
    """List objects by filters that all hold. Source: the official SDK; recorded."""
    kind, said = _kind(call), _said(call)
    wanted = _shape(kind, said)
    offset, size = _offset(said), _size(said)
    found = _found(call, kind, said)
    page = found[offset : offset + size]
    answer: dict[str, Any] = {"data": [show(call.world, row, wanted) for row in page]}
    if offset + size < len(found):
        answer["nextPage"] = urlsafe_b64encode(b"%d" % (offset + size)).decode()
    elif wanted.nulls:
        answer["nextPage"] = None
    return Reply(answer)


def read_object(call: Call) -> Reply:
    """Show an object by id or number. Source: recorded: the object stands alone."""
    kind, key = _kind(call), call.path["key"]
    numbers = (name for name in kind.finders if name == "Name" or name.endswith("Number"))
    for field in ("Id", *numbers):
        for row in kind.find(call.world, field, key):
            return Reply(show(call.world, row, _shape(kind, _said(call))))
    raise NotFoundError(key)


def _kind(call: Call) -> Kind:
    kind = _PLURALS.get(call.path["object"])
    if kind is None:
        raise no_endpoint(call.url_path)
    return kind


def _said(call: Call) -> Said:
    """Return the parameters by lower-case name without brackets, with all their values."""
    said: Said = {}
    for name, value in parse_qsl(call.query_string, keep_blank_values=True):
        said.setdefault(name.lower().removesuffix("[]"), []).append(value)
    return said


def _shape(kind: Kind, said: Said) -> Shape:
    paths = [name.lower().split(".") for name in _names(said.get("expand", ()))]
    chosen = {
        name.removesuffix("fields").rstrip("."): frozenset(one.lower() for one in _names(values))
        for name, values in said.items()
        if name == "fields" or name.endswith(".fields")
    }
    own = kind.name.lower()
    if own in chosen:
        chosen[""] = chosen.pop(own)
    nulls = said.get("includenullfields", [""])[-1].lower() == "true"
    return shape(kind, paths, chosen, nulls=nulls)


def _names(values: Sequence[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _found(call: Call, kind: Kind, said: Said) -> list[Row]:
    """Return the rows in the order asked for, else in that of their ids.

    Raises:
        InvalidValueError: A filter or a sort cannot be read, or names no field.
    """
    conditions = tuple(_condition(one) for one in said.get("filter", ()))
    order = tuple(_order(one) for one in _names(said.get("sort", ())))
    where = Every(conditions) if conditions else None
    try:
        return select(call.world, Selection((), kind.name, where, order)).rows
    except Fault as fault:
        raise InvalidValueError(fault.message) from fault


def _condition(text: str) -> Condition:
    """Read a filter such as name.EQ:A-S1, or status.IN:[Active,Expired]."""
    head, colon, value = text.partition(":")
    field, dot, operator = head.rpartition(".")
    operator = operator.upper()
    if not (colon and dot and (operator in _OPERATORS or operator == "IN")):
        raise InvalidValueError(f"'{text}' is no filter: it should be like name.EQ:value.")
    if operator == "IN":
        values = value.strip("[]").split(",")
        return Either(tuple(Test(field, "=", one.strip()) for one in values))
    if operator == "SW":
        value += "%"
    return Test(field, _OPERATORS[operator], None if value.lower() == "null" else value)


def _order(text: str) -> tuple[str, bool]:
    field, _, direction = text.rpartition(".")
    if direction.upper() not in {"ASC", "DESC"}:
        raise InvalidValueError(f"'{text}' is no sort: it should be like name.ASC or name.DESC.")
    return field, direction.upper() == "DESC"


def _size(said: Said) -> int:
    given = said.get("pagesize", [str(_DEFAULT_SIZE)])[-1]
    if not given.isdecimal() or not 1 <= int(given) <= _MOST:
        raise InvalidValueError(f"'pageSize' should be a whole number from 1 to {_MOST}, not '{given[:20]}'.")
    return int(given)


def _offset(said: Said) -> int:
    cursor = said.get("cursor", [""])[-1]
    try:
        return int(urlsafe_b64decode(cursor) or b"0")
    except ValueError as error:
        raise InvalidValueError(f"'{cursor[:40]}' is no cursor.") from error


ENDPOINTS = (
    Endpoint("GET", "/object-query/{object}", list_objects),
    Endpoint("GET", "/object-query/{object}/{key}", read_object),
)
