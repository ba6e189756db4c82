"""/object-query: objects by filters, with what is around them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec

from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal, no_endpoint
from toolkit.zuora.calls.versions import BARE_OBJECT_QUERY_ERRORS
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Either, Every, Operator, Selection, Test
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.query.showing import Shape, shape, show
from toolkit.zuora.query.values import spell

_DEFAULT_SIZE, _MOST = 10, 99
"""Source: Zuora, pagination of object query, which is served; the official SDK says 50 at most."""

_DEEPEST = 3
"""Levels of objects to expand. Source: Zuora, expand, filter, fields and sort."""

_OPERATORS: dict[str, Operator] = {
    "EQ": "=",
    "NE": "!=",
    "SW": "starts",
    "LT": "<",
    "GT": ">",
    "LE": "<=",
    "GE": ">=",
}
"""And IN. Source: Zuora, expand, filter, fields and sort."""

_PLURALS = {kind.plural: kind for kind in KINDS.values() if kind.plural}

Said = dict[str, list[str]]
Order = tuple[tuple[str, bool], ...]


def list_objects(call: Call) -> Reply:
    """List objects by filters that all hold. Source: the official SDK; recorded."""
    kind, said = _kind(call), _said(call)
    try:
        wanted, order = _shape(kind, said), _order(said)
        found = _found(call, kind, said, order)
    except InvalidValueError as error:
        raise _refused(call, error) from error
    page = _after(call, kind, said, found)
    size = _size(said)
    answer: dict[str, Any] = {"data": [show(call.world, row, wanted, size) for row in page[:size]]}
    if size < len(page):
        answer["nextPage"] = _cursor(call, kind, order, page[size - 1])
    elif wanted.nulls:
        answer["nextPage"] = None
    return Reply(answer)


def read_object(call: Call) -> Reply:
    """Show an object by id or number. Source: recorded: the object stands alone."""
    kind, key, said = _kind(call), call.path["key"], _said(call)
    size = _size(said)
    try:
        wanted = _shape(kind, said)
    except InvalidValueError as error:
        raise _refused(call, error) from error
    numbers = (name for name in kind.finders if name == "Name" or name.endswith("Number"))
    for field in ("Id", *numbers):
        for row in kind.find(call.world, field, key):
            return Reply(show(call.world, row, wanted, size))
    raise NotFoundError(key)


def _refused(call: Call, error: InvalidValueError) -> Refusal:
    """Return the refusal of what filters, sorts, expands or chooses fields. Source: Zuora, API upgrades."""
    known = call.version >= BARE_OBJECT_QUERY_ERRORS
    return Refusal(Category.QUERY_PARAMETER if known else Category.INVALID_VALUE, str(error))


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
    if any(len(path) > _DEEPEST for path in paths):
        raise InvalidValueError(f"'expand[]' should have at most {_DEEPEST} levels.")
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


def _found(call: Call, kind: Kind, said: Said, order: Order) -> list[Row]:
    """Return the rows in the order asked for, else in that of their ids.

    Raises:
        InvalidValueError: A filter cannot be read, or a filter or a sort names no field.
    """
    conditions = tuple(_condition(one) for one in said.get("filter", ()))
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
        return Either(tuple(Test(field, "=", one.strip(), folded=True) for one in values))
    return Test(field, _OPERATORS[operator], None if value.lower() == "null" else value, folded=True)


def _order(said: Said) -> Order:
    """Return the field to sort by, if any, and whether it descends.

    Raises:
        InvalidValueError: It cannot be read, or there are several. Source: Zuora, sort.
    """
    wanted = _names(said.get("sort", ()))
    if len(wanted) > 1:
        raise InvalidValueError("'sort[]' should name one field only.")
    for text in wanted:
        field, _, direction = text.rpartition(".")
        if direction.upper() not in {"ASC", "DESC"}:
            raise InvalidValueError(f"'{text}' is no sort: it should be like name.ASC or name.DESC.")
        return ((field, direction.upper() == "DESC"),)
    return ()


def _size(said: Said) -> int:
    given = said.get("pagesize", [str(_DEFAULT_SIZE)])[-1]
    if not given.isdecimal() or not 1 <= int(given) <= _MOST:
        raise InvalidValueError(f"'pageSize' should be a whole number from 1 to {_MOST}, not '{given[:20]}'.")
    return int(given)


class _Turn(msgspec.Struct, frozen=True, rename="camel"):
    """By what rows are ordered."""

    field: str
    order: Literal["ASC", "DESC"]


class _Stop(msgspec.Struct, frozen=True, rename="camel"):
    """The value of a field in the last row of a page."""

    value: Any
    order_by: _Turn


def _cursor(call: Call, kind: Kind, order: Order, last: Row) -> str:
    """Return where the next page begins: behind a row. Source of the form: Zuora, pagination."""
    stops = []
    for name, descends in (*order, ("Id", bool(order and order[0][1]))):
        spelling, field = kind.field(name, call.world) or ("Id", kind.fields["Id"])
        turn = _Turn(spelling, "DESC" if descends else "ASC")
        stops.append(_Stop(spell(field.read(call.world, last)), turn))
    return urlsafe_b64encode(msgspec.json.encode(stops)).decode()


def _after(call: Call, kind: Kind, said: Said, found: list[Row]) -> list[Row]:
    """Return the rows behind the one that the cursor names.

    Raises:
        InvalidValueError: It is none of ours, or names a row that is not there any more.
    """
    cursor = said.get("cursor", [""])[-1]
    if not cursor:
        return found
    read = kind.fields["Id"].read
    try:
        stops = msgspec.json.decode(urlsafe_b64decode(cursor), type=list[_Stop])
        place = [read(call.world, row) for row in found].index(stops[-1].value)
    except (ValueError, IndexError, msgspec.MsgspecError) as error:
        raise InvalidValueError(f"'{cursor[:40]}' is no cursor.") from error
    return found[place + 1 :]


ENDPOINTS = (
    Endpoint("GET", "/object-query/{object}", list_objects),
    Endpoint("GET", "/object-query/{object}/{key}", read_object),
)
