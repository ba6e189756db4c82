"""Selecting: the rows and columns that a query asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from toolkit.zuora.query.columns import Column, column
from toolkit.zuora.query.conditions import candidates, predicate
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Selection
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.query.objects import kind_named
from toolkit.zuora.state.world import World


class Found(NamedTuple):
    """What a query found: a kind, its columns in the order of the query, and its rows."""

    kind: Kind
    columns: tuple[Column, ...]
    rows: list[Row]


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
    columns = {
        one.name: one._replace(alias=selection.aliases.get(name, ""))
        for name in selection.fields
        for one in _columns(world, kind, name, named)
    }
    rows = candidates(kind, selection.where, world)
    if selection.where is not None:
        holds = predicate(selection.where, named, world)
        rows = (row for row in rows if holds(row))
    read = kind.fields["Id"].read
    ordered = sorted(rows, key=lambda row: str(read(world, row)))
    for name, descends in reversed(selection.order):
        ordered.sort(key=_key(named(name), world), reverse=descends)
    return Found(kind, tuple(columns.values()), ordered[: selection.limit])


def _naming(kind: Kind, world: World) -> Callable[[str], Column]:
    def named(name: str) -> Column:
        found = column(kind, name, world)
        if found is None:
            raise Fault("INVALID_FIELD", f"invalid field for query: {kind.name}.{name.lower()}")
        return found

    return named


def _columns(world: World, kind: Kind, name: str, named: Callable[[str], Column]) -> tuple[Column, ...]:
    if name != "*":
        return (named(name),)
    return tuple(Column(key, kind.name, field) for key, field in kind.with_custom(world).items())


def _key(column: Column, world: World) -> Callable[[Row], Any]:
    """Return a key to sort by; rows without a value come first."""

    def key(row: Row) -> tuple[bool, Any]:
        value = column.read(world, row)
        return value is not None, value

    return key
