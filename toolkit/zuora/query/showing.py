"""Showing: rows as object query shows them, with the objects that they are to be expanded by."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.unfilled import unfilled
from toolkit.zuora.query.values import spell
from toolkit.zuora.state.world import World

_ELSEWHERE = frozenset({("TaxationItem", "InvoiceId")})
"""Fields that ZOQL has and object query has not. Source: the models of the official SDK."""


class Shape(NamedTuple):
    """What of a row is shown.

    Attributes:
        kind: The row's.
        fields: Lower-case names; empty for all.
        expand: The joins to show with it, by lower-case name.
        nulls: Whether fields without a value are shown.
    """

    kind: Kind
    fields: frozenset[str]
    expand: Mapping[str, "Shape"]
    nulls: bool


def small(name: str) -> str:
    """Return a name as object query spells it, with a small first letter."""
    return name[:1].lower() + name[1:]


def shape(
    kind: Kind, paths: list[list[str]], chosen: Mapping[str, frozenset[str]], *, nulls: bool, at: str = ""
) -> Shape:
    """Return what is to be shown.

    Args:
        kind: The kind of the rows.
        paths: What to expand, as paths of lower-case names.
        chosen: The fields to show by the path of the object that has them; those of the rows by nothing, or
            by the kind's name.
        nulls: Whether fields without a value are shown.
        at: The path to this kind.

    Raises:
        InvalidValueError: There is no such join or field.
    """
    fields = chosen.get(at, frozenset())
    known = {name.lower() for name in (*kind.fields, *unfilled().get(kind.name, ()))}
    for name in fields - known:
        if "__" not in name:
            raise InvalidValueError(f"invalid field for query: {kind.name}.{name}")
    joins = {small(name).lower(): one.kind for name, one in kind.ones.items()}
    joins |= {name.lower(): many.kind for name, many in kind.many.items()}
    expand = {}
    for first in dict.fromkeys(path[0] for path in paths):
        if first not in joins:
            raise InvalidValueError(f"'{first}' cannot be expanded. Known: {', '.join(sorted(joins))}.")
        deeper = [path[1:] for path in paths if path[0] == first and path[1:]]
        below = f"{at}.{first}".lstrip(".")
        expand[first] = shape(KINDS[joins[first]], deeper, chosen, nulls=nulls, at=below)
    return Shape(kind, fields, expand, nulls)


def show(world: World, row: Row, wanted: Shape, most: int) -> dict[str, Any]:
    """Return a row. Source: recorded: names begin small, moments have the offset of the tenant's zone.

    Where fields without a value are shown, so are those which nothing here gives one. Of each list that is
    expanded the first `most` rows are. Source: Zuora, pagination: as many as a page has.
    """
    kind, fields = wanted.kind, wanted.fields
    shown: dict[str, Any] = {}
    if wanted.nulls:
        shown = dict.fromkeys(
            name for name in unfilled().get(kind.name, ()) if not fields or name.lower() in fields
        )
    for name, field in kind.fields.items():
        if (not fields or name.lower() in fields) and (kind.name, name) not in _ELSEWHERE:
            shown[small(name)] = _value(field.read(world, row))
    custom = kind.custom(row).items()
    shown |= {name: value for name, value in custom if not fields or name.lower() in fields}
    for name, one in kind.ones.items():
        deeper = wanted.expand.get(name.lower())
        if deeper is not None:
            target = one.follow(world, row)
            shown[small(name)] = None if target is None else show(world, target, deeper, most)
    identity = kind.fields["Id"].read(world, row)
    for name, many in kind.many.items():
        deeper = wanted.expand.get(name.lower())
        if deeper is not None:
            found = islice(KINDS[many.kind].find(world, many.by, identity), most)
            shown[name] = [show(world, target, deeper, most) for target in found]
    return shown if wanted.nulls else {name: value for name, value in shown.items() if value is not None}


def _value(value: Any) -> Any:  # noqa: ANN401 - a field has any of its types
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else spell(value)
