"""Conditions: whether a row is what a query asks for, and which rows may be."""

import operator
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from toolkit.zuora.query.columns import Column
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Either, Every, Not, Test
from toolkit.zuora.query.kinds import FieldType, Kind, Row
from toolkit.zuora.state.world import World

Named = Callable[[str], Column]
Predicate = Callable[[Row], bool]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def predicate(condition: Condition, named: Named, world: World) -> Predicate:
    """Return a function that tells whether a condition holds for a row.

    A row without a value is like no value, and not unlike one either, as in SQL; only null asks for it.
    Source: an assumption.

    Args:
        condition: The condition.
        named: Returns the column of a name, or raises Fault.
        world: Whose time zone dates without one are in.

    Raises:
        Fault: A field is unknown, or a value is none of its field's type.
    """
    match condition:
        case Every(parts):
            all_of = [predicate(part, named, world) for part in parts]
            return lambda row: all(part(row) for part in all_of)
        case Either(parts):
            any_of = [predicate(part, named, world) for part in parts]
            return lambda row: any(part(row) for part in any_of)
        case Not(part):
            inner = predicate(part, named, world)
            return lambda row: not inner(row)
        case _:
            return _test(condition, named(condition.field), world)


def _test(test: Test, column: Column, world: World) -> Predicate:
    if test.value is None:
        wanted_null = test.operator == "="
        return lambda row: (column.read(world, row) is None) is wanted_null
    if test.operator == "like":
        return _matching(_pattern(test.value), column, world, folded=test.folded)
    if test.operator == "starts":
        return _matching(f"{re.escape(test.value)}.*", column, world, folded=test.folded)
    wanted = literal(test.value, column, world)
    compare = _COMPARED[test.operator]
    if test.folded and isinstance(wanted, str):
        wanted = wanted.lower()

    def holds(row: Row) -> bool:
        value = column.read(world, row)
        return value is not None and compare(_comparable(value, wanted, folded=test.folded), wanted)

    return holds


def _comparable(value: Any, wanted: Any, *, folded: bool) -> Any:  # noqa: ANN401 - values of any type
    """Return a value of a custom field, which has no type of its own, as text; in small letters if folded."""
    if not isinstance(wanted, str):
        return value
    return str(value).lower() if folded else str(value)


def _pattern(written: str) -> str:
    """Return the regular expression of a pattern, where % is any text and _ any character.

    Source: Zuora, using wildcards within like statements.
    """
    return "".join({"%": ".*", "_": "."}.get(one) or re.escape(one) for one in written)


def _matching(expression: str, column: Column, world: World, *, folded: bool) -> Predicate:
    matches = re.compile(expression, re.DOTALL | (re.IGNORECASE if folded else re.NOFLAG)).fullmatch

    def holds(row: Row) -> bool:
        value = column.read(world, row)
        return value is not None and matches(str(value)) is not None

    return holds


def literal(written: str, column: Column, world: World) -> Any:  # noqa: ANN401 - a value of any type
    """Return a value of a column's type.

    Raises:
        Fault: It is none.
    """
    try:
        return _LITERALS[column.field.type](written, world)
    except (ArithmeticError, KeyError, ValueError) as error:
        raise Fault(
            "INVALID_VALUE", f"invalid value for the {column.field.type} {column.name}: {written[:40]}"
        ) from error


def _boolean(written: str, _: World) -> bool:
    return {"true": True, "false": False}[written.lower()]


def _moment(written: str, world: World) -> datetime:
    """Read a moment, or a day for its first one, in the tenant's time zone unless it says another.

    Source: Zuora, filter statements: 2008-09-12T05:07:32-05:00, 2008-09-12Z.
    """
    if written[10:] == "Z":
        written = f"{written[:10]}T00:00:00Z"
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=world.zone)


def _day(written: str, _: World) -> date:
    return date.fromisoformat(written[:10])


def _number(written: str, _: World) -> Decimal:
    read = Decimal(written)
    if not read.is_finite():
        raise InvalidOperation
    return read


_LITERALS: dict[FieldType, Callable[[str, World], Any]] = {
    "text": lambda written, _: written,
    "picklist": lambda written, _: written,
    "boolean": _boolean,
    "integer": _number,
    "decimal": _number,
    "date": _day,
    "datetime": _moment,
}


def candidates(kind: Kind, condition: Condition | None, world: World) -> Iterable[Row]:
    """Return rows among which are all that meet a condition: few if it asks for an id, number or owner.

    Where case does not matter but a key is there as it is written, others that differ from it by case alone
    are left out. Source: an assumption. Ids have small letters only, so that not all are looked at for one
    that is not there.
    """
    found = None if condition is None else _found(kind, condition, world)
    return kind.rows(world) if found is None else found


def _found(kind: Kind, condition: Condition, world: World) -> list[Row] | None:
    match condition:
        case Test(name, "=", str() as value, folded) if (own := kind.field(name, world)) and own[
            0
        ] in kind.finders:
            rows = list(kind.find(world, own[0], value))
            if rows or not folded:
                return rows
            return list(kind.find(world, own[0], value.lower())) if own[0].endswith("Id") else None
        case Every(parts):
            few = (_found(kind, part, world) for part in parts)
            return next((rows for rows in few if rows is not None), None)
        case Either(parts):
            each = [_found(kind, part, world) for part in parts]
            if any(rows is None for rows in each):
                return None
            read = kind.fields["Id"].read
            return list({read(world, row): row for rows in each for row in rows or ()}.values())
        case _:
            return None
