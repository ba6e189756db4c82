"""Selecting: the rows and columns that a query asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from toolkit.zuora.query.columns import Column, column, every
from toolkit.zuora.query.conditions import candidates, predicate
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Selection
from toolkit.zuora.query.grouping import group, is_grouped, of_groups, part_of
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.query.objects import kind_named
from toolkit.zuora.state.world import World


class Found(NamedTuple):
    """What a query found.

    Attributes:
        columns: In the order of the query.
        rows: Rows of the kind, or where they are put together, tuples of such.
        grouped: Whether they are.
    """

    kind: Kind
    columns: tuple[Column, ...]
    rows: list[Row]
    grouped: bool = False


def select(world: World, selection: Selection, widened: Callable[[Kind], Kind] = lambda kind: kind) -> Found:
    """Return what a query asks for; its rows are in the order of their ids unless it says another.

    Args:
        world: Where to look.
        selection: The query.
        widened: Returns an object with more fields, for a language that knows more.

    Raises:
        Fault: The object or a field is unknown, or a value is none of its field's type.
    """
    kind = kind_named(selection.object)
    if kind is None:
        raise Fault("INVALID_TYPE", f"invalid type for query: {selection.object}")
    named = _naming(widened(kind), world)
    rows = candidates(kind, selection.where, world)
    if selection.where is not None:
        holds = predicate(selection.where, named, world, export=selection.export)
        rows = (row for row in rows if holds(row))
    read = kind.fields["Id"].read
    ordered = sorted(rows, key=lambda row: str(read(world, row)))
    grouped = is_grouped(selection)
    if grouped:
        ordered = group(ordered, [named(name) for name in selection.group], world)
        named = of_groups(selection, named)
        if selection.having is not None:
            holds = predicate(selection.having, named, world, export=True)
            ordered = [row for row in ordered if holds(row)]
    columns = {
        one.name: _headed(one, selection.aliases.get(name, ""), kind)
        for name in selection.fields
        for one in _columns(world, kind, name, named)
    }
    for name, descends in reversed(selection.order):
        ordered.sort(key=_key(named(name), world), reverse=descends)
    last = None if selection.limit is None else selection.skipped + selection.limit
    return Found(kind, tuple(columns.values()), ordered[selection.skipped : last], grouped)


def _headed(column: Column, alias: str, kind: Kind) -> Column:
    """Put an alias on a column, unless it is the column's own name. Source: Zuora, column alias support."""
    own = column.name if "." in column.name else f"{kind.name}.{column.name}"
    return column._replace(alias=alias) if alias and alias.lower() != own.lower() else column


def _naming(kind: Kind, world: World) -> Callable[[str], Column]:
    def named(name: str) -> Column:
        found = column(kind, name, world)
        if found is None:
            raise Fault("INVALID_FIELD", f"invalid field for query: {kind.name}.{name.lower()}")
        return found

    return lambda name: part_of(name, named)


def _columns(world: World, kind: Kind, name: str, named: Callable[[str], Column]) -> tuple[Column, ...]:
    if name[-1:] != "*":
        return (named(name),)
    found = every(kind, name[:-2], world)
    if not found:
        raise Fault("INVALID_FIELD", f"invalid field for query: {kind.name}.{name.lower()}")
    return found


def _key(column: Column, world: World) -> Callable[[Row], Any]:
    """Return a key to sort by; rows without a value come first."""

    def key(row: Row) -> tuple[bool, Any]:
        value = column.read(world, row)
        return value is not None, value

    return key
