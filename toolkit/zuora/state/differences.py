"""Differences: what one state of a tenant has and another has not, record by record and field by field."""

from collections.abc import Iterator
from typing import Any

import msgspec

from toolkit.zuora.state.archive import plain
from toolkit.zuora.state.tables import Record, Table
from toolkit.zuora.state.world import World

_UNSAID = frozenset({"tokens", "answers", "serial", "numbers"})
_ABSENT = object()


class Values(msgspec.Struct, frozen=True):
    """A value in the one state and in the other; None where it has none."""

    before: Any
    after: Any


class Changed(msgspec.Struct, frozen=True):
    """A record that both have, with its fields that differ: `rate_plans[0].charges[1].quantity`."""

    id: str
    number: str
    fields: dict[str, Values]


class TableDifference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What differs in one table; records are whole where only one of the states has them."""

    added: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()
    changed: tuple[Changed, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """What differs between two states.

    Attributes:
        tenant: Its clock and settings, as far as they differ; ids given out and tokens are left out.
        tables: The tables in which something differs.
    """

    tenant: dict[str, Values]
    tables: dict[str, TableDifference]


def difference(before: World, after: World) -> Difference:
    """Tell two states apart."""
    tenant: dict[str, Values] = {}
    tables: dict[str, TableDifference] = {}
    for name in World.__struct_fields__:
        one, other = getattr(before, name), getattr(after, name)
        if isinstance(one, Table):
            if one.rows is not other.rows and (found := _of_table(one, other)) != TableDifference():
                tables[name] = found
        elif name not in _UNSAID and one != other:
            tenant |= _named(_fields(name, plain(one), plain(other)))
    return Difference(tenant, tables)


def _of_table(before: Table[Any], after: Table[Any]) -> TableDifference:
    added: list[Record] = []
    removed: list[Record] = []
    changed = []
    for identity, row in after.rows.items():
        former = before.rows.get(identity)
        if former is None:
            added.append(row)
        elif former is not row and former != row:
            found = _named(_fields("", plain(former), plain(row)))
            changed.append(Changed(row.id, row.number, found))
    for identity, row in before.rows.items():
        if after.rows.get(identity) is None:
            removed.append(row)
    return TableDifference(_told(added), _told(removed), tuple(sorted(changed, key=lambda row: row.number)))


def _told(rows: list[Record]) -> tuple[Any, ...]:
    return tuple(plain(row) for row in sorted(rows, key=lambda row: row.number))


def _named(found: Iterator[tuple[str, Any, Any]]) -> dict[str, Values]:
    return {
        path: Values(*(None if value is _ABSENT else value for value in values)) for path, *values in found
    }


def _fields(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401 - plain data
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            below = f"{path}.{name}" if path else name
            yield from _fields(below, before.get(name, _ABSENT), after.get(name, _ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _fields(f"{path}[{index}]", one, other)
    else:
        yield path, before, after
