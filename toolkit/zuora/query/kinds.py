"""Kinds: how one of Zuora's objects is described: its fields, where its rows are found, and what it joins."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.custom_fields import CustomField, FieldKind
from toolkit.zuora.query.unfilled import unfilled
from toolkit.zuora.state.world import World

FieldType = Literal["text", "picklist", "boolean", "integer", "decimal", "date", "datetime"]
"""Source: Zuora, describe: the data types of a field."""

Row = Any
"""A record of the world, or for what is kept within a record, a tuple of it and the records around it."""

Reader = Callable[[World, Row], Any]

Finder = Callable[[World, str], Iterable[Row]]
"""Finds rows by the value of a field without looking at all of them."""


CUSTOM_SUFFIXES = ("__c", "__ns", "__qt")

_TYPES: Mapping[FieldKind, FieldType] = {
    "text": "text",
    "picklist": "picklist",
    "boolean": "boolean",
    "integer": "integer",
    "number": "decimal",
    "date": "date",
    "datetime": "datetime",
}


class Field(NamedTuple):
    """A field: its type, and how its value is read of a row.

    Values are str, bool, int, Decimal, date, an aware datetime, or None.
    """

    type: FieldType
    read: Reader


_EMPTY = Field("text", lambda _world, _row: None)


class One(NamedTuple):
    """A join to one row of another kind, or to none."""

    kind: str
    follow: Reader


class Many(NamedTuple):
    """A join to the rows of another kind that name this row's id in a field."""

    kind: str
    by: str


class Kind(NamedTuple):
    """One of Zuora's objects.

    Attributes:
        name: As ZOQL spells it, RatePlanCharge.
        plural: As object query spells it, rate-plan-charges.
        fields: By name, as ZOQL spells them; object query has them with a small first letter.
        rows: Yields every row, in no particular order.
        finders: By field, what finds the rows with a value.
        custom: Returns the custom fields of a row.
        ones: Its many-to-one joins by name, as object query spells it but for the case: Account, BillTo.
        many: Its one-to-many joins by name, as object query spells it: ratePlanCharges.
    """

    name: str
    plural: str
    fields: Mapping[str, Field]
    rows: Callable[[World], Iterable[Row]]
    finders: Mapping[str, Finder] = {}
    custom: Callable[[Row], Mapping[str, Any]] = lambda _: {}
    ones: Mapping[str, One] = {}
    many: Mapping[str, Many] = {}

    def field(self, name: str, world: World) -> tuple[str, Field] | None:
        """Return a field with its own spelling, whatever the case of `name`; None where there is none.

        A field of Zuora's that nothing here fills is one without values.
        Any name that ends like a custom field's is one, unless the tenant declares those of this object; rows
        without it have no value. Source: an assumption.
        """
        folded = name.lower()
        for known, found in self.fields.items():
            if known.lower() == folded:
                return known, found
        empty = next((known for known in unfilled().get(self.name, ()) if known.lower() == folded), None)
        if empty is not None:
            return f"{empty[0].upper()}{empty[1:]}", _EMPTY
        if not folded.endswith(CUSTOM_SUFFIXES):
            return None
        declared = world.custom_fields.get(self.name)
        if declared is None or not folded.endswith("__c"):
            return name, self.custom_field(name)
        own = next((known for known in declared if known.lower() == folded), None)
        return None if own is None else (own, self._declared_field(own, declared[own]))

    def _declared_field(self, name: str, declared: CustomField) -> Field:
        def read(world: World, row: Row) -> Any:  # noqa: ANN401 - a field has any of its types
            value = self.custom(row).get(name)
            return None if value is None else declared.typed(value, world.zone)

        return Field(_TYPES[declared.type], read)

    def custom_field(self, name: str) -> Field:
        """Return a custom field, whose values are texts, numbers, booleans or None."""
        folded = name.lower()

        def read(_: World, row: Row) -> Any:  # noqa: ANN401 - a field has any of the types of its values
            custom = self.custom(row)
            if name in custom:
                return custom[name]
            return next((value for key, value in custom.items() if key.lower() == folded), None)

        return Field("text", read)

    def with_custom(self, world: World) -> dict[str, Field]:
        """Return the fields with the custom fields, declared ones and those of any row; it looks at all."""
        names = dict.fromkeys(name for row in self.rows(world) for name in self.custom(row))
        found = {**self.fields, **{name: self.custom_field(name) for name in names}}
        declared = world.custom_fields.get(self.name, {})
        return found | {name: self._declared_field(name, one) for name, one in declared.items()}

    def find(self, world: World, field: str, value: str) -> Iterator[Row]:
        """Yield the rows whose field has a value; only for a field with a finder it looks at few."""
        if field in self.finders:
            yield from self.finders[field](world, value)
            return
        read = self.fields[field].read
        yield from (row for row in self.rows(world) if read(world, row) == value)

    def get(self, world: World, identity: str) -> Row | None:
        """Return the row with this id, or None."""
        return next(self.find(world, "Id", identity), None)

    def values(self, world: World, row: Row) -> dict[str, Any]:
        """Return every field that has a value, custom ones included."""
        values = {name: field.read(world, row) for name, field in self.fields.items()}
        values |= self.custom(row)
        return {name: value for name, value in values.items() if value is not None}


def _reader(source: str | Reader) -> Reader:
    if not isinstance(source, str):
        return source
    get = attrgetter(source)
    return lambda _, row: get(row)


def text(source: str | Reader) -> Field:
    """Return a text field that reads an attribute, or calls a function with the world and the row."""
    return Field("text", _reader(source))


def choice(source: str | Reader) -> Field:
    """Return a picklist, whose values are from a list."""
    return Field("picklist", _reader(source))


def flag(source: str | Reader) -> Field:
    """Return a boolean field."""
    return Field("boolean", _reader(source))


def count(source: str | Reader) -> Field:
    """Return a field of whole numbers."""
    return Field("integer", _reader(source))


def amount(source: str | Reader) -> Field:
    """Return a field of exact decimals."""
    return Field("decimal", _reader(source))


def day(source: str | Reader) -> Field:
    """Return a field of dates."""
    return Field("date", _reader(source))


def moment(source: str | Reader) -> Field:
    """Return a field of moments."""
    return Field("datetime", _reader(source))


def always(value: object) -> Reader:
    """Return a reader of what every row has alike."""
    return lambda _world, _row: value


def never(_world: World, _row: Row) -> bool:
    """Say no for every row."""
    return False


def history(created: str | Reader = "created", updated: str | Reader = "updated") -> dict[str, Field]:
    """Return who made and changed a row, and when."""
    return {
        "CreatedById": text(always(SYSTEM_USER)),
        "CreatedDate": moment(created),
        "UpdatedById": text(always(SYSTEM_USER)),
        "UpdatedDate": moment(updated),
    }


def in_table(name: str) -> Finder:
    """Return a finder by id in a table."""

    def by_id(world: World, value: str) -> Iterable[Row]:
        row = getattr(world, name).rows.get(value)
        return () if row is None else (row,)

    return by_id


def numbered(name: str) -> Finder:
    """Return a finder by number in a table of which every record is the latest of its number."""

    def by_number(world: World, value: str) -> Iterable[Row]:
        table = getattr(world, name)
        identity = table.ids.get(value)
        return () if identity is None else (table.rows[identity],)

    return by_number


def owned(name: str) -> Finder:
    """Return a finder by owner in a table."""
    return lambda world, value: getattr(world, name).of(value)


def among(near: Finder, source: str | Reader) -> Finder:
    """Return a finder of those that have a value, among the few rows that may have it."""
    read = _reader(source)
    return lambda world, value: (row for row in near(world, value) if read(world, row) == value)


def within(near: Finder, parts: Callable[[Any], Iterable[Row]]) -> Finder:
    """Return a finder of the parts of the records that another finder finds."""
    return lambda world, value: (part for one in near(world, value) for part in parts(one))


def every(name: str) -> Callable[[World], Iterable[Row]]:
    """Return what yields all rows of a table."""
    return lambda world: getattr(world, name).rows.values()


def everywhere(name: str, parts: Callable[[Any], Iterable[Row]]) -> Callable[[World], Iterable[Row]]:
    """Return what yields the parts of every record of a table."""
    return lambda world: (part for one in getattr(world, name).rows.values() for part in parts(one))


def to(kind: str, name: str, source: str | Reader) -> One:
    """Return the join to the row of a table whose id a row has."""
    read = _reader(source)
    return One(kind, lambda world, row: getattr(world, name).rows.get(read(world, row)))
