"""Conditions: whether a row is what a query asks for, and which rows may be."""

import operator
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from toolkit.zuora.query import moments
from toolkit.zuora.query.columns import Column
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Either, Every, Named, Not, Test
from toolkit.zuora.query.kinds import FieldType, Kind, Row
from toolkit.zuora.state.world import World

Naming = Callable[[str], Column]
Predicate = Callable[[Row], bool]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def predicate(condition: Condition, named: Naming, world: World, *, export: bool = False) -> Predicate:
    """Return a function that tells whether a condition holds for a row.

    A row without a value is like no value, and not unlike one either, as in SQL; only null asks for it.
    Source: an assumption.

    Args:
        condition: The condition.
        named: Returns the column of a name, or raises Fault.
        world: Whose time zone dates without one are in.
        export: Whether moments are written as in Export ZOQL.

    Raises:
        Fault: A field is unknown, or a value is none of its field's type.
    """
    match condition:
        case Every(parts):
            all_of = [predicate(part, named, world, export=export) for part in parts]
            return lambda row: all(part(row) for part in all_of)
        case Either(parts):
            any_of = [predicate(part, named, world, export=export) for part in parts]
            return lambda row: any(part(row) for part in any_of)
        case Not(part):
            inner = predicate(part, named, world, export=export)
            return lambda row: not inner(row)
        case _:
            column, value = named(condition.field), condition.value
            if isinstance(value, Named):
                return _comparison(condition, column, named(value.field), world)
            return _test(condition, column, value, world, export=export)


def _comparison(test: Test, one: Column, other: Column, world: World) -> Predicate:
    """Compare two fields; a moment is compared with a day by the day that it is in the tenant's time zone.

    Source: Zuora, Export ZOQL filter statements.
    """
    compare = _COMPARED[test.operator]

    def holds(row: Row) -> bool:
        left, right = one.read(world, row), other.read(world, row)
        if left is None or right is None:
            return False
        if isinstance(left, datetime) is not isinstance(right, datetime):
            left, right = _dated(left, world.zone), _dated(right, world.zone)
        return compare(left, right) if _are_alike(left, right) else test.operator == "!="

    return holds


def _are_alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - values of any type
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in (str, int | Decimal, date))


def _dated(value: Any, zone: tzinfo) -> Any:  # noqa: ANN401 - values of any type
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _test(test: Test, column: Column, value: str | None, world: World, *, export: bool) -> Predicate:
    if value is None:
        wanted_null = test.operator == "="
        return lambda row: (column.read(world, row) is None) is wanted_null
    if test.operator == "like":
        return _matching(_pattern(value), column, world, folded=test.folded)
    if test.operator == "starts":
        return _matching(f"{re.escape(value)}.*", column, world, folded=test.folded)
    wanted = literal(value, column, world, export=export)
    if isinstance(wanted, moments.Day):
        return _on_day(column, _COMPARED[test.operator], wanted, world)
    compare = _COMPARED[test.operator]
    if test.folded and isinstance(wanted, str):
        wanted = wanted.lower()

    def holds(row: Row) -> bool:
        value = column.read(world, row)
        return value is not None and compare(_comparable(value, wanted, folded=test.folded), wanted)

    return holds


def _on_day(column: Column, compare: Callable[[Any, Any], bool], day: moments.Day, world: World) -> Predicate:
    """Compare moments with a day by the day that they are. Source: Zuora, compare datetimes with dates."""

    def holds(row: Row) -> bool:
        value = column.read(world, row)
        return value is not None and compare(_dated(value, day.zone), day.day)

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


def literal(written: str, column: Column, world: World, *, export: bool = False) -> Any:  # noqa: ANN401 - of any type
    """Return a value of a column's type; in exports a moment may be a day.

    Raises:
        Fault: It is none.
    """
    try:
        if export and column.field.type in {"date", "datetime"}:
            read = moments.read(written, world)
            if column.field.type == "datetime":
                return read
            return read.day if isinstance(read, moments.Day) else read.date()
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
