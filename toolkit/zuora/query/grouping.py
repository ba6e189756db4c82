"""Grouping: rows of an export that are put together, and functions of them and of moments."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from toolkit.zuora.query.columns import Column
from toolkit.zuora.query.faults import Fault, malformed
from toolkit.zuora.query.grammar import AGGREGATES, Selection
from toolkit.zuora.query.kinds import Field, FieldType, Row
from toolkit.zuora.state.world import World

Naming = Callable[[str], Column]
"""Returns the column of a name, or raises Fault."""

Rows = tuple[Row, ...]

_CALL = re.compile(r"(\w+)\((.+)\)")

_PARTS: dict[str, Callable[[datetime], Any]] = {
    "date": lambda moment: moment.date(),
    "month": lambda moment: moment.month,
    "quarter": lambda moment: (moment.month + 2) // 3,
    "week": lambda moment: int(moment.strftime("%U")),
    "weekofyear": lambda moment: moment.isocalendar().week,
    "year": lambda moment: moment.year,
}
"""Source: Zuora, query with datetime functions; there WEEK has days before the first Sunday in week 0."""

_FOLDS: dict[str, Callable[[list[Any]], Any]] = {
    "avg": lambda values: sum(values, Decimal(0)) / len(values),
    "max": max,
    "min": min,
    "sum": lambda values: sum(values, Decimal(0)),
}

_NUMERIC = frozenset({"integer", "decimal"})


def part_of(name: str, named: Naming) -> Column:
    """Return the column of a name, which may be a part of a moment: year(CreatedDate).

    Raises:
        Fault: There is no such field, or it is no moment.
    """
    found = _CALL.fullmatch(name)
    if found is None:
        return named(name)
    function, inner = found[1], named(found[2])
    if function in AGGREGATES:
        raise malformed(f"{function} stands where no rows are put together")
    kinds: dict[bool, FieldType] = {True: "date", False: "integer"}
    if inner.field.type not in {"date", "datetime"}:
        raise Fault("INVALID_VALUE", f"{function} is a function of dates, {inner.name} is none")
    take = _PARTS[function]

    def read(world: World, row: Row) -> Any:  # noqa: ANN401 - a date or a number
        value = inner.read(world, row)
        return None if value is None else take(_moment(value, world))

    return _made(f"{function}({inner.name})", inner, Field(kinds[function == "date"], read))


def _moment(value: date, world: World) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(world.zone)
    return datetime.combine(value, datetime.min.time(), world.zone)


def is_grouped(selection: Selection) -> bool:
    """Tell whether a query puts rows together."""
    terms = (*selection.fields, *(name for name, _ in selection.order))
    return bool(selection.group) or selection.having is not None or any(map(_is_aggregate, terms))


def _is_aggregate(name: str) -> bool:
    found = _CALL.fullmatch(name)
    return found is not None and found[1] in AGGREGATES


def group(rows: Sequence[Row], by: Sequence[Column], world: World) -> list[Rows]:
    """Put rows together that have the same values; all of them, were there none, if it is by nothing."""
    if not by:
        return [tuple(rows)]
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(one.read(world, row) for one in by), []).append(row)
    return [tuple(together) for together in found.values()]


def of_groups(selection: Selection, named: Naming) -> Naming:
    """Return what names columns of rows that are put together.

    A field that is not grouped by has no one value, so that it is refused; where all rows are put together,
    it has that of the first one, as in Zuora's example of sum().

    Source: Zuora, Export ZOQL clauses; aggregate functions.
    """
    known = {named(name).name for name in selection.group}

    def of_rows(name: str) -> Column:
        if _is_aggregate(name):
            return _aggregate(name, named)
        one = named(name)
        if known and one.name not in known:
            raise malformed(
                "One or more columns in the SELECT statement does not appear in the GROUP BY statement."
            )
        return one._replace(
            field=Field(one.field.type, lambda world, rows: one.read(world, rows[0]) if rows else None),
            path=(),
        )

    return of_rows


def _aggregate(name: str, named: Naming) -> Column:
    function, _, of = name.removesuffix(")").partition("(")
    if of == "*":
        return _made("count(*)", named("Id"), Field("integer", lambda _, rows: len(rows)))
    inner = named(of)
    kind = inner.field.type
    if function in {"avg", "sum"} and kind not in _NUMERIC:
        raise Fault("INVALID_VALUE", f"{function} is a function of numbers, {inner.name} is none")

    def values(world: World, rows: Rows) -> list[Any]:
        read = (inner.read(world, row) for row in rows)
        return [value for value in read if value is not None]

    if function == "count":
        field = Field("integer", lambda world, rows: len(values(world, rows)))
    else:
        fold = _FOLDS[function]
        field = Field(kind, lambda world, rows: fold(found) if (found := values(world, rows)) else None)
    return _made(f"{function}({inner.name})", inner, field)


def _made(name: str, inner: Column, field: Field) -> Column:
    """Return a column of what is computed, headed by its own name. Source: an assumption."""
    return Column(name, inner.kind, field, alias=name)
