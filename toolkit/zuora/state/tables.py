"""Tables: records in persistent maps, found by id, number, owner, and the day on which work is due."""

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

import msgspec

from toolkit.billing.errors import NotFoundError
from toolkit.zuora.state.maps import Layer, Map
from toolkit.zuora.state.owned import Owned, given, numbers_of, taken


class Record(Protocol):
    """What a table holds: every record has an id and a number."""

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""

    @property
    def number(self) -> str:
        """The number that people use, such as A00000001."""


Row = TypeVar("Row", bound=Record)

HEAD = "8ad0"
"""With which the ids of records begin; those of their parts count on from it."""


class Table(msgspec.Struct, Generic[Row], frozen=True):
    """Records by id, ids by number, and numbers by owner, in persistent maps.

    Attributes:
        rows: Every record, former subscription versions included, by id.
        ids: The id of the latest record of each number.
        owned: The numbers of each owner, in the order in which it got them: a product's rate plans, an
            account's invoices, its own subscriptions and those that it is invoiced for. The parts of a
            document, such as its items, are among them, so that it is found by their ids. See `owned`.
        due: The numbers of the records on which work falls due on each day, in ISO form.
    """

    rows: Map[str, Row] | Layer[Row] = Map()
    ids: Map[str, str] | Layer[str] = Map()
    owned: Owned = Map()
    due: Map[str, Map[str, bool] | Layer[bool]] = Map()

    def find(self, key: str) -> Row:
        """Return the record with this id or number.

        Raises:
            NotFoundError: There is none.
        """
        row = self.get(key)
        if row is None:
            raise NotFoundError(key)
        return row

    def get(self, key: str) -> Row | None:
        """Return the record with this id or number, or None."""
        row = self.rows.get(key)
        if row is None and (identity := self.ids.get(key)) is not None:
            row = self.rows[identity]
        return row

    def of(self, owner: str) -> list[Row]:
        """Return the latest record of each number that belongs to `owner`, oldest first."""
        numbers = numbers_of(self.owned, owner)
        return [self.rows[self.ids[number]] for number in numbers] if numbers else []

    def latest(self) -> Iterator[Row]:
        """Yield the latest record of every number, in no particular order."""
        return (self.rows[identity] for identity in self.ids.values())

    def add(self, row: Row, owners: Iterable[str] = ()) -> "Table[Row]":
        """Return the table with one more record, of a number that none has."""
        identity, number, owned = row.id, row.number, self.owned
        for owner in dict.fromkeys(owners):
            owned = given(owned, owner, number)
        return Table(self.rows.set(identity, row), self.ids.set(number, identity), owned, self.due)

    def put(self, row: Row) -> "Table[Row]":
        """Return the table with this record as the latest of its number, which keeps its owners."""
        identity, number, ids = row.id, row.number, self.ids
        if ids[number] != identity:
            ids = ids.set(number, identity)
        return Table(self.rows.set(identity, row), ids, self.owned, self.due)

    def drop(self, row: Row, *owners: str) -> "Table[Row]":
        """Return the table without this record, and without its number if it is the latest of that number."""
        table = Table(self.rows.delete(row.id), self.ids, self.owned, self.due)
        if self.ids.get(row.number) != row.id:
            return table
        owned = table.move(row.number, owners, ()).owned
        return Table(table.rows, self.ids.delete(row.number), owned, self.due)

    def move(self, number: str, former: Iterable[str], owners: Iterable[str]) -> "Table[Row]":
        """Return the table with a number given to its owners, and taken from its former ones."""
        owned, known, wanted = self.owned, frozenset(former), dict.fromkeys(owners)
        for owner in known.difference(wanted):
            owned = taken(owned, owner, number)
        for owner in wanted:
            if owner not in known:
                owned = given(owned, owner, number)
        return Table(self.rows, self.ids, owned, self.due)

    def plan(self, number: str, former: str | None, day: str | None) -> "Table[Row]":
        """Return the table with work on a record due on another day than formerly; None for no work."""
        due = self.due
        if former is not None:
            rest = due[former].delete(number)
            due = due.set(former, rest) if rest else due.delete(former)
        if day is not None:
            due = due.set(day, due.get(day, Map()).set(number, True))  # noqa: FBT003 - a set is a map to True
        return Table(self.rows, self.ids, self.owned, due)
