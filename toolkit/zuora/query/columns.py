"""Columns: fields of a kind and of the kinds that it joins, by the names that queries use."""

from collections.abc import Mapping
from functools import cache, reduce
from typing import Any, NamedTuple

from toolkit.zuora.query.kinds import Field, Kind, One, Row
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.state.world import World


class Column(NamedTuple):
    """A field that a query names.

    Attributes:
        name: In its own spelling, behind the join's name and a dot if it is one of a joined kind.
        kind: The kind that has it.
        path: The joins that lead from a row of the query's kind to one of that kind.
        alias: What heads it in a file instead of its name, if anything.
    """

    name: str
    kind: str
    field: Field
    path: tuple[One, ...] = ()
    alias: str = ""

    def read(self, world: World, row: Row) -> Any:  # noqa: ANN401 - a field has any of its types
        """Return the value of a row; None where a join leads nowhere."""
        found = reduce(lambda at, one: None if at is None else one.follow(world, at), self.path, row)
        return None if found is None else self.field.read(world, found)


_EXPORTED = {"BillTo": "BillToContact", "SoldTo": "SoldToContact"}
"""Joins as exports spell them, if object query has another name. Source: a recorded describe of Account."""


class Joined(NamedTuple):
    """A kind that another one joins, straight or through others."""

    name: str
    kind: str
    path: tuple[One, ...]

    def read(self, field: str, world: World, row: Row) -> Any:  # noqa: ANN401 - a field has any of its types
        """Return the value of a field of what a row joins."""
        return Column(field, self.kind, KINDS[self.kind].fields[field], self.path).read(world, row)


@cache
def joins(name: str) -> Mapping[str, Joined]:
    """Return what a kind joins, by lower-case name; of two ways to one name the shorter one.

    Source: Zuora, data source exports, whose sources have the objects around them: RatePlanCharge has
    RatePlan, Subscription, Account and BillToContact.
    """
    found: dict[str, Joined] = {}
    waiting: list[tuple[str, tuple[One, ...]]] = [(name, ())]
    for kind, path in waiting:
        for own, one in KINDS[kind].ones.items():
            join = _EXPORTED.get(own, own)
            if join.lower() not in found and join != name:
                found[join.lower()] = Joined(join, one.kind, (*path, one))
                waiting.append((one.kind, (*path, one)))
    return found


def column(kind: Kind, name: str, world: World) -> Column | None:
    """Return the column of this name, whatever its case; None where there is none."""
    join, dot, last = name.rpartition(".")
    if not dot or join.lower() == kind.name.lower():
        own = kind.field(last, world)
        return own and Column(own[0], kind.name, own[1])
    joined = joins(kind.name).get(join.lower())
    if joined is None:
        return None
    found = KINDS[joined.kind].field(last, world)
    return found and Column(f"{joined.name}.{found[0]}", joined.kind, found[1], joined.path)


def every(kind: Kind, join: str, world: World) -> tuple[Column, ...]:
    """Return all columns of a kind or of what it joins; none where it joins no such thing.

    Source: Zuora, Export ZOQL select statements: wildcard support for joined objects.
    """
    if join.lower() in {"", kind.name.lower()}:
        return tuple(Column(name, kind.name, field) for name, field in kind.with_custom(world).items())
    joined = joins(kind.name).get(join.lower())
    if joined is None:
        return ()
    return tuple(
        Column(f"{joined.name}.{name}", joined.kind, field, joined.path)
        for name, field in KINDS[joined.kind].with_custom(world).items()
    )
